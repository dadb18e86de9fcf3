/** The normal distribution, to machine precision also far out in the tails. */
import normal from "@stdlib/stats-base-dists-normal";
import { invariant } from "../../../data/foundation/index.ts";
import { exactProduct } from "../numerics/double-double.ts";
import type { Distribution } from "./distribution.ts";

/**
 * The probability that a standard normal is at most z. Beyond 4 the library loses a digit or two to the rounding of z / sqrt 2: there, Laplace's
 * continued fraction times exp(-z²/2) with the square in full (Abramowitz and Stegun 1964, 26.2.14).
 *
 * @example
 * normalCdf(0)
 * // => 0.5
 */
export function normalCdf(z: number): number {
  return z < -4 ? farTail(-z) : normal.cdf(z, 0, 1);
}

/** The probability that a standard normal exceeds z: never 1 - cdf, which loses the upper tail. */
export function normalSurvival(z: number): number {
  return normalCdf(-z);
}

/** The probability beyond z, at least 4. */
function farTail(z: number): number {
  if (z > 39) return 0;
  return normalDensity(z) * millsRatio(z);
}

/** Density over survival at z: how fast the upper tail falls. */
export function normalHazard(z: number): number {
  return z >= 4 ? 1 / millsRatio(z) : normalDensity(z) / normalSurvival(z);
}

/** exp(-z²/2) / sqrt(2 pi), with the rounding of the square put back. */
export function normalDensity(z: number): number {
  if (Math.abs(z) > 39) return 0;
  const { high, low } = exactProduct(z, z);
  return (Math.exp(-high / 2) * (1 - low / 2)) / Math.sqrt(2 * Math.PI);
}

/** Survival over density: 1 / (z + 1 / (z + 2 / (z + ...))), from the far end: so many terms that more would change no bit from 4 on. */
function millsRatio(z: number): number {
  let tail = z;
  for (let n = Math.ceil(12 + 560 / (z * z)); n > 0; n--) tail = z + n / tail;
  return 1 / tail;
}

/**
 * The point below which a standard normal lies with probability p, above 0 and below 1. Newton steps on the logarithm of the cdf, because the
 * library's own quantile loses digits in the tails and is infinite below 1e-16.
 *
 * @example
 * normalQuantile(0.975).toFixed(12)
 * // => "1.959963984540"
 */
export function normalQuantile(p: number): number {
  invariant(p > 0 && p < 1, `a normal quantile of ${p}`);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p > 0.45) return nearMedian(p - 0.5);
  const target = Math.log(p);
  let z = p < 1e-10 ? -Math.sqrt(-2 * target) : normal.quantile(p, 0, 1);
  for (let step = 0; step < 30; step++) {
    const below = normalCdf(z);
    const next = z - ((Math.log(below) - target) * below) / normalDensity(z);
    if (Math.abs(next - z) <= 1e-15 * Math.abs(z)) return next;
    z = next;
  }
  return z;
}

/** The point with probability `offset` between 0 and it, at most 0.05 on either side: no digit is lost as p nears 1/2. */
function nearMedian(offset: number): number {
  const target = offset * Math.sqrt(2 * Math.PI);
  let z = target;
  for (let step = 0; step < 8; step++) {
    // The integral of exp(-z²/2) from 0 to z, and Newton's step.
    let [term, sum] = [z, z];
    for (let n = 1; n < 20; n++) {
      term *= (-z * z) / (2 * n);
      sum += term / (2 * n + 1);
    }
    const change = (sum - target) * Math.exp((z * z) / 2);
    z -= change;
    if (Math.abs(change) <= 1e-16 * Math.abs(z)) break;
  }
  return z;
}

/** The two-sided critical value of a confidence level in (0, 1): 1.96 at 0.95. */
export function criticalValue(level: number): number {
  invariant(level > 0 && level < 1, `a confidence level of ${level}`);
  return -normalQuantile((1 - level) / 2);
}

/** The normal distribution with mean and standard deviation. */
export function normalDistribution(mean: number, standardDeviation: number): Distribution {
  invariant(standardDeviation > 0, `a normal distribution with standard deviation ${standardDeviation}`);
  const z = (x: number): number => (x - mean) / standardDeviation;
  const point = (p: number): number => {
    invariant(p >= 0 && p <= 1, `a quantile of probability ${p}`);
    if (p === 0) return Number.NEGATIVE_INFINITY;
    return p === 1 ? Number.POSITIVE_INFINITY : normalQuantile(p);
  };
  return {
    density: (x) => normalDensity(z(x)) / standardDeviation,
    cdf: (x) => normalCdf(z(x)),
    survival: (x) => normalSurvival(z(x)),
    quantile: (p) => mean + standardDeviation * point(p),
    upperQuantile: (p) => mean - standardDeviation * point(p),
  };
}
