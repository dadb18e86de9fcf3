/** For every error table: the entity's tier at the table's date, and the label that counts. */
import { lastDayOf, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import type { ComparisonPlan, ErrorPlan } from "../plan.ts";
import { latestKnown, leftWithin, reallyHeld, type Spot } from "./label-facts.ts";
import { collectPhase, type PhaseColumns, phaseColumns } from "./phase-columns.ts";

/** Codes of a label: a decision, or why there is none. */
export const labels = { notInFrame: -128, notMature: -6, unknown: -1, pending: -2, restricted: -3, left: -4, fine: 0, harmful: 1 } as const;

/** Codes of an appeal that was known by the pin. */
export const appeals = { none: 0, upheld: 1, overturned: 2, pending: 3 } as const;

/** One error table, by entity. */
export interface LabelColumns {
  /** A code of `labels`, for harm without restriction. */
  readonly label: Int8Array;
  /** The same with the labels of really restricted entities left in. */
  readonly realised: Int8Array;
  readonly appeal: Uint8Array;
  /** 1 where the label is a future outcome and the tier really held is not known all the way through the horizon. */
  readonly untreated: Uint8Array;
  /** By policy. */
  readonly held: readonly Int8Array[];
  readonly shielded: readonly Uint8Array[];
  /** What estimators from partial labels read besides; absent where appeals alone label. */
  readonly phase?: PhaseColumns;
}

/** Empty columns, one a table. Memory of each: 4 + 2 a policy bytes an entity, and those of `phaseColumns`. */
export function labelColumns(plan: ComparisonPlan, tables: readonly ErrorPlan[], entityCount: number): readonly LabelColumns[] {
  return tables.map((error) => ({
    label: new Int8Array(entityCount).fill(labels.notInFrame),
    realised: new Int8Array(entityCount).fill(labels.notInFrame),
    appeal: new Uint8Array(entityCount),
    untreated: new Uint8Array(entityCount),
    held: plan.policies.map(() => new Int8Array(entityCount).fill(-1)),
    shielded: plan.policies.map(() => new Uint8Array(entityCount)),
    ...phaseColumns(plan, error, entityCount),
  }));
}

/** Where the rows of one entity are read from. */
interface LabelledChunk {
  readonly plan: ComparisonPlan;
  readonly chunk: PanelChunk;
  readonly frames: readonly OutcomeFrame[];
}

/** Adds one entity of the chunk to every table. */
export function collectLabels(from: LabelledChunk, columns: readonly LabelColumns[], entity: number): void {
  for (const [index, error] of from.plan.errors.entries()) addLabel(from, error, present(columns[index], "label columns"), entity);
}

/** Adds an entity of a chunk to one table: what was known of it by the pin of the plan. */
export function addLabel({ plan, chunk, frames }: LabelledChunk, error: ErrorPlan, column: LabelColumns, entity: number): void {
  const start = chunk.rowStart[entity] as number;
  const count = (chunk.rowStart[entity + 1] as number) - start;
  const firstPeriod = chunk.firstPeriod[entity] as number;
  const offset = (error.period ?? plan.to) - firstPeriod;
  const row = start + offset;
  if (offset < 0 || offset >= count || frames.some((frame) => (frame.held[row] as number) < 0)) return;
  for (const [policy, frame] of frames.entries()) {
    present(column.held[policy], "held")[entity] = frame.held[row] as number;
    present(column.shielded[policy], "shielded")[entity] = frame.shielded[row] as number;
  }
  const spot = { entity, row, lastRow: start + count - 1 };
  const found = decide(plan, error, chunk, spot);
  column.label[entity] = found.label;
  column.realised[entity] = found.realised;
  column.appeal[entity] = found.appeal;
  column.untreated[entity] = found.untreated;
  if (column.phase !== undefined) collectPhase({ plan, error, chunk, frames, spot }, column.phase);
}

interface Decision {
  readonly label: number;
  readonly realised: number;
  readonly appeal: number;
  readonly untreated: number;
}

/**
 * The label by precedence; without one the reason that weighs most: restricted, then pending, then left, then unknown. A future
 * outcome of an entity that left within the horizon is no label, whatever its source says: what it would have done was cut short.
 */
export function decide(plan: ComparisonPlan, error: ErrorPlan, chunk: PanelChunk, spot: Spot): Decision {
  const decision = {
    label: labels.notMature as number,
    realised: labels.notMature as number,
    appeal: appeals.none as number,
    untreated: 0,
  };
  if (error.period === undefined) return decision;
  let label: number | undefined;
  let realised: number | undefined;
  let reason: number = labels.unknown;
  for (const source of error.sources) {
    const known = latestKnown(plan, chunk, source, spot.entity, lastDayOf(plan.schema.grain, error.period));
    if (source.role === "appeal" && known !== undefined)
      decision.appeal = [appeals.pending, appeals.overturned, appeals.upheld][known + 1] as number;
    const isGone = source.kind === "future" && leftWithin(plan, error.period, source, spot);
    if (isGone || known === undefined || known < 0) {
      if (isGone) reason = mostWeighty(reason, labels.left);
      else if (known !== undefined) reason = mostWeighty(reason, labels.pending);
      continue;
    }
    realised ??= known;
    const held = source.kind === "future" ? reallyHeld(plan, chunk, source, error.period, spot) : "free";
    if (held === "adverse") reason = mostWeighty(reason, labels.restricted);
    else if (label === undefined) {
      label = known;
      decision.untreated = held === "unknown" ? 1 : 0;
    }
  }
  return { ...decision, label: label ?? reason, realised: realised ?? reason };
}

const weights: readonly number[] = [labels.unknown, labels.left, labels.pending, labels.restricted];

function mostWeighty(a: number, b: number): number {
  return weights.indexOf(a) >= weights.indexOf(b) ? a : b;
}
