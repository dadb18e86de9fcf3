/** Winsorising and capping: extreme values drawn in to thresholds that both arms share. */
import { invariant } from "../../../data/foundation/index.ts";
import { type Compared, outOfRange } from "../effect.ts";
import { undetermined } from "../estimate.ts";
import { welch } from "../means/mean-difference.ts";
import { ascendingOf, quantileOf } from "../means/quantile.ts";
import { sumOf } from "../sums.ts";
import { isSummable } from "./summable.ts";

/** Where values are cut: quantiles of both arms' values together (type 7), or fixed values. Left out: not cut on that side. */
export type Thresholds =
  | {
      readonly kind: "quantiles";
      readonly lower?: number | undefined;
      readonly upper?: number | undefined;
      readonly ignoreZeros?: boolean | undefined;
    }
  | { readonly kind: "values"; readonly lower?: number | undefined; readonly upper?: number | undefined };

/** What cutting did to one arm. */
export interface CapReport {
  readonly arm: string;
  readonly units: number;
  readonly raised: number;
  readonly lowered: number;
  /** Capped sum less the original sum. */
  readonly changeOfSum: number;
  /** The lowering as a share of the arm's sum of absolute values. */
  readonly shareOfSum: number;
}

/** The two thresholds as values, from the values of both arms together; infinite where a side is not cut. */
export function thresholdsOf(arms: readonly ArrayLike<number>[], rule: Thresholds): { readonly lower: number; readonly upper: number } {
  const [open, wide] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (rule.kind === "values") return { lower: rule.lower ?? open, upper: rule.upper ?? wide };
  const all = ascendingOf(arms.flatMap((values) => Array.from(values)));
  const kept = rule.ignoreZeros === true ? all.filter((value) => value !== 0) : all;
  const at = (share: number | undefined, otherwise: number): number =>
    share === undefined || kept.length === 0 ? otherwise : quantileOf(kept, share);
  return { lower: at(rule.lower, open), upper: at(rule.upper, wide) };
}

/**
 * Values below the lower threshold raised to it, above the upper lowered to it.
 *
 * @example
 * [...capped([1, 5, 100], { lower: 2, upper: 10 })]
 * // => [2, 5, 10]
 */
export function capped(values: ArrayLike<number>, { lower, upper }: { readonly lower: number; readonly upper: number }): Float64Array {
  return Float64Array.from(values, (value) => Math.min(Math.max(value, lower), upper));
}

/**
 * Welch's comparison of two means after winsorising (thresholds at quantiles) or capping (fixed thresholds), the same thresholds in both arms, with a report of what was cut. The
 * estimand is the mean of cut values. Thresholds are taken as given. Undetermined as Welch's test is, or when a lower threshold is above the upper.
 * Source: Tukey (1962), Ann. Math. Stat. 33, 1-67, section 14.
 */
export function winsorised(
  { control, treatment }: { readonly control: ArrayLike<number>; readonly treatment: ArrayLike<number> },
  rule: Thresholds,
): Compared {
  const thresholds = thresholdsOf([control, treatment], rule);
  invariant(!(thresholds.lower > thresholds.upper), `a lower threshold of ${thresholds.lower} above the upper of ${thresholds.upper}`);
  if (control.length === 0 && treatment.length === 0) return undetermined("no unit in either arm", "at least two units in each arm");
  if (!isSummable(control) || !isSummable(treatment)) return outOfRange();
  const cut = { control: capped(control, thresholds), treatment: capped(treatment, thresholds) };
  const effect = welch({ control: { values: cut.control }, treatment: { values: cut.treatment } });
  if (effect.kind === "undetermined") return effect;
  const reports = [reportOf("control", control, cut.control), reportOf("treatment", treatment, cut.treatment)];
  const changed = reports.reduce((sum, { raised, lowered }) => sum + raised + lowered, 0);
  return {
    ...effect,
    method: rule.kind === "values" ? "Welch's t, capped" : "Welch's t, winsorised",
    assumptions: [...effect.assumptions, "what is asked about is the mean of cut values"],
    details: {
      ...(Number.isFinite(thresholds.lower) ? { lowerThreshold: thresholds.lower } : {}),
      ...(Number.isFinite(thresholds.upper) ? { upperThreshold: thresholds.upper } : {}),
      cut: reports.map((report) => ({ ...report })),
    },
    warnings: [
      ...(effect.warnings ?? []),
      ...(changed > 0
        ? [`${changed} of ${control.length + treatment.length} values were cut: an effect that lies in the extremes is not seen.`]
        : []),
    ],
  };
}

function reportOf(arm: string, values: ArrayLike<number>, cut: Float64Array): CapReport {
  const before = Float64Array.from(values);
  const changes = cut.map((value, i) => value - (before[i] as number));
  const absolute = sumOf(before.map(Math.abs));
  return {
    arm,
    units: before.length,
    raised: changes.filter((change) => change > 0).length,
    lowered: changes.filter((change) => change < 0).length,
    changeOfSum: sumOf(changes),
    shareOfSum: absolute === 0 ? 0 : sumOf(changes.map(Math.abs)) / absolute,
  };
}
