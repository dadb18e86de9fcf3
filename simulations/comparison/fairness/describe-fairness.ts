/** Fairness of one candidate: every segmentation with its groups, their shares, and how each stands against the rest. */
import { limits, present } from "../../../data/foundation/index.ts";
import { adjustPValues, bootstrapRatio, type Estimated, type Undetermined, undetermined } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import { moves } from "../movement/tier-pairs.ts";
import { noDrawReason } from "../no-draw.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { entityDrawOf, recordedRatio } from "../recorded.ts";
import { cellEntitiesMin } from "../segments.ts";
import { baseRateTest, type Comparisons, compareWithRest, type PooledShare, poolShares } from "./against-rest.ts";
import { describeNoise } from "./describe-noise.ts";
import { type ComparedFigure, comparedFigures, type Fairness, type FairnessGroup, type WorstGroup } from "./fairness.ts";
import { groupAssumptions, ratesOf } from "./group-rates.ts";
import { countsOf, type GroupTally, type PartedGroups, type Parting, sumTallies } from "./group-tally.ts";
import type { NoiseStudy } from "./noise-worlds.ts";

/** Fewer replicates than this give no interval: its ends would be noise. */
const replicatesMin = 200;

/** Figures that are pooled over the groups of a segmentation. */
const pooledFigures = ["newly-adverse", "moved-down", "adverse", "false-positive"] as const;

/** `parted`: the candidate's groups. `noise`: the study of all policies, which needs rows again; absent: no flips from noise. */
export function describeFairness(
  plan: ComparisonPlan,
  collected: Collected,
  {
    candidate,
    parted,
    noise,
  }: { readonly candidate: number; readonly parted: readonly PartedGroups[]; readonly noise?: NoiseStudy | Undetermined },
): Fairness {
  const tallies = parted.map(({ groups }) => groups);
  const isDrawn = noDrawReason(plan, candidate) === undefined;
  const comparisons = compareWithRest(isDrawn ? tallies : [], plan.level);
  const hasLabels = plan.errors[0]?.period !== undefined;
  const labels = plan.errors[0];
  const tests = tallies.map((groups) => baseRateTest(groups, plan.level));
  const adjusted = adjustPValues(
    tests.flatMap((test) => (test === undefined ? [] : [test.pValue])),
    "holm",
  );
  let tested = 0;
  const segmentations = parted.map(({ parting, groups }, index) => {
    const pooled = new Map((isDrawn ? pooledFigures : []).map((figure) => [figure, poolShares(groups, figure, plan.level)]));
    const sales = salesOf({ plan, collected, candidate, parting, groups });
    const test = tests[index];
    return {
      segment: parting.segment,
      groups: groups.map((group, place) =>
        describeGroup({ plan, group, hasLabels, pooled, sales: sales(group), comparisons, segmentation: index, place }),
      ),
      ...(test === undefined ? {} : { baseRates: { ...test, adjusted: present(adjusted[tested++], "adjusted p") } }),
    };
  });
  const everyone = { ...sumTallies(tallies[0] ?? []), value: "all" };
  const all = { entities: everyone.entities, rated: everyone.rated, gmv: everyone.gmv, counts: countsOf(everyone) };
  const everyParting: Parting = { segment: "all", names: ["all"], atEnd: () => 0, atLabels: () => 0 };
  const allSales = salesOf({ plan, collected, candidate, parting: everyParting, groups: [everyone] });
  return {
    at: dayName(plan.schema, plan.to),
    ...(labels?.period === undefined ? {} : { labels: { at: dayName(plan.schema, labels.period), source: labels.name } }),
    cellEntitiesMin,
    family: comparisons.family,
    all:
      everyone.entities < cellEntitiesMin
        ? all
        : { ...all, rates: ratesOf(everyone, { level: plan.level, hasLabels, netBenefitGmv: allSales(everyone) }) },
    segmentations,
    worst: comparedFigures.flatMap((figure) => worstOf(segmentations, figure, plan.level)),
    assumptions: groupAssumptions,
    ...(noise === undefined ? {} : { noise: describeNoise(plan, noise) }),
  };
}

