/** Distributions of counts: binomial, Poisson and hypergeometric, for counts up to 1e15. */
import { invariant } from "../../../data/foundation/index.ts";
import { betaFactor, incompleteBeta, type Share, shareOf } from "../numerics/incomplete-beta.ts";
import { gammaFactor, incompleteGamma } from "../numerics/incomplete-gamma.ts";
import { gaussLegendre } from "../numerics/quadrature.ts";
import { smallestInteger } from "../numerics/smallest-integer.ts";
import type { CountDistribution } from "./distribution.ts";

/**
 * Successes of `trials` independent trials of probability `p`. Tails by the incomplete beta function, which has both (Johnson, Kemp and Kotz 2005,
 * 3.4).
 *
 * @example
 * binomial(10, 0.5).cdf(2)
 * // => 0.0546875
 */
export function binomial(trials: number, p: number): CountDistribution {
  invariant(Number.isSafeInteger(trials) && trials >= 0 && p >= 0 && p <= 1, `${trials} trials of probability ${p}`);
  const share = shareOf(p);
  const tails = (k: number) =>
    p === 0 ? certain(0, k) : p === 1 ? certain(trials, k) : tailsOfBeta(incompleteBeta({ a: k + 1, b: trials - k }, share));
  return countDistribution({
    least: 0,
    most: trials,
    centre: Math.floor(trials * p),
    mass: (k) => binomialMass(k, trials, share),
    tails,
  });
}

/**
 * Events of a Poisson process with `mean` expected. Tails by the incomplete gamma function.
 *
 * @example
 * poisson(2).cdf(0).toFixed(12)
 * // => "0.135335283237"
 */
export function poisson(mean: number): CountDistribution {
  invariant(mean >= 0 && Number.isFinite(mean), `a Poisson mean of ${mean}`);
  return countDistribution({
    least: 0,
    most: Number.POSITIVE_INFINITY,
    centre: Math.floor(mean),
    mass: (k) => (mean === 0 ? Number(k === 0) : k === 0 ? Math.exp(-mean) : gammaFactor(k, mean) / k),
    tails: (k) => {
      if (mean === 0) return certain(0, k);
      const { lower, upper } = incompleteGamma(k + 1, mean);
      return { lower: upper, upper: lower };
    },
  });
}

/**
 * Marked units among `draws` drawn without replacement from `population`, of which `marked` are. Tails by summing from the point outwards; where that is
 * more than a million terms, by the integral that the sum is close to beyond every digit (Euler and Maclaurin's midpoint form).
 *
 * @example
 * hypergeometric({ population: 10, marked: 4, draws: 3 }).mass(2).toFixed(12)
 * // => "0.300000000000"
 */
export function hypergeometric({ population, marked, draws }: Hypergeometric): CountDistribution {
  const whole = [population, marked, draws].every((count) => Number.isSafeInteger(count) && count >= 0);
  invariant(whole && marked <= population && draws <= population, `${draws} draws from ${population} with ${marked} marked`);
  const least = Math.max(0, draws + marked - population);
  const most = Math.min(draws, marked);
  const share = { x: shareOf(draws / population).x, y: shareOf(draws / population).y };
  const all = binomialMass(draws, population, share);
  const mass = (k: number): number =>
    draws === 0 || draws === population
      ? Number(k === least)
      : (binomialMass(k, marked, share) * binomialMass(draws - k, population - marked, share)) / all;
  /** mass(k + 1) / mass(k). */
  const ratio = (k: number): number => ((marked - k) / (k + 1)) * ((draws - k) / (population - marked - draws + k + 1));
  const deviation = Math.sqrt(draws * (marked / population) * (1 - marked / population) * (1 - draws / population));
  const mean = draws * (marked / population);
  const tails = (k: number) => {
    if (k < mean) {
      const lower =
        deviation > 2e4
          ? smoothTail({ mass, ratio }, { from: k + 0.5, side: -1, deviation })
          : mass(k) * outwards((j) => 1 / ratio(j - 1), k, least, -1);
      return { lower: Math.min(1, lower), upper: Math.max(0, 1 - lower) };
    }
    const upper =
      k >= most
        ? 0
        : deviation > 2e4
          ? smoothTail({ mass, ratio }, { from: k + 0.5, side: 1, deviation })
          : mass(k + 1) * outwards(ratio, k + 1, most, 1);
    return { lower: Math.max(0, 1 - upper), upper: Math.min(1, upper) };
  };
  return countDistribution({ least, most, centre: Math.min(most, Math.max(least, Math.floor(mean))), mass, tails });
}

