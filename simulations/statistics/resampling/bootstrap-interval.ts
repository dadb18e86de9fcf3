/** From the replicates of a bootstrap to limits, and to the p-values that invert them: percentile, BCa and studentised. */
import { normalCdf, normalQuantile, normalSurvival } from "../distributions/index.ts";
import { type Interpolation, replicateQuantiles, withTies } from "./replicate-quantiles.ts";

/** Two bounds; undefined where the replicates cannot give them. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** The limits of a method at every error, with their inverses: statement and p-value come from the same curve. */
export interface ConfidenceLimits {
  /** The value that lies above the truth with probability `error`: lower limits at small errors, upper ones at 1 - error. Undefined where there is none. */
  readonly at: (error: number) => number | undefined;
  /** The error at which the lower limit passes the value: the p-value against "at most this". */
  readonly errorBelow: (value: number) => number;
  /** The error at which the upper limit passes the value: the p-value against "at least this". */
  readonly errorAbove: (value: number) => number;
}

/** How replicates are read: the plain bounds interpolate linearly, and take no two different numbers as equal. */
export interface Reading {
  readonly interpolation?: Interpolation;
  /** Replicates this near, relative to the largest, are equal: sums of the same units in another order. */
  readonly tie?: number;
}

/** The limits of a bootstrap: undefined when the replicates give none at any level. */
export type MaybeLimits = ConfidenceLimits | undefined;

/** The plain percentile interval. Undefined when all replicates are equal. Source: Efron and Tibshirani (1993), chapter 13. */
export function percentileBounds(replicates: Float64Array, level: number): Bounds | undefined {
  return boundsAt(percentileLimits(replicates), level);
}

/** The limits of the percentile method: the quantiles of the replicates. Undefined when all are equal. */
export function percentileLimits(replicates: Float64Array, { interpolation = "linear", tie = 0 }: Reading = {}): MaybeLimits {
  const sorted = withTies(replicates.slice().sort(), tie);
  if (sorted.length === 0 || sorted[0] === sorted[sorted.length - 1]) return undefined;
  const quantiles = replicateQuantiles(sorted, interpolation);
  return {
    at: (error) => quantiles.at(error),
    errorBelow: (value) => quantiles.shareAtMost(value),
    errorAbove: (value) => 1 - quantiles.shareBelow(value),
  };
}

interface BcaParts extends Reading {
  readonly replicates: Float64Array;
  readonly observed: number;
  readonly acceleration: number;
}

/**
 * The bias-corrected and accelerated interval. `acceleration` is a sixth of the jackknife skewness (see `jackknifeAcceleration`).
 * Ties with the observed value count half. Undefined when every replicate lies on one side, or the correction leaves (0, 1).
 * Source: Efron (1987), J. Am. Stat. Assoc. 82, 171-185.
 */
export function bcaBounds(options: BcaParts & { readonly level: number }): Bounds | undefined {
  return boundsAt(bcaLimits(options), options.level);
}

/** The limits of the BCa method; those of `bcaBounds` at every level. */
export function bcaLimits({ replicates, observed, acceleration, interpolation = "linear", tie = 0 }: BcaParts): MaybeLimits {
  const sorted = withTies(replicates.slice().sort(), tie);
  const share = shareBelow(sorted, observed);
  if (share <= 0 || share >= 1 || sorted[0] === sorted[sorted.length - 1]) return undefined;
  const quantiles = replicateQuantiles(sorted, interpolation);
  const bias = normalQuantile(share);
  // Where the replicates' share is `of`, the corrected normal score of the error; infinite beyond the reach of the correction.
  const scoreOf = (of: number): number => {
    if (of <= 0 || of >= 1) return of <= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const distance = normalQuantile(of) - bias;
    const denominator = 1 + acceleration * distance;
    return denominator > 0 ? distance / denominator - bias : distance * Number.POSITIVE_INFINITY;
  };
  return {
    at: (error) => {
      const z = bias + normalQuantile(error);
      const denominator = 1 - acceleration * z;
      return denominator > 0 ? quantiles.at(normalCdf(bias + z / denominator)) : undefined;
    },
    errorBelow: (value) => normalCdf(scoreOf(quantiles.shareAtMost(value))),
    errorAbove: (value) => normalSurvival(scoreOf(quantiles.shareBelow(value))),
  };
}

