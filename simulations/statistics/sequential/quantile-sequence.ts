/** Quantiles at all times at once, in one group and between two. */
import { invariant } from "../../../data/foundation/index.ts";
import { type TunedMixture, tunedMixture } from "./mixtures.ts";

/** Which quantile, and the units per group and alpha that the mixture is tuned for. */
export interface QuantileTuning {
  readonly quantile: number;
  readonly tunedFor: number;
  readonly tunedAlpha: number;
}

/**
 * The always-valid p-value of equal quantiles in two groups of sorted values: the smallest product of the two groups' beta-binomial
 * martingales over all common values of the quantile, inverted, at most 1. Cost: linear in the values between the two quantiles.
 * Source: Howard and Ramdas (2022), Bernoulli 28, 1704-1728, section 5.
 */
export function quantileComparisonPValue(
  sorted: { readonly first: Float64Array; readonly second: Float64Array },
  tuning: QuantileTuning,
): number {
  return quantileComparison(sorted, tuning)(0);
}

/** The same against the second group's quantile being higher by a shift. */
export function quantileComparison(
  { first, second }: { readonly first: Float64Array; readonly second: Float64Array },
  tuning: QuantileTuning,
): (shift: number) => number {
  invariant(first.length > 0 && second.length > 0, "a group without values");
  const mixture = quantileMixture(tuning);
  const one = groupEvidence(first, tuning.quantile, mixture);
  const two = groupEvidence(second, tuning.quantile, mixture);
  // Each evidence falls towards its own flat minimum and rises behind it: the sum is least between the two minima, at a value of either group.
  return (shift) => {
    const [low, high] = [Math.min(one.from, two.from - shift), Math.max(one.to, two.to - shift)];
    let least = Math.min(
      ...[one.from, one.to].map((x) => one.at(x) + two.at(x + shift)),
      ...[two.from, two.to].map((x) => one.at(x - shift) + two.at(x)),
    );
    for (let i = firstAtLeast(first, low); i < first.length && (first[i] as number) <= high; i++) {
      const x = first[i] as number;
      if (x !== first[i - 1]) least = Math.min(least, one.at(x) + two.at(x + shift));
    }
    for (let i = firstAtLeast(second, low + shift); i < second.length && (second[i] as number) <= high + shift; i++) {
      const x = second[i] as number;
      if (x !== second[i - 1]) least = Math.min(least, one.at(x - shift) + two.at(x));
    }
    return Math.min(1, Math.exp(-least));
  };
}

/** What a set of a sorted group's quantile is made of: its evidence against each value, and where that is at its least. */
export function quantileEvidence(sorted: Float64Array, tuning: QuantileTuning): Evidence {
  return groupEvidence(sorted, tuning.quantile, quantileMixture(tuning));
}

/** The two-sided beta-binomial mixture for the share of values at or below a quantile. */
function quantileMixture({ quantile, tunedFor, tunedAlpha }: QuantileTuning): TunedMixture {
  const variance = tunedFor * quantile * (1 - quantile);
  return tunedMixture({ kind: "beta-binomial", sides: 2, below: quantile, above: 1 - quantile }, { variance, alpha: tunedAlpha });
}

/** Evidence against the quantile having a value. */
export interface Evidence {
  /** The log martingale against the quantile being x. */
  readonly at: (x: number) => number;
  /** Its minimum is taken between these two values. */
  readonly from: number;
  readonly to: number;
}

function groupEvidence(values: Float64Array, quantile: number, mixture: TunedMixture): Evidence {
  const n = values.length;
  const evidence = (share: number): number => mixture.logValue((share - quantile) * n, quantile * (1 - quantile) * n);
  const best = leastShare(evidence);
  const from = values[Math.max(Math.ceil(best * n), 1) - 1] as number;
  const to = values[Math.min(Math.floor(best * n), n - 1)] as number;
  const least = evidence(best);
  return {
    at: (x) => (x < from ? evidence(firstAbove(values, x) / n) : x > to ? evidence(firstAtLeast(values, x) / n) : least),
    from,
    to,
  };
}

/** Where a convex function of a share is least, by golden section. */
function leastShare(convex: (share: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, 1];
  for (let step = 0; step < 80; step++) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (convex(a) <= convex(b)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}

/** How many sorted values are below x. */
function firstAtLeast(values: Float64Array, x: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many sorted values are at most x. */
function firstAbove(values: Float64Array, x: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
