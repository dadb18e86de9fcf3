/** The beta family: beta, Student's t and F. All go through the incomplete beta function, in either tail. */
import { invariant } from "../../../data/foundation/index.ts";
import { divide, exact, exactProduct, exactSum } from "../numerics/double-double.ts";
import { logGammaRise } from "../numerics/gamma-function.ts";
import { betaFactor, incompleteBeta, type Shapes, type Share, shareOf } from "../numerics/incomplete-beta.ts";
import type { Tails } from "../numerics/incomplete-gamma.ts";
import { invertTail } from "../numerics/invert-tail.ts";
import type { Distribution } from "./distribution.ts";
import { normalDistribution, normalQuantile } from "./normal.ts";

/** The beta distribution on [0, 1]. Source: Johnson, Kotz and Balakrishnan (1995), chapter 25. */
export function betaDistribution(a: number, b: number): Distribution {
  invariant(a > 0 && b > 0, `a beta distribution of ${a} and ${b}`);
  const tails = (x: number): Tails => incompleteBeta({ a, b }, shareOf(Math.min(1, Math.max(0, x))));
  const ofOdds = (odds: number): number => (odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds));
  return {
    density: (x) => (x < 0 || x > 1 ? 0 : betaDensity({ a, b }, x)),
    cdf: (x) => tails(x).lower,
    survival: (x) => tails(x).upper,
    quantile: (p) => ofOdds(oddsPoint({ a, b }, p, true)),
    upperQuantile: (p) => ofOdds(oddsPoint({ a, b }, p, false)),
  };
}

/** Student's t; infinite degrees of freedom are the standard normal. */
export function student(degreesOfFreedom: number): Distribution {
  invariant(degreesOfFreedom > 0, `Student's t with ${degreesOfFreedom} degrees of freedom`);
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalDistribution(0, 1);
  const shapes = { a: 0.5, b: degreesOfFreedom / 2 };
  // Where t squared is beyond the doubles: P(|T| > t) = (degreesOfFreedom / t²)^b / (b B(1/2, b)).
  const far = 1e140 * Math.max(1, Math.sqrt(degreesOfFreedom));
  const farConstant = logGammaRise(shapes.b, 0.5) - Math.log(Math.PI) / 2 - Math.log(shapes.b);
  /** The probability of more than |t|. */
  const tail = (t: number): number => {
    const size = Math.abs(t);
    if (size < far) return incompleteBeta(shapes, squareShare(size, degreesOfFreedom)).upper / 2;
    return Math.exp(shapes.b * (Math.log(degreesOfFreedom) - 2 * Math.log(size)) + farConstant) / 2;
  };
  const upperQuantile = (p: number): number => {
    if (p > 0.5) return -upperQuantile(1 - p);
    // Close to the middle the central probability 1 - 2p is exact, and the smaller.
    const odds = p > 0.25 ? oddsPoint(shapes, 1 - 2 * p, true) : oddsPoint(shapes, 2 * p, false);
    if (odds < 1e250) return Math.sqrt(degreesOfFreedom) * Math.sqrt(odds);
    return p === 0
      ? Number.POSITIVE_INFINITY
      : Math.exp(Math.log(degreesOfFreedom) / 2 + (farConstant - Math.log(2 * p)) / degreesOfFreedom);
  };
  const survival = (t: number): number => (t >= 0 ? tail(t) : 1 - tail(t));
  return {
    density: (t) => studentDensity(degreesOfFreedom, Math.abs(t)),
    cdf: (t) => survival(-t),
    survival,
    quantile: (p) => -upperQuantile(p),
    upperQuantile,
  };
}

/** The F distribution: a ratio of two independent mean squares. */
export function fRatio(numeratorDegrees: number, denominatorDegrees: number): Distribution {
  invariant(numeratorDegrees > 0 && denominatorDegrees > 0, `an F distribution with ${numeratorDegrees} and ${denominatorDegrees} degrees`);
  const shapes = { a: numeratorDegrees / 2, b: denominatorDegrees / 2 };
  const share = (f: number): Share => ratioShare(numeratorDegrees, denominatorDegrees, f);
  const tails = (f: number): Tails =>
    f <= 0 || f === Number.POSITIVE_INFINITY ? incompleteBeta(shapes, shareOf(f <= 0 ? 0 : 1)) : incompleteBeta(shapes, share(f));
  const back = (odds: number): number => (odds === 0 ? 0 : odds * (denominatorDegrees / numeratorDegrees));
  return {
    density: (f) =>
      f < 0 || f === Number.POSITIVE_INFINITY ? 0 : f === 0 ? densityAtZero(numeratorDegrees) : betaFactor(shapes, share(f)) / f,
    cdf: (f) => tails(f).lower,
    survival: (f) => tails(f).upper,
    quantile: (p) => back(oddsPoint(shapes, p, true)),
    upperQuantile: (p) => back(oddsPoint(shapes, p, false)),
  };
}

