/** Numbers as exact fractions. */
import { divide, type Fraction, fraction, subtract } from "./exact-math.ts";

/** The nearest double to a fraction. */
export function nearestNumber(exact: Fraction): number {
  return Number(exact.s * exact.n) / Number(exact.d);
}

/** Whether one fraction is larger than another, exactly. */
export function isLarger(a: Fraction, b: Fraction): boolean {
  const difference = subtract(a, b);
  return difference.n !== 0n && difference.s > 0n;
}

/**
 * How many whole times a divisor above 0 goes into a fraction, exactly; 0 for a fraction below 0.
 *
 * @example
 * wholeTimes(exactFraction(399), exactFraction(200))
 * // => 1
 */
export function wholeTimes(total: Fraction, divisor: Fraction): number {
  const ratio = divide(total, divisor) as Fraction;
  return ratio.s < 0n ? 0 : Number(ratio.n / ratio.d);
}

/**
 * The quotient as the nearest double, or undefined when the divisor is 0. One division: both are brought to integers first.
 *
 * @example
 * quotient(exactFraction(0.1), exactFraction(0.3))
 * // => 0.3333333333333333
 */
export function quotient(part: Fraction, whole: Fraction): number | undefined {
  if (whole.n === 0n) return undefined;
  return nearestNumber(divide(part, whole) as Fraction);
}

/** A number's decimal digits, exactly: 0.1 is one tenth, not the double next to it. */
export function exactFraction(value: number): Fraction {
  const [digits = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", decimals = ""] = digits.split(".");
  const power = Number(exponent) - decimals.length;
  const integer = BigInt(whole + decimals);
  return power >= 0 ? fraction(integer * 10n ** BigInt(power), 1n) : fraction(integer, 10n ** BigInt(-power));
}
