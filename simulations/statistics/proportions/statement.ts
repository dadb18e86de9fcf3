/** How tests by a standard normal statistic, and the intervals that belong to them, are put into words and bounds. */
import type { ConfidenceSet } from "../confidence-set.ts";
import { criticalValue, normalCdf, normalQuantile, normalSurvival } from "../distributions/index.ts";
import type { Alternative } from "../finding.ts";

export interface Claim {
  readonly alternative: Alternative;
  readonly level: number;
}

/** The part of an estimate that its bounds make. */
export interface Bounds {
  readonly lower?: number;
  readonly upper?: number;
  readonly level?: number;
  readonly set?: ConfidenceSet;
}

/**
 * What a claim leaves possible of a ratio whose value is beyond every number: all from the lower end on. None at a critical value of 0, whose end would be the value.
 *
 * @example
 * boundlessSet({ alternative: "two-sided", level: 0.95 }, () => 1.2)
 * // => { kind: "at-least", lower: 1.2, level: 0.95 }
 */
export function boundlessSet(claim: Claim, lower: () => number): ConfidenceSet | undefined {
  return criticalOf(claim) > 0 ? boundsOf(claim, { lower, upper: () => Number.POSITIVE_INFINITY }).set : undefined;
}

/** The p-value of a standard normal statistic. */
export function normalPValue(z: number, alternative: Alternative): number {
  if (alternative === "two-sided") return 2 * normalSurvival(Math.abs(z));
  return alternative === "greater" ? normalSurvival(z) : normalCdf(z);
}

/** The critical value of a claim: 1.96 two-sided and 1.64 one-sided at 0.95. */
export function criticalOf({ alternative, level }: Claim): number {
  return alternative === "two-sided" ? criticalValue(level) : -normalQuantile(1 - level);
}

/**
 * A distance from the null value less the continuity correction, which never takes it past that value: as R's prop.test has it, one-sided as well.
 *
 * @example
 * corrected(-3, 0.5)
 * // => -2.5
 */
export function corrected(distance: number, correction: number): number {
  return Math.sign(distance) * Math.max(0, Math.abs(distance) - correction) + 0;
}

/**
 * The correction as a bound has it: outward, so that a bound ends the null values that the corrected test does not reject. One-sided at a level below 0.5
 * the critical value is below 0 and the test rejects the value itself: those null values begin past it, and the correction goes inward.
 *
 * @example
 * correctionAtBound(-0.25, 0.5)
 * // => -0.5
 */
export function correctionAtBound(critical: number, correction: number): number {
  return critical < 0 ? -correction : correction;
}

/**
 * Both bounds of a two-sided claim, the one bound of a one-sided one. A bound that is infinite is none.
 *
 * @example
 * boundsOf({ alternative: "greater", level: 0.95 }, { lower: () => 0.1, upper: () => 0.3 })
 * // => { set: { kind: "at-least", lower: 0.1, level: 0.95 } }
 */
export function boundsOf({ alternative, level }: Claim, ends: { readonly lower: () => number; readonly upper: () => number }): Bounds {
  const lower = alternative === "less" ? Number.NEGATIVE_INFINITY : ends.lower() + 0;
  const upper = alternative === "greater" ? Number.POSITIVE_INFINITY : ends.upper() + 0;
  if (Number.isFinite(lower) && Number.isFinite(upper)) return { lower, upper, level };
  if (Number.isFinite(lower)) return { set: { kind: "at-least", lower, level } };
  return { set: Number.isFinite(upper) ? { kind: "at-most", upper, level } : { kind: "everything", level } };
}
