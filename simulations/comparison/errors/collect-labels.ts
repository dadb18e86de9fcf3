/** For every error table: the entity's tier at the table's date, and the label that counts. */
import { lastDayOf, periodOf, present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, OutcomeSource, PanelChunk } from "../../../data/panel/index.ts";
import type { ComparisonPlan, ErrorPlan } from "../plan.ts";

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
}

/** Empty columns. Memory: 4 + 2 a policy bytes an entity. */
export function labelColumns(plan: ComparisonPlan, entityCount: number): readonly LabelColumns[] {
  return plan.errors.map(() => ({
    label: new Int8Array(entityCount).fill(labels.notInFrame),
    realised: new Int8Array(entityCount).fill(labels.notInFrame),
    appeal: new Uint8Array(entityCount),
    untreated: new Uint8Array(entityCount),
    held: plan.policies.map(() => new Int8Array(entityCount).fill(-1)),
    shielded: plan.policies.map(() => new Uint8Array(entityCount)),
  }));
}

/** Adds one entity of the chunk. */
export function collectLabels(
  plan: ComparisonPlan,
  columns: readonly LabelColumns[],
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
  entity: number,
): void {
  const start = chunk.rowStart[entity] as number;
  const count = (chunk.rowStart[entity + 1] as number) - start;
  const firstPeriod = chunk.firstPeriod[entity] as number;
  for (const [index, error] of plan.errors.entries()) {
    const column = present(columns[index], "label columns");
    const offset = (error.period ?? plan.to) - firstPeriod;
    const row = start + offset;
    if (offset < 0 || offset >= count || frames.some((frame) => (frame.held[row] as number) < 0)) continue;
    for (const [policy, frame] of frames.entries()) {
      present(column.held[policy], "held")[entity] = frame.held[row] as number;
      present(column.shielded[policy], "shielded")[entity] = frame.shielded[row] as number;
    }
    const found = decide(plan, error, chunk, { entity, row, lastRow: start + count - 1 });
    column.label[entity] = found.label;
    column.realised[entity] = found.realised;
    column.appeal[entity] = found.appeal;
    column.untreated[entity] = found.untreated;
  }
}

/** Where an error table looks at an entity. */
export interface Spot {
  readonly entity: number;
  /** The row of the table's date, and the entity's last row. */
  readonly row: number;
  readonly lastRow: number;
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

/**
 * What the entity really held at any time in [d, d + horizon]: an adverse tier in a period that lies in it or reaches into it; else
 * unknown, when the tier of one of these periods is not known; else free.
 */
export function reallyHeld(
  plan: ComparisonPlan,
  chunk: PanelChunk,
  source: OutcomeSource,
  period: number,
  spot: Spot,
): "adverse" | "unknown" | "free" {
  const { grain } = plan.schema;
  const lastWanted = spot.row + periodOf(grain, lastDayOf(grain, period) + source.horizonDays) - period;
  let isKnown = lastWanted <= spot.lastRow && chunk.assignedTier.length > 0;
  for (let row = spot.row; row <= Math.min(lastWanted, spot.lastRow) && chunk.assignedTier.length > 0; row++) {
    const assigned = chunk.assignedTier[row] as number;
    if (plan.assignedAdverse[assigned] === 1) return "adverse";
    if (assigned < 0) isKnown = false;
  }
  return isKnown ? "free" : "unknown";
}

/** Whether the entity's last period ended before d + horizon although the panel goes on: it may have been gone by then. */
export function leftWithin(plan: ComparisonPlan, period: number, source: OutcomeSource, spot: Spot): boolean {
  const { grain, lastPeriod } = plan.schema;
  const last = period + spot.lastRow - spot.row;
  return last < lastPeriod && lastDayOf(grain, last) < lastDayOf(grain, period) + source.horizonDays;
}
