/** Who holds which tier at the end of the range, and by period. */
import { present, requireExact } from "../../../data/foundation/index.ts";
import type { Collected } from "../collect.ts";
import type { EntryRate, MovementMatrix, PeriodDistribution, RangeMovement } from "../comparison.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { entityDrawOf, recordedRatio } from "../recorded.ts";
import { movementMatrix } from "./matrix.ts";
import { tierViews } from "./tier-pairs.ts";

/** Entities and GMV by tier in each period of the range, for the baseline or for a candidate. All tiers stand in every period. */
export function describeDistribution(plan: ComparisonPlan, collected: Collected, policy: number): readonly PeriodDistribution[] {
  const pair = Math.max(policy - 1, 0);
  const [tables, counts] = [plan.pairs[pair], collected.range.pairs[pair]];
  const names = tierViews(present(plan.policies[policy], "policy")).map(({ name }) => name);
  const { rows, columns } = present(tables, "tier pairs");
  const distribution: PeriodDistribution[] = [];
  for (let period = plan.from; period <= plan.to; period++) {
    const tiers = names.map((name): [string, { entities: number; gmv: number }] => [name, { entities: 0, gmv: 0 }]);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const cell = ((period - plan.from) * rows + row) * columns + column;
        const tier = tiers[policy === 0 ? row : column]?.[1];
        if (tier === undefined) continue;
        tier.entities += counts?.entities[cell] as number;
        tier.gmv += counts?.gmv[cell] as number;
      }
    }
    for (const [name, { gmv }] of tiers) requireExact(gmv, () => `GMV of ${dayName(plan.schema, period)} in tier ${name}`);
    distribution.push({ period: dayName(plan.schema, period), tiers: Object.fromEntries(tiers) });
  }
  return distribution;
}

/** The matrix at the end of the range: everyone in the frame, held tier under the baseline by held tier under the candidate. */
export function describeMovement(plan: ComparisonPlan, collected: Collected, candidate: number): MovementMatrix {
  const pairs = present(plan.pairs[candidate], "tier pairs");
  const counts = present(collected.range.pairs[candidate], "range of the pair").entities;
  const {
    newlyAdverse: _newly,
    released: _released,
    ...matrix
  } = movementMatrix(
    {
      at: dayName(plan.schema, plan.to),
      baseline: present(plan.policies[0], "policy"),
      candidate: present(plan.policies[candidate + 1], "policy"),
      pairs,
      cells: counts.subarray(-pairs.rows * pairs.columns),
    },
    entityDrawOf(plan, candidate),
  );
  return matrix;
}

/** The range figures. Entities that closed stay in the denominators. */
export function describeRange(plan: ComparisonPlan, collected: Collected, candidate: number, differAtEnd: Float64Array): RangeMovement {
  const { range } = collected;
  const draw = entityDrawOf(plan, candidate);
  const members = Uint32Array.from(range.inFrame.keys()).filter((entity) => (range.inFrame[entity] as number) > 0);
  const column = (values: ArrayLike<number>): Float64Array =>
    new Float64Array(members.length).map((_, at) => values[members[at] as number] as number);
  const pair = present(range.pairs[candidate], "range of the pair");
  const [baseline, other] = [present(range.policies[0], "baseline"), present(range.policies[candidate + 1], "candidate")];
  const periods = column(range.inFrame);
  const ones = new Float64Array(members.length).fill(1);
  const differing = column(pair.differing);
  const everDiffered = differing.map((count) => (count > 0 ? 1 : 0));
  const afterFirst = column(pair.afterFirst);
  const atEnd = column(differAtEnd);
  const entryRate = (policy: typeof baseline): EntryRate => {
    const [entries, evaluations] = [column(policy.entries), column(policy.atRisk)];
    return { entries: total(entries), evaluations: total(evaluations), rate: recordedRatio(entries, evaluations, draw) };
  };
  return {
    from: dayName(plan.schema, plan.from),
    to: dayName(plan.schema, plan.to),
    entities: members.length,
    entityPeriods: total(periods),
    everDiffered: total(everDiffered),
    differingEntityPeriods: total(differing),
    differAtEnd: total(atEnd),
    afterFirstDivergence: total(afterFirst),
    changes: { baseline: baseline.changes, candidate: other.changes },
    whiplash: { periods: plan.whiplashPeriods, baseline: baseline.undone, candidate: other.undone },
    shares: {
      everDiffered: recordedRatio(everDiffered, ones, draw),
      differingEntityPeriods: recordedRatio(differing, periods, draw),
      differAtEnd: recordedRatio(atEnd, ones, draw),
      afterFirstDivergence: recordedRatio(afterFirst, periods, draw),
    },
    everAdverse: { baseline: total(column(baseline.everAdverse)), candidate: total(column(other.everAdverse)) },
    entries: { baseline: entryRate(baseline), candidate: entryRate(other) },
  };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
