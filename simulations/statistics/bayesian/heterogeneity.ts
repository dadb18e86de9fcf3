/** How much segments differ beyond their sampling errors: Cochran's Q, and the variance between segments by two estimators. */
import { chiSquared } from "../distributions/index.ts";
import { rootNear } from "../numerics/root.ts";
import { innerProduct, sumOf } from "../sums.ts";

/** A segment's effect with its standard error, above 0. */
export interface SegmentEffect {
  readonly estimate: number;
  readonly standardError: number;
}

/** The mean over segments given the variance between them. */
export interface PooledMean {
  readonly mean: number;
  /** Of the mean. */
  readonly variance: number;
  /** Each segment's weight, 1 / (sampling variance + variance between). */
  readonly weights: readonly number[];
}

/** The precision-weighted mean for a variance between segments. */
export function pooledMean(segments: readonly SegmentEffect[], between: number): PooledMean {
  const weights = segments.map(({ standardError }) => 1 / (standardError ** 2 + between));
  const total = sumOf(weights);
  const mean = sumOf(segments.map(({ estimate }, i) => (weights[i] as number) * estimate)) / total;
  return { mean, variance: 1 / total, weights };
}

/**
 * Cochran's Q test of equal effects in all segments: chi-squared with one degree of freedom less than segments.
 * Source: Cochran (1954), Biometrics 10, 101-129.
 *
 * @example
 * cochranQ([{ estimate: 0, standardError: 1 }, { estimate: 2, standardError: 1 }]).statistic
 * // => 2
 */
export function cochranQ(segments: readonly SegmentEffect[]): {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
} {
  const { mean, weights } = pooledMean(segments, 0);
  const statistic = sumOf(segments.map(({ estimate }, i) => (weights[i] as number) * (estimate - mean) ** 2));
  const degreesOfFreedom = segments.length - 1;
  return { statistic, degreesOfFreedom, pValue: chiSquared(degreesOfFreedom).survival(statistic) };
}

/** The variance between segments by moments, 0 where Q is below its expectation. Source: DerSimonian and Laird (1986), Control. Clin. Trials 7, 177-188. */
export function dersimonianLaird(segments: readonly SegmentEffect[]): number {
  const { weights } = pooledMean(segments, 0);
  const { statistic, degreesOfFreedom } = cochranQ(segments);
  const total = sumOf(weights);
  // Each weight times the share of the others, which is summed where one segment has nearly all the weight.
  const others = weights.map((weight, i) => (weight > total / 2 ? sumOf(weights.filter((_, j) => j !== i)) : total - weight) / total);
  return Math.max(0, (statistic - degreesOfFreedom) / innerProduct(weights, others));
}

/** The variance between segments by restricted maximum likelihood, a root of its score. Source: Viechtbauer (2005), J. Educ. Behav. Stat. 30, 261-293. */
export function restrictedMaximumLikelihood(segments: readonly SegmentEffect[]): number {
  const score = (between: number): number => {
    const { mean, weights } = pooledMean(segments, between);
    const squares = weights.map((w) => w * w);
    return (
      sumOf(segments.map(({ estimate }, i) => (squares[i] as number) * (estimate - mean) ** 2)) -
      sumOf(weights) +
      sumOf(squares) / sumOf(weights)
    );
  };
  if (score(0) <= 0) return 0;
  const scale = Math.min(...segments.map(({ standardError }) => standardError ** 2));
  return rootNear((units) => score(Math.max(units, 0) * scale), dersimonianLaird(segments) / scale + 1e-3, false, 0.5) * scale;
}
