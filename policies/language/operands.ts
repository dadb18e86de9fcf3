/** Phrases that metrics, windows, ledgers and movement share: sums of measures, counted amounts, constants, and windows that read them. */
import { nearestName } from "../../data/foundation/index.ts";
import { type CheckContext, measureScope } from "./check-context.ts";
import { placeOf, type TextNode } from "./document.ts";
import type { Constant, Expression } from "./expression.ts";
import { parseArithmetic } from "./parse-expression.ts";
import type { Cursor } from "./phrase.ts";
import { located } from "./places.ts";
import type { Window } from "./policy.ts";
import { readConstant, shiftDecimal } from "./quantity.ts";
import { resolveExpression } from "./resolve-expression.ts";
import { partsOf } from "./walk-expression.ts";
import { readPlainWindow } from "./window.ts";

/** Measures joined by + - *, and numbers. Division has a form of its own: 'share' or 'mean'. */
export function readOperand(cursor: Cursor, node: TextNode, context: CheckContext): Expression {
  const start = cursor.peek();
  const expression = resolveExpression(parseArithmetic(cursor), "number", measureScope(context), node);
  let readsMeasure = false;
  for (const part of partsOf(expression)) {
    if (part.kind === "reference") readsMeasure = true;
    const isSum =
      part.kind === "reference" ||
      part.kind === "number" ||
      part.kind === "negate" ||
      (part.kind === "arithmetic" && part.operator !== "/");
    if (!isSum)
      cursor.fail("bad-form", start, {
        message: "an operand adds, subtracts and multiplies measures; nothing else",
        expected: "a + b, (a - b), 2 * a",
        cure: "Compute further in a metric of kind 'value'.",
      });
    if (part.kind === "number" && part.unit !== "number")
      cursor.fail("unit-mismatch", start, { message: "a number in an operand has no unit" });
  }
  if (cursor.atWord("in"))
    cursor.fail("bad-form", cursor.peek(), {
      message: "'in' stands behind the name of one measure, not behind a sum",
      expected: "gmv in USD + fees in USD",
      cure: "Say it of each measure of money: 'gmv in USD + fees in USD'.",
    });
  if (!readsMeasure)
    cursor.fail("bad-form", start, { message: "an operand reads at least one measure", expected: "the name of a measure" });
  return expression;
}

/** `20 orders`: a constant, then what is counted. */
export function readCounted(
  cursor: Cursor,
  node: TextNode,
  context: CheckContext,
  form: string,
): { readonly of: Expression; readonly count: Constant } {
  const mark = cursor.mark();
  let count = locatedConstant(readConstant(cursor, form), node, context, cursor);
  if (cursor.peek().kind === "end" && count.kind === "number" && count.unit !== "share") {
    // The word after the number was a unit's, and is the measure's name: `5 points` of a measure called points.
    cursor.reset(mark);
    const digits = cursor.expectNumber("a number", form);
    count = { kind: "number", value: Number(digits.text), unit: "number" };
  }
  return { of: readOperand(cursor, node, context), count };
}

/** Any window: a plain one, `last 100 orders`, or the name of a window. */
export function readWindow(cursor: Cursor, node: TextNode, context: CheckContext): Window {
  if (cursor.acceptWord("last") !== undefined) return { kind: "volume", ...readCounted(cursor, node, context, "last 100 orders") };
  const token = cursor.peek();
  if (token.kind !== "word" || token.text === "lifetime") return readPlainWindow(cursor);
  const windows = [...context.names].flatMap(([name, kind]) => (kind === "window" ? [name] : []));
  if (!windows.includes(token.text)) {
    cursor.fail("bad-window", token, {
      message: `'${token.text}' is not a window`,
      found: token.text,
      expected: "28 days, 12 weeks, 6 periods, 3 months, 1 quarter, 1 year, last 100 orders, lifetime or the name of a window",
      near: nearestName(token.text, windows),
    });
  }
  cursor.next();
  return { kind: "named", name: token.text };
}

/** A constant with its place; a name must be that of a parameter. */
export function locatedConstant(constant: Constant, node: TextNode, context: CheckContext, cursor: Cursor): Constant {
  if (constant.kind === "number") return located(constant, placeOf(node));
  const kind = context.names.get(constant.name);
  const at = { start: Math.max(0, cursor.previousStart()) };
  if (kind === undefined) {
    const parameters = [...context.names].filter(([, candidate]) => candidate === "parameter").map(([name]) => name);
    cursor.fail("unknown-name", at, {
      message: `no parameter is called '${constant.name}'`,
      found: constant.name,
      near: nearestName(constant.name, parameters),
    });
  }
  if (kind !== "parameter")
    cursor.fail("wrong-kind-of-name", at, {
      message: `'${constant.name}' is a ${kind}; a number or a parameter stands here`,
      found: kind,
      expected: "parameter",
    });
  return located({ ...constant }, placeOf(node, at.start));
}

/** `0 to 1000`, `0 to 60 points`: two constants; a unit written once is that of both. */
export function readBounds(cursor: Cursor, node: TextNode, context: CheckContext): { readonly lower: Constant; readonly upper: Constant } {
  const form = "0 to 1000";
  const digits = cursor.peek().text;
  const lower = locatedConstant(readConstant(cursor, form), node, context, cursor);
  cursor.expectWord(["to"], form);
  const upper = locatedConstant(readConstant(cursor, form), node, context, cursor);
  const isShort = lower.kind === "number" && upper.kind === "number" && lower.unit === "number" && upper.unit !== "number";
  if (!isShort) return { lower, upper };
  const factor = upper.unit === "share" ? -2 : upper.unit === "money" ? 2 : 0;
  return { lower: located({ ...upper, value: Number(shiftDecimal(digits, factor)) }, placeOf(node)), upper };
}
