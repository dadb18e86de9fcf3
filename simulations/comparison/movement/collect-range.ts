/** One pass over the rows of the range: tiers by period, first divergence, changes and their reversals, entries. */
import { present } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import { tierNames } from "../../../policies/language/checked/index.ts";
import { pairTotals, reportedRows } from "../../replay/index.ts";
import type { ComparisonPlan } from "../plan.ts";
import { moves } from "./tier-pairs.ts";

/** What the range figures of one candidate are made from. Per-entity arrays cover the whole panel. */
export interface PairRange {
  /** Entities and GMV by period, baseline tier, candidate tier: cell = (period * rows + baseline) * columns + candidate. */
  readonly entities: Float64Array;
  readonly gmv: Float64Array;
  /** Periods in which the entity's two tiers differ, and those after the first such. */
  readonly differing: Int32Array;
  readonly afterFirst: Int32Array;
}

/** What the range figures of one policy are made from. */
export interface PolicyRange {
  /** Evaluations that found the entity not adverse, and those that turned it adverse. */
  readonly atRisk: Int32Array;
  readonly entries: Int32Array;
  readonly everAdverse: Uint8Array;
  changes: number;
  undone: number;
}

/** The range, collected. */
export interface RangeColumns {
  /** Periods of the range in which the entity is in the frame. */
  readonly inFrame: Int32Array;
  readonly pairs: readonly PairRange[];
  readonly policies: readonly PolicyRange[];
  /** Entity-periods with a known assigned tier, and those in which the baseline holds the tier of that name. */
  assigned: { known: number; agreeing: number };
}

/** Empty columns. Memory: 5 + 4 a pair + 9 a policy bytes an entity, and the period tables. */
export function rangeColumns(plan: ComparisonPlan, entityCount: number): RangeColumns {
  const periods = plan.to - plan.from + 1;
  return {
    inFrame: new Int32Array(entityCount),
    pairs: plan.pairs.map(({ rows, columns }) => ({
      entities: new Float64Array(periods * rows * columns),
      gmv: new Float64Array(periods * rows * columns),
      differing: new Int32Array(entityCount),
      afterFirst: new Int32Array(entityCount),
    })),
    policies: plan.policies.map(() => ({
      atRisk: new Int32Array(entityCount),
      entries: new Int32Array(entityCount),
      everAdverse: new Uint8Array(entityCount),
      changes: 0,
      undone: 0,
    })),
    assigned: { known: 0, agreeing: 0 },
  };
}

/** Adds what was collected of a chunk: its entities from `offset` on, and its counts. */
export function addRange(whole: RangeColumns, part: RangeColumns, offset: number): void {
  whole.inFrame.set(part.inFrame, offset);
  for (const [index, pair] of whole.pairs.entries()) {
    const own = present(part.pairs[index], "a pair");
    for (const [cell, count] of own.entities.entries()) pair.entities[cell] = (pair.entities[cell] as number) + count;
    for (const [cell, sum] of own.gmv.entries()) pair.gmv[cell] = (pair.gmv[cell] as number) + sum;
    pair.differing.set(own.differing, offset);
    pair.afterFirst.set(own.afterFirst, offset);
  }
  for (const [index, policy] of whole.policies.entries()) {
    const own = present(part.policies[index], "a policy");
    policy.atRisk.set(own.atRisk, offset);
    policy.entries.set(own.entries, offset);
    policy.everAdverse.set(own.everAdverse, offset);
    policy.changes += own.changes;
    policy.undone += own.undone;
  }
  whole.assigned.known += part.assigned.known;
  whole.assigned.agreeing += part.assigned.agreeing;
}

/** Adds a chunk's rows by the tiers held under the baseline and under each candidate. */
export function collectPairs(plan: ComparisonPlan, columns: RangeColumns, chunk: PanelChunk, frames: readonly OutcomeFrame[]): void {
  const rows = reportedRows(chunk, plan);
  const [baseline, ...tiers] = plan.policies.map(tierNames);
  for (const [index, pair] of columns.pairs.entries()) {
    const cells = { schema: plan.schema, range: plan, tiers: [present(baseline, "tiers"), present(tiers[index], "tiers")] };
    const totals = pairTotals(cells, chunk, rows, [present(frames[0], "frame"), present(frames[index + 1], "frame")]);
    pair.entities.set(totals.entities);
    pair.gmv.set(totals.gmv);
  }
}

