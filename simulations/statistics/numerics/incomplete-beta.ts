/** The incomplete beta function ratio, both tails to nearly every digit of a double, for shapes from 1e-10 to 1e15. */
import { add, type DoubleDouble, exact, exactSum, expOfMinus, logOfQuotient, multiply, negate } from "./double-double.ts";
import { logGammaRise, logOnePlusMinus, stirlingError } from "./gamma-function.ts";
import { decayingIntegral, plainDeviance, type Tails } from "./incomplete-gamma.ts";

/** A share x and 1 - x, neither of them rounded to the other's precision. */
export interface Share {
  readonly x: DoubleDouble;
  readonly y: DoubleDouble;
}

/** Both shapes of a beta distribution. */
export interface Shapes {
  readonly a: number;
  readonly b: number;
}

/** From this smaller shape on the tail is integrated; below, the continued fraction needs few terms. */
const integrateFrom = 60;

/**
 * I_x(a, b) and 1 - I_x(a, b). Sources: the factor in front by Loader (2000) in doubled precision; the continued fraction of DiDonato and
 * Morris (1992), ACM Trans. Math. Softw. 18, 360-373 (BFRAC); the power series for small shapes near the end; both shapes large by Gauss's rule
 * over the density relative to that at x.
 *
 * @example
 * incompleteBeta({ a: 2, b: 3 }, shareOf(0.5)).lower.toFixed(12)
 * // => "0.687500000000"
 */
export function incompleteBeta({ a, b }: Shapes, { x, y }: Share): Tails {
  if (x.high <= 0) return { lower: 0, upper: 1, factor: 0 };
  if (y.high <= 0) return { lower: 1, upper: 0, factor: 0 };
  if (nearEnd({ a, b }, x.high)) return smallShape({ a, b }, { x, y });
  if (nearEnd({ a: b, b: a }, y.high)) return flipped(smallShape({ a: b, b: a }, { x: y, y: x }));
  if (gap({ a, b }, { x, y }) < 0) return flipped(belowMean({ a: b, b: a }, { x: y, y: x }));
  return belowMean({ a, b }, { x, y });
}

/**
 * A double as a share: 1 - x is kept exactly.
 *
 * @example
 * shareOf(1e-20).y.low
 * // => -1e-20
 */
export function shareOf(x: number): Share {
  return { x: exact(x), y: exactSum(1, -x) };
}

/** x^a (1 - x)^b / B(a, b): the density of the log-odds. */
export function betaFactor({ a, b }: Shapes, { x, y }: Share): number {
  if (x.high <= 0 || y.high <= 0) return 0;
  const front = Math.sqrt((a / (a + b)) * (b / (2 * Math.PI)));
  const stirling = stirlingError(a) + stirlingError(b) - stirlingError(a + b);
  const slope = gap({ a, b }, { x, y });
  const deviance = -a * logOnePlusMinus(-slope / a) - b * logOnePlusMinus(slope / b);
  if (slope < a / 2 && slope > -b / 2 && deviance < plainDeviance) return front * Math.exp(-deviance - stirling);
  const whole = exactSum(a, b);
  const precise = add(multiply(exact(a), logOfQuotient(exact(a), whole, x)), multiply(exact(b), logOfQuotient(exact(b), whole, y)));
  return front * expOfMinus(add(precise, exact(stirling)));
}

/** The logarithm of that factor, also where the factor is below the doubles; to a few units in the last place of its largest part. */
export function logBetaFactor({ a, b }: Shapes, { x, y }: Share): number {
  const slope = gap({ a, b }, { x, y });
  const left = slope < 0.9 * a ? logOnePlusMinus(-slope / a) : Math.log((x.high / a) * (a + b)) + slope / a;
  const right = slope > -0.9 * b ? logOnePlusMinus(slope / b) : Math.log((y.high / b) * (a + b)) - slope / b;
  const stirling = stirlingError(a) + stirlingError(b) - stirlingError(a + b);
  return Math.log((a / (a + b)) * (b / (2 * Math.PI))) / 2 + a * left + b * right - stirling;
}

