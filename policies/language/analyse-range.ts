/** What a number, a text or a yes-or-no can be, and how possibilities combine. Always wide enough: what really happens lies inside. */
import { unreachable } from "../../data/foundation/index.ts";
import type { Expression } from "./expression.ts";
import type { Comparison } from "./policy.ts";

/** Numbers from `lower` to `upper`, both inside. `missing`: it may also be missing. `known`: it may also be there. */
export interface Range {
  readonly kind: "number";
  readonly lower: number;
  readonly upper: number;
  readonly missing: boolean;
  readonly known: boolean;
}

/** A text: `only` this one, or any but those of `not`. */
export interface Texts {
  readonly kind: "text";
  readonly only?: string;
  readonly not?: readonly string[];
  readonly missing: boolean;
  readonly known: boolean;
}

/** Which answers a condition can have. */
export interface Possible {
  readonly yes: boolean;
  readonly no: boolean;
  readonly unknown: boolean;
}

/** A condition taken for itself: its answers, whatever it reads. */
export interface Answers extends Possible {
  readonly kind: "answers";
}

/** What is known of a policy's names: what the ranges of scores and ledgers are made from. */
export interface RangeReader {
  /** A metric, score or ledger. */
  readonly named: (to: "metric" | "score" | "ledger", name: string) => Range | Texts;
  readonly number: (expression: Expression) => Range;
  readonly condition: (expression: Expression) => Possible;
}

/** Any answer. */
export const anyAnswer: Possible = { yes: true, no: true, unknown: true };

/** Numbers from `lower` to `upper`. */
export function between(lower: number, upper: number, missing = false): Range {
  return { kind: "number", lower, upper, missing, known: true };
}

/** One number. */
export function exactly(value: number): Range {
  return between(value, value);
}

/** Any number, perhaps missing. */
export function anyNumber(missing = true): Range {
  return between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, missing);
}

/** Never there. */
export const neverThere: Range = { kind: "number", lower: 0, upper: 0, missing: true, known: false };

/** The range that holds both; a range that is never there adds only that it can be missing. */
export function hull(left: Range, right: Range): Range {
  const missing = left.missing || right.missing;
  if (!left.known) return { ...right, missing };
  if (!right.known) return { ...left, missing };
  return between(Math.min(left.lower, right.lower), Math.max(left.upper, right.upper), missing);
}

/** Applies an operation that grows with each operand (or falls with it all along): the ends decide. Missing spreads. */
export function combine(ranges: readonly Range[], ends: () => readonly [number, number]): Range {
  const missing = ranges.some((range) => range.missing);
  if (ranges.some((range) => !range.known)) return neverThere;
  const [lower, upper] = ends();
  return between(Number.isNaN(lower) ? Number.NEGATIVE_INFINITY : lower, Number.isNaN(upper) ? Number.POSITIVE_INFINITY : upper, missing);
}

/** `left operator right`. A division by zero is missing. */
export function arithmetic(operator: "+" | "-" | "*" | "/", left: Range, right: Range): Range {
  switch (operator) {
    case "+":
      return combine([left, right], () => [left.lower + right.lower, left.upper + right.upper]);
    case "-":
      return combine([left, right], () => [left.lower - right.upper, left.upper - right.lower]);
    case "*":
      return combine([left, right], () => corners(left, right, (a, b) => [a === 0 || b === 0 ? 0 : a * b]));
    case "/":
      return quotient(left, right);
    default:
      return unreachable(operator);
  }
}

function quotient(left: Range, right: Range): Range {
  if (!left.known || !right.known || (right.lower === 0 && right.upper === 0)) return neverThere;
  const missing = left.missing || right.missing || (right.lower <= 0 && right.upper >= 0);
  const positive = right.upper > 0 ? [{ ...right, lower: Math.max(right.lower, Number.MIN_VALUE) }] : [];
  const negative = right.lower < 0 ? [{ ...right, upper: Math.min(right.upper, -Number.MIN_VALUE) }] : [];
  const parts = [...positive, ...negative].map((divisor) => {
    const [lower, upper] = corners(left, divisor, (a, b) => {
      const value = a / b;
      return Number.isNaN(value) ? [0, Math.sign(a) * Math.sign(b) * Number.POSITIVE_INFINITY] : [value];
    });
    return between(lower, upper, missing);
  });
  return parts.reduce(hull);
}

function corners(left: Range, right: Range, value: (a: number, b: number) => readonly number[]): readonly [number, number] {
  const values = [left.lower, left.upper].flatMap((a) => [right.lower, right.upper].flatMap((b) => value(a, b)));
  return [Math.min(...values), Math.max(...values)];
}

