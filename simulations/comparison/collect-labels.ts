/** For every error table: the entity's tier at the table's date, and the label that counts. */
import { lastDayOf, periodOf, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, OutcomeSource, PanelChunk } from "../../data/panel/index.ts";
import type { ComparisonPlan, ErrorPlan } from "./plan.ts";

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
  /** By policy. */
  readonly held: readonly Int8Array[];
  readonly shielded: readonly Uint8Array[];
}

/** Empty columns. Memory: 3 + 2 a policy bytes an entity. */
export function labelColumns(plan: ComparisonPlan, entityCount: number): readonly LabelColumns[] {
  return plan.errors.map(() => ({
    label: new Int8Array(entityCount).fill(labels.notInFrame),
    realised: new Int8Array(entityCount).fill(labels.notInFrame),
    appeal: new Uint8Array(entityCount),
    held: plan.policies.map(() => new Int8Array(entityCount).fill(-1)),
    shielded: plan.policies.map(() => new Uint8Array(entityCount)),
  }));
}

/** Adds one entity, given by its position in the chunk and in the panel. */
export function collectLabels(
  plan: ComparisonPlan,
  columns: readonly LabelColumns[],
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
  position: { readonly inChunk: number; readonly inPanel: number },
): void {
  const start = chunk.rowStart[position.inChunk] as number;
  const count = (chunk.rowStart[position.inChunk + 1] as number) - start;
  const firstPeriod = chunk.firstPeriod[position.inChunk] as number;
  for (const [index, error] of plan.errors.entries()) {
    const column = present(columns[index], "label columns");
    const offset = (error.period ?? plan.to) - firstPeriod;
    const row = start + offset;
    if (offset < 0 || offset >= count || frames.some((frame) => (frame.held[row] as number) < 0)) continue;
    for (const [policy, frame] of frames.entries()) {
      present(column.held[policy], "held")[position.inPanel] = frame.held[row] as number;
      present(column.shielded[policy], "shielded")[position.inPanel] = frame.shielded[row] as number;
    }
    const found = decide(plan, error, chunk, { entity: position.inChunk, row, lastRow: start + count - 1 });
    column.label[position.inPanel] = found.label;
    column.realised[position.inPanel] = found.realised;
    column.appeal[position.inPanel] = found.appeal;
  }
}

interface Spot {
  readonly entity: number;
  /** The row of the table's date, and the entity's last row. */
  readonly row: number;
  readonly lastRow: number;
}

/** The label by precedence; without one the reason that weighs most: restricted, then pending, then left, then unknown. */
function decide(
  plan: ComparisonPlan,
  error: ErrorPlan,
  chunk: PanelChunk,
  spot: Spot,
): { label: number; realised: number; appeal: number } {
  if (error.period === undefined) return { label: labels.notMature, realised: labels.notMature, appeal: appeals.none };
  let label: number | undefined;
  let realised: number | undefined;
  let reason: number = labels.unknown;
  let appeal: number = appeals.none;
  for (const source of error.sources) {
    const known = latestKnown(plan, chunk, source, spot.entity, lastDayOf(plan.schema.grain, error.period));
    if (source.role === "appeal" && known !== undefined)
      appeal = [appeals.pending, appeals.overturned, appeals.upheld][known + 1] as number;
    if (known === undefined) {
      if (source.kind === "future" && leftWithin(plan, error.period, source, spot)) reason = mostWeighty(reason, labels.left);
      continue;
    }
    if (known < 0) {
      reason = mostWeighty(reason, labels.pending);
      continue;
    }
    realised ??= known;
    if (source.kind === "future" && reallyRestricted(plan, chunk, source, error.period, spot))
      reason = mostWeighty(reason, labels.restricted);
    else label ??= known;
  }
  return { label: label ?? reason, realised: realised ?? reason, appeal };
}

const weights: readonly number[] = [labels.unknown, labels.left, labels.pending, labels.restricted];

function mostWeighty(a: number, b: number): number {
  return weights.indexOf(a) >= weights.indexOf(b) ? a : b;
}

/** The latest label about the day that this source gave by the pin: 1 harmful, 0 fine, -1 pending; undefined when it gave none. */
function latestKnown(plan: ComparisonPlan, chunk: PanelChunk, source: OutcomeSource, entity: number, day: number): number | undefined {
  const { outcomes } = chunk;
  const code = plan.schema.outcomes.indexOf(source);
  let latest: number | undefined;
  let latestDay = Number.NEGATIVE_INFINITY;
  for (let i = outcomes.start[entity] as number; i < (outcomes.start[entity + 1] as number); i++) {
    const knownDay = outcomes.knownDay[i] as number;
    if (outcomes.day[i] !== day || outcomes.source[i] !== code || knownDay > plan.schema.knownAt || knownDay < latestDay) continue;
    latest = outcomes.harmful[i] as number;
    latestDay = knownDay;
  }
  return latest;
}

/** Whether the entity really held an adverse tier at the end of any period that ended in [d, d + horizon]. */
function reallyRestricted(plan: ComparisonPlan, chunk: PanelChunk, source: OutcomeSource, period: number, spot: Spot): boolean {
  if (chunk.assignedTier.length === 0) return false;
  const periods = lastPeriodWithin(plan, period, source.horizonDays) - period;
  for (let row = spot.row; row <= Math.min(spot.row + periods, spot.lastRow); row++) {
    if (plan.assignedAdverse[chunk.assignedTier[row] as number] === 1) return true;
  }
  return false;
}

/** Whether the entity's last period ended before d + horizon although the panel goes on. */
function leftWithin(plan: ComparisonPlan, period: number, source: OutcomeSource, spot: Spot): boolean {
  const last = period + spot.lastRow - spot.row;
  return last < plan.schema.lastPeriod && last < lastPeriodWithin(plan, period, source.horizonDays);
}

/** The last period that ended by d + horizon. */
function lastPeriodWithin(plan: ComparisonPlan, period: number, horizonDays: number): number {
  const { grain } = plan.schema;
  return periodOf(grain, lastDayOf(grain, period) + horizonDays + 1) - 1;
}
