/** Quantiles of the replicates of a resampling, and the shares that they invert. */
import { normalCdf, normalQuantile } from "../distributions/index.ts";

/**
 * What lies between two ordered replicates: `linear` is type 7 of Hyndman and Fan (1996), as SciPy's bootstrap; `normal` takes the k-th
 * of R replicates as the quantile k / (R + 1) and goes between on the normal scale, as R's boot (Davison and Hinkley 1997, equation 5.8).
 */
export type Interpolation = "linear" | "normal";

/** A quantile function with its two inverses, which differ where replicates are equal. */
export interface ReplicateQuantiles {
  readonly at: (p: number) => number;
  /** The largest p whose quantile is at most the value; 0 where there is none. */
  readonly shareAtMost: (value: number) => number;
  /** The smallest p whose quantile is at least the value; 1 where there is none. */
  readonly shareBelow: (value: number) => number;
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

/**
 * The quantile function of ascending replicates; infinite ones are allowed, and a quantile next to one is not finite. At least one.
 *
 * @example
 * const { at, shareBelow } = replicateQuantiles(Float64Array.of(1, 2, 4), "normal");
 * [at(0.25), at(0.5), at(0.9), shareBelow(2)]
 * // => [1, 2, 4, 0.5]
 */
export function replicateQuantiles(sorted: Float64Array, interpolation: Interpolation): ReplicateQuantiles {
  const count = sorted.length;
  const scale = interpolation === "linear" ? linearScale(count) : normalScale(count);
  const inverse = (below: number, value: number): number => {
    if (below === 0 || below === count) return below === 0 ? 0 : 1;
    const [low, high] = [sorted[below - 1] as number, sorted[below] as number];
    const part = Number.isFinite(low) && Number.isFinite(high) ? (value - low) / (high - low) : 0;
    return scale.share(below, part);
  };
  return {
    at: interpolation === "linear" ? (p) => quantileOfSorted(sorted, p) : (p) => normalInterpolated(sorted, p),
    shareAtMost: (value) =>
      inverse(
        countWhile(sorted, (replicate) => replicate <= value),
        value,
      ),
    shareBelow: (value) =>
      inverse(
        countWhile(sorted, (replicate) => replicate < value),
        value,
      ),
  };
}

/** The share at a place `part` of the way from the `below`-th to the next replicate. */
interface Scale {
  readonly share: (below: number, part: number) => number;
}

function linearScale(count: number): Scale {
  return { share: (below, part) => (below - 1 + part) / (count - 1) };
}

function normalScale(count: number): Scale {
  return {
    share: (below, part) => {
      if (part === 0 || part === 1) return (below + part) / (count + 1);
      const [low, high] = [normalQuantile(below / (count + 1)), normalQuantile((below + 1) / (count + 1))];
      return normalCdf(low + part * (high - low));
    },
  };
}

function normalInterpolated(sorted: Float64Array, p: number): number {
  const count = sorted.length;
  const position = p * (count + 1);
  // A level such as 0.95 is no exact double: 0.025 * 1000 must be the 25th.
  const nearest = Math.round(position);
  const below = Math.abs(position - nearest) < 1e-9 ? nearest : Math.floor(position);
  if (below <= 0 || below >= count) return sorted[below <= 0 ? 0 : count - 1] as number;
  const [lower, upper] = [sorted[below - 1] as number, sorted[below] as number];
  if (below === nearest && Math.abs(position - nearest) < 1e-9) return lower;
  const [from, to] = [normalQuantile(below / (count + 1)), normalQuantile((below + 1) / (count + 1))];
  return lower === upper ? lower : lower + ((normalQuantile(p) - from) / (to - from)) * (upper - lower);
}

/**
 * Ascending replicates in which values that only rounding parts are equal: within `tie` of the largest size of the first of their kind, or
 * of 0. Infinite ones stay.
 */
export function withTies(sorted: Float64Array, tie: number): Float64Array {
  if (tie === 0) return sorted;
  const nothing = tie * sorted.reduce((size, value) => (Number.isFinite(value) ? Math.max(size, Math.abs(value)) : size), 0);
  let first = Number.NEGATIVE_INFINITY;
  return sorted.map((value) => {
    if (Math.abs(value) <= nothing) return 0;
    if (!(value - first <= nothing)) first = value;
    return first;
  });
}

/** How many leading elements satisfy a condition that holds up to some place and not after. */
function countWhile(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(sorted[middle] as number)) from = middle + 1;
    else to = middle;
  }
  return from;
}