function describeGroup(parts: {
  plan: ComparisonPlan;
  group: GroupTally;
  hasLabels: boolean;
  pooled: ReadonlyMap<ComparedFigure, ReadonlyMap<number, PooledShare>>;
  sales: Estimated | undefined;
  comparisons: Comparisons;
  segmentation: number;
  place: number;
}): FairnessGroup {
  const { plan, group, hasLabels, pooled, sales, comparisons, segmentation, place } = parts;
  const shares: Partial<Record<ComparedFigure, PooledShare>> = {};
  for (const [figure, byGroup] of pooled) {
    const share = byGroup.get(place);
    if (share !== undefined) shares[figure] = share;
  }
  return {
    value: group.value,
    entities: group.entities,
    rated: group.rated,
    gmv: group.gmv,
    counts: countsOf(group),
    ...(group.entities < cellEntitiesMin ? {} : { rates: ratesOf(group, { level: plan.level, hasLabels, netBenefitGmv: sales }) }),
    againstRest: comparisons.of(segmentation, place),
    pooled: shares,
  };
}

/** Net benefit by GMV of a group, its entities resampled; undefined without a measure of GMV. */
function salesOf(of: {
  plan: ComparisonPlan;
  collected: Collected;
  candidate: number;
  parting: Parting;
  groups: readonly GroupTally[];
}): (group: GroupTally) => Estimated | undefined {
  const { plan, collected, candidate, parting, groups } = of;
  if (plan.gmvColumn < 0) return () => undefined;
  const { move, rated, columns } = present(plan.pairs[candidate], "tier pairs");
  const [before, after] = [present(collected.end.held[0], "held tiers"), present(collected.end.held[candidate + 1], "held tiers")];
  // Values that share one row go to the group whose name none of them has.
  const placeOf = new Map(groups.map(({ value }, place) => [value, place]));
  const places = parting.names.map((name) => placeOf.get(name) ?? groups.length - 1);
  const rows = groups.map((): { numerator: number[]; denominator: number[] } => ({ numerator: [], denominator: [] }));
  let inFrame = 0;
  for (let entity = 0; entity < collected.entityCount; entity++) {
    const row = before[entity] as number;
    if (row < 0) continue;
    inFrame++;
    const gmv = collected.end.gmv[entity] as number;
    const pair = row * columns + (after[entity] as number);
    if (rated[pair] === 0) continue;
    const kind = move[pair];
    const group = rows[places[parting.atEnd(entity)] as number];
    group?.numerator.push(kind === moves.up ? gmv : kind === moves.down ? -gmv : 0);
    group?.denominator.push(gmv);
  }
  const draw = entityDrawOf(plan, candidate);
  const replicates = Math.min(plan.replicates, Math.floor(limits.fairnessDraws.value / Math.max(1, inFrame)));
  return (group) => {
    const own = rows[placeOf.get(group.value) ?? -1];
    if (own === undefined || group.rated < cellEntitiesMin) return undefined;
    if (own.denominator.every((gmv) => gmv <= 0)) return undetermined("no sales in the 28 days", "sales");
    const [numerator, denominator] = [Float64Array.from(own.numerator), Float64Array.from(own.denominator)];
    if (draw.noDraw !== undefined) return recordedRatio(numerator, denominator, draw);
    if (replicates < Math.min(replicatesMin, plan.replicates))
      return undetermined(`${inFrame} entities: beyond the limit 'fairnessDraws' of a resampling`, "a higher limit");
    return bootstrapRatio({ ...draw, numerator, denominator, replicates });
  };
}

/** The group that differs most to its disadvantage; those beyond chance come before the others, whatever their size. */
function worstOf(segmentations: Fairness["segmentations"], figure: ComparedFigure, level: number): readonly WorstGroup[] {
  const sign = figure === "net-benefit" ? -1 : 1;
  const compared = segmentations.flatMap(({ segment, groups }) =>
    groups.flatMap(({ value, againstRest }) => {
      const entry = againstRest[figure];
      if (entry === undefined || entry.difference.kind === "undetermined" || sign * entry.difference.value <= 0) return [];
      return [
        {
          segment,
          value,
          by: sign * entry.difference.value,
          isOut: entry.benjaminiHochberg < 1 - level,
          isOutHolm: entry.holm < 1 - level,
        },
      ];
    }),
  );
  const [worst] = compared.toSorted((a, b) => Number(b.isOut) - Number(a.isOut) || b.by - a.by);
  if (worst === undefined) return [];
  return [{ figure, segment: worst.segment, value: worst.value, isBeyondChance: worst.isOut, isBeyondChanceHolm: worst.isOutHolm }];
}