function flipped({ lower, upper, factor }: Tails): Tails {
  return { lower: upper, upper: lower, factor };
}

/** a (1 - x) - b x: positive below the mean, and the slope of the logarithm of the factor by the log-odds. */
export function gap({ a, b }: Shapes, { x, y }: Share): number {
  return add(multiply(exact(a), y), negate(multiply(exact(b), x))).high;
}

function nearEnd({ a, b }: Shapes, x: number): boolean {
  return a < 1 && x < 0.05 && b * x < 1.1;
}

/** A shape below 1, near its end: the upper tail by its own series, because the lower one is near 1. */
function smallShape({ a, b }: Shapes, { x, y }: Share): Tails {
  const whole = a * (Math.log(x.high) + x.low / x.high) + logGammaRise(b, a) - logGammaRise(1, a);
  let term = 1;
  let sum = 0;
  for (let n = 1; n < 200; n++) {
    term *= ((n - b) / n) * x.high;
    const next = (a * term) / (a + n);
    sum += next;
    if (Math.abs(next) <= 1e-18 * Math.abs(sum)) break;
  }
  // Far below, the logarithm of x is long, and the factor keeps its last bits.
  const lead = whole > -0.7 ? Math.exp(whole) : betaFactor({ a, b }, { x, y }) / (a * Math.exp(b * Math.log1p(-x.high)));
  const lower = lead * (1 + sum);
  const factor = a * lead * Math.exp(b * Math.log1p(-x.high));
  return { lower, upper: lower < 0.5 ? 1 - lower : -Math.expm1(whole) - lead * sum, factor };
}

/** The lower tail at or below the mean; the upper one by itself where the lower one is most of it. */
function belowMean(shapes: Shapes, share: Share): Tails {
  const { a, b } = shapes;
  const factor = betaFactor(shapes, share);
  const lower = factor * (Math.min(a, b) < integrateFrom ? 1 / fraction(shapes, share) : lowerIntegral(shapes, share));
  if (lower < 0.6) return { lower, upper: 1 - lower, factor };
  return { lower, upper: factor / fraction({ a: b, b: a }, { x: share.y, y: share.x }), factor };
}

/** The continued fraction of DiDonato and Morris by Lentz's method. */
function fraction(shapes: Shapes, share: Share): number {
  const { a, b } = shapes;
  const x = share.x.high;
  const difference = gap(shapes, share);
  let value = (a * (difference + 1)) / (a + 1);
  if (value === 0) value = 1e-300;
  let [c, d] = [value, 0];
  for (let m = 1; m < 20_000; m++) {
    const odd = a + 2 * m - 1;
    const top = ((a + m - 1) / odd) * ((a + b + m - 1) / odd) * m * (b - m) * x * x;
    const bottom = m + (m * (b - m) * x) / odd + ((a + m) * (difference + 1 + m * (1 + share.y.high))) / (odd + 2);
    d = bottom + top * d;
    if (d === 0) d = 1e-300;
    c = bottom + top / c;
    if (c === 0) c = 1e-300;
    d = 1 / d;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) <= 1e-16) break;
  }
  return value;
}

/** Both shapes large, x at or below the mean: the density from x downwards, relative to that at x, over v = (x - t) / (x y). */
function lowerIntegral(shapes: Shapes, { x, y }: Share): number {
  const { a, b } = shapes;
  const linear = gap(shapes, { x, y }) + x.high - y.high;
  const exponent = (v: number): number => -linear * v + (a - 1) * logOnePlusMinus(-y.high * v) + (b - 1) * logOnePlusMinus(x.high * v);
  const curvature = (a - 1) * y.high * y.high + (b - 1) * x.high * x.high;
  return decayingIntegral(exponent, { linear, curvature, limit: 1 / y.high });
}
