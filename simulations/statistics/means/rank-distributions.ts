/** Exact null distributions of rank sums, by counting. */
import { invariant } from "../../../data/foundation/index.ts";

/** Probabilities of the whole numbers from 0, with both tails summed from their own end. */
export interface CountedDistribution {
  /** P(X <= x). */
  readonly atMost: (x: number) => number;
  /** P(X >= x). */
  readonly atLeast: (x: number) => number;
  /** The smallest x with P(X <= x) >= tail. */
  readonly quantile: (tail: number) => number;
}

/**
 * The sum of scores of `size` units drawn from all units without replacement, every draw equally likely: the permutation distribution of a rank sum.
 * Scores are whole numbers from 0. Counting by adding one unit at a time, only sums of positive numbers. Cost: units x size x largest sum.
 * Source: Streitberg and Roehmel (1986), Statistical Software Newsletter 12, 10-17 (shift algorithm).
 *
 * @example
 * drawnSum([0, 1, 2, 3], 2).atMost(1).toFixed(6)
 * // => "0.166667"
 */
export function drawnSum(scores: readonly number[], size: number): CountedDistribution {
  invariant(scores.every((score) => Number.isInteger(score) && score >= 0) && size <= scores.length, "scores are whole numbers from 0");
  const most = [...scores]
    .sort((a, b) => b - a)
    .slice(0, size)
    .reduce((sum, score) => sum + score, 0);
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(most + 1));
  (counts[0] as Float64Array)[0] = 1;
  for (const [drawn, score] of scores.entries()) {
    for (let k = Math.min(size, drawn + 1); k >= 1; k--) {
      const [without, withOne] = [counts[k - 1] as Float64Array, counts[k] as Float64Array];
      for (let sum = most; sum >= score; sum--) withOne[sum] = (withOne[sum] as number) + (without[sum - score] as number);
    }
  }
  return counted(counts[size] as Float64Array);
}

/** The sum of those of the ranks 1 to n whose sign is positive, every sign equally likely: the signed-rank statistic. */
export function signedSum(n: number): CountedDistribution {
  const counts = new Float64Array((n * (n + 1)) / 2 + 1);
  counts[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = counts.length - 1; sum >= rank; sum--) counts[sum] = (counts[sum] as number) + (counts[sum - rank] as number);
  }
  return counted(counts);
}

function counted(counts: Float64Array): CountedDistribution {
  const below = new Float64Array(counts.length);
  const above = new Float64Array(counts.length);
  let sum = 0;
  for (let x = 0; x < counts.length; x++) {
    sum += counts[x] as number;
    below[x] = sum;
  }
  const total = sum;
  sum = 0;
  for (let x = counts.length - 1; x >= 0; x--) {
    sum += counts[x] as number;
    above[x] = sum;
  }
  const atMost = (x: number): number => (x < 0 ? 0 : x >= counts.length ? 1 : (below[Math.floor(x)] as number) / total);
  return {
    atMost,
    atLeast: (x) => (x <= 0 ? 1 : x > counts.length - 1 ? 0 : (above[Math.ceil(x)] as number) / total),
    quantile: (tail) => {
      let x = 0;
      while (x < counts.length - 1 && atMost(x) < tail) x++;
      return x;
    },
  };
}
