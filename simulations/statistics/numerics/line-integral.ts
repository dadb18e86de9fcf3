/** Integrals over the whole line of smooth functions with one peak, by the trapezoidal rule: its error falls faster than any power there. */

/** What is known of the integrand. */
export interface Peak {
  /** About where it is largest. */
  readonly at: number;
  /** The distance over which it changes by a factor of e or so, at its narrowest. */
  readonly width: number;
}

/**
 * The integral of a nonnegative function that falls to 0 on both sides of its peak. Points a quarter of a width apart, outwards from the peak until a term is
 * below 1e-19 of the sum. Relative error about 1e-15 where the function's own is. Source: Trefethen and Weideman (2014), SIAM Review 56, 385-458.
 *
 * @example
 * lineIntegral((x) => Math.exp(-x * x), { at: 0, width: 0.7 }).toFixed(12) === Math.sqrt(Math.PI).toFixed(12)
 * // => true
 */
export function lineIntegral(f: (x: number) => number, { at, width }: Peak): number {
  const step = width / 4;
  let sum = f(at);
  for (const side of [1, -1]) {
    let quiet = 0;
    for (let n = 1; n < 100_000 && quiet < 3; n++) {
      const term = f(at + side * n * step);
      sum += term;
      quiet = term <= 1e-19 * sum ? quiet + 1 : 0;
    }
  }
  return sum * step;
}

/**
 * About where a log-concave function peaks, from the sign of its logarithm's slope, which is positive on the left: halving within `from` to `to`
 * until the bracket is narrower than `width`.
 */
export function peakOf(
  slope: (x: number) => number,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): number {
  let [left, right] = [from, to];
  for (let step = 0; step < 100 && right - left > width; step++) {
    const middle = (left + right) / 2;
    if (slope(middle) > 0) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}
