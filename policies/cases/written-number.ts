/** Numbers of a case file: what they say, and how exactly they say it. */
import { type Cursor, readLiteral, shiftDecimal } from "../language/index.ts";
import type { WrittenNumber } from "./case-file.ts";

/** Reads `12`, `4.35 %`, `300.50 USD`, `1 point`, `-3 days`. Faults: those of the language. */
export function readWrittenNumber(cursor: Cursor, form: string): WrittenNumber {
  const start = cursor.mark();
  const sign = cursor.acceptSign("-") ? "-" : "";
  const { text } = cursor.peek();
  cursor.reset(start);
  const { value, unit, currency } = readLiteral(cursor, form);
  return {
    digits: sign + (unit === "share" ? shiftDecimal(text, -2) : text),
    value,
    unit,
    ...(currency === undefined ? {} : { currency }),
    isRounded: text.includes("."),
  };
}

/** Decimals of the digits. */
export function decimalsOf({ digits }: WrittenNumber): number {
  return digits.split(".")[1]?.length ?? 0;
}

/**
 * The stored integer of a number in a column of so many decimals, which hold all its digits.
 *
 * @example
 * storedInteger({ digits: "0.95", value: 0.95, unit: "share", isRounded: false }, 4)
 * // => 9500
 */
export function storedInteger({ digits }: WrittenNumber, decimals: number): number {
  const isNegative = digits.startsWith("-");
  const shifted = Number(shiftDecimal(isNegative ? digits.slice(1) : digits, decimals));
  return isNegative ? 0 - shifted : shifted;
}

/**
 * Whether a value is what was written: equal to it, or rounding to it where a decimal point was written. Rounding is that of the
 * language: on the exact binary value, ties away from zero. Money with decimals rounds to its minor unit.
 *
 * @example
 * const written = { digits: "0.0435", value: 0.0435, unit: "share", isRounded: true };
 * [0.04344, 0.04354, 0.0436].map((value) => isWritten(value, written))
 * // => [false, true, false]
 */
export function isWritten(value: number, written: WrittenNumber): boolean {
  if (!written.isRounded || !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return value === written.value;
  return roundedTo(value, written.unit === "money" ? 0 : decimalsOf(written)) === written.value;
}

/** ECMAScript's `toFixed` is exact, and takes the larger of two equally near. */
function roundedTo(value: number, decimals: number): number {
  const rounded = Number(Math.abs(value).toFixed(Math.min(decimals, 100)));
  return value < 0 ? 0 - rounded : rounded;
}
