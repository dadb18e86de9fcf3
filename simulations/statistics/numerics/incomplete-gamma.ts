/** The incomplete gamma function ratios, both tails to nearly every digit of a double, for shapes from 1e-10 to 1e15. */
import { add, exact, exactSum, expOfMinus, logOfQuotient, multiply, negate } from "./double-double.ts";
import { logGammaRise, logOnePlusMinus, stirlingError } from "./gamma-function.ts";
import { gaussLegendre, integrate } from "./quadrature.ts";

/** The probabilities below and above a point, each with its own relative precision. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
  /** The density of the logarithm (of the log-odds, where the support is [0, 1]) of the variable at the point. */
  readonly factor: number;
}

/** From this shape on the tail is integrated; below, series and continued fraction need few terms. */
const integrateFrom = 40;

/**
 * P(a, x) and Q(a, x), for a > 0 and x >= 0. Sources: the factor in front by Loader (2000) in doubled precision; series 6.5.29 and
 * continued fraction 6.5.31 of Abramowitz and Stegun (1964); large shapes by Gauss's rule over the density relative to that at x.
 *
 * @example
 * incompleteGamma(1, 2).upper.toFixed(12)
 * // => "0.135335283237"
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1, factor: 0 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0, factor: 0 };
  if (a < 1 && x < 1.1) return smallShape(a, x);
  const factor = gammaFactor(a, x);
  if (x <= a) {
    const lower = factor * (a < integrateFrom ? lowerSeries(a, x) : lowerIntegral(a, x));
    return { lower, upper: 1 - lower, factor };
  }
  const upper = factor * (a < integrateFrom ? upperFraction(a, x) : upperIntegral(a, x));
  return { lower: 1 - upper, upper, factor };
}

/** Up to this exponent a double is precise enough, unless a logarithm's argument is itself rounded near 0. */
export const plainDeviance = 6;

/** x^a e^-x / gamma(a): the density of log x. */
export function gammaFactor(a: number, x: number): number {
  if (x <= 0 || x === Number.POSITIVE_INFINITY) return 0;
  const front = Math.sqrt(a / (2 * Math.PI));
  const ratio = (x - a) / a;
  const deviance = -a * logOnePlusMinus(ratio);
  if (ratio > -0.5 && deviance < plainDeviance) return front * Math.exp(-deviance - stirlingError(a));
  const precise = add(exactSum(x, -a), negate(multiply(exact(a), logOfQuotient(exact(x), exact(a)))));
  return front * expOfMinus(add(precise, exact(stirlingError(a))));
}

/** The logarithm of that factor, also where the factor is below the doubles; to a few units in the last place of its largest part. */
export function logGammaFactor(a: number, x: number): number {
  const ratio = (x - a) / a;
  const excess = ratio > -0.9 ? logOnePlusMinus(ratio) : Math.log(x / a) - ratio;
  return Math.log(a / (2 * Math.PI)) / 2 - stirlingError(a) + a * excess;
}

/** Shapes below 1 near 0: the upper tail by its own series, because the lower one is near 1. */
function smallShape(a: number, x: number): Tails {
  const whole = a * Math.log(x) - logGammaRise(1, a);
  let term = 1;
  let sum = 0;
  for (let n = 1; n < 100; n++) {
    term *= -x / n;
    const next = (a * term) / (a + n);
    sum += next;
    if (Math.abs(next) <= 1e-18 * Math.abs(sum)) break;
  }
  // Far below, the logarithm of x is long, and the factor keeps its last bits.
  const lead = whole > -0.7 ? Math.exp(whole) : (gammaFactor(a, x) * Math.exp(x)) / a;
  const lower = lead * (1 + sum);
  return { lower, upper: lower < 0.5 ? 1 - lower : -Math.expm1(whole) - lead * sum, factor: a * lead * Math.exp(-x) };
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000; n++) {
    term *= x / (a + n);
    sum += term;
    if (term <= 1e-17 * sum) break;
  }
  return sum;
}

/** Legendre's continued fraction by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 10_000; n++) {
    const coefficient = -n * (n - a);
    b += 2;
    d = 1 / (coefficient * d + b);
    c = b + coefficient / c;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) <= 1e-16) break;
  }
  return value;
}

function upperIntegral(a: number, x: number): number {
  const linear = x - a + 1;
  const relative = (w: number): number => -linear * w + (a - 1) * logOnePlusMinus(w);
  return decayingIntegral(relative, { linear, curvature: a - 1, limit: Number.POSITIVE_INFINITY });
}

function lowerIntegral(a: number, x: number): number {
  const linear = a - 1 - x;
  const relative = (w: number): number => -linear * w + (a - 1) * logOnePlusMinus(-w);
  return decayingIntegral(relative, { linear, curvature: a - 1, limit: 1 });
}

/** How a log-density falls from the point where a tail begins. */
interface Decay {
  /** Minus the slope at the start; not much below 0. */
  readonly linear: number;
  readonly curvature: number;
  /** Where the support ends. */
  readonly limit: number;
}

const decayRule = gaussLegendre(40);

/**
 * The integral from 0 of exp(exponent), a log-concave function that is 1 at 0 and falls: Gauss's rule over the part above e^-42 or so.
 */
export function decayingIntegral(exponent: (w: number) => number, { linear, curvature, limit }: Decay): number {
  let to = Math.min(limit, 90 / (linear + Math.hypot(linear, Math.sqrt(90 * curvature))));
  while (to < limit && exponent(to) > -42) to = Math.min(limit, to * 1.25);
  return integrate((w) => Math.exp(exponent(w)), { from: 0, to }, decayRule);
}
