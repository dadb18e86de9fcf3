/** Exact tests of a discrete family's parameter, and the intervals that agree with them. */
import type { Alternative } from "../finding.ts";
import { fallingRoot } from "../numerics/root.ts";
import { type DiscreteFamily, mirrored } from "./discrete-family.ts";

/**
 * Which outcomes a two-sided exact test counts as extreme: those at most as probable as the observed one; those whose tail is at most as probable as the
 * observed one's (Blaker); twice the smaller tail; the same with half of the observed outcome's own probability.
 */
export type ExactMethod = "minimum-likelihood" | "blaker" | "central" | "mid-p";

export interface ExactOptions {
  readonly method: ExactMethod;
  readonly alternative: Alternative;
  readonly level: number;
  /** The null value of the natural parameter. */
  readonly nullNatural: number;
}

/** Ends are of the natural parameter, and infinite where nothing bounds it. */
export interface ExactAnswer {
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
  /** The test's own p-value where the parameters that it does not reject have a gap at the null value: `pValue` is then the one that agrees with the interval. */
  readonly gapPValue?: number;
}

/** Outcomes count as equally probable within R's relative tolerance: sums in another order must not part ties. */
const tie = 1e-7;
/** Natural parameters beyond these are 0 or infinite in doubles. */
const naturalMost = 700;
/** More pieces than these are searched by halving: so many make the p-value at their ends as good as continuous. */
const piecesScannedMax = 400;

/**
 * The p-value of an outcome x and the interval of all parameters that the same test does not reject. Two-sided tests by likelihood or Blaker's function may leave
 * a gap among these; the interval then spans it, and where the null value lies in the gap the p-value is the largest one beyond it, so that both
 * always agree. Sources: Clopper and Pearson (1934); Sterne (1954); Blaker (2000), Canadian J. Stat. 28, 783-798; Fay (2010), Biostatistics 11, 373-374.
 */
export function exactTest(family: DiscreteFamily, x: number, options: ExactOptions): ExactAnswer {
  const { method, alternative, level, nullNatural } = options;
  const mirror = mirrored(family);
  const half = method === "mid-p" ? 0.5 : 0;
  const alpha = alternative === "two-sided" ? (1 - level) / 2 : 1 - level;
  if (alternative !== "two-sided" || method === "central" || method === "mid-p") {
    const less = tail(family, x, nullNatural, half);
    const greater = tail(mirror, -x, -nullNatural, half);
    const pValue = alternative === "less" ? less : alternative === "greater" ? greater : Math.min(1, 2 * less, 2 * greater);
    const upper = alternative === "greater" ? Number.POSITIVE_INFINITY : tailEnd(family, x, alpha, half);
    const lower = alternative === "less" ? Number.NEGATIVE_INFINITY : -tailEnd(mirror, -x, alpha, half);
    return { pValue, lower, upper };
  }
  const rule = method === "blaker" ? blaker : minimumLikelihood;
  const pValue = twoSided(family, mirror, x, nullNatural, rule);
  const upper = hullEnd(family, x, 1 - level, rule);
  const lower = -hullEnd(mirror, -x, 1 - level, rule);
  if (pValue >= 1 - level || nullNatural < lower || nullNatural > upper) return { pValue, lower, upper };
  const beyond = Math.max(largestBeyond(family, x, nullNatural, rule), largestBeyond(mirror, -x, -nullNatural, rule));
  return { pValue: Math.min(1, Math.max(beyond, 1 - level)), lower, upper, gapPValue: pValue };
}

/** The probability of x or less, with the given share of x itself left out. */
function tail(family: DiscreteFamily, x: number, natural: number, left: number): number {
  const whole = family.lowerTail(x, natural);
  return left === 0 ? whole : (1 - left) * whole + left * family.lowerTail(x - 1, natural);
}

/** The largest parameter at which the lower tail is not below alpha. */
function tailEnd(family: DiscreteFamily, x: number, alpha: number, left: number): number {
  if (x === family.most && (left === 0 || family.least === family.most)) return Number.POSITIVE_INFINITY;
  if (x === family.most && 1 - left >= alpha) return Number.POSITIVE_INFINITY;
  return fallingRoot((natural) => Math.log(tail(family, x, natural, left) / alpha), -naturalMost, naturalMost);
}

