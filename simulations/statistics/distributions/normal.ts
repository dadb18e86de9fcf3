/** The normal distribution, to machine precision also far out in the tails. */
import normal from "@stdlib/stats-base-dists-normal";
import { invariant } from "../../../data/foundation/index.ts";
import type { Distribution } from "./distribution.ts";

/**
 * The probability that a standard normal is at most z.
 *
 * @example
 * normalCdf(0)
 * // => 0.5
 */
export function normalCdf(z: number): number {
  return normal.cdf(z, 0, 1);
}

/** The probability that a standard normal exceeds z: never 1 - cdf, which loses the upper tail. */
export function normalSurvival(z: number): number {
  return normal.cdf(-z, 0, 1);
}

/**
 * The point below which a standard normal lies with probability p, from 1e-300 to below 1. Newton steps on the logarithm of the cdf, because the
 * library's own quantile loses digits in the tails and is infinite below 1e-16.
 *
 * @example
 * normalQuantile(0.975).toFixed(12)
 * // => "1.959963984540"
 */
export function normalQuantile(p: number): number {
  invariant(p >= 1e-300 && p < 1, `a normal quantile of ${p}`);
  if (p > 0.5) return -normalQuantile(1 - p);
  const target = Math.log(p);
  let z = p < 1e-10 ? -Math.sqrt(-2 * target) : normal.quantile(p, 0, 1);
  for (let step = 0; step < 30; step++) {
    const below = normal.cdf(z, 0, 1);
    const next = z - ((Math.log(below) - target) * below) / normal.pdf(z, 0, 1);
    if (Math.abs(next - z) <= 1e-15 * Math.abs(z)) return next;
    z = next;
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
  return {
    density: (x) => normal.pdf(z(x), 0, 1) / standardDeviation,
    cdf: (x) => normalCdf(z(x)),
    survival: (x) => normalSurvival(z(x)),
    quantile: (p) => mean + standardDeviation * normalQuantile(p),
    upperQuantile: (p) => mean - standardDeviation * normalQuantile(p),
  };
}
