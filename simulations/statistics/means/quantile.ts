/** Sample quantiles, and the interval of a population quantile from the order statistics. */
import { invariant } from "../../../data/foundation/index.ts";
import type { ConfidenceSet } from "../confidence-set.ts";
import { betaDistribution } from "../distributions/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";

/**
 * The sample quantile of values in ascending order, linear between the order statistics at 1 + (n - 1) share (type 7, the default of R and
 * NumPy). Source: Hyndman and Fan (1996), The American Statistician 50, 361-365.
 *
 * @example
 * quantileOf([1, 2, 3, 10], 0.5)
 * // => 2.5
 */
export function quantileOf(ascending: ArrayLike<number>, share: number): number {
  invariant(ascending.length > 0 && share >= 0 && share <= 1, `the quantile ${share} of ${ascending.length} values`);
  const place = (ascending.length - 1) * share;
  const below = Math.floor(place);
  const [low, high] = [ascending[below] as number, ascending[Math.min(below + 1, ascending.length - 1)] as number];
  const part = place - below;
  // Two products, because the difference of extreme values may overflow.
  return part === 0 || low === high ? low : low * (1 - part) + high * part;
}

/** The values in ascending order; the given ones are left as they are. */
export function ascendingOf(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** What is asked of one quantile. */
export interface QuantileOptions {
  readonly values: ArrayLike<number>;
  /** In (0, 1): 0.5 is the median. */
  readonly share: number;
  readonly level: number;
  readonly alternative: Alternative;
  /** Left out: no test. */
  readonly nullValue?: number | undefined;
}

/**
 * A population quantile with the interval between two order statistics: all values that the exact binomial test of "a share of the population
 * lies below" does not reject, whatever the distribution. Too few values for the level: an open set. The estimate is the type 7 quantile.
 * Ties are allowed, the interval is then wider than need be. Sources: Thompson (1936), Ann. Math. Stat. 7, 122-128; David and Nagaraja (2003),
 * Order Statistics, section 7.1.
 */
export function quantileInterval({ values, share, level, alternative, nullValue }: QuantileOptions): Found {
  const sorted = ascendingOf(values);
  const n = sorted.length;
  if (n === 0) return undetermined("no value", "at least one value");
  const tail = alternative === "two-sided" ? (1 - level) / 2 : 1 - level;
  const lowerRank = alternative === "less" ? 0 : rankBelow(n, share, tail);
  const upperRank = alternative === "greater" ? n + 1 : rankAbove(n, share, tail);
  const lower = lowerRank === 0 ? undefined : (sorted[lowerRank - 1] as number);
  const upper = upperRank === n + 1 ? undefined : (sorted[upperRank - 1] as number);
  const coverage = binomialAtMost(n, share, upperRank - 1) - binomialAtMost(n, share, lowerRank - 1);
  const common = {
    value: quantileOf(sorted, share),
    n,
    level,
    method: "order statistics, exact binomial",
    assumptions: ["units are drawn independently"],
  };
  const bounded = lower !== undefined && upper !== undefined;
  return finding({
    estimate: estimated(bounded ? { ...common, lower, upper } : { ...common, set: openSet(lower, upper, level) }),
    test:
      nullValue === undefined
        ? undefined
        : { name: "exact binomial (sign) test", pValue: signTest(sorted, share, alternative, nullValue), alternative, nullValue },
    details: { lowerRank, upperRank, coverageAtLeast: coverage },
    warnings: warningsOf(n, bounded || alternative !== "two-sided", bounded && lower === upper),
  });
}

function warningsOf(n: number, isBounded: boolean, isOneValue: boolean): readonly string[] {
  if (!isBounded) return [`Too few values (${n}) to bound this quantile on both sides at this level.`];
  return isOneValue ? ["Both ends are one value, because so many values are equal to it: the quantile of such data moves in jumps."] : [];
}

/** P(B <= k), B binomial. */
export function binomialAtMost(n: number, share: number, k: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : betaDistribution(k + 1, n - k).survival(share);
}

/** P(B >= k), B binomial. */
function binomialAtLeast(n: number, share: number, k: number): number {
  if (k <= 0) return 1;
  return k > n ? 0 : betaDistribution(k, n - k + 1).cdf(share);
}

/** The largest rank l with P(B < l) < tail, that is the first order statistic that is not ruled out from below; 0 when there is none. */
function rankBelow(n: number, share: number, tail: number): number {
  return firstWhere(0, n, (k) => binomialAtMost(n, share, k) >= tail);
}

/** The smallest rank u with P(B >= u) < tail; n + 1 when there is none. */
function rankAbove(n: number, share: number, tail: number): number {
  return firstWhere(0, n + 1, (k) => binomialAtLeast(n, share, k) < tail);
}

/** The first whole number in [from, to] where a claim that stays true begins to be true; `to` when it never is. */
function firstWhere(from: number, to: number, claim: (k: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (claim(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function signTest(sorted: Float64Array, share: number, alternative: Alternative, nullValue: number): number {
  const n = sorted.length;
  const below = sorted.filter((value) => value < nullValue).length;
  const atMost = sorted.filter((value) => value <= nullValue).length;
  const tooHigh = binomialAtMost(n, share, atMost);
  const tooLow = binomialAtLeast(n, share, below);
  if (alternative === "greater") return tooHigh;
  return alternative === "less" ? tooLow : Math.min(1, 2 * Math.min(tooHigh, tooLow));
}

function openSet(lower: number | undefined, upper: number | undefined, level: number): ConfidenceSet {
  if (lower !== undefined) return { kind: "at-least", lower, level };
  return upper === undefined ? { kind: "everything", level } : { kind: "at-most", upper, level };
}
