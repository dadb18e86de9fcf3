/** Random expressions in which units agree: what the checker would let pass, of every kind. */
import type { Expression } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";
import {
  drawConstant,
  drawLiteral,
  type FlowUnit,
  flowsByUnit,
  literalOf,
  type NumberName,
  type TextName,
  type UnitClass,
  type Vocabulary,
} from "./random-vocabulary.ts";

/** Sums over the window, combined: measures of one unit, and numbers that multiply. */
export function drawOperand(draw: Draw, depth: number, unit: FlowUnit = drawFlowUnit(draw)): Expression {
  if (depth === 0 || !draw.chance(3)) return { kind: "reference", to: "measure", name: draw.pick(flowsByUnit[unit]) };
  if (draw.chance(4)) return { kind: "negate", operand: drawOperand(draw, depth - 1, unit) };
  const operator = draw.pick(["+", "-", "*"] as const);
  const left = drawOperand(draw, depth - 1, unit);
  if (operator !== "*") return { kind: "arithmetic", operator, left, right: drawOperand(draw, depth - 1, unit) };
  const right = draw.chance(2) ? literalOf("plain", draw.pick([2, 0.5, 1.25, 0.1, 3])) : drawOperand(draw, depth - 1, "plain");
  return { kind: "arithmetic", operator, left, right };
}

/** The unit of a total; most are counts. */
export function drawFlowUnit(draw: Draw): FlowUnit {
  return draw.pick(["plain", "plain", "plain", "hours", "money"] as const);
}

/** The expression that reads a name. */
export function referenceTo({ to, name }: NumberName | TextName): Expression {
  return { kind: "reference", to, name };
}

const computedUnits = ["plain", "share", "points", "days", "hours", "money"] as const satisfies readonly UnitClass[];

/** A unit that something readable has, so that comparisons are not all between literals. */
export function drawUnit(draw: Draw, { numbers }: Vocabulary): UnitClass {
  const found = computedUnits.filter((unit) => numbers.some((name) => name.unit === unit && name.to !== "parameter"));
  return found.length === 0 ? "plain" : draw.pick(found);
}

/** A number of the unit. */
export function drawNumber(draw: Draw, vocabulary: Vocabulary, unit: UnitClass, depth: number): Expression {
  if (depth === 0 || draw.chance(2)) return drawLeaf(draw, vocabulary, unit);
  if (unit === "date") return drawDate(draw, vocabulary);
  const inner = (own: UnitClass = unit): Expression => drawNumber(draw, vocabulary, own, depth - 1);
  switch (draw.pick(["arithmetic", "negate", "min", "clamp", "one", "if", "named"] as const)) {
    case "arithmetic":
      return drawArithmetic(draw, unit, inner);
    case "negate":
      return { kind: "negate", operand: inner() };
    case "min":
      return { kind: "call", function: draw.pick(["min", "max"]), arguments: [inner(), inner(), ...(draw.chance(3) ? [inner()] : [])] };
    case "clamp":
      return {
        kind: "call",
        function: "clamp",
        arguments: [inner(), literalOf(unit, draw.pick([0, 1])), literalOf(unit, draw.pick([1, 2, 100]))],
      };
    case "one":
      return { kind: "call", function: draw.pick(["floor", "ceil", "round", "abs"]), arguments: [inner()] };
    case "if":
      // biome-ignore lint/suspicious/noThenProperty: 'then' is the field that the policy language reads aloud
      return { kind: "if", condition: drawCondition(draw, vocabulary, depth - 1), then: inner(), otherwise: inner() }; // oxlint-disable-line unicorn/no-thenable
    case "named":
      return drawLeaf(draw, vocabulary, unit);
  }
}

function drawLeaf(draw: Draw, { numbers }: Vocabulary, unit: UnitClass): Expression {
  const named = numbers.filter((name) => name.unit === unit);
  if (named.length === 0 || draw.chance(3)) return drawLiteral(draw, unit);
  // Names that were drawn late read much themselves: they are picked more often than their share.
  return referenceTo(draw.pick(draw.chance(2) ? named.slice(-2) : named));
}

/** `today`, a date, or so many days from one. */
function drawDate(draw: Draw, vocabulary: Vocabulary): Expression {
  const date = drawLeaf(draw, vocabulary, "date");
  if (!draw.chance(2)) return date;
  return { kind: "arithmetic", operator: draw.pick(["+", "-"]), left: date, right: drawConstant(draw, vocabulary, "days") };
}

