/** What of an arm's values its sample quantile and its error rest on: a few order statistics, which a database finds where the values lie. */
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

/** What is kept of one arm. */
export interface QuantileSummary {
  /** In (0, 1): 0.5 is the median. */
  readonly share: number;
  readonly values: number;
  /** How many of them are independent: all, or of clusters the clusters. */
  readonly independent: number;
  readonly isClustered: boolean;
  /** Type 7. */
  readonly value: number;
  /** The order statistics that bound it at 95 %; absent where a rank leaves the sample, or nothing tells how clusters differ. */
  readonly outer?: {
    readonly lower: number;
    readonly upper: number;
    /** Ranks from the one to the other. */
    readonly ranks: number;
    /** Of the values from `lower` to `upper` the most that are one and the same. */
    readonly mostAlike: number;
  };
}

/** Of the ranks between the bounds one value has at most this part: beyond it the quantile moves in jumps that the bounds do not see. */
const alikeMost = 0.25;
/** Fewer independent units in an arm are warned of. */
const independentFew = 50;
/** What every comparison of sample quantiles takes for granted. */
export const smoothQuantile = "so many units that a sample quantile is near normal: the density at the quantile is above 0 and smooth";

/**
 * The ranks (from 1) of the order statistics that bound a sample quantile at 95 %: count (share ± 1.96 x the error of the share at or below it), rounded outwards.
 * Undefined where one leaves the sample. Source: Deng, Knoblich and Lu (2018), KDD, section 4.3.
 *
 * @example
 * outerRanks({ values: 100, share: 0.5, shareError: 0.05 })
 * // => [40, 60]
 */
export function outerRanks({
  values,
  share,
  shareError,
}: {
  readonly values: number;
  readonly share: number;
  readonly shareError: number;
}): readonly [lower: number, upper: number] | undefined {
  const z = criticalValue(0.95);
  const [lower, upper] = [Math.floor(values * (share - z * shareError)), Math.ceil(values * (share + z * shareError))];
  return lower < 1 || upper > values || !(shareError > 0) ? undefined : [lower, upper];
}

/** The error of the share of independent values at or below their quantile. */
export function independentShareError(values: number, share: number): number {
  return Math.sqrt((share * (1 - share)) / values);
}

/** The summary of values that are at hand; undefined of none. Cost: a sort. */
export function summariseQuantile(arm: QuantileArm, share: number): QuantileSummary | undefined {
  const sorted = ascendingOf(arm.values);
  const values = sorted.length;
  if (values === 0) return undefined;
  const value = quantileOf(sorted, share);
  const below = arm.clusters === undefined ? undefined : clusterShares(arm.values, arm.clusters, value);
  const ranks = outerRanks({ values, share, shareError: below?.standardError ?? independentShareError(values, share) });
  return {
    share,
    values,
    independent: below?.clusters ?? values,
    isClustered: below !== undefined,
    value,
    ...(ranks === undefined ? {} : { outer: outerOf(sorted, ranks) }),
  };
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

function outerOf(sorted: Float64Array, [lowerRank, upperRank]: readonly [number, number]): NonNullable<QuantileSummary["outer"]> {
  const [lower, upper] = [sorted[lowerRank - 1] as number, sorted[upperRank - 1] as number];
  let [mostAlike, run] = [0, 0];
  // Equal values lie beside each other, beyond the ranks as well.
  for (let at = sorted.indexOf(lower); at < sorted.length && (sorted[at] as number) <= upper; at++) {
    run = sorted[at] === sorted[at - 1] ? run + 1 : 1;
    mostAlike = Math.max(mostAlike, run);
  }
  return { lower, upper, ranks: upperRank - lowerRank, mostAlike };
}

/**
 * Treatment's quantile minus control's, large-sample normal with (upper - lower) / (2 x 1.96) as standard errors; of clusters Student's t, an arm with its clusters
 * less one as degrees of freedom. Undetermined without values, without bounds, and where so many values are alike that the quantile moves in jumps: with one value on
 * more than a quarter of the ranks between the bounds a test at 5 % would reject up to 27 % of the time where nothing differs.
 * Sources: Deng, Knoblich and Lu (2018), KDD, section 4.3; Liu, Sun, Varshney and Xu (2019), arXiv 1903.08762.
 *
 * @example
 * const arm = (shift) => summariseQuantile({ values: Array.from({ length: 100 }, (_, i) => i + shift) }, 0.5);
 * const effect = compareQuantiles({ control: arm(0), treatment: arm(3) });
 * [effect.difference, effect.method]
 * // => [3, "50 % quantiles, outer interval"]
 */
export function compareQuantiles(arms: { readonly control: QuantileSummary; readonly treatment: QuantileSummary }): Compared {
  const control = quantileEstimate(arms.control);
  if ("kind" in control) return control;
  const treatment = quantileEstimate(arms.treatment);
  if ("kind" in treatment) return treatment;
  const { isClustered, share } = arms.control;
  const what = isClustered ? "clusters" : "units";
  return effectOf({
    control,
    treatment,
    method: `${Number((100 * share).toPrecision(6))} % quantiles, outer interval${isClustered ? ", clustered" : ""}`,
    assumptions: [`${what} are drawn independently, in both arms`, smoothQuantile],
    warnings: fewWarnings({ control, treatment }, what),
  });
}

/** Of arms with few independent units or clusters. */
export function fewWarnings(arms: Readonly<Record<"control" | "treatment", ArmEstimate>>, what: "units" | "clusters"): readonly string[] {
  return Math.min(arms.control.n, arms.treatment.n) < independentFew
    ? [`Fewer than ${independentFew} independent ${what} in an arm: the normal approximation of a quantile is poor.`]
    : [];
}

/** An arm's quantile with its standard error, or why it has none. */
export function quantileEstimate(summary: QuantileSummary): ArmEstimate | Undetermined {
  const { values, outer } = summary;
  if (outer !== undefined && outer.mostAlike > alikeMost * outer.ranks && summary.independent >= 2)
    return undetermined(
      `of ${values} values ${outer.mostAlike} near the quantile are one and the same, so that it moves in jumps and has no standard error to be trusted`,
      "values in a finer unit, another quantile, or the share of units beyond a line",
    );
  return boundedEstimate(summary);
}

/** The same from its bounds, whether or not values are alike between them. */
export function boundedEstimate({ share, independent, isClustered, value, outer }: QuantileSummary): ArmEstimate | Undetermined {
  if (independent < 2) return undetermined("an arm has a single independent unit", "at least two units or clusters in each arm");
  if (outer === undefined)
    return undetermined(
      `${independent} independent units are too few for the quantile ${share}: its outer order statistics lie outside the sample`,
      "more units, or a quantile nearer to the median",
    );
  const standardError = (outer.upper - outer.lower) / (2 * criticalValue(0.95));
  return { value, standardError, degreesOfFreedom: isClustered ? independent - 1 : Number.POSITIVE_INFINITY, n: independent };
}