/** x / (1 - x) at the point with probability p below it (`lower`) or above it. */
function oddsPoint(shapes: Shapes, p: number, lower: boolean): number {
  invariant(p >= 0 && p <= 1, `a quantile of probability ${p}`);
  if (p > 0.5) return oddsPoint(shapes, 1 - p, !lower);
  if (p === 0) return lower ? 0 : Number.POSITIVE_INFINITY;
  // The upper tail of x is the lower one of 1 - x, with the shapes exchanged.
  const { a, b } = lower ? shapes : { a: shapes.b, b: shapes.a };
  const at = (odds: number) => {
    const { lower: tail, factor } = incompleteBeta({ a, b }, shareOfParts(exact(odds), exact(1)));
    return { tail, factor };
  };
  const odds = invertTail({ at, target: p, lower: true, start: startingOdds({ a, b }, p) });
  return lower ? odds : 1 / odds;
}

/** Where the search begins: near 0 the tail is x^a / (a B(a, b)); else formula 26.5.22 of Abramowitz and Stegun (1964). */
function startingOdds({ a, b }: Shapes, p: number): number {
  const nearZero = Math.exp((Math.log(p) + logGammaRise(1, a) - logGammaRise(b, a)) / a);
  if (a < 0.6 || b < 0.6) return nearZero;
  const z = p < 1e-300 ? -37.1 : normalQuantile(p);
  const lambda = (z * z - 3) / 6;
  const [left, right] = [1 / (2 * a - 1), 1 / (2 * b - 1)];
  const h = 2 / (left + right);
  const w = (-z * Math.sqrt(Math.max(0, h + lambda))) / h - (right - left) * (lambda + 5 / 6 - 2 / (3 * h));
  return Math.max(nearZero, (a / b) * Math.exp(Math.max(-700, -2 * w)));
}

/** F's ratio as a share, numerator over both: f above 0. */
export function ratioShare(numeratorDegrees: number, denominatorDegrees: number, f: number): Share {
  const scale = f > 1e200 ? 2 ** -500 : f < 1e-200 ? 2 ** 500 : 1;
  return shareOfParts(exactProduct(numeratorDegrees, f * scale), exactScaled(denominatorDegrees, scale));
}

/** t² / (t² + degrees), and the rest. */
function squareShare(t: number, degreesOfFreedom: number): Share {
  const scale = t > 1e70 ? 2 ** -200 : t < 1e-70 ? 2 ** 200 : 1;
  return shareOfParts(exactProduct(t * scale, t * scale), exactScaled(degreesOfFreedom, scale * scale));
}

function exactScaled(value: number, scale: number): { high: number; low: number } {
  return exact(value * scale);
}

function shareOfParts(left: { high: number; low: number }, right: { high: number; low: number }): Share {
  const highs = exactSum(left.high, right.high);
  const whole = exactSum(highs.high, highs.low + left.low + right.low);
  return { x: divide(left, whole), y: divide(right, whole) };
}

function studentDensity(degreesOfFreedom: number, t: number): number {
  const half = degreesOfFreedom / 2;
  if (t < 1e-140) return Math.exp(logGammaRise(half, 0.5) - Math.log(Math.PI * degreesOfFreedom) / 2);
  if (t > 1e140) return 0;
  return betaFactor({ a: 0.5, b: half }, squareShare(t, degreesOfFreedom)) / t;
}

function betaDensity(shapes: Shapes, x: number): number {
  if (x > 0 && x < 1) {
    const share = shareOf(x);
    return betaFactor(shapes, share) / (x * share.y.high);
  }
  const [own, other] = x === 0 ? [shapes.a, shapes.b] : [shapes.b, shapes.a];
  return own > 1 ? 0 : own === 1 ? other : Number.POSITIVE_INFINITY;
}

function densityAtZero(numeratorDegrees: number): number {
  return numeratorDegrees > 2 ? 0 : numeratorDegrees === 2 ? 1 : Number.POSITIVE_INFINITY;
}