function drawArithmetic(draw: Draw, unit: UnitClass, inner: (unit?: UnitClass) => Expression): Expression {
  const operator = draw.pick(["+", "-", "*", "/"] as const);
  if (operator === "+" || operator === "-") {
    if (unit === "days" && operator === "-" && draw.chance(2))
      return { kind: "arithmetic", operator, left: inner("date"), right: inner("date") };
    return { kind: "arithmetic", operator, left: inner(), right: inner() };
  }
  if (operator === "*") {
    const [left, right] = draw.chance(2) ? ([unit, "plain"] as const) : (["plain", unit] as const);
    return { kind: "arithmetic", operator, left: inner(left), right: inner(right) };
  }
  if (unit !== "plain") return { kind: "arithmetic", operator, left: inner(), right: inner("plain") };
  const like = draw.pick(computedUnits);
  return { kind: "arithmetic", operator, left: inner(like), right: inner(like) };
}

/** A yes-or-no question. */
export function drawCondition(draw: Draw, vocabulary: Vocabulary, depth: number): Expression {
  const inner = (): Expression => drawCondition(draw, vocabulary, depth - 1);
  const kinds = ["compare", "compare", "known", "text", "member", "named", "named", "dated"] as const;
  const kind = depth === 0 ? draw.pick(kinds) : draw.pick([...kinds, "and", "or", "not", "if"] as const);
  switch (kind) {
    case "compare":
      return drawComparison(draw, vocabulary, drawUnit(draw, vocabulary));
    case "dated":
      return vocabulary.numbers.some(({ to }) => to === "today")
        ? drawComparison(draw, vocabulary, "date")
        : drawComparison(draw, vocabulary, drawUnit(draw, vocabulary));
    case "known":
      return drawKnown(draw, vocabulary);
    case "text":
    case "member":
      return vocabulary.texts.length === 0 ? drawKnown(draw, vocabulary) : drawTextClaim(draw, draw.pick(vocabulary.texts), kind);
    case "named": {
      const { conditions } = vocabulary;
      return conditions.length === 0
        ? drawKnown(draw, vocabulary)
        : { kind: "reference", to: "condition", name: draw.pick(conditions).name };
    }
    case "and":
    case "or":
      return { kind: "logic", operator: kind, left: inner(), right: inner() };
    case "not":
      return { kind, operand: inner() };
    case "if":
      // biome-ignore lint/suspicious/noThenProperty: 'then' is the field that the policy language reads aloud
      return { kind, condition: inner(), then: inner(), otherwise: inner() }; // oxlint-disable-line unicorn/no-thenable
  }
}

function drawComparison(draw: Draw, vocabulary: Vocabulary, unit: UnitClass): Expression {
  return {
    kind: "compare",
    operator: draw.pick(["<", "<=", ">", ">=", "=", "!="]),
    left: drawNumber(draw, vocabulary, unit, 1),
    right: drawNumber(draw, vocabulary, unit, 0),
  };
}

/** An attribute can be asked for only where it is compared as a text too: that is how the language tells that it is one. */
function drawKnown(draw: Draw, vocabulary: Vocabulary): Expression {
  const { texts, conditions } = vocabulary;
  if (conditions.length > 0 && draw.chance(5))
    return { kind: "known", operand: { kind: "reference", to: "condition", name: draw.pick(conditions).name } };
  if (texts.length === 0 || !draw.chance(2)) return { kind: "known", operand: drawNumber(draw, vocabulary, drawUnit(draw, vocabulary), 1) };
  const text = draw.pick(texts);
  const known: Expression = { kind: "known", operand: referenceTo(text) };
  if (text.to !== "attribute") return known;
  const claim = drawTextClaim(draw, text, draw.pick(["text", "member"]));
  return {
    kind: "logic",
    operator: draw.pick(["or", "and"]),
    left: claim,
    right: draw.chance(2) ? { kind: "not", operand: known } : known,
  };
}

function drawTextClaim(draw: Draw, text: TextName, kind: "text" | "member"): Expression {
  const values = [...text.values, "nowhere"];
  if (kind === "member")
    return { kind, operand: referenceTo(text), values: draw.chance(2) ? [draw.pick(values)] : [draw.pick(values), draw.pick(values)] };
  return { kind: "compare", operator: draw.pick(["=", "!="]), left: referenceTo(text), right: { kind: "text", value: draw.pick(values) } };
}
