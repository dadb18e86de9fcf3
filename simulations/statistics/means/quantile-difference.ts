/** The difference of two quantiles, with a standard error that needs no density and may allow for clusters. */

import { invariant } from "../../../data/foundation/index.ts";
import { criticalValue } from "../distributions/index.ts";
import { type ArmEstimate, type Compared, effectOf } from "../effect.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { sumOf } from "../sums.ts";
import { ascendingOf, quantileOf } from "./quantile.ts";

/** Values of one arm; with clusters, the key of each value's cluster (a user with many page loads). */
export interface QuantileArm {
  readonly values: ArrayLike<number>;
  readonly clusters?: ArrayLike<string | number> | undefined;
}

/**
 * The standard error of a sample quantile from the order statistics that bound it at 95 %: (X_U - X_L) / (2 x 1.96), with L and U the ranks
 * N (share ± 1.96 s), rounded outwards, and s the standard error of the share of values at or below the quantile: sqrt(share (1 - share) / N), or with
 * clusters the delta method's for a ratio of cluster sums. Undetermined when a rank leaves the sample.
 * Sources: Deng, Knoblich and Lu (2018), KDD, section 4.3; Liu, Sun, Varshney and Xu (2019), arXiv 1903.08762.
 */
export function quantileArm({ values, clusters }: QuantileArm, share: number): ArmEstimate | Undetermined {
  const sorted = ascendingOf(values);
  const count = sorted.length;
  if (count === 0) return undetermined("an arm has no value", "values in both arms");
  const value = quantileOf(sorted, share);
  const below = clusters === undefined ? undefined : clusterShares(values, clusters, value);
  const n = below?.clusters ?? count;
  if (n < 2) return undetermined("an arm has a single independent unit", "at least two units or clusters in each arm");
  const shareError = below?.standardError ?? Math.sqrt((share * (1 - share)) / count);
  const z = criticalValue(0.95);
  const [lower, upper] = [Math.floor(count * (share - z * shareError)), Math.ceil(count * (share + z * shareError))];
  if (lower < 1 || upper > count) {
    return undetermined(
      `${n} independent units are too few for the quantile ${share}: its outer order statistics lie outside the sample`,
      "more units, or a quantile nearer to the median",
    );
  }
  const standardError = ((sorted[upper - 1] as number) - (sorted[lower - 1] as number)) / (2 * z);
  return { value, standardError, degreesOfFreedom: Number.POSITIVE_INFINITY, n };
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
      "so many units that a sample quantile is near normal: the density at the quantile is above 0 and smooth",
    ],
    details: { controlStandardError: control.standardError, treatmentStandardError: treatment.standardError },
    warnings: [
      ...(Math.min(control.n, treatment.n) < 50
        ? ["Fewer than 50 independent units in an arm: the normal approximation of a quantile is poor."]
        : []),
      ...tieWarnings(arms, [control.value, treatment.value]),
    ],
  });
}

/** The standard error of the share of values at or below `value`, when whole clusters are drawn: a ratio of cluster sums by the delta method. */
export function clusterShares(
  values: ArrayLike<number>,
  keys: ArrayLike<string | number>,
  value: number,
): { readonly clusters: number; readonly standardError: number } {
  invariant(values.length === keys.length, `${values.length} values and ${keys.length} cluster keys`);
  const totals = new Map<string | number, { size: number; below: number }>();
  for (let i = 0; i < values.length; i++) {
    const key = keys[i] as string | number;
    const total = totals.get(key) ?? { size: 0, below: 0 };
    total.size += 1;
    if ((values[i] as number) <= value) total.below += 1;
    totals.set(key, total);
  }
  const all = [...totals.values()];
  const share = all.reduce((sum, { below }) => sum + below, 0) / values.length;
  const squares = sumOf(all.map(({ size, below }) => (below - share * size) ** 2));
  const clusters = all.length;
  return { clusters, standardError: clusters < 2 ? 0 : Math.sqrt((squares * clusters) / (clusters - 1)) / values.length };
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
