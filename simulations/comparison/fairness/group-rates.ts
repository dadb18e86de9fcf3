/** The shares of one group with their intervals. Inference is that of the statistics room; nothing here is a formula of its own. */
import {
  absoluteDifference,
  type Estimated,
  effectOf,
  estimated,
  ratioCovariance,
  ratioVariance,
  tangoPaired,
  undetermined,
  wilson,
} from "../../statistics/index.ts";
import { cellEntitiesMin } from "../segments.ts";
import type { GroupRates, PairedShare } from "./fairness.ts";
import type { GroupTally, Pairs } from "./group-tally.ts";

/** What holds of every estimate of a group; said once, not with each. */
export const groupAssumptions = [
  "entities are independent draws under the same calendar; calendar shocks are outside the intervals",
  "shares that rest on labels: labels are missing at random within the group",
  "fell in the last 12 weeks: each version lived through measures that were observed under the policy really in force",
  "groups were not chosen beforehand; those of one segmentation do not overlap, those of different segmentations do",
] as const;

/** Fewer adverse entities with a label than this give no interval of the change of a false share: it is a large-sample one. */
export const falseShareMin = 20;

/** What the rates are made with. */
export interface RateOptions {
  readonly level: number;
  /** Whether there is a date with labels. */
  readonly hasLabels: boolean;
  readonly netBenefitGmv: Estimated | undefined;
}

/** All shares of a group, each where its denominator holds a minimum cell. Of movement and held tiers: out of those rated under either version. */
export function ratesOf(tally: GroupTally, { level, hasLabels, netBenefitGmv }: RateOptions): GroupRates {
  const { entities, rated, adverse, demoted, fine, harmful } = tally;
  const few = (trials: number, who: string): Estimated =>
    undetermined(`${trials} ${who}: fewer than the minimum cell of ${cellEntitiesMin}`, "a larger group");
  const share = (successes: number, trials: number, who: string): Estimated =>
    trials < cellEntitiesMin ? few(trials, who) : plain(wilson({ successes, trials, level }));
  const paired = (pairs: Pairs, all: number, who: string): PairedShare => ({
    baseline: share(pairs.baselineOnly + pairs.both, all, who),
    candidate: share(pairs.candidateOnly + pairs.both, all, who),
    change: all < cellEntitiesMin ? few(all, who) : pairedChange(pairs.candidateOnly, pairs.baselineOnly, pairs.both, all, level),
  });
  const [areRated, areFine, areAdverse] = ["entities rated", "labelled fine", "labelled and adverse"];
  const noLabels = undetermined("no evaluation of the range has mature labels", "labels");
  const none: PairedShare = { baseline: noLabels, candidate: noLabels, change: noLabels };
  return {
    newlyAdverse: share(adverse.candidateOnly, rated, areRated),
    movedDown: share(tally.down, rated, areRated),
    adverse: paired(adverse, rated, areRated),
    demoted: paired(demoted, entities, "entities"),
    falsePositive: hasLabels ? paired(fine, tally.fineAll, areFine) : none,
    falseShare: hasLabels
      ? {
          baseline: share(fine.baselineOnly + fine.both, fine.baselineOnly + fine.both + harmful.baselineOnly + harmful.both, areAdverse),
          candidate: share(
            fine.candidateOnly + fine.both,
            fine.candidateOnly + fine.both + harmful.candidateOnly + harmful.both,
            areAdverse,
          ),
          change: falseShareChange(tally, level),
        }
      : none,
    netBenefit: rated < cellEntitiesMin ? few(rated, areRated) : pairedChange(tally.up, tally.down, 0, rated, level),
    ...(netBenefitGmv === undefined ? {} : { netBenefitGmv: plain(netBenefitGmv) }),
    harmful: hasLabels ? share(tally.harmfulAll, tally.fineAll + tally.harmfulAll, "labelled") : noLabels,
  };
}

/** Second less first over all: Tango's interval of the ups less the downs. */
function pairedChange(onlySecond: number, onlyFirst: number, both: number, all: number, level: number): Estimated {
  return plain(tangoPaired({ both, onlySecond, onlyFirst, neither: all - both - onlySecond - onlyFirst, level }));
}

/**
 * The candidate's false share less the baseline's: two ratios over the same labelled entities, whose denominators differ. By the delta
 * method with their covariance; it needs adverse entities with a label under both.
 */
function falseShareChange(tally: GroupTally, level: number): Estimated {
  const { fine, harmful } = tally;
  const n = tally.fineAll + tally.harmfulAll;
  const [a, c] = [fine.candidateOnly + fine.both, fine.baselineOnly + fine.both];
  const [b, d] = [a + harmful.candidateOnly + harmful.both, c + harmful.baselineOnly + harmful.both];
  if (b === 0 || d === 0) return undetermined("no labelled entity is adverse under one of the two", "such entities");
  const [after, before] = [a / b, c / d];
  const isSame = [fine, harmful].every(({ baselineOnly, candidateOnly }) => baselineOnly === 0 && candidateOnly === 0);
  if (isSame) return estimated({ value: 0, lower: 0, upper: 0, level, method: "the same entities are adverse under both", n });
  if (Math.min(b, d) < falseShareMin)
    return undetermined(`${Math.min(b, d)} labelled adverse entities: fewer than ${falseShareMin}`, "more of them");
  const covariance = (both: number, x: number, y: number): number => (both - (x * y) / n) / (n - 1);
  const variance = (parts: { part: number; whole: number }): number =>
    ratioVariance({
      numeratorMean: parts.part / n,
      denominatorMean: parts.whole / n,
      numeratorVariance: covariance(parts.part, parts.part, parts.part),
      denominatorVariance: covariance(parts.whole, parts.whole, parts.whole),
      covariance: covariance(parts.part, parts.part, parts.whole),
    }) / n;
  const across =
    ratioCovariance({
      means: { a: a / n, b: b / n, c: c / n, d: d / n },
      covariances: {
        ac: covariance(fine.both, a, c),
        ad: covariance(fine.both, a, d),
        bc: covariance(fine.both, b, c),
        bd: covariance(fine.both + harmful.both, b, d),
      },
    }) / n;
  const [afterVariance, beforeVariance] = [variance({ part: a, whole: b }), variance({ part: c, whole: d })];
  const standardError = Math.sqrt(Math.max(0, afterVariance + beforeVariance - 2 * across));
  const arm = (value: number, squared: number, size: number) => ({
    value,
    standardError: Math.sqrt(Math.max(0, squared)),
    degreesOfFreedom: size - 1,
    n: size,
  });
  const effect = effectOf({
    control: arm(before, beforeVariance, d),
    treatment: arm(after, afterVariance, b),
    degreesOfFreedom: Math.min(b, d) - 1,
    paired: { difference: after - before, standardError, correlation: 0 },
    method: "delta method, two ratios of the same entities",
    assumptions: [],
  });
  return effect.kind === "undetermined" ? effect : plain(absoluteDifference(effect, { level, alternative: "two-sided" }));
}

/** Assumptions stand once, beside all groups. */
export function plain(estimate: Estimated): Estimated {
  return estimate.kind === "estimate" ? { ...estimate, assumptions: [] } : estimate;
}
