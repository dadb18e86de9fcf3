/** Expressions of measures over a window, in exact fractions: nothing is rounded before the one division at the end. */

import { invariant, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { Expression } from "../language/index.ts";
import type { HistoryRow } from "./entity-history.ts";
import { add, type Fraction, fraction, multiply, subtract } from "./exact-math.ts";
import type { Lookup } from "./expression-nodes.ts";
import { exactFraction, nearestNumber } from "./fractions.ts";
import { measureOf, storedValue } from "./stored-value.ts";

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

function measureSum(name: string, rows: readonly HistoryRow[], schema: PanelSchema): Fraction {
  const measure = measureOf(name, schema);
  let sum = 0n;
  for (const row of rows) sum += BigInt(present(storedValue(name, row, schema), `${name} in period ${row.period}`));
  return fraction(sum, 10n ** BigInt(measure.unit === "money" ? 0 : measure.decimals));
}
