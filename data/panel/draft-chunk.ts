/** A chunk while it is being filled: laid out first, written row by row, then settled (levels carried as declared). */
import { invariant, type PeriodIndex, present } from "../foundation/index.ts";
import type { EventColumns, OutcomeColumns, PanelChunk } from "./panel.ts";
import type { PanelSchema } from "./schema.ts";

/** The columns of a chunk that is not complete yet. Same shapes and codes as a {@link PanelChunk}. */
export interface DraftChunk {
  readonly entities: readonly string[];
  readonly firstPeriod: Int32Array;
  readonly rowStart: Int32Array;
  readonly rowCount: number;
  readonly measures: readonly Float64Array[];
  readonly attributes: readonly Float64Array[];
  /** 1: a source row stood here; 0: a gap; 2: a gap in which the entity's whole source was absent. */
  readonly reported: Uint8Array;
  readonly assignedTier: Int32Array;
}

/** Whole entities, sorted, each with its first and last period. */
export interface ChunkLayout {
  readonly entities: readonly string[];
  readonly firstPeriod: ArrayLike<PeriodIndex>;
  readonly lastPeriod: ArrayLike<PeriodIndex>;
}

/**
 * Lays a chunk out: one row for each period from entry to exit; flows 0, levels and attributes missing, nothing reported. Measures stand in
 * `room`, one behind the other, when there is one: 8 bytes a value, whatever they held before.
 */
export function draftChunk(schema: PanelSchema, layout: ChunkLayout, room?: SharedArrayBuffer): DraftChunk {
  const count = layout.entities.length;
  const firstPeriod = Int32Array.from(layout.firstPeriod);
  const rowStart = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const periods = present(layout.lastPeriod[i], "last period") - present(layout.firstPeriod[i], "first period") + 1;
    invariant(periods > 0, `entity ${layout.entities[i]} exits before it enters`);
    rowStart[i + 1] = present(rowStart[i], "row start") + periods;
  }
  const rowCount = present(rowStart[count], "row end");
  const measures = schema.measures.map((measure, index) => {
    const values = room === undefined ? new Float64Array(rowCount) : new Float64Array(room, 8 * rowCount * index, rowCount);
    return room === undefined && measure.kind === "flow" ? values : values.fill(measure.kind === "flow" ? 0 : Number.NaN);
  });
  const attributes = schema.attributes.map((attribute) =>
    new Float64Array(attribute.scope === "entity" ? count : rowCount).fill(attribute.type === "text" ? -1 : Number.NaN),
  );
  const assignedTier = schema.assignedTiers.length === 0 ? new Int32Array(0) : new Int32Array(rowCount).fill(-1);
  return {
    entities: layout.entities,
    firstPeriod,
    rowStart,
    rowCount,
    measures,
    attributes,
    reported: new Uint8Array(rowCount),
    assignedTier,
  };
}

/**
 * Carries levels forward at most as many periods as declared, and dated attributes until a later row states another.
 * In place; call it once, when all rows are written.
 */
export function settleChunk(schema: PanelSchema, draft: DraftChunk): void {
  for (const [index, measure] of schema.measures.entries()) {
    if (measure.kind === "level" && (measure.carryPeriods ?? 0) > 0) {
      carryForward(present(draft.measures[index], measure.name), draft.rowStart, measure.carryPeriods ?? 0, Number.isNaN);
    }
  }
  for (const [index, attribute] of schema.attributes.entries()) {
    if (attribute.scope === "entity") continue;
    const isMissing = attribute.type === "text" ? isNegative : Number.isNaN;
    carryForward(present(draft.attributes[index], attribute.name), draft.rowStart, Number.POSITIVE_INFINITY, isMissing);
  }
}

/** The finished chunk. Gaps of either kind become `reported` 0. */
export function finishChunk(index: number, draft: DraftChunk, events: EventColumns, outcomes: OutcomeColumns): PanelChunk {
  const { reported, ...columns } = draft;
  return {
    ...columns,
    index,
    entityCount: draft.entities.length,
    reported: reportedOf(reported),
    events,
    outcomes,
  };
}

/** 1 where a source row stood behind the row: gaps of either kind become 0. */
export function reportedOf(codes: Uint8Array): Uint8Array {
  return codes.map((code) => (code === 1 ? 1 : 0));
}

function carryForward(column: Float64Array, rowStart: Int32Array, periodsMax: number, isMissing: (value: number) => boolean): void {
  for (let entity = 0; entity + 1 < rowStart.length; entity++) {
    const end = rowStart[entity + 1] as number;
    let carried = periodsMax;
    for (let row = (rowStart[entity] as number) + 1; row < end; row++) {
      if (!isMissing(column[row] as number)) {
        carried = periodsMax;
        continue;
      }
      if (carried > 0) {
        column[row] = column[row - 1] as number;
        carried--;
      }
    }
  }
}

function isNegative(value: number): boolean {
  return value < 0;
}
