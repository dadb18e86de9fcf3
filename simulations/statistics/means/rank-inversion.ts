/** What the two rank tests share: p-values from a count of positive pairs, and the interval of the shifts that the same test does not reject. */
import { normalQuantile, normalSurvival } from "../distributions/index.ts";
import type { EstimateParts } from "../estimate.ts";
import type { Alternative } from "../finding.ts";
import type { Pairwise } from "./ordered-sums.ts";
import type { CountedDistribution } from "./rank-distributions.ts";

/** The null distribution of the count of pairs above the null value: counted, or normal with an optional continuity correction. */
export type CountNull =
  | { readonly kind: "exact"; readonly distribution: CountedDistribution }
  | { readonly kind: "normal"; readonly standardDeviation: number; readonly correction: number };

/** The p-value of a count out of `size`; two-sided is twice the smaller tail. */
export function countPValue(count: number, size: number, law: CountNull, alternative: Alternative): number {
  if (law.kind === "exact") {
    const [above, below] = [law.distribution.atLeast(count), law.distribution.atMost(count)];
    if (alternative === "greater") return above;
    return alternative === "less" ? below : Math.min(1, 2 * Math.min(above, below));
  }
  const { standardDeviation, correction } = law;
  const excess = count - size / 2;
  if (alternative === "greater") return normalSurvival((excess - correction) / standardDeviation);
  if (alternative === "less") return normalSurvival((-excess - correction) / standardDeviation);
  return Math.min(1, 2 * normalSurvival(Math.max(Math.abs(excess) - correction, 0) / standardDeviation));
}

/**
 * The interval of shifts that the test does not reject, its ends two of the pairwise numbers; open where none is ruled out. `law` is the null
 * distribution at a shift that ties no pair. Undefined when all remaining shifts are one number (heavy ties): a shift does not describe such data.
 * Source: Hollander, Wolfe and Chicken (2014), Nonparametric Statistical Methods, sections 3.3 and 4.3.
 */
export function shiftsNotRejected(
  pairs: Pairwise,
  law: CountNull,
  { level, alternative }: { readonly level: number; readonly alternative: Alternative },
): Pick<EstimateParts, "lower" | "upper" | "set" | "level"> | undefined {
  const tail = alternative === "two-sided" ? (1 - level) / 2 : 1 - level;
  const rank = Math.min(pairs.size, lowestCount(pairs.size, law, tail));
  const lower = rank === 0 || alternative === "less" ? undefined : pairs.smallest(rank);
  const upper = rank === 0 || alternative === "greater" ? undefined : pairs.smallest(pairs.size + 1 - rank);
  if (lower !== undefined && upper !== undefined) return lower < upper ? { lower, upper, level } : undefined;
  if (lower !== undefined) return { set: { kind: "at-least", lower, level } };
  return { set: upper === undefined ? { kind: "everything", level } : { kind: "at-most", upper, level } };
}

/** Whether a value lies in what `shiftsNotRejected` gave. */
export function holds({ lower, upper, set }: Pick<EstimateParts, "lower" | "upper" | "set">, value: number): boolean {
  if (set?.kind === "at-least") return value >= set.lower;
  if (set?.kind === "at-most") return value <= set.upper;
  return (lower === undefined || value >= lower) && (upper === undefined || value <= upper);
}

/** The smallest count that is not rejected as too small. */
function lowestCount(size: number, law: CountNull, tail: number): number {
  if (law.kind === "exact") return law.distribution.quantile(tail);
  return Math.max(0, Math.ceil(size / 2 - law.correction + normalQuantile(tail) * law.standardDeviation));
}

/** The sum of (g³ - g) over groups of equal values of an ascending list: what ties take from a rank variance. */
export function tieTerm(ascending: ArrayLike<number>): number {
  let sum = 0;
  for (let from = 0; from < ascending.length; ) {
    let to = from + 1;
    while (to < ascending.length && ascending[to] === ascending[from]) to++;
    const group = to - from;
    sum += group * (group - 1) * (group + 1);
    from = to;
  }
  return sum;
}
