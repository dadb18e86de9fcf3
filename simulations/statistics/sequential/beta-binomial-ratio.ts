/** The likelihood ratio of beta-binomial mixtures, also for counts so large that log-gamma functions have no digits left for it. */
import { logOnePlusMinus, stirlingError } from "../numerics/gamma-function.ts";
import { logBeta } from "../numerics/log-beta.ts";

/** Ups and downs seen (they may be fractions of a variance process), the share of ups under the null, and the mixing law's size. */
export interface BetaBinomialCounts {
  readonly ups: number;
  readonly downs: number;
  /** In (0, 1). */
  readonly share: number;
  readonly size: number;
}

/**
 * log of B(k p + x, k q + y) / (B(k p, k q) p^x q^y): x ups and y downs, Beta(k p, k q) against the share p, q = 1 - p. Above 10,000 in all by
 * Stirling's series around the deviance, whose leading terms cancel by algebra and not by subtraction.
 *
 * @example
 * logBetaBinomialRatio({ ups: 1, downs: 1, share: 0.5, size: 2 }).toFixed(12)
 * // => Math.log(2 / 3).toFixed(12)
 */
export function logBetaBinomialRatio({ ups: x, downs: y, share: p, size: k }: BetaBinomialCounts): number {
  const q = 1 - p;
  const n = x + y;
  const [a, b] = [k * p + x, k * q + y];
  if (n < 1e4 || a < 20 || b < 20) {
    return logBeta(a, b) - logBeta(k * p, k * q) - (x === 0 ? 0 : x * Math.log(p)) - (y === 0 ? 0 : y * Math.log1p(-p));
  }
  const off = x - n * p;
  const [u, w] = [off / (p * (n + k)), -off / (q * (n + k))];
  const deviance = (off * off) / (p * q * (n + k)) + x * logOnePlusMinus(u) + y * logOnePlusMinus(w);
  const slow = (k * p - 0.5) * Math.log(a) + (k * q - 0.5) * Math.log(b) - (k - 0.5) * Math.log(n + k);
  const rest = Math.log(2 * Math.PI) / 2 + stirlingError(a) + stirlingError(b) - stirlingError(n + k) - logBeta(k * p, k * q);
  return deviance + slow + rest;
}
