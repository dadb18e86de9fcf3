/**
 * Families of whole-number outcomes with one parameter, in their natural form: the mass at k is proportional to weight(k) exp(k natural). The binomial (natural =
 * log odds) and the noncentral hypergeometric (natural = log odds ratio) are such, and so share their exact tests and intervals.
 */
import { shareOf as exactShare, type Share } from "../numerics/incomplete-beta.ts";
import { binomialLowerTail, binomialUpperTail, logBinomialMass } from "./binomial-tails.ts";

/** What exact tests and intervals need of a family. */
export interface DiscreteFamily {
  /** The smallest and the largest possible outcome. */
  readonly least: number;
  readonly most: number;
  /** The mass at k is proportional to exp(logWeight(k) + k (natural - offset)). */
  readonly logWeight: (k: number) => number;
  readonly offset: number;
  /** The probability of k or less, and of k or more. */
  readonly lowerTail: (k: number, natural: number) => number;
  readonly upperTail: (k: number, natural: number) => number;
}

export interface BinomialOptions {
  readonly trials: number;
  /** A count near those observed: weights are computed around it, where they keep their digits. */
  readonly near: number;
  /** The null share: at its log odds tails are taken at the share itself, which at huge counts differs. */
  readonly nullShare: number;
}

/** Successes of n trials. */
export function binomialFamily({ trials, near, nullShare }: BinomialOptions): DiscreteFamily {
  const [share, rest] = [(near + 0.5) / (trials + 1), (trials - near + 0.5) / (trials + 1)];
  const nullNatural = logOddsOf(nullShare);
  const at = (natural: number): Share => {
    if (natural === nullNatural) return exactShare(nullShare);
    return natural < 0 ? exactShare(shareOf(natural)) : turned(exactShare(shareOf(-natural)));
  };
  return {
    least: 0,
    most: trials,
    logWeight: (k) => logBinomialMass(k, trials, share, rest),
    offset: Math.log(share / rest),
    lowerTail: (k, natural) => binomialLowerTail(k, trials, at(natural)),
    upperTail: (k, natural) => binomialUpperTail(k, trials, at(natural)),
  };
}

function turned({ x, y }: Share): Share {
  return { x: y, y: x };
}

/** log(share / (1 - share)). */
export function logOddsOf(share: number): number {
  return Math.log(share) - Math.log1p(-share);
}

/** The share whose log odds are given. */
export function shareOf(logOdds: number): number {
  const odds = Math.exp(logOdds);
  return odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds);
}

/** Successes of `first` units when `first` + `second` units have `successes` in all; the natural parameter is the log odds ratio. */
export function hypergeometricFamily(
  first: number,
  second: number,
  successes: number,
): DiscreteFamily & { /** The mean less x. */ readonly excess: (x: number, natural: number) => number } {
  const least = Math.max(0, successes - second);
  const most = Math.min(successes, first);
  const whole = first + second;
  const [share, rest] = [successes / whole, (whole - successes) / whole];
  const logWeight = (k: number): number => logBinomialMass(k, first, share, rest) + logBinomialMass(successes - k, second, share, rest);
  /** weight(k + 1) / weight(k) at a log odds ratio. */
  const ratio = (k: number, oddsRatio: number): number =>
    ((first - k) / (k + 1)) * ((successes - k) / (second - successes + k + 1)) * oddsRatio;
  /** The sum of the masses from k outwards, in units of the mass at k. */
  const outwards = (k: number, oddsRatio: number, way: 1 | -1): number => {
    let [sum, term] = [1, 1];
    for (let j = k; way === 1 ? j < most : j > least; j += way) {
      term = way === 1 ? term * ratio(j, oddsRatio) : term / ratio(j - 1, oddsRatio);
      if (!(term > sum * 1e-18)) break;
      sum += term;
    }
    return sum;
  };
  let summed = { natural: Number.NaN, mode: 0, whole: 0 };
  const around = (natural: number): { readonly mode: number; readonly whole: number } => {
    if (summed.natural === natural) return summed;
    const oddsRatio = Math.exp(natural);
    let [low, high] = [least, most];
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (ratio(middle, oddsRatio) > 1) low = middle + 1;
      else high = middle;
    }
    summed = { natural, mode: low, whole: outwards(low, oddsRatio, 1) + outwards(low, oddsRatio, -1) - 1 };
    return summed;
  };
  const beyond = (k: number, natural: number, way: 1 | -1): number => {
    const { mode, whole: sum } = around(natural);
    const mass = Math.exp(logWeight(k) - logWeight(mode) + (k - mode) * natural) / sum;
    return Math.min(1, mass * outwards(k, Math.exp(natural), way));
  };
  const excess = (x: number, natural: number): number => {
    const { mode, whole: sum } = around(natural);
    const oddsRatio = Math.exp(natural);
    let total = mode - x;
    for (const way of [1, -1] as const) {
      let term = 1;
      for (let j = mode; (way === 1 ? j < most : j > least) && term > 1e-25; ) {
        term = way === 1 ? term * ratio(j, oddsRatio) : term / ratio(j - 1, oddsRatio);
        j += way;
        total += term * (j - x);
      }
    }
    return total / sum;
  };
  return {
    excess,
    least,
    most,
    logWeight,
    offset: 0,
    lowerTail: (k, natural) => {
      if (k >= most) return 1;
      return k < around(natural).mode ? beyond(k, natural, -1) : 1 - beyond(k + 1, natural, 1);
    },
    upperTail: (k, natural) => {
      if (k <= least) return 1;
      return k > around(natural).mode ? beyond(k, natural, 1) : 1 - beyond(k - 1, natural, -1);
    },
  };
}

/** The family seen in a mirror: outcomes and parameter change sign, upper tails become lower ones. */
export function mirrored(family: DiscreteFamily): DiscreteFamily {
  return {
    least: -family.most,
    most: -family.least,
    logWeight: (k) => family.logWeight(-k),
    offset: -family.offset,
    lowerTail: (k, natural) => family.upperTail(-k, -natural),
    upperTail: (k, natural) => family.lowerTail(-k, -natural),
  };
}
