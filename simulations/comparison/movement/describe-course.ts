/** The figures beside the matrix at the end: other dates, the range, net movers, tests, recovery, boundary, transitions. */
import { limits, present } from "../../../data/foundation/index.ts";
import type { Estimated } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { type EntityDraw, entityDrawOf, recordedMean, recordedRatio } from "../recorded.ts";
import { describeBoundary } from "./boundary.ts";
import type { Course, MatrixAtDate, NetMovers, TierTime, Transitions } from "./course.ts";
import { describeRecovery } from "./describe-recovery.ts";
import { describeTransitions } from "./describe-transitions.ts";
import { countMoves, movementTests, rowsOf, type UnionTier, unionOfTiers } from "./matrix.ts";
import { moves, type TierPairs } from "./tier-pairs.ts";

/** Everything about one candidate that the course of entities gives. `transitions`: of every policy, baseline first. */
export function describeCourse(
  plan: ComparisonPlan,
  collected: Collected,
  { candidate, transitions }: { readonly candidate: number; readonly transitions: readonly Transitions[] },
): Course {
  const { level, schema } = plan;
  const pairs = present(plan.pairs[candidate], "tier pairs");
  const dates = describeDates(plan, collected, candidate);
  const [before, after] = [present(collected.course[0], "a course"), present(collected.course[candidate + 1], "a course")];
  const boundary = (policy: number) =>
    describeBoundary({
      policy: present(plan.policies[policy], "policy"),
      score: scoreOfRated(plan, collected, policy),
      scoreBefore: present(collected.course[policy], "a course").scoreBefore,
      level,
    });
  const atEnd = present(dates.at(-1), "the last period").matrix;
  const names = unionOfTiers(present(plan.policies[0], "baseline"), present(plan.policies[candidate + 1], "candidate"));
  const draw = entityDrawOf(plan, candidate);
  const stepsOf = (policy: number): Transitions => {
    const { departures, ...steps } = present(transitions[policy], "transitions");
    return draw.noDraw !== undefined || departures === undefined ? steps : { ...steps, departures };
  };
  return {
    dates,
    overRange: overRange(plan, collected, candidate),
    tierTime: tierTime(plan, collected, candidate, names),
    net: netMovers(draw, pairs, names, atEnd),
    tests: movementTests(names, atEnd, draw),
    recovery: describeRecovery(before.stays, after.stays, { grain: schema.grain, level }),
    boundary: { baseline: boundary(0), candidate: boundary(candidate + 1) },
    transitions: { baseline: stepsOf(0), candidate: stepsOf(candidate + 1) },
  };
}

/** Scores at the end of those whose tier turns on them: a score of one who merits no tier of the ladder, for want of orders, stands near nothing. */
function scoreOfRated(plan: ComparisonPlan, collected: Collected, policy: number): Float64Array {
  const [score, merited] = [present(collected.end.score[policy], "scores"), present(collected.end.merited[policy], "merited tiers")];
  const ladder = present(plan.policies[policy], "policy").tiers.length;
  return score.map((value, entity) => ((merited[entity] as number) < ladder ? value : Number.NaN));
}

/** By policy, baseline first; each is computed once, whatever the number of candidates. */
export function transitionsOf(plan: ComparisonPlan, collected: Collected): readonly Transitions[] {
  return plan.policies.map((policy, index) => describeTransitions(policy, present(collected.course[index], "a course").steps, plan.level));
}

function describeDates(plan: ComparisonPlan, collected: Collected, candidate: number): readonly MatrixAtDate[] {
  const pairs = present(plan.pairs[candidate], "tier pairs");
  const counts = present(collected.range.pairs[candidate], "range of the pair").entities;
  const size = pairs.rows * pairs.columns;
  const periods = plan.to - plan.from + 1;
  const kept = Math.min(periods, Math.max(5, Math.floor(limits.matrixCells.value / size)));
  return Array.from({ length: kept }, (_, index) => {
    const period = kept === 1 ? periods - 1 : Math.round((index * (periods - 1)) / (kept - 1));
    const cells = counts.subarray(period * size, (period + 1) * size);
    return { at: dayName(plan.schema, plan.from + period), ...countMoves(pairs, cells) };
  });
}

