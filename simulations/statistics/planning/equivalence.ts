/** The power of two one-sided tests: the chance that an interval of the estimate lies within the margins. */
import { chiSquared, normalCdf, normalSurvival } from "../distributions/index.ts";
import { gaussLegendre, integrate } from "../numerics/index.ts";

const rule = gaussLegendre(24);

/** How many standard errors the margins lie from the effect, and from where on each test rejects. */
export interface EquivalenceMargins {
  /** (effect + margin) / standard error. */
  readonly aboveLower: number;
  /** (margin - effect) / standard error. */
  readonly belowUpper: number;
  readonly criticalValue: number;
  readonly degreesOfFreedom: number;
}

/**
 * The probability that both one-sided t tests reject, exactly: they share their estimate of variance, so that it is one integral (Owen's Q) and no
 * product of two powers. Source: Phillips (1990), J. Pharmacokinet. Biopharm. 18, 137-144; Owen (1965), Biometrika 52, 437-446.
 *
 * @example
 * equivalencePower({ aboveLower: 3, belowUpper: 3, criticalValue: student(20).upperQuantile(0.05), degreesOfFreedom: 20 }).toFixed(4)
 * // => "0.7892"
 */
export function equivalencePower({ aboveLower, belowUpper, criticalValue, degreesOfFreedom }: EquivalenceMargins): number {
  /** Given s, the estimate must lie between criticalValue s - aboveLower and belowUpper - criticalValue s. */
  const given = (s: number): number => {
    const [low, high] = [criticalValue * s - aboveLower, belowUpper - criticalValue * s];
    if (high <= low) return 0;
    return low > 0 ? normalSurvival(low) - normalSurvival(high) : normalCdf(high) - normalCdf(low);
  };
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return given(1);
  const most = (aboveLower + belowUpper) / (2 * criticalValue);
  if (most <= 0) return 0;
  const squares = chiSquared(degreesOfFreedom);
  const root = Math.sqrt(degreesOfFreedom);
  // s at its quantiles, so that Gauss's rule works where the density is.
  const ends = [1e-18, 1e-9, 1e-4, 0.02, 0.2, 0.8].map((p) => Math.sqrt(squares.quantile(p)) / root);
  const upperEnds = [0.02, 1e-4, 1e-9, 1e-18].map((p) => Math.sqrt(squares.upperQuantile(p)) / root);
  const cuts = [...ends, ...upperEnds].map((s) => Math.min(s, most));
  const integrand = (s: number): number => squares.density(degreesOfFreedom * s * s) * 2 * degreesOfFreedom * s * given(s);
  let sum = 0;
  for (const [index, from] of cuts.slice(0, -1).entries()) {
    const to = cuts[index + 1] as number;
    if (to > from) sum += integrate(integrand, { from, to }, rule);
  }
  return Math.min(1, sum);
}
