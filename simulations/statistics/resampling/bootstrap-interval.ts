/** From the replicates of a bootstrap to an interval: percentile, BCa and studentised. */
import { normalCdf, normalQuantile } from "../distributions/index.ts";

/** Two bounds; undefined where the replicates cannot give them. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The quantile of sorted numbers at p in [0, 1], linear between order statistics (Hyndman and Fan 1996, type 7; the default of R
 * and NumPy). At least one number.
 *
 * @example
 * quantileOfSorted(Float64Array.of(1, 2, 3, 4), 0.5)
 * // => 2.5
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below] as number;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return lower === upper ? lower : lower + (position - below) * (upper - lower);
}

/** The plain percentile interval. Undefined when all replicates are equal. Source: Efron and Tibshirani (1993), chapter 13. */
export function percentileBounds(replicates: Float64Array, level: number): Bounds | undefined {
  const sorted = replicates.slice().sort();
  if (sorted.length === 0 || sorted[0] === sorted[sorted.length - 1]) return undefined;
  return { lower: quantileOfSorted(sorted, (1 - level) / 2), upper: quantileOfSorted(sorted, (1 + level) / 2) };
}

/**
 * The bias-corrected and accelerated interval. `acceleration` is a sixth of the jackknife skewness (see `jackknifeAcceleration`).
 * Ties with the observed value count half. Undefined when every replicate lies on one side, or the correction leaves (0, 1).
 * Source: Efron (1987), J. Am. Stat. Assoc. 82, 171-185.
 */
export function bcaBounds(options: {
  readonly replicates: Float64Array;
  readonly observed: number;
  readonly acceleration: number;
  readonly level: number;
}): Bounds | undefined {
  const { observed, acceleration, level } = options;
  const sorted = options.replicates.slice().sort();
  const share = shareBelow(sorted, observed);
  if (share <= 0 || share >= 1 || sorted[0] === sorted[sorted.length - 1]) return undefined;
  const bias = normalQuantile(share);
  const adjusted = (p: number): number | undefined => {
    const z = bias + normalQuantile(p);
    const denominator = 1 - acceleration * z;
    return denominator > 0 ? normalCdf(bias + z / denominator) : undefined;
  };
  const [from, to] = [adjusted((1 - level) / 2), adjusted((1 + level) / 2)];
  if (from === undefined || to === undefined) return undefined;
  return { lower: quantileOfSorted(sorted, from), upper: quantileOfSorted(sorted, to) };
}

/**
 * The studentised interval (bootstrap-t): observed - t* x standard error, t* the quantiles of (replicate - observed) / its own
 * standard error. Better than percentile and BCa for sums with a heavy right tail, at the price of length. A replicate without
 * spread counts as infinitely far on its side; undefined when such a one is needed as a quantile.
 * Source: Efron and Tibshirani (1993), section 12.5; Hall (1992), "The Bootstrap and Edgeworth Expansion".
 */
export function studentisedBounds(options: {
  readonly replicates: Float64Array;
  readonly standardErrors: Float64Array;
  readonly observed: number;
  readonly standardError: number;
  readonly level: number;
}): Bounds | undefined {
  const { replicates, standardErrors, observed, standardError, level } = options;
  if (replicates.length === 0 || !(standardError > 0)) return undefined;
  const studentised = new Float64Array(replicates.length);
  for (let i = 0; i < replicates.length; i++) {
    const distance = (replicates[i] as number) - observed;
    studentised[i] = distance === 0 ? 0 : distance / (standardErrors[i] as number);
  }
  studentised.sort();
  const lower = observed - quantileOfSorted(studentised, (1 + level) / 2) * standardError;
  const upper = observed - quantileOfSorted(studentised, (1 - level) / 2) * standardError;
  return Number.isFinite(lower) && Number.isFinite(upper) ? { lower, upper } : undefined;
}

/**
 * A sixth of the skewness of leave-one-out values: BCa's acceleration. `values[i]` is the statistic without one of `counts[i]`
 * like entities. Undefined when they are all equal.
 */
export function jackknifeAcceleration(values: Float64Array, counts: Float64Array): number | undefined {
  let entities = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    entities += counts[i] as number;
    sum += (counts[i] as number) * (values[i] as number);
  }
  const mean = sum / entities;
  let second = 0;
  let third = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = mean - (values[i] as number);
    second += (counts[i] as number) * deviation * deviation;
    third += (counts[i] as number) * deviation * deviation * deviation;
  }
  return second > 0 ? third / (6 * second ** 1.5) : undefined;
}

function shareBelow(sorted: Float64Array, observed: number): number {
  let below = 0;
  let ties = 0;
  for (const value of sorted) {
    if (value < observed) below++;
    else if (value === observed) ties++;
    else break;
  }
  return (below + ties / 2) / sorted.length;
}