interface StudentisedParts extends Reading {
  readonly replicates: Float64Array;
  readonly standardErrors: Float64Array;
  readonly observed: number;
  readonly standardError: number;
}

/**
 * The studentised interval (bootstrap-t): observed - t* x standard error, t* the quantiles of (replicate - observed) / its own
 * standard error. Better than percentile and BCa for sums with a heavy right tail, at the price of length. A replicate without
 * spread counts as infinitely far on its side; undefined when such a one is needed as a quantile.
 * Source: Efron and Tibshirani (1993), section 12.5; Hall (1992), "The Bootstrap and Edgeworth Expansion".
 */
export function studentisedBounds(options: StudentisedParts & { readonly level: number }): Bounds | undefined {
  return boundsAt(studentisedLimits(options), options.level);
}

/** The limits of the studentised method; those of `studentisedBounds` at every level. */
export function studentisedLimits(options: StudentisedParts): MaybeLimits {
  const { replicates, standardErrors, observed, standardError, interpolation = "linear", tie = 0 } = options;
  if (replicates.length === 0 || !(standardError > 0)) return undefined;
  const studentised = new Float64Array(replicates.length);
  for (let i = 0; i < replicates.length; i++) {
    const distance = (replicates[i] as number) - observed;
    studentised[i] = distance === 0 ? 0 : distance / (standardErrors[i] as number);
  }
  const quantiles = replicateQuantiles(withTies(studentised.sort(), tie), interpolation);
  return {
    at: (error) => {
      const limit = observed - quantiles.at(1 - error) * standardError;
      return Number.isFinite(limit) ? limit : undefined;
    },
    errorBelow: (value) => 1 - quantiles.shareBelow((observed - value) / standardError),
    errorAbove: (value) => quantiles.shareAtMost((observed - value) / standardError),
  };
}

/** The two-sided interval of a level. */
function boundsAt(limits: MaybeLimits, level: number): Bounds | undefined {
  const [lower, upper] = [limits?.at((1 - level) / 2), limits?.at((1 + level) / 2)];
  return lower === undefined || upper === undefined ? undefined : { lower, upper };
}

/**
 * A sixth of the skewness of leave-one-out values: BCa's acceleration. `values[i]` is the statistic without one of `counts[i]`
 * like entities. Undefined when they are all equal.
 */
export function jackknifeAcceleration(values: Float64Array, counts: Float64Array): number | undefined {
  return accelerationOf([{ values, counts, sign: 1 }]);
}

/** The leave-one-out values of one of several independent samples, and whether the statistic rises (1) or falls (-1) with them. */
export interface Jackknife {
  readonly values: Float64Array;
  readonly counts: Float64Array;
  readonly sign: 1 | -1;
}

/**
 * BCa's acceleration for a statistic of independent samples: sum of U³ / n³ over 6 (sum of U² / n²)^1.5, with U = (n - 1)(mean - value)
 * in each sample of n; for one sample a sixth of the skewness. Undefined when nothing changes by leaving one out.
 * Source: Davison and Hinkley (1997), Bootstrap Methods and their Application, equation 5.25 and section 3.2.1.
 */
export function accelerationOf(samples: readonly Jackknife[]): number | undefined {
  let second = 0;
  let third = 0;
  for (const { values, counts, sign } of samples) {
    let entities = 0;
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      entities += counts[i] as number;
      sum += (counts[i] as number) * (values[i] as number);
    }
    const mean = sum / entities;
    let squares = 0;
    let cubes = 0;
    for (let i = 0; i < values.length; i++) {
      const deviation = mean - (values[i] as number);
      squares += (counts[i] as number) * deviation * deviation;
      cubes += (counts[i] as number) * deviation * deviation * deviation;
    }
    // One sample needs no factor, and is given none, so that it keeps its last bit.
    const factor = samples.length === 1 ? 1 : (entities - 1) / entities;
    second += squares * factor ** 2;
    third += sign * cubes * factor ** 3;
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