function overRange(plan: ComparisonPlan, collected: Collected, candidate: number): readonly (readonly number[])[] {
  const pairs = present(plan.pairs[candidate], "tier pairs");
  const counts = present(collected.range.pairs[candidate], "range of the pair").entities;
  const size = pairs.rows * pairs.columns;
  const sums = new Float64Array(size);
  for (const [place, count] of counts.entries()) sums[place % size] = (sums[place % size] as number) + count;
  return rowsOf(sums, pairs);
}

function tierTime(plan: ComparisonPlan, collected: Collected, candidate: number, names: readonly UnionTier[]): readonly TierTime[] {
  const { inFrame } = collected.range;
  const draw = entityDrawOf(plan, candidate);
  const members = Uint32Array.from(inFrame.keys()).filter((entity) => (inFrame[entity] as number) > 0);
  const denominator = Float64Array.from(members, (entity) => inFrame[entity] as number);
  const sideOf = (policy: number, codes: readonly number[]): Float64Array => {
    const { periods } = present(collected.course[policy], "a course");
    const tiers = present(plan.course[policy], "a plan").tiers;
    return Float64Array.from(members, (entity) =>
      codes.reduce((sum, code) => sum + (code < 0 ? 0 : (periods[entity * tiers + code] as number)), 0),
    );
  };
  const rowOf = (parts: readonly UnionTier[], row: Pick<TierTime, "tier" | "adverse" | "isTotal">): TierTime => {
    const [before, after] = [
      sideOf(
        0,
        parts.map((tier) => tier.row),
      ),
      sideOf(
        candidate + 1,
        parts.map((tier) => tier.column),
      ),
    ];
    const difference = after.map((periods, at) => periods - (before[at] as number));
    return { ...row, baseline: total(before), candidate: total(after), change: recordedRatio(difference, denominator, draw) };
  };
  const rows = names.map((tier) => rowOf([tier], { tier: tier.name, adverse: tier.adverse, isTotal: false }));
  const adverse = names.filter((tier) => tier.adverse);
  return adverse.length < 2 ? rows : [...rows, rowOf(adverse, { tier: "adverse tiers", adverse: true, isTotal: true })];
}

function netMovers(draw: EntityDraw, pairs: TierPairs, names: readonly UnionTier[], matrix: readonly (readonly number[])[]): NetMovers {
  const cells = Float64Array.from(matrix.flat());
  const shareOf = (worth: (row: number, column: number) => number): Estimated =>
    recordedMean(
      cells.map((_, cell) => worth(Math.floor(cell / pairs.columns), cell % pairs.columns)),
      cells,
      draw,
    );
  const moveAt = (row: number, column: number) => pairs.move[row * pairs.columns + column];
  const count = (holds: (row: number, column: number) => boolean) =>
    matrix.reduce((sum, row, at) => sum + row.reduce((rest, cell, column) => (holds(at, column) ? rest + cell : rest), 0), 0);
  return {
    gross: count((row, column) => moveAt(row, column) !== moves.same),
    net: count((row, column) => moveAt(row, column) === moves.up) - count((row, column) => moveAt(row, column) === moves.down),
    grossShare: shareOf((row, column) => (moveAt(row, column) === moves.same ? 0 : 1)),
    netShare: shareOf((row, column) => (moveAt(row, column) === moves.up ? 1 : moveAt(row, column) === moves.down ? -1 : 0)),
    byTier: names.map(({ name, row, column }) => {
      const leave = count((from, to) => from === row && to !== column);
      const enter = count((from, to) => from !== row && to === column);
      const netShare = shareOf((from, to) => (to === column ? 1 : 0) - (from === row ? 1 : 0));
      return { tier: name, leave, enter, net: enter - leave, netShare };
    }),
  };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
