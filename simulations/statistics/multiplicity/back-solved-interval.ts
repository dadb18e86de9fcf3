/** A published platform's interval, kept to compare with it; not our answer. */
import { criticalValue, normalQuantile } from "../distributions/index.ts";

export interface BackSolvedOptions {
  readonly adjustedPValue: number;
  readonly lift: number;
  readonly level: number;
}

/**
 * The interval that GrowthBook shows beside an adjusted p-value: the standard error under which an unadjusted normal test would have had that p-value. It excludes 0 when the
 * adjusted p-value is below 1 - level, but has no coverage of its own. Undefined at an adjusted p-value of 0 or 1, where nothing can be solved for.
 * Source: growthbook/growthbook, adjustPValuesAndCIs.
 *
 * @example
 * backSolvedInterval({ adjustedPValue: 0.05, lift: 0.1, level: 0.95 }).upper.toFixed(9)
 * // => "0.200000000"
 */
export function backSolvedInterval({
  adjustedPValue,
  lift,
  level,
}: BackSolvedOptions): { readonly lower: number; readonly upper: number } | undefined {
  if (!(adjustedPValue > 0 && adjustedPValue < 1)) return undefined;
  const standardError = Math.abs(lift) / -normalQuantile(adjustedPValue / 2);
  const spread = criticalValue(level) * standardError;
  return { lower: lift - spread, upper: lift + spread };
}
