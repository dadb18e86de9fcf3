/** What a distribution offers: both tails, from both sides. */

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

/** A distribution of a count with its parameters fixed. */
export interface CountDistribution {
  /** The probability of exactly k. */
  readonly mass: (k: number) => number;
  /** The probability of at most k. */
  readonly cdf: (k: number) => number;
  /** The probability of more than k. */
  readonly survival: (k: number) => number;
  /** The smallest k with a cdf of at least p; p a few units in the last place above the cdf still counts as reached. */
  readonly quantile: (p: number) => number;
  /** The smallest k with a survival of at most p, with the same allowance. */
  readonly upperQuantile: (p: number) => number;
}
