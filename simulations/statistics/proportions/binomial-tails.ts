/** Binomial probabilities to nearly the last digit, for any count and far into either tail. */
import gammaln from "@stdlib/math-base-special-gammaln";
import { normalSurvival } from "../distributions/index.ts";

/** Above this variance tails are taken from the saddlepoint, whose relative error is then below 1e-10; below it they are summed. */
const summedVarianceMax = 1e8;

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

/** The probability of k or more successes, never as 1 - the rest where that would lose digits. */
export function binomialUpperTail(k: number, n: number, p: number, q: number): number {
  if (k <= 0) return 1;
  if (k > n || p === 0) return 0;
  if (q === 0) return 1;
  const isLarge = n * p * q > summedVarianceMax;
  if (k <= n * p) return 1 - (isLarge ? saddlepointTail(n - k + 1, n, q, p) : summedTail(n - k + 1, n, q, p));
  return isLarge ? saddlepointTail(k, n, p, q) : summedTail(k, n, p, q);
}

/** The probability of k or fewer successes. */
export function binomialLowerTail(k: number, n: number, p: number, q: number): number {
  return binomialUpperTail(n - k, n, q, p);
}

/** Mass at k times the sum of the ratios that follow; k above the mean, so that these fall. */
function summedTail(k: number, n: number, p: number, q: number): number {
  const odds = p / q;
  let [sum, term] = [1, 1];
  for (let j = k; j < n && term > sum * 1e-17; j++) {
    term *= ((n - j) / (j + 1)) * odds;
    sum += term;
  }
  return Math.exp(logBinomialMass(k, n, p, q)) * sum;
}

/** Lugannani and Rice's tail with Daniels' second continuity correction: Daniels (1987), International Statistical Review 55, 37-48. */
function saddlepointTail(k: number, n: number, p: number, q: number): number {
  const [successes, failures] = [k - 0.5, n - k + 0.5];
  const w = Math.sqrt(2 * (deviance(successes, n * p) + deviance(failures, n * q)));
  const variance = successes * (failures / n);
  // log(successes q / (failures p)), from the distance to the mean.
  const distance = successes - n * p;
  const tilt = Math.log1p(distance / (n * p)) - Math.log1p(-distance / (n * q));
  // At the mean 1/u - 1/w loses its digits; its limit is the skewness over 6.
  const u = 2 * Math.sinh(tilt / 2) * Math.sqrt(variance);
  const difference = w < 1e-3 ? (q - p) / (6 * Math.sqrt(variance)) : (w - u) / (u * w);
  return normalSurvival(w) + (Math.exp((-w * w) / 2) / Math.sqrt(2 * Math.PI)) * difference;
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

/** log x! minus Stirling's (x + 1/2) log x - x + log(2 pi) / 2; x above 0. */
export function stirlingError(x: number): number {
  if (x < 16) return gammaln(x + 1) - (x + 0.5) * Math.log(x) + x - 0.5 * Math.log(2 * Math.PI);
  const square = x * x;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 / square) / square) / square) / square) / square) / x;
}
