/** Expressions of measures over a window, in exact fractions: nothing is rounded before the one division at the end. */
import { add, divide, type Fraction, fraction, multiply, subtract } from "mathjs";
import { invariant, present } from "../../data/foundation/index.ts";
import { findMeasure, type PanelSchema } from "../../data/panel/index.ts";
import { constantValue, type Expression, type Policy } from "../language/index.ts";
import type { HistoryRow } from "./entity-history.ts";

/**
 * The expression over the window's sums. A measure's sum counts in its unit (stored integers over 10^decimals); money stays in
 * minor units. No rows: sums are 0.
 */
export function operandValue(expression: Expression, rows: readonly HistoryRow[], policy: Policy, schema: PanelSchema): Fraction {
  switch (expression.kind) {
    case "number":
      return exactFraction(expression.value);
    case "reference": {
      if (expression.to === "parameter") return exactFraction(constantValue(policy, { ...expression, to: "parameter" }));
      invariant(expression.to === "measure", `${expression.name} is not a measure`);
      return measureSum(expression.name, rows, schema);
    }
    case "negate":
      return multiply(fraction(-1), operandValue(expression.operand, rows, policy, schema)) as Fraction;
    case "arithmetic": {
      const left = operandValue(expression.left, rows, policy, schema);
      const right = operandValue(expression.right, rows, policy, schema);
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

/**
 * The quotient as the nearest double, or undefined when the divisor is 0. One division: both are brought to integers first.
 *
 * @example
 * quotient(exactFraction(0.1), exactFraction(0.3))
 * // => 0.3333333333333333
 */
export function quotient(part: Fraction, whole: Fraction): number | undefined {
  if (whole.n === 0n) return undefined;
  const reduced = divide(part, whole) as Fraction;
  return Number(reduced.s * reduced.n) / Number(reduced.d);
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
