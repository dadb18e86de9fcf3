/** Exact decimal arithmetic on doubles: rounding as declared, and literals as scaled integers. */
import { invariant, present } from "../../data/foundation/index.ts";

/** A decimal number as integer / 10^scale. */
export interface ScaledInteger {
  readonly integer: number;
  readonly scale: number;
}

/**
 * The double nearest to the multiple of 10^-decimals that is nearest to the exact binary value; ties (exactly halfway) go away
 * from zero. NaN stays NaN; the result is never -0. Source: ECMAScript `Number.prototype.toFixed`, which is specified on the exact value.
 *
 * @example
 * [roundExactly(2.5, 0), roundExactly(-2.5, 0), roundExactly(1.005, 2), roundExactly(84.95, 1)]
 * // => [3, -3, 1, 85]
 */
export function roundExactly(value: number, decimals: number): number {
  if (value < 0) return 0 - Number((-value).toFixed(decimals));
  return Number(value.toFixed(decimals));
}

/**
 * The integer nearest to a double, ties away from zero; NaN stays NaN.
 *
 * @example
 * [roundToInteger(2.5), roundToInteger(-2.5), roundToInteger(0.49999999999999994)]
 * // => [3, -3, 0]
 */
export function roundToInteger(value: number): number {
  return value < 0 ? 0 - Math.round(-value) : Math.round(value);
}

/**
 * The decimal that a double prints as, in whole units of a power of ten. So a literal's decimal point moves in its text.
 *
 * @example
 * scaledInteger(0.022)
 * // => { integer: 22, scale: 3 }
 */
export function scaledInteger(value: number): ScaledInteger {
  const match = present(/^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)), `a finite decimal in ${value}`);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const scale = fraction.length - Number(exponent);
  const digits = `${whole}${fraction}${"0".repeat(Math.max(0, -scale))}`;
  const integer = Number(`${sign}${digits}`);
  invariant(Number.isSafeInteger(integer), `${value} is not a safe integer of its smallest decimal`);
  return { integer, scale: Math.max(0, scale) };
}
