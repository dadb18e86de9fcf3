/** The likelihood ratio of beta-binomial mixtures, also for counts so large that log-gamma functions have no digits left for it. */
import { logGammaRise, logOnePlusMinus, stirlingError } from "../numerics/gamma-function.ts";

/** Ups and downs seen (they may be fractions of a variance process), the share of ups under the null, and the mixing law's size. */
export interface BetaBinomialCounts {
  readonly ups: number;
  readonly downs: number;
  /** In (0, 1). */
  readonly share: number;
  readonly size: number;
}

/**
 * log of B(k p + x, k q + y) / (B(k p, k q) p^x q^y): x ups and y downs, Beta(k p, k q) against the share p, q = 1 - p. Above 1,000 in all by
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
  if (total < 1e3 || k * Math.min(p, q) < 1e-6) {
    const rises = logGammaRise(k * p, x) + logGammaRise(k * q, y) - logGammaRise(k, n);
    return rises - (x === 0 ? 0 : x * Math.log(p)) - (y === 0 ? 0 : y * Math.log1p(-p));
  }
  const [a, b] = [k * p + x, k * q + y];
  const off = x - n * p;
  const [u, w] = [off / (p * total), -off / (q * total)];
  const deviance = (off * off) / (p * q * total) + a * logOnePlusMinus(u) + b * logOnePlusMinus(w);
  const errors =
    stirlingError(a) + stirlingError(b) - stirlingError(total) - stirlingError(k * p) - stirlingError(k * q) + stirlingError(k);
  return deviance - (Math.log1p(u) + Math.log1p(w) + Math.log1p(n / k)) / 2 + errors;
}
