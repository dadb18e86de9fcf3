/** The difference of two quantiles, with a standard error that needs no density and may allow for clusters. */
import { type ArmEstimate, type Compared, effectOf } from "../effect.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { boundedEstimate, fewWarnings, type QuantileArm, smoothQuantile, summariseQuantile } from "./quantile-summary.ts";

/**
 * The standard error of a sample quantile from the order statistics that bound it at 95 %: (X_U - X_L) / (2 x 1.96), with L and U the ranks
 * N (share ± 1.96 s), rounded outwards, and s the standard error of the share of values at or below the quantile: sqrt(share (1 - share) / N), or with
 * clusters the delta method's for a ratio of cluster sums. Undetermined when a rank leaves the sample.
 * Sources: Deng, Knoblich and Lu (2018), KDD, section 4.3; Liu, Sun, Varshney and Xu (2019), arXiv 1903.08762.
 */
export function quantileArm(arm: QuantileArm, share: number): ArmEstimate | Undetermined {
  const summary = summariseQuantile(arm, share);
  if (summary === undefined) return undetermined("an arm has no value", "values in both arms");
  const estimate = boundedEstimate(summary);
  return "kind" in estimate ? estimate : { ...estimate, degreesOfFreedom: Number.POSITIVE_INFINITY };
}

/**
 * Treatment's quantile minus control's (type 7), large-sample normal with the standard errors of `quantileArm`. Undetermined when an arm is too
 * small, or when neither arm varies around its quantile.
 */
export function quantileDifference(arms: { readonly control: QuantileArm; readonly treatment: QuantileArm }, share: number): Compared {
  const control = quantileArm(arms.control, share);
  if ("kind" in control) return control;
  const treatment = quantileArm(arms.treatment, share);
  if ("kind" in treatment) return treatment;
  const clustered = arms.control.clusters !== undefined || arms.treatment.clusters !== undefined;
  return effectOf({
    control,
    treatment,
    method: clustered ? "quantiles, outer interval, clustered" : "quantiles, outer interval",
    assumptions: [
      clustered ? "clusters are drawn independently, in both arms" : "units are drawn independently, in both arms",
      smoothQuantile,
    ],
    details: { controlStandardError: control.standardError, treatmentStandardError: treatment.standardError },
    warnings: [
      ...fewWarnings({ control, treatment }, clustered ? "clusters" : "units"),
      ...tieWarnings(arms, [control.value, treatment.value]),
    ],
  });
}

function tieWarnings(
  arms: { readonly control: QuantileArm; readonly treatment: QuantileArm },
  quantiles: readonly [number, number],
): readonly string[] {
  const heavy = [arms.control, arms.treatment].some(({ values }, arm) => {
    const at = Array.from(values).filter((value) => value === quantiles[arm]).length;
    return at > 0.05 * values.length && at > 2;
  });
  return heavy
    ? ["More than 5 % of an arm's values equal its quantile: the quantile moves in jumps, and its standard error is not to be trusted."]
    : [];
}
