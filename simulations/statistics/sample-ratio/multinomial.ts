/** The exact multinomial test. */
import { logBinomialMass } from "../proportions/binomial-tails.ts";

/** Probabilities within this relative distance count as equal: ties in another order of multiplication. */
const tie = 1e-7;

/** In how many ways n alike units fall into arms; infinite when beyond doubles. */
export function outcomesOf(n: number, arms: number): number {
  let ways = 1;
  for (let k = 1; k < arms; k++) ways *= (n + k) / k;
  return Math.round(ways);
}

/**
 * The probability of all outcomes that are at most as probable as the one seen. The arms are filled one after another; the last two are a binomial, whose
 * probabilities rise and fall, so that only the two edges of the more probable ones are looked for.
 *
 * @example
 * multinomialPValue([3, 0, 0], [0.5, 0.25, 0.25]).toFixed(6)
 * // => "0.437500"
 */
export function multinomialPValue(observed: readonly number[], planned: readonly number[]): number {
  const n = observed.reduce((sum, count) => sum + count, 0);
  const bar = logMass(observed, planned, n) + tie;
  let sum = 0;
  const fill = (arm: number, units: number, share: number, log: number): void => {
    const own = (planned[arm] ?? 0) / share;
    const rest = planned.slice(arm + 1).reduce((total, part) => total + part, 0) / share;
    for (let count = 0; count <= units; count++) {
      const next = log + (arm === planned.length - 1 ? 0 : logBinomialMass(count, units, own, rest));
      if (arm < planned.length - 2) fill(arm + 1, units - count, share * rest, next);
      else if (next <= bar) sum += Math.exp(next);
    }
  };
  fill(0, n, 1, 0);
  return Math.min(1, sum);
}

function logMass(observed: readonly number[], planned: readonly number[], n: number): number {
  let [units, share, log] = [n, 1, 0];
  for (let arm = 0; arm < observed.length - 1; arm++) {
    const rest = planned.slice(arm + 1).reduce((total, part) => total + part, 0) / share;
    log += logBinomialMass(observed[arm] ?? 0, units, (planned[arm] ?? 0) / share, rest);
    units -= observed[arm] ?? 0;
    share *= rest;
  }
  return log;
}
