/** Expressions of measures over a window, in exact fractions: nothing is rounded before the one division at the end. */
import { add, divide, type Fraction, fraction, multiply, subtract } from "mathjs";
import { invariant, present } from "../../data/foundation/index.ts";
import { findMeasure, type PanelSchema } from "../../data/panel/index.ts";
import type { Expression } from "../language/index.ts";
import type { HistoryRow } from "./entity-history.ts";
import type { Lookup } from "./expression-nodes.ts";

/**
 * The expression over the window's sums. A measure's sum counts in its unit (stored integers over 10^decimals); money stays in
 * minor units. No rows: sums are 0. Undefined: a parameter in it is missing.
 */
export function operandValue(
  expression: Expression,
  rows: readonly HistoryRow[],
  schema: PanelSchema,
  lookup: Lookup,
): Fraction | undefined {
  switch (expression.kind) {
    case "number":
      return exactFraction(expression.value);
    case "reference": {
      if (expression.to === "measure") return measureSum(expression.name, rows, schema);
      invariant(expression.to === "parameter", `${expression.name} is not a measure`);
      const value = lookup("parameter", expression.name);
      return typeof value === "number" ? exactFraction(value) : undefined;
    }
    case "negate": {
      const operand = operandValue(expression.operand, rows, schema, lookup);
      return operand === undefined ? undefined : (multiply(fraction(-1), operand) as Fraction);
    }
    case "arithmetic": {
      const left = operandValue(expression.left, rows, schema, lookup);
      const right = operandValue(expression.right, rows, schema, lookup);
      if (left === undefined || right === undefined) return undefined;
      if (expression.operator === "+") return add(left, right);
      if (expression.operator === "-") return subtract(left, right);
      invariant(expression.operator === "*", "measures are not divided inside a metric");
      return multiply(left, right) as Fraction;
    }
    case "text":
    case "compare":
    case "logic":
    case "not":
    case "known":
    case "member":
    case "call":
    case "if":
      throw new RangeError(`${expression.kind} does not stand inside a metric`);
  }
}

/** The sum as the nearest double; undefined when a parameter in it is missing. */
export function operandNumber(
  expression: Expression,
  rows: readonly HistoryRow[],
  schema: PanelSchema,
  lookup: Lookup,
): number | undefined {
  const exact = operandValue(expression, rows, schema, lookup);
  return exact === undefined ? undefined : nearestNumber(exact);
}

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

function measureSum(name: string, rows: readonly HistoryRow[], schema: PanelSchema): Fraction {
  const { measure } = present(findMeasure(schema, name), `measure ${name}`);
  let sum = 0n;
  for (const row of rows) sum += BigInt(present(row.measures[name], `${name} in period ${row.period}`));
  return fraction(sum, 10n ** BigInt(measure.unit === "money" ? 0 : measure.decimals));
}
