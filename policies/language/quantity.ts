/** Numbers with units: how they are read, and how they are written back. */
import { formatDay, parseDay, present } from "../../data/foundation/index.ts";
import type { Constant, Expression, ValueUnit } from "./expression.ts";
import type { Cursor } from "./phrase.ts";
import { PhraseFault } from "./tokens.ts";

/** A literal of an expression. */
export type Literal = Extract<Expression, { kind: "number" }>;

const unitWords: ReadonlyMap<string, ValueUnit> = new Map([
  ["day", "days"],
  ["days", "days"],
  ["hour", "hours"],
  ["hours", "hours"],
  ["point", "points"],
  ["points", "points"],
]);

/** Largest literal, before its unit. */
const literalMax = 1e15;

/** Shifts the decimal point of a plain decimal to the right (left when negative), in the text: `2.2` by -2 is `0.022`. */
export function shiftDecimal(digits: string, places: number): string {
  const [whole = "", fraction = ""] = digits.split(".");
  const all = whole + fraction;
  const point = whole.length + places;
  const padded = point <= 0 ? "0".repeat(1 - point) + all : all.padEnd(point, "0");
  const at = Math.max(point, 1);
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const right = padded.slice(at).replace(/0+$/, "");
  return right === "" ? left : `${left}.${right}`;
}

/**
 * The plain decimal digits of a finite double, never in exponent form: the shortest that read back to it.
 *
 * @example
 * plainDigits(1e-7)
 * // => "0.0000001"
 */
export function plainDigits(value: number): string {
  const [mantissa = "", exponent] = String(Math.abs(value)).split("e");
  const digits = exponent === undefined ? mantissa : shiftDecimal(mantissa, Number(exponent));
  return value < 0 ? `-${digits}` : digits;
}

/** A number with its unit: `4 %`, `30 days`, `300 USD`, `5 points`, `-2.5`; or a date. An unknown word after it is left to the caller. */
export function readLiteral(cursor: Cursor, form: string): Literal {
  const first = cursor.peek();
  if (first.kind === "date") {
    cursor.next();
    return { kind: "number", value: present(parseDay(first.text), "a day of the calendar"), unit: "date" };
  }
  const negative = cursor.acceptSign("-");
  const token = cursor.expectNumber("a number", form);
  if (Number(token.text) > literalMax)
    cursor.fail("out-of-range", token, { message: `a number is at most ${literalMax}`, found: token.text });
  const sign = negative ? "-" : "";
  const make = (digits: string, unit: ValueUnit): Literal => ({ kind: "number", value: Number(`${sign}${digits}`) + 0, unit });
  if (cursor.acceptSign("%")) return make(shiftDecimal(token.text, -2), "share");
  const word = cursor.peek();
  if (word.kind !== "word") return make(token.text, "number");
  const unit = unitWords.get(word.text);
  if (unit !== undefined) {
    cursor.next();
    return make(token.text, unit);
  }
  if (!/^[A-Z]{3}$/.test(word.text)) return make(token.text, "number");
  cursor.next();
  const minor = shiftDecimal(token.text, 2);
  if (minor.includes("."))
    throw new PhraseFault("bad-number", token.start, { message: "money has at most two decimals", found: token.text });
  return { ...make(minor, "money"), currency: word.text };
}

/** A literal, or the name of a parameter. */
export function readConstant(cursor: Cursor, form: string): Constant {
  const token = cursor.peek();
  if (token.kind !== "word") return readLiteral(cursor, form);
  cursor.next();
  return { kind: "reference", to: "parameter", name: token.text };
}

/** How a literal is written in a file. */
export function printLiteral(literal: { readonly value: number; readonly unit: ValueUnit; readonly currency?: string }): string {
  const sign = literal.value < 0 ? "-" : "";
  const digits = plainDigits(Math.abs(literal.value));
  switch (literal.unit) {
    case "share":
      return `${sign}${shiftDecimal(digits, 2)} %`;
    case "money":
      return `${sign}${shiftDecimal(digits, -2)} ${literal.currency ?? "USD"}`;
    case "date":
      return formatDay(literal.value);
    case "days":
    case "hours":
    case "points":
      return `${sign}${digits} ${literal.value === 1 ? literal.unit.slice(0, -1) : literal.unit}`;
    case "number":
    case "count":
      return `${sign}${digits}`;
  }
}

/** How a constant is written in a file. */
export function printConstant(constant: Constant): string {
  return constant.kind === "number" ? printLiteral(constant) : constant.name;
}
