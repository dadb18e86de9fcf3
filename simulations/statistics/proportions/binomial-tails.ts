/** Binomial probabilities to nearly the last digit, for any count and far into either tail. */
import { stirlingError } from "../numerics/gamma-function.ts";
import { incompleteBeta, type Share } from "../numerics/incomplete-beta.ts";

/**
 * The logarithm of the probability of k successes in n trials; q is 1 - p, given apart so that both may be tiny.
 * Source: Loader (2000), Fast and Accurate Computation of Binomial Probabilities.
 *
 * @example
 * Math.exp(logBinomialMass(2, 4, 0.5, 0.5)).toFixed(12)
 * // => "0.375000000000"
 */
export function logBinomialMass(k: number, n: number, p: number, q: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  if (p === 0 || q === 0) return k === (p === 0 ? 0 : n) ? 0 : Number.NEGATIVE_INFINITY;
  if (k === 0) return n * (p < q ? Math.log1p(-p) : Math.log(q));
  if (k === n) return n * (q < p ? Math.log1p(-q) : Math.log(p));
  const stirling = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  return stirling - deviance(k, n * p) - deviance(n - k, n * q) - 0.5 * Math.log(2 * Math.PI * k * ((n - k) / n));
}

/** Probabilities of k or fewer, and of k or more, of n successes: the incomplete beta function in the tail that is asked for. */
export function binomialLowerTail(k: number, n: number, { x, y }: Share): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta({ a: n - k, b: k + 1 }, { x: y, y: x }).lower;
}

export function binomialUpperTail(k: number, n: number, share: Share): number {
  if (k <= 0) return 1;
  return k > n ? 0 : incompleteBeta({ a: k, b: n - k + 1 }, share).lower;
}

/** x log(x / mean) + mean - x, by its series where these cancel. */
export function deviance(x: number, mean: number): number {
  if (x === 0) return mean;
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let power = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
  return sum;
}
