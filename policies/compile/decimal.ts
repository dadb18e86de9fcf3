/** Exact decimal arithmetic on doubles: rounding as declared, and literals as scaled integers. */
import { invariant, present } from "../../data/foundation/index.ts";

/** A decimal number as integer / 10^scale. */
export interface ScaledInteger {
  readonly integer: number;
  readonly scale: number;
}

/**
 * The double nearest to the multiple of 10^-decimals that is nearest to the exact binary value; ties (exactly halfway) go away
 * from zero. NaN stays NaN; the result is never -0.
 *
 * The product with 10^decimals is split into a double and its exact error (Dekker 1971, Veltkamp's split), so the comparison with
 * the half is exact. Beyond 10^15 `toFixed` decides, which ECMAScript specifies on the exact value.
 *
 * @example
 * [roundExactly(2.5, 0), roundExactly(-2.5, 0), roundExactly(1.005, 2), roundExactly(84.95, 1)]
 * // => [3, -3, 1, 85]
 */
export function roundExactly(value: number, decimals: number): number {
  const size = Math.abs(value);
  const power = powersOfTen[decimals];
  if (power === undefined || !(size * power < 1e15)) {
    const rounded = Number(size.toFixed(decimals));
    return value < 0 ? 0 - rounded : rounded;
  }
  const product = size * power;
  const sizeShift = SPLIT * size;
  const sizeHigh = sizeShift - (sizeShift - size);
  const sizeLow = size - sizeHigh;
  const powerShift = SPLIT * power;
  const powerHigh = powerShift - (powerShift - power);
  const powerLow = power - powerHigh;
  const error = sizeHigh * powerHigh - product + sizeHigh * powerLow + sizeLow * powerHigh + sizeLow * powerLow;
  const floor = Math.floor(product);
  const rounded = (product - floor - 0.5 >= -error ? floor + 1 : floor) / power;
  return value < 0 ? 0 - rounded : rounded;
}

const SPLIT = 134_217_729;

const powersOfTen = Array.from({ length: 16 }, (_, exponent) => powerOfTen(exponent));

/**
 * 10^exponent, exact up to 10^22. (The operator `**` is not specified to be.)
 *
 * @example
 * powerOfTen(15)
 * // => 1_000_000_000_000_000
 */
export function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
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

/**
 * The number itself, or NaN for one that is not finite: what lies beyond the doubles is missing.
 *
 * @example
 * [finite(1e308), finite(1e308 * 10), finite(-0)]
 * // => [1e308, NaN, -0]
 */
export function finite(value: number): number {
  return value - value === 0 ? value : Number.NaN;
}
