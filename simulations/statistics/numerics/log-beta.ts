/** The logarithm of the beta function. */
import { logGamma, logGammaRise } from "./gamma-function.ts";

/**
 * log B(a, b), with its digits also where one argument is far larger than the other.
 *
 * @example
 * logBeta(2, 3).toFixed(12) === Math.log(1 / 12).toFixed(12)
 * // => true
 */
export function logBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  return logGamma(small) - logGammaRise(large, small);
}
