/** Integrals by rules of Gauss. */
import { invariant } from "../../../data/foundation/index.ts";

/** Points in (-1, 1) and their weights. */
export interface Rule {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The rule of Gauss and Legendre with `count` points: exact for polynomials of degree 2 count - 1. Source: Newton steps on the three-term
 * recurrence, Davis and Rabinowitz (1984), Methods of Numerical Integration, 2.7.
 *
 * @example
 * Array.from(gaussLegendre(2).points, (point) => point.toFixed(10))
 * // => ["-0.5773502692", "0.5773502692"]
 */
export function gaussLegendre(count: number): Rule {
  invariant(Number.isInteger(count) && count >= 1 && count <= 2000, `a Gauss rule of ${count} points`);
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < Math.ceil(count / 2); i++) {
    let x = 2 * i + 1 === count ? 0 : Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = legendre(count, x).slope;
    for (let step = 0; step < 10 && x !== 0; step++) {
      const { value, slope: next } = legendre(count, x);
      slope = next;
      const change = value / slope;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    slope = legendre(count, x).slope;
    points[i] = -x;
    points[count - 1 - i] = x;
    weights[i] = weights[count - 1 - i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

function legendre(count: number, x: number): { value: number; slope: number } {
  let [previous, value] = [1, x];
  for (let n = 2; n <= count; n++) [previous, value] = [value, ((2 * n - 1) * x * value - (n - 1) * previous) / n];
  return { value, slope: count === 1 ? 1 : (count * (x * value - previous)) / (x * x - 1) };
}

/**
 * The integral of f from `from` to `to` by a rule of Gauss and Legendre. For functions that are smooth over the whole range.
 *
 * @example
 * integrate((x) => x ** 3, { from: 0, to: 2 }, gaussLegendre(2)).toFixed(12)
 * // => "4.000000000000"
 */
export function integrate(
  f: (x: number) => number,
  range: { readonly from: number; readonly to: number },
  { points, weights }: Rule,
): number {
  const half = (range.to - range.from) / 2;
  const middle = (range.from + range.to) / 2;
  let sum = 0;
  for (let i = 0; i < points.length; i++) sum += (weights[i] as number) * f(middle + half * (points[i] as number));
  return sum * half;
}
