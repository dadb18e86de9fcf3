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