/** The rows of an entity that lie in the range: [start, end). */
export interface EntityRows {
  readonly entity: number;
  readonly start: number;
  readonly end: number;
  /** The first row in the range is that with which the entity came: what it held before is known to be nothing. */
  readonly fromEntry: boolean;
}

/** Adds one entity's rows. */
export function collectRange(
  plan: ComparisonPlan,
  columns: RangeColumns,
  chunk: PanelChunk,
  frames: readonly OutcomeFrame[],
  rows: EntityRows,
): void {
  const baseline = present(frames[0], "frame").held;
  for (let row = rows.start; row < rows.end; row++)
    if ((baseline[row] as number) >= 0) columns.inFrame[rows.entity] = (columns.inFrame[rows.entity] as number) + 1;
  for (const [index, pair] of columns.pairs.entries()) {
    collectPair({ plan, index, pair, baseline, candidate: present(frames[index + 1], "frame").held, rows });
  }
  for (const [index, policy] of columns.policies.entries()) collectPolicy(plan, index, policy, present(frames[index], "frame"), rows);
  if (chunk.assignedTier.length > 0) collectAgreement(plan, columns, chunk, baseline, rows);
}

function collectPair(options: {
  plan: ComparisonPlan;
  index: number;
  pair: PairRange;
  baseline: Int8Array;
  candidate: Int8Array;
  rows: EntityRows;
}): void {
  const { plan, index, pair, baseline, candidate, rows } = options;
  const tables = plan.pairs[index];
  if (tables === undefined) return;
  let differing = 0;
  let afterFirst = 0;
  for (let row = rows.start; row < rows.end; row++) {
    const [before, after] = [baseline[row] as number, candidate[row] as number];
    if (before < 0 || after < 0) continue;
    if (differing > 0) afterFirst++;
    if (tables.move[before * tables.columns + after] !== moves.same) differing++;
  }
  pair.differing[rows.entity] = differing;
  pair.afterFirst[rows.entity] = afterFirst;
}

/**
 * A change is a move from one tier of the ladder to another between two consecutive periods of the range. It is undone when the
 * former tier, or one beyond it, is held again within the whiplash periods. An entry is an evaluation that turns an entity that
 * was not adverse (or not yet there) adverse.
 */
function collectPolicy(plan: ComparisonPlan, index: number, policy: PolicyRange, frame: OutcomeFrame, rows: EntityRows): void {
  const { held, evaluated } = frame;
  const adverse = present(plan.adverse[index], "adverse codes");
  const ladder = plan.policies[index]?.tiers.length ?? 0;
  for (let row = rows.start; row < rows.end; row++) {
    const now = held[row] as number;
    if (now < 0) continue;
    if (adverse[now] === 1) policy.everAdverse[rows.entity] = 1;
    const first = row === rows.start;
    const before = first ? -1 : (held[row - 1] as number);
    if (evaluated[row] === 1 && (first ? rows.fromEntry : before >= 0 && adverse[before] === 0)) {
      policy.atRisk[rows.entity] = (policy.atRisk[rows.entity] as number) + 1;
      if (adverse[now] === 1) policy.entries[rows.entity] = (policy.entries[rows.entity] as number) + 1;
    }
    if (before < 0 || before === now || before >= ladder || now >= ladder) continue;
    policy.changes++;
    const horizon = Math.min(row + plan.whiplashPeriods, rows.end - 1);
    for (let later = row + 1; later <= horizon; later++) {
      const then = held[later] as number;
      if (then < 0 || then >= ladder || (now > before ? then > before : then < before)) continue;
      policy.undone++;
      break;
    }
  }
}

function collectAgreement(plan: ComparisonPlan, columns: RangeColumns, chunk: PanelChunk, held: Int8Array, rows: EntityRows): void {
  for (let row = rows.start; row < rows.end; row++) {
    const assigned = chunk.assignedTier[row] as number;
    if (assigned < 0 || (held[row] as number) < 0) continue;
    columns.assigned.known++;
    if (plan.assignedCode[assigned] === held[row]) columns.assigned.agreeing++;
  }
}
