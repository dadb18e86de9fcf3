/** Real roots of polynomials of low degree. */
import { rootBetween } from "./root.ts";

/** A leading coefficient below this share of the largest is rounding: its roots lie beyond all that matters. */
const negligible = 1e-15;

/**
 * The real roots of a polynomial at which its sign changes, ascending; coefficients from the constant on. Between the roots of its derivative a polynomial is
 * monotone. Roots that only touch 0 may be there or not.
 *
 * @example
 * realRoots([-4, 0, 1])
 * // => [-2, 2]
 */
export function realRoots(coefficients: readonly number[]): readonly number[] {
  const largest = coefficients.reduce((most, coefficient) => Math.max(most, Math.abs(coefficient)), 0);
  let degree = coefficients.length - 1;
  while (degree > 0 && Math.abs(coefficients[degree] as number) <= negligible * largest) degree--;
  if (degree < 1) return [];
  const [constant, slope, square] = coefficients as [number, number, number];
  if (degree === 1) return [-constant / slope];
  if (degree === 2) return quadraticRoots(constant, slope, square);
  const used = coefficients.slice(0, degree + 1);
  const leading = used[degree] as number;
  const value = (x: number): number => used.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
  // Cauchy's bound of all roots.
  const reach = 1 + used.slice(0, degree).reduce((most, coefficient) => Math.max(most, Math.abs(coefficient / leading)), 0);
  const turns = realRoots(used.slice(1).map((coefficient, index) => coefficient * (index + 1)));
  const ends = [-reach, ...turns.filter((turn) => Math.abs(turn) < reach), reach];
  const roots: number[] = [];
  for (let i = 0; i + 1 < ends.length; i++) {
    const [left, right] = [ends[i] as number, ends[i + 1] as number];
    const [from, to] = [value(left), value(right)];
    if (from === 0) roots.push(left);
    else if (to !== 0 && from > 0 !== to > 0) roots.push(rootBetween(value, left, right));
  }
  return roots;
}

/** Without the cancellation of the school formula. */
function quadraticRoots(constant: number, slope: number, square: number): readonly number[] {
  const discriminant = slope * slope - 4 * square * constant;
  if (discriminant < 0) return [];
  const sum = -(slope + (slope < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
  const roots = sum === 0 ? [0] : [sum / square, constant / sum];
  return roots.sort((x, y) => x - y);
}
