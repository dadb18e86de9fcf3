/** Yuen's comparison of trimmed means: Welch's test without the tails. */
import { invariant } from "../../../data/foundation/index.ts";
import { type ArmEstimate, type Compared, effectOf } from "../effect.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { ascendingOf } from "./quantile.ts";
import { sampleOf } from "./sample.ts";

/**
 * The difference of two means of the middle values, after floor(trim x n) values have been cut at each end of each arm. Standard errors from the winsorised variance, degrees
 * of freedom by Welch-Satterthwaite with the numbers kept. The estimand is the trimmed mean, not the mean: for skewed values such as revenue these differ. Undetermined below
 * two kept values in an arm. Source: Yuen (1974), Biometrika 61, 165-170.
 */
export function yuen(arms: { readonly control: ArrayLike<number>; readonly treatment: ArrayLike<number> }, trim: number): Compared {
  invariant(trim >= 0 && trim < 0.5, `a trim of ${trim}`);
  const control = trimmedArm(arms.control, trim);
  if ("kind" in control) return control;
  const treatment = trimmedArm(arms.treatment, trim);
  if ("kind" in treatment) return treatment;
  return effectOf({
    control,
    treatment,
    method: "Yuen's t, trimmed means",
    assumptions: ["units are drawn independently, in both arms", "what is asked about is the mean of the middle values"],
    warnings: trim > 0 ? ["This is a difference of trimmed means: totals and means of all units may move otherwise."] : [],
  });
}

function trimmedArm(values: ArrayLike<number>, trim: number): ArmEstimate | Undetermined {
  const sorted = ascendingOf(values);
  const n = sorted.length;
  const cut = Math.floor(trim * n);
  const kept = n - 2 * cut;
  if (kept < 2) return undetermined(`${kept} of ${n} values remain after trimming`, "at least two values in each arm after trimming");
  const middle = sorted.subarray(cut, n - cut);
  const winsorised = sorted.map((_, i) => sorted[Math.min(Math.max(i, cut), n - 1 - cut)] as number);
  const { standardDeviation } = sampleOf({ values: winsorised });
  const { mean, meanRest } = sampleOf({ values: middle });
  return {
    value: mean,
    valueRest: meanRest,
    standardError: standardDeviation * Math.sqrt((n - 1) / (kept * (kept - 1))),
    degreesOfFreedom: kept - 1,
    n,
  };
}