/** A function of the language over ranges. */
export function callRange(name: Extract<Expression, { kind: "call" }>["function"], given: readonly Range[]): Range {
  const each = (end: "lower" | "upper"): number[] => given.map((range) => range[end]);
  const [first = anyNumber(), second = anyNumber(), third = anyNumber()] = given;
  const { lower, upper } = first;
  switch (name) {
    case "min":
      return combine(given, () => [Math.min(...each("lower")), Math.min(...each("upper"))]);
    case "max":
      return combine(given, () => [Math.max(...each("lower")), Math.max(...each("upper"))]);
    case "clamp":
      return combine(given, () => [
        Math.min(Math.max(lower, second.lower), third.lower),
        Math.min(Math.max(upper, second.upper), third.upper),
      ]);
    case "floor":
      return combine(given, () => [Math.floor(lower), Math.floor(upper)]);
    case "ceil":
      return combine(given, () => [Math.ceil(lower), Math.ceil(upper)]);
    case "round":
      // Half a unit either way, whichever way ties go.
      return combine(given, () => [Math.ceil(lower - 0.5), Math.floor(upper + 0.5)]);
    case "abs":
      return combine(given, () => [
        lower <= 0 && upper >= 0 ? 0 : Math.min(Math.abs(lower), Math.abs(upper)),
        Math.max(Math.abs(lower), Math.abs(upper)),
      ]);
    default:
      return unreachable(name);
  }
}

/** What a comparison of two numbers can say. */
export function compareRanges(operator: Comparison, left: Range, right: Range): Possible {
  const unknown = left.missing || right.missing;
  if (!left.known || !right.known) return { yes: false, no: false, unknown: true };
  const meet = left.lower <= right.upper && right.lower <= left.upper;
  const isOne = left.lower === left.upper && right.lower === right.upper && left.lower === right.lower;
  switch (operator) {
    case "<":
      return { yes: left.lower < right.upper, no: left.upper >= right.lower, unknown };
    case "<=":
      return { yes: left.lower <= right.upper, no: left.upper > right.lower, unknown };
    case ">":
      return { yes: left.upper > right.lower, no: left.lower <= right.upper, unknown };
    case ">=":
      return { yes: left.upper >= right.lower, no: left.lower < right.upper, unknown };
    case "=":
      return { yes: meet, no: !isOne, unknown };
    case "!=":
      return { yes: !isOne, no: meet, unknown };
    default:
      return unreachable(operator);
  }
}

/** Whether a text can be one of these. */
export function memberOf(texts: Texts, values: readonly string[]): Possible {
  if (!texts.known) return { yes: false, no: false, unknown: true };
  const { only, not = [], missing } = texts;
  if (only !== undefined) return { yes: values.includes(only), no: !values.includes(only), unknown: missing };
  return { yes: values.some((value) => !not.includes(value)), no: true, unknown: missing };
}

/** `left and right`. */
export function conjunction(left: Possible, right: Possible): Possible {
  return {
    yes: left.yes && right.yes,
    no: left.no || right.no,
    unknown: (left.unknown && (right.unknown || right.yes)) || (right.unknown && left.yes),
  };
}

/** `not possible`. */
export function inverse(possible: Possible): Possible {
  return { yes: possible.no, no: possible.yes, unknown: possible.unknown };
}

/** `then if condition else otherwise`, of conditions. */
export function chooseAnswer(condition: Possible, then: Possible, otherwise: Possible): Possible {
  return {
    yes: (condition.yes && then.yes) || (condition.no && otherwise.yes),
    no: (condition.yes && then.no) || (condition.no && otherwise.no),
    unknown: condition.unknown || (condition.yes && then.unknown) || (condition.no && otherwise.unknown),
  };
}

/** `then if condition else otherwise`, of numbers. */
export function chooseRange(condition: Possible, then: Range, otherwise: Range): Range {
  const parts = [...(condition.yes ? [then] : []), ...(condition.no ? [otherwise] : []), ...(condition.unknown ? [neverThere] : [])];
  return parts.reduce(hull, parts[0] ?? neverThere);
}

const bits = new DataView(new ArrayBuffer(8));

/** The next number above that a double can hold. */
export function nextAbove(value: number): number {
  if (!Number.isFinite(value)) return value;
  if (value === 0) return Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}

/** The next number below that a double can hold. */
export function nextBelow(value: number): number {
  return -nextAbove(-value);
}
