/** Checked expressions as mathjs syntax nodes, evaluated with a vocabulary of three-valued functions. No text is ever parsed. */

import { unreachable } from "../../data/foundation/index.ts";
import { type Expression, operandsOf, type ReferenceKind } from "../language/index.ts";
import { ConstantNode, type EvalFunction, FunctionNode, type MathNode, SymbolNode } from "./exact-math.ts";

/** What an expression can stand for at run time. Undefined: a missing number or an unknown condition. */
export type Value = number | string | boolean | undefined;

/** Gives the value behind a name. */
export type Lookup = (to: ReferenceKind, name: string) => Value;

/**
 * The expression's value. Missing operands spread, a comparison with something missing is unknown, logic is three-valued
 * (Kleene), a division by zero is missing, and so is what overflows.
 *
 * @example
 * const three = { kind: "number", value: 3, unit: "number" };
 * const missing = { kind: "reference", to: "metric", name: "late_rate" };
 * evaluateExpression({ kind: "known", operand: { kind: "arithmetic", operator: "+", left: three, right: missing } }, () => undefined)
 * // => false
 */
export function evaluateExpression(expression: Expression, lookup: Lookup): Value {
  const { compiled, reads, scope } = preparedOf(expression);
  // All names first: what gives one may evaluate this very expression for another period.
  const values = reads.map(({ to, name }) => lookup(to, name));
  for (const [index, { symbol }] of reads.entries()) scope.set(symbol, values[index]);
  return compiled.evaluate(scope) as Value;
}

/** Every name that an expression reads, in the order of reading. */
function referencesOf(expression: Expression): readonly { readonly to: ReferenceKind; readonly name: string }[] {
  if (expression.kind === "reference") return [{ to: expression.to, name: expression.name }];
  return operandsOf(expression).flatMap(referencesOf);
}

/** What evaluating an expression again need not do again. */
interface Prepared {
  readonly compiled: EvalFunction;
  readonly reads: readonly { readonly to: ReferenceKind; readonly name: string; readonly symbol: string }[];
  /** The vocabulary, and a place for each name that is read. */
  readonly scope: Map<string, unknown>;
}

const prepared = new WeakMap<Expression, Prepared>();

function preparedOf(expression: Expression): Prepared {
  const known = prepared.get(expression);
  if (known !== undefined) return known;
  const reads = referencesOf(expression).map(({ to, name }) => ({ to, name, symbol: symbolOf(to, name) }));
  const made = { compiled: nodeOf(expression).compile(), reads, scope: new Map<string, unknown>(Object.entries(vocabulary)) };
  prepared.set(expression, made);
  return made;
}

function nodeOf(expression: Expression): MathNode {
  switch (expression.kind) {
    case "number":
      return new ConstantNode(expression.value);
    case "text":
      return new ConstantNode(expression.value);
    case "reference":
      return new SymbolNode(symbolOf(expression.to, expression.name));
    case "negate":
      return call("negative", expression);
    case "arithmetic":
      return call(arithmeticNames[expression.operator], expression);
    case "compare":
      return call(comparisonNames[expression.operator], expression);
    case "logic":
      return call(expression.operator === "and" ? "both" : "either", expression);
    case "not":
      return call("opposite", expression);
    case "known":
      return call("isKnown", expression);
    case "member":
      return new FunctionNode(new SymbolNode("isOneOf"), [
        nodeOf(expression.operand),
        ...expression.values.map((text) => new ConstantNode(text)),
      ]);
    case "call":
      return call(`${expression.function}Of`, expression);
    case "if":
      return call("choose", expression);
    default:
      return unreachable(expression);
  }
}

function call(name: string, expression: Expression): MathNode {
  return new FunctionNode(new SymbolNode(name), operandsOf(expression).map(nodeOf));
}

/** A space keeps names of the policy apart from the vocabulary, whatever they are. */
function symbolOf(to: ReferenceKind, name: string): string {
  return `${to} ${name}`;
}

const arithmeticNames = { "+": "plus", "-": "minus", "*": "times", "/": "over" } as const;
const comparisonNames = {
  "<": "isBelow",
  "<=": "isAtMost",
  ">": "isAbove",
  ">=": "isAtLeast",
  "=": "isEqual",
  "!=": "isDifferent",
} as const;

/**
 * mathjs' own comparisons and `floor` are tolerant (0.3 is not below 0.1 + 0.2 there): a tier bound must be exact, so these are
 * JavaScript's.
 */
const vocabulary: Readonly<Record<string, (...operands: never[]) => Value>> = {
  plus: ofNumbers((a, b) => a + b),
  minus: ofNumbers((a, b) => a - b),
  times: ofNumbers((a, b) => a * b),
  over: ofNumbers((a, b) => (b === 0 ? undefined : a / b)),
  negative: ofNumbers((a) => -a),
  minOf: ofNumbers((...all) => Math.min(...all)),
  maxOf: ofNumbers((...all) => Math.max(...all)),
  clampOf: ofNumbers((x, lower, upper) => Math.min(Math.max(x, lower), upper)),
  floorOf: ofNumbers((x) => Math.floor(x)),
  ceilOf: ofNumbers((x) => Math.ceil(x)),
  roundOf: ofNumbers((x, decimals = 0) => roundExactly(x, decimals)),
  absOf: ofNumbers((x) => Math.abs(x)),
  isBelow: ofKnown((a, b) => a < b),
  isAtMost: ofKnown((a, b) => a <= b),
  isAbove: ofKnown((a, b) => a > b),
  isAtLeast: ofKnown((a, b) => a >= b),
  isEqual: ofKnown((a, b) => a === b),
  isDifferent: ofKnown((a, b) => a !== b),
  isOneOf: ofKnown((a, ...values) => values.includes(a)),
  isKnown: (a: Value) => a !== undefined,
  opposite: (a: Value) => (a === undefined ? undefined : a !== true),
  both: (a: Value, b: Value) => (a === false || b === false ? false : a === undefined || b === undefined ? undefined : true),
  either: (a: Value, b: Value) => (a === true || b === true ? true : a === undefined || b === undefined ? undefined : false),
  choose: (condition: Value, then: Value, otherwise: Value) =>
    condition === undefined ? undefined : condition === true ? then : otherwise,
};

/** Missing when any operand is, and when the result lies beyond the doubles. */
function ofNumbers(compute: (...operands: [number, number, number]) => number | undefined): (...operands: (number | undefined)[]) => Value {
  return (...operands) => {
    const result = operands.includes(undefined) ? undefined : compute(...(operands as [number, number, number]));
    return Number.isFinite(result) ? result : undefined;
  };
}

/** Unknown when any operand is. */
function ofKnown(
  compute: (a: number | string, b: number | string, ...rest: (number | string)[]) => boolean,
): (...operands: (number | string | undefined)[]) => Value {
  return (...operands) => (operands.includes(undefined) ? undefined : compute(...(operands as [number, number])));
}

/**
 * The nearest multiple of 10^-decimals to the exact value of the double, ties away from zero (ECMAScript, Number.prototype.toFixed,
 * is exact and takes the larger of two equally near).
 *
 * @example
 * [roundExactly(1.005, 2), roundExactly(0.125, 2), roundExactly(-2.5, 0)]
 * // => [1, 0.13, -3]
 */
export function roundExactly(value: number, decimals: number): number {
  return value < 0 ? -Number((-value).toFixed(decimals)) : Number(value.toFixed(decimals));
}
