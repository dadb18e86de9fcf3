/** The noncentral t distribution: Student's t where the mean is not 0. What the power of a t-test is. */
import { invariant } from "../../../data/foundation/index.ts";
import { rootNear } from "../numerics/root.ts";
import { student } from "./beta.ts";
import type { Distribution } from "./distribution.ts";
import { normalDensity, normalDistribution, normalHazard, normalSurvival } from "./normal.ts";
import { meanOverDeviation } from "./scaled-mean-square.ts";

/**
 * The distribution of (Z + noncentrality) / sqrt(chi-squared / degreesOfFreedom). Each tail is the mean of a normal tail over the estimated deviation, so
 * that both have relative precision (about 1e-13), also far out. Cost: some 60 normal tails a probability. Source: Johnson, Kotz and Balakrishnan (1995),
 * chapter 31.
 *
 * @example
 * noncentralT(20, 3).survival(2.1).toFixed(6)
 * // => "0.810473"
 */
export function noncentralT(degreesOfFreedom: number, noncentrality: number): Distribution {
  invariant(degreesOfFreedom > 0 && Number.isFinite(noncentrality), `a noncentral t with ${degreesOfFreedom}, ${noncentrality}`);
  if (noncentrality === 0) return student(degreesOfFreedom);
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalDistribution(noncentrality, 1);
  const survival = (t: number): number => upperTail(degreesOfFreedom, noncentrality, t);
  const cdf = (t: number): number => upperTail(degreesOfFreedom, -noncentrality, -t);
  const density = (t: number): number =>
    meanOverDeviation(degreesOfFreedom, {
      value: (s) => s * normalDensity(t * s - noncentrality),
      slope: (s) => 1 - t * s * (t * s - noncentrality),
      width: (s) => 1 / Math.max(1, Math.abs(t * s)),
    });
  /** The point whose upper (or lower) tail is p, at most 1/2. */
  const point = (p: number, tail: (t: number) => number): number => {
    const target = Math.log(p);
    const excess = (t: number): number => Math.max(-1e4, Math.log(tail(t))) - target;
    return rootNear(excess, noncentrality, tail === cdf);
  };
  const quantile = (p: number): number => (p === 0 ? Number.NEGATIVE_INFINITY : p > 0.5 ? upperQuantile(1 - p) : point(p, cdf));
  const upperQuantile = (p: number): number => (p === 0 ? Number.POSITIVE_INFINITY : p > 0.5 ? quantile(1 - p) : point(p, survival));
  return { density, cdf, survival, quantile, upperQuantile };
}

/** P((Z + noncentrality) / s > t) = the mean of P(Z > t s - noncentrality). */
function upperTail(degreesOfFreedom: number, noncentrality: number, t: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  if (t === Number.NEGATIVE_INFINITY) return 1;
  return Math.min(
    1,
    meanOverDeviation(degreesOfFreedom, {
      value: (s) => normalSurvival(t * s - noncentrality),
      slope: (s) => -t * s * normalHazard(t * s - noncentrality),
      width: (s) => 1 / Math.max(1, Math.abs(t * s)),
    }),
  );
}
