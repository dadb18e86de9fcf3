/** Noncentral chi-squared and F: what tests of several effects have when the effects are not 0. */
import { invariant } from "../../../data/foundation/index.ts";
import { betaFactor, incompleteBeta, logBetaFactor, type Share } from "../numerics/incomplete-beta.ts";
import { gammaFactor, incompleteGamma, logGammaFactor, type Tails } from "../numerics/incomplete-gamma.ts";
import { poissonMixture } from "../numerics/poisson-mixture.ts";
import { rootNear } from "../numerics/root.ts";
import { fRatio, ratioShare } from "./beta.ts";
import type { Distribution } from "./distribution.ts";
import { chiSquared } from "./gamma.ts";

/**
 * The sum of `degreesOfFreedom` squared normals whose means, squared, sum to `noncentrality`: chi-squared of degreesOfFreedom + 2 J, J a Poisson count of
 * mean noncentrality / 2. Both tails to about 1e-13. Source: Johnson, Kotz and Balakrishnan (1995), chapter 29.
 */
export function noncentralChiSquared(degreesOfFreedom: number, noncentrality: number): Distribution {
  invariant(degreesOfFreedom > 0 && noncentrality >= 0, `a noncentral chi-squared with ${degreesOfFreedom}, ${noncentrality}`);
  if (noncentrality === 0) return chiSquared(degreesOfFreedom);
  const half = degreesOfFreedom / 2;
  const at = (x: number): Component => ({
    tails: (j) => incompleteGamma(half + j, x / 2),
    factor: (j) => gammaFactor(half + j, x / 2),
    logFactor: (j) => logGammaFactor(half + j, x / 2),
    rise: (j) => x / 2 / (half + j),
    shape: half,
  });
  return mixed(at, noncentrality / 2, degreesOfFreedom + noncentrality);
}

/**
 * The ratio of a noncentral chi-squared to an independent chi-squared, each over its degrees of freedom. Both tails to about 1e-13.
 * Source: Johnson, Kotz and Balakrishnan (1995), chapter 30.
 */
export function noncentralF(numeratorDegrees: number, denominatorDegrees: number, noncentrality: number): Distribution {
  invariant(
    numeratorDegrees > 0 && denominatorDegrees > 0 && noncentrality >= 0,
    `a noncentral F of ${numeratorDegrees}, ${denominatorDegrees}`,
  );
  if (noncentrality === 0) return fRatio(numeratorDegrees, denominatorDegrees);
  const [a, b] = [numeratorDegrees / 2, denominatorDegrees / 2];
  const at = (f: number): Component => {
    const share: Share = ratioShare(numeratorDegrees, denominatorDegrees, f);
    return {
      tails: (j) => incompleteBeta({ a: a + j, b }, share),
      factor: (j) => betaFactor({ a: a + j, b }, share),
      logFactor: (j) => logBetaFactor({ a: a + j, b }, share),
      rise: (j) => ((a + j + b) / (a + j)) * share.x.high,
      shape: a,
    };
  };
  return mixed(at, noncentrality / 2, 1 + noncentrality / numeratorDegrees);
}

/** A central distribution at a point, by the count j that is added to its shape. */
interface Component {
  readonly tails: (j: number) => Tails;
  /** The density of the variable's logarithm. */
  readonly factor: (j: number) => number;
  readonly logFactor: (j: number) => number;
  /** factor(j + 1) / factor(j). */
  readonly rise: (j: number) => number;
  readonly shape: number;
}

function mixed(at: (x: number) => Component, mean: number, start: number): Distribution {
  // A shape larger by 1 moves factor / shape from the lower tail to the upper: the upper grows with j, the lower as j falls.
  const survival = (x: number): number => {
    if (x <= 0) return 1;
    if (x === Number.POSITIVE_INFINITY) return 0;
    const { tails, factor, logFactor, rise, shape } = at(x);
    const walk = walker(factor, rise, true);
    const value = (j: number): number => tails(j).upper;
    return Math.min(
      1,
      poissonMixture(mean, { value, log: logOfTail(value, logFactor), next: (tail, j) => tail + walk(j) / (shape + j), up: true }),
    );
  };
  const cdf = (x: number): number => {
    if (x <= 0) return 0;
    if (x === Number.POSITIVE_INFINITY) return 1;
    const { tails, factor, logFactor, rise, shape } = at(x);
    const walk = walker(factor, rise, false);
    const value = (j: number): number => tails(j).lower;
    return Math.min(
      1,
      poissonMixture(mean, { value, log: logOfTail(value, logFactor), next: (tail, j) => tail + walk(j - 1) / (shape + j - 1), up: false }),
    );
  };
  const density = (x: number): number => {
    if (x <= 0) return 0;
    const { factor, logFactor, rise } = at(x);
    return (
      poissonMixture(mean, {
        value: factor,
        log: logFactor,
        next: (value, j) => (value < 1e-290 ? factor(j + 1) : value * rise(j)),
        up: true,
      }) / x
    );
  };
  const point = (p: number, tail: (x: number) => number): number => {
    const target = Math.log(p);
    const excess = (l: number): number => Math.max(-1e4, Math.log(tail(Math.exp(l)))) - target;
    const rising = tail === cdf;
    if (rising && excess(-690) > 0) return 0;
    const l = rootNear(excess, Math.log(start), rising, 0.25);
    // The last bits are those of the point itself, not of its logarithm.
    const x = Math.exp(l);
    const slope = (x * density(x)) / tail(x);
    return x * Math.exp((rising ? -1 : 1) * (Math.log(tail(x) / p) / slope));
  };
  const quantile = (p: number): number => (p === 0 ? 0 : p > 0.5 ? upperQuantile(1 - p) : point(p, cdf));
  const upperQuantile = (p: number): number => (p === 0 ? Number.POSITIVE_INFINITY : p > 0.5 ? quantile(1 - p) : point(p, survival));
  return { density, cdf, survival, quantile, upperQuantile };
}

/** A tail's logarithm; where it is below the doubles, that of the factor, which it is close to. */
function logOfTail(value: (j: number) => number, logFactor: (j: number) => number): (j: number) => number {
  return (j) => {
    const tail = value(j);
    return tail > 0 ? Math.log(tail) : logFactor(j);
  };
}

/** The factor at consecutive counts, up or down, by products from the first that is asked for. */
function walker(factor: (j: number) => number, rise: (j: number) => number, up: boolean): (j: number) => number {
  let last: { readonly j: number; readonly value: number } | undefined;
  return (j) => {
    const value =
      last === undefined || last.value < 1e-290 || Math.abs(j - last.j) !== 1
        ? factor(j)
        : up
          ? last.value * rise(last.j)
          : last.value / rise(j);
    last = { j, value };
    return value;
  };
}
