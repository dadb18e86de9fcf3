/** The likelihood ratio of beta-binomial mixtures, also for counts so large that log-gamma functions have no digits left for it. */
import { logOnePlusMinus, stirlingError } from "../numerics/gamma-function.ts";

/** Ups and downs seen (they may be fractions of a variance process), the share of ups under the null, and the mixing law's size. */
export interface BetaBinomialCounts {
  readonly ups: number;
  readonly downs: number;
  /** In (0, 1). */
  readonly share: number;
  readonly size: number;
}

/**
 * log of B(k p + x, k q + y) / (B(k p, k q) p^x q^y): x ups and y downs, Beta(k p, k q) against the share p, q = 1 - p. By
 * Stirling's series for all six gamma functions, whose leading terms cancel by algebra and not by subtraction: what is left is the deviance.
 *
 * @example
 * logBetaBinomialRatio({ ups: 1, downs: 1, share: 0.5, size: 2 }).toFixed(12)
 * // => Math.log(2 / 3).toFixed(12)
 */
export function logBetaBinomialRatio({ ups: x, downs: y, share: p, size: k }: BetaBinomialCounts): number {
  const q = 1 - p;
  const n = x + y;
  const total = k + n;
  // From the rarer of the two, so that a product near the count itself is not rounded.
  const off = p <= 0.5 ? x - n * p : n * q - y;
  const ups = partOf({ count: k * p + x, expected: p * total, off });
  const downs = partOf({ count: k * q + y, expected: q * total, off: -off });
  const errors = stirlingError(k) - stirlingError(total) - stirlingError(k * p) - stirlingError(k * q);
  return ups + downs - Math.log1p(n / k) / 2 + errors;
}

/** One of two outcomes: its half of the deviance, of the root and of Stirling's errors. `off` is count - expected, to its last digit. */
function partOf({ count, expected, off }: { readonly count: number; readonly expected: number; readonly off: number }): number {
  const share = off / expected;
  const stirling = stirlingError(count);
  if (Math.abs(share) < 0.5) return count * logOnePlusMinus(share) + off * share - Math.log1p(share) / 2 + stirling;
  // Far from what is expected nothing cancels, and 1 + share may have lost the digits of the count.
  return (count - 0.5) * Math.log(count / expected) - off + stirling;
}
