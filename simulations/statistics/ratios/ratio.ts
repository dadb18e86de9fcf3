/** Ratios of sums (orders per session, revenue per order): the delta method on units or on clusters of units. */
import { invariant } from "../../../data/foundation/index.ts";
import { type ArmEstimate, type Compared, effectOf, outOfRange } from "../effect.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { sampleOf } from "../means/sample.ts";
import { sumOf } from "../sums.ts";
import { clusterSums, type Keys } from "./cluster-sums.ts";
import { isSummable } from "./summable.ts";

/** One arm: a numerator and a denominator a unit (left out: 1 each, so that the ratio is a mean), and the cluster of each unit where whole clusters were drawn. */
export interface RatioRows {
  readonly numerators: ArrayLike<number>;
  readonly denominators?: ArrayLike<number> | undefined;
  readonly clusters?: Keys | undefined;
}

/** Sufficient statistics of an arm; variances and covariance with divisor n - 1. */
export interface RatioMoments {
  readonly n: number;
  readonly numeratorMean: number;
  readonly denominatorMean: number;
  readonly numeratorVariance: number;
  readonly denominatorVariance: number;
  readonly covariance: number;
}

/**
 * The variance of one unit's share in a ratio of means: (vN - 2 R cov + R² vD) / mD², R = mN / mD; divide by n for the ratio's.
 * Source: Deng, Knoblich and Lu (2018), KDD, equation 3.
 *
 * @example
 * ratioVariance({ numeratorMean: 5, denominatorMean: 4, numeratorVariance: 3, denominatorVariance: 2, covariance: 1 })
 * // => 0.2265625
 */
export function ratioVariance(moments: Omit<RatioMoments, "n">): number {
  const { numeratorMean, denominatorMean, numeratorVariance, denominatorVariance, covariance } = moments;
  const ratio = numeratorMean / denominatorMean;
  return (numeratorVariance - 2 * ratio * covariance + ratio * ratio * denominatorVariance) / denominatorMean ** 2;
}

/** Means of two ratios a / b and c / d, and the covariances across. */
export interface RatioPair {
  readonly means: { readonly a: number; readonly b: number; readonly c: number; readonly d: number };
  readonly covariances: { readonly ac: number; readonly ad: number; readonly bc: number; readonly bd: number };
}

/**
 * The covariance of one unit's shares in two ratios a / b and c / d.
 *
 * @example
 * ratioCovariance({ means: { a: 8, b: 7, c: 6, d: 5 }, covariances: { ac: 4, ad: 3, bc: 2, bd: 1 } }).toFixed(12)
 * // => "-0.014693877551"
 */
export function ratioCovariance({ means: { a, b, c, d }, covariances: { ac, ad, bc, bd } }: RatioPair): number {
  const [first, second] = [a / b, c / d];
  return (ac - second * ad - first * bc + first * second * bd) / (b * d);
}

/** One arm's ratio with its delta-method standard error. Undetermined without two units or clusters, or when the denominators do not sum to more than 0. */
export function ratioArm(input: RatioRows | RatioMoments): ArmEstimate | Undetermined {
  if ("n" in input) return fromMoments(input);
  if (!isSummable(input.numerators) || !isSummable(input.denominators ?? [])) return outOfRange();
  const { numerators, denominators } = unitsOf(input);
  const n = numerators.length;
  if (n < 2) return tooFew(n);
  const total = sumOf(denominators);
  if (total <= 0) return noDenominator();
  const value = sumOf(numerators) / total;
  const residuals = numerators.map((numerator, i) => numerator - value * (denominators[i] as number));
  const { standardDeviation } = sampleOf({ values: residuals });
  return { value, standardError: standardDeviation / (total / n) / Math.sqrt(n), degreesOfFreedom: n - 1, n };
}

/**
 * Treatment's ratio of sums minus control's, each with its delta-method standard error, and Welch's degrees of freedom over units or clusters.
 * Undetermined as `ratioArm` is.
 */
export function ratioDifference(arms: {
  readonly control: RatioRows | RatioMoments;
  readonly treatment: RatioRows | RatioMoments;
}): Compared {
  const control = ratioArm(arms.control);
  if ("kind" in control) return control;
  const treatment = ratioArm(arms.treatment);
  if ("kind" in treatment) return treatment;
  const clustered = [arms.control, arms.treatment].some((arm) => "clusters" in arm && arm.clusters !== undefined);
  return effectOf({
    control,
    treatment,
    method: clustered ? "delta method, clustered" : "delta method",
    assumptions: [
      clustered
        ? "clusters are drawn independently, in both arms"
        : "units are drawn independently, in both arms; sums of a unit's rows are one row",
      "so many units that the mean denominator is nearly certain",
    ],
    warnings: [
      ...denominatorWarnings(arms.control, "control"),
      ...denominatorWarnings(arms.treatment, "treatment"),
      ...fewClusters(clustered, Math.min(control.n, treatment.n)),
    ],
  });
}

/** The rows, added up within clusters. */
export function unitsOf({ numerators, denominators, clusters }: RatioRows): {
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
} {
  const rows = [
    Float64Array.from(numerators),
    denominators === undefined ? new Float64Array(numerators.length).fill(1) : Float64Array.from(denominators),
  ] as const;
  invariant(rows[0].length === rows[1].length, `${rows[0].length} numerators and ${rows[1].length} denominators`);
  if (clusters === undefined) return { numerators: rows[0], denominators: rows[1] };
  const [n, d] = clusterSums(clusters, rows) as [Float64Array, Float64Array];
  return { numerators: n, denominators: d };
}

function fromMoments(moments: RatioMoments): ArmEstimate | Undetermined {
  const { n, numeratorMean, denominatorMean } = moments;
  if (n < 2) return tooFew(n);
  if (denominatorMean <= 0) return noDenominator();
  if (!isSummable([numeratorMean, denominatorMean, Math.sqrt(moments.numeratorVariance), Math.sqrt(moments.denominatorVariance)]))
    return outOfRange();
  const standardError = Math.sqrt(Math.max(ratioVariance(moments), 0) / n);
  if (!Number.isFinite(standardError)) return outOfRange();
  return { value: numeratorMean / denominatorMean, standardError, degreesOfFreedom: n - 1, n };
}

function denominatorWarnings(arm: RatioRows | RatioMoments, name: string): readonly string[] {
  const denominator =
    "n" in arm
      ? sampleOf({ n: arm.n, mean: arm.denominatorMean, variance: arm.denominatorVariance })
      : sampleOf({ values: unitsOf(arm).denominators });
  const relativeError = denominator.standardDeviation / Math.sqrt(denominator.n) / denominator.mean;
  return relativeError > 0.1
    ? [
        `The mean denominator of the ${name} arm is known only to ± ${Math.round(100 * relativeError)} %: the delta method is not to be trusted above 10 %.`,
      ]
    : [];
}

function fewClusters(clustered: boolean, fewest: number): readonly string[] {
  return clustered && fewest < 30
    ? [`${fewest} clusters in an arm: below 30 the level is more than stated; a randomisation test or the wild cluster bootstrap is safer.`]
    : [];
}

function tooFew(n: number): Undetermined {
  return undetermined(
    `${n} independent units in an arm: fewer than two have no spread to be judged by`,
    "at least two units or clusters in each arm",
  );
}

function noDenominator(): Undetermined {
  return undetermined("an arm's denominators do not sum to more than 0", "units with a denominator above 0 in both arms");
}
