/** A share of a finite population when successes are seen more, or less, often than failures. */
import { invariant } from "../../../data/foundation/index.ts";
import { type Estimated, estimated, undetermined } from "../estimate.ts";
import { smallestInteger } from "../numerics/index.ts";
import { hypergeometricFamily } from "./discrete-family.ts";

/** Who was seen, and how selectively. */
export interface SelectedShareOptions {
  /** Everyone, seen or not. */
  readonly population: number;
  /** The seen, by what they turned out to be. */
  readonly successes: number;
  readonly failures: number;
  /** Odds that a success is seen over the odds that a failure is: 1 when both are seen alike. Assumed, not estimated. */
  readonly odds: number;
  readonly level: number;
  readonly assumptions?: readonly string[];
}

/**
 * The share of successes in the population, given the odds of selection. Successes X solve F (N - X - H) = odds H (X - F), with F and H
 * the seen successes and failures of N; at odds 1 that is the share among the seen. Given X, the seen successes are noncentral
 * hypergeometric; the interval holds each X that neither one-sided test of half the error rejects, so that it covers at least the level, and
 * is a point when everyone is seen. None seen: Undetermined. Source: Fisher's noncentral hypergeometric distribution: McCullagh and
 * Nelder (1989), section 7.3; inversion over a finite population: Buonaccorsi (1987), Am. Stat. 41, 215-218.
 *
 * @example
 * selectedShare({ population: 100, successes: 12, failures: 8, odds: 1, level: 0.95 }).value
 * // => 0.6
 */
export function selectedShare(options: SelectedShareOptions): Estimated {
  const { population, successes, failures, odds, level, assumptions } = options;
  const seen = successes + failures;
  invariant(odds > 0 && seen <= population, `${seen} of ${population} seen at odds ${odds}`);
  if (seen === 0) return undetermined("nobody of the population is seen", "what at least one of them turned out to be");
  const tail = (1 - level) / 2;
  const natural = Math.log(odds);
  const [least, most] = [successes, population - failures];
  const family = (count: number) => hypergeometricFamily(count, population - count, seen);
  const search = { from: least, to: most, start: Math.round(least + ((most - least) * successes) / seen) };
  const lower = smallestInteger((count) => family(count).upperTail(successes, natural) > tail, search);
  const above = smallestInteger((count) => family(count).lowerTail(successes, natural) <= tail, search);
  const count = (successes * (population - failures + odds * failures)) / (successes + odds * failures);
  return estimated({
    value: count / population,
    lower: Math.min(lower ?? most, count) / population,
    upper: Math.max((above ?? most + 1) - 1, count) / population,
    level,
    method: "noncentral hypergeometric, exact central",
    n: seen,
    assumptions: [...(assumptions ?? []), `successes are seen at ${odds} times the odds of failures`],
  });
}
