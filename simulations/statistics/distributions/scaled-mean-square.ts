/** The estimated standard deviation over the true one, which Student's t and its relatives divide by. */
import { logOnePlusMinus, stirlingError } from "../numerics/gamma-function.ts";
import { lineIntegral, peakOf } from "../numerics/line-integral.ts";

/** A function of s to be averaged, with how fast its logarithm changes. */
export interface OfDeviation {
  /** Its value at s, above 0. */
  readonly value: (s: number) => number;
  /** d log value / d log s. */
  readonly slope: (s: number) => number;
  /** The distance in log s over which it may change by a factor of e at s. */
  readonly width: (s: number) => number;
}

/**
 * The mean of a positive function over s = sqrt(chi-squared / degrees of freedom): the trapezoidal rule over log s, whose density is smooth and
 * has one peak. A function of relative precision gives a mean of relative precision.
 */
export function meanOverDeviation(degreesOfFreedom: number, { value, slope, width }: OfDeviation): number {
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return value(1);
  const half = degreesOfFreedom / 2;
  const front = 2 * Math.sqrt(half / (2 * Math.PI)) * Math.exp(-stirlingError(half));
  const own = 1 / Math.sqrt(2 * degreesOfFreedom);
  const total = (l: number): number => -degreesOfFreedom * Math.expm1(2 * l) + slope(Math.exp(l));
  const at = peakOf(total, { from: -60, to: 60, width: Math.min(own, 0.3) / 8 });
  const integrand = (l: number): number => {
    const square = Math.expm1(2 * l);
    const density = Math.exp(half * (l < -1 ? 2 * l - square : logOnePlusMinus(square)));
    return density === 0 ? 0 : density * value(Math.exp(l));
  };
  return front * lineIntegral(integrand, { at, width: Math.min(own, 0.25, width(Math.exp(at))) });
}