/** Draws without replacement. */
export interface Hypergeometric {
  readonly population: number;
  readonly marked: number;
  readonly draws: number;
}

/** 1 + ratio + ratio of ratio ..., from `start` towards `end`. */
function outwards(ratio: (k: number) => number, start: number, end: number, side: 1 | -1): number {
  let [term, sum] = [1, 1];
  for (let k = start; k !== end; k += side) {
    term *= ratio(k);
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return sum;
}

/** A mass at counts, and at the next count over that at one. */
interface Sequence {
  readonly mass: (k: number) => number;
  readonly ratio: (k: number) => number;
}

const tailRule = gaussLegendre(60);

/** The sum of a smooth mass beyond a half-integer: its integral, and the first correction of the midpoint rule. */
function smoothTail({ mass, ratio }: Sequence, { from, side, deviation }: { from: number; side: 1 | -1; deviation: number }): number {
  const start = mass(from);
  if (start === 0) return 0;
  let to = deviation;
  while (mass(from + side * to) > 1e-18 * start) to *= 1.25;
  while (mass(from + side * to * 0.7) < 1e-18 * start) to *= 0.7;
  const { points, weights } = tailRule;
  let sum = 0;
  for (let i = 0; i < points.length; i++) {
    // Places are moved to the next half of a count, where every difference of counts is exact, and the value by slope and curvature.
    const distance = (side * to * (1 + (points[i] as number))) / 2;
    const whole = Math.round(distance);
    const rest = distance - whole;
    const place = from + whole;
    const slope = Math.log(ratio(place - 0.5));
    const curvature = Math.log(ratio(place) / ratio(place - 1));
    sum += (weights[i] as number) * mass(place) * Math.exp(rest * slope + (rest * rest * curvature) / 2);
  }
  const step = Math.round(deviation / 1000);
  const slope = (mass(from + step) - mass(from - step)) / (2 * step);
  return (sum * to) / 2 + (side * slope) / 24;
}

/** C(n, k) x^k y^(n - k), also between whole numbers. Source: Loader (2000), in doubled precision. */
function binomialMass(k: number, n: number, share: Share): number {
  if (k < 0 || k > n) return 0;
  if (share.x.high === 0) return Number(k === 0);
  if (share.y.high === 0) return Number(k === n);
  if (k === 0) return powerOf(share.y.high, share.y.low, n, share.x.high);
  if (k === n) return powerOf(share.x.high, share.x.low, n, share.y.high);
  return betaFactor({ a: k, b: n - k }, share) * (n / k / (n - k));
}

/** base^n, where 1 - base is known as well: of the two, the smaller says it best. */
function powerOf(base: number, low: number, n: number, complement: number): number {
  return complement < 0.5 ? Math.exp(n * Math.log1p(-complement)) : Math.exp(n * (Math.log(base) + low / base));
}

interface Tail {
  readonly lower: number;
  readonly upper: number;
}

function tailsOfBeta({ lower, upper }: Tail): Tail {
  return { lower: upper, upper: lower };
}

function certain(count: number, k: number): Tail {
  return k >= count ? { lower: 1, upper: 0 } : { lower: 0, upper: 1 };
}

interface CountParts {
  readonly least: number;
  readonly most: number;
  /** Near the middle: where the search of a quantile begins. */
  readonly centre: number;
  readonly mass: (k: number) => number;
  /** At a whole k from `least` to below `most`. */
  readonly tails: (k: number) => Tail;
}

function countDistribution({ least, most, centre, mass, tails }: CountParts): CountDistribution {
  const at = (k: number): Tail => (k < least ? { lower: 0, upper: 1 } : k >= most ? { lower: 1, upper: 0 } : tails(Math.floor(k)));
  const to = Math.min(most, Number.MAX_SAFE_INTEGER);
  const first = (holds: (k: number) => boolean): number => smallestInteger(holds, { from: least, to, start: centre }) ?? most;
  const allowance = 64 * Number.EPSILON;
  return {
    mass: (k) => (k < least || k > most || !Number.isInteger(k) ? 0 : mass(k)),
    cdf: (k) => at(k).lower,
    survival: (k) => at(k).upper,
    quantile: (p) => (p === 1 ? most : first((k) => at(k).lower >= p * (1 - allowance))),
    upperQuantile: (p) => (p === 0 ? most : first((k) => at(k).upper <= p * (1 + allowance))),
  };
}
