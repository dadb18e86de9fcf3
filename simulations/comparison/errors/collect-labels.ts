/** For every error table: the entity's tier at the table's date, and the label that counts. */
import { present } from "../../../data/foundation/index.ts";
import { decideLabel, labels, type OutcomeFrame, type PanelChunk } from "../../../data/panel/index.ts";
import type { ComparisonPlan, ErrorPlan } from "../plan.ts";
import { collectPhase, type PhaseColumns, phaseColumns } from "./phase-columns.ts";

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
  const found = decideLabel(plan, error, chunk, spot);
  column.label[entity] = found.label;
  column.realised[entity] = found.realised;
  column.appeal[entity] = found.appeal;
  column.untreated[entity] = found.untreated;
  if (column.phase !== undefined) collectPhase({ plan, error, chunk, frames, spot }, column.phase);
}