/** Which outcomes above x count beside the lower tail of x: all from some k on. */
interface Rule {
  readonly counts: (family: DiscreteFamily, x: number, k: number, natural: number) => boolean;
  /** The largest parameter at which k counts; it grows with k. */
  readonly edge: (family: DiscreteFamily, x: number, k: number) => number;
}

const minimumLikelihood: Rule = {
  counts: (family, x, k, natural) => natural <= minimumLikelihood.edge(family, x, k),
  edge: (family, x, k) => family.offset + (family.logWeight(x) - family.logWeight(k) + tie) / (k - x),
};

const blaker: Rule = {
  counts: (family, x, k, natural) => family.upperTail(k, natural) <= family.lowerTail(x, natural) * (1 + tie),
  edge: (family, x, k) =>
    fallingRoot(
      (natural) => Math.log((family.lowerTail(x, natural) * (1 + tie)) / family.upperTail(k, natural)),
      -naturalMost,
      naturalMost,
    ),
};

function twoSided(family: DiscreteFamily, mirror: DiscreteFamily, x: number, natural: number, rule: Rule): number {
  const above = firstThat(x + 1, family.most + 1, (k) => k > family.most || rule.counts(family, x, k, natural));
  if (above > x + 1) return Math.min(1, family.lowerTail(x, natural) + family.upperTail(above, natural));
  const below = firstThat(-x + 1, mirror.most + 1, (k) => k > mirror.most || rule.counts(mirror, -x, k, -natural));
  return Math.min(1, mirror.lowerTail(-x, -natural) + mirror.upperTail(below, -natural));
}

/** The smallest whole number in [from, to] with a property that, once true, stays true; `to` has it. */
function firstThat(from: number, to: number, has: (k: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (has(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The p-value when x or less, and k or more, count. */
function both(family: DiscreteFamily, x: number, k: number, natural: number): number {
  return family.lowerTail(x, natural) + (k > family.most ? 0 : family.upperTail(k, natural));
}

/**
 * The largest parameter that the test does not reject. Between the edges of k - 1 and k, the outcomes up to x and from k on count: there the p-value
 * falls and may rise again, so that it is largest at one of the two ends. Pieces are searched from where nothing more can be accepted.
 */
function hullEnd(family: DiscreteFamily, x: number, alpha: number, rule: Rule): number {
  if (x === family.most) return Number.POSITIVE_INFINITY;
  const edge = (k: number): number => (k > family.most ? naturalMost : rule.edge(family, x, k));
  const isHopeless = (k: number): boolean => k > x + 1 && family.lowerTail(x, edge(k - 1)) < alpha / 100;
  const last = firstThat(x + 1, family.most + 1, (k) => k === family.most + 1 || isHopeless(k + 1));
  const first = firstThat(x + 1, last, (k) => k === last || family.lowerTail(x, edge(k)) < alpha);
  const isAccepted = (k: number): boolean => both(family, x, k, edge(k)) >= alpha;
  const start = last - first > piecesScannedMax ? Math.min(last, firstThat(first, last, (k) => k === last || !isAccepted(k)) + 2) : last;
  for (let k = start; k > x + 1; k--) {
    if (isAccepted(k)) return edge(k);
    const inside = (natural: number): number => Math.log(both(family, x, k, natural) / alpha);
    if (inside(edge(k - 1)) >= 0) return fallingRoot(inside, edge(k - 1), edge(k));
  }
  return isAccepted(x + 1)
    ? edge(x + 1)
    : fallingRoot((natural) => Math.log(both(family, x, x + 1, natural) / alpha), -naturalMost, edge(x + 1));
}

/** The largest p-value of parameters from `natural` upwards, where x lies in the lower tail. */
function largestBeyond(family: DiscreteFamily, x: number, natural: number, rule: Rule): number {
  const from = firstThat(x + 1, family.most + 1, (k) => k > family.most || rule.counts(family, x, k, natural));
  if (from === x + 1) return 0;
  let largest = 0;
  for (let k = from; k <= Math.min(family.most, from + piecesScannedMax); k++) {
    const edge = rule.edge(family, x, k);
    largest = Math.max(largest, both(family, x, k, edge), both(family, x, k + 1, edge));
  }
  return largest;
}
