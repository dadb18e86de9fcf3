/** What a continuous distribution offers: both tails, from both sides. */

/** A continuous distribution on the real line with its parameters fixed. */
export interface Distribution {
  /** The density at x. */
  readonly density: (x: number) => number;
  /** The probability of at most x. */
  readonly cdf: (x: number) => number;
  /** The probability of more than x: never 1 - cdf, which loses the upper tail. */
  readonly survival: (x: number) => number;
  /** The point with probability p below it; p in [0, 1]. */
  readonly quantile: (p: number) => number;
  /** The point with probability p above it; p in [0, 1]. Exact where 1 - p rounds to 1. */
  readonly upperQuantile: (p: number) => number;
}
