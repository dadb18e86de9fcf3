/** Expressions as vector code: numbers that may be missing, and three-valued conditions. What the plain kernels call names by is the same here. */
import { type Code, f64x2, invariant, present, unreachable, v128 } from "../../../data/foundation/index.ts";
import type { Comparison, Expression } from "../../language/checked/index.ts";
import { impossible } from "../kernel-writer.ts";
import { attributeNamed, constantCode, type VectorNames } from "./vector-names.ts";
import { roundLanes, roundToIntegerLanes } from "./vector-round.ts";
import { isThere, type Masks, NoVectorForm, unless, where } from "./vector-writer.ts";

/** A number's code: cheap to repeat. Missing is NaN. */
export function writeNumber(names: VectorNames, expression: Expression): Code {
  const { writer } = names;
  const operand = (part: Expression) => writeNumber(names, part);
  switch (expression.kind) {
    case "number":
      return constantCode(names, expression);
    case "reference":
      return numberNamed(names, expression);
    case "negate":
      return writer.keep(f64x2.neg(operand(expression.operand)));
    case "arithmetic": {
      const [left, right] = [operand(expression.left), operand(expression.right)];
      // What a moved parameter makes of it is not known yet, so everything is asked whether it overflows.
      const code = writer.keep({ "+": f64x2.add, "-": f64x2.sub, "*": f64x2.mul, "/": f64x2.div }[expression.operator](left, right));
      const finite = where(f64x2.eq(f64x2.sub(code, code), writer.fixed(0)), code);
      return writer.keep(expression.operator === "/" ? unless(f64x2.eq(right, writer.fixed(0)), finite) : finite);
    }
    case "call":
      return writer.keep(callCode(names, expression, expression.arguments.map(operand)));
    case "if": {
      const { yes, no } = writeMasks(names, expression.condition);
      const [then, otherwise] = [operand(expression.then), operand(expression.otherwise)];
      return writer.keep(v128.select(then, where(no, otherwise), yes));
    }
    case "text":
    case "compare":
    case "logic":
    case "not":
    case "known":
    case "member":
      return impossible(`a ${expression.kind} is not a number`);
    default:
      return unreachable(expression);
  }
}

/** A condition's two sides. */
export function writeMasks(names: VectorNames, expression: Expression): Masks {
  switch (expression.kind) {
    case "reference":
      invariant(expression.to === "condition", `${expression.name} is not a condition`);
      return names.condition(expression.name);
    case "compare":
      return keepMasks(names, compareMasks(names, expression));
    case "logic": {
      const [left, right] = [writeMasks(names, expression.left), writeMasks(names, expression.right)];
      const [yes, no] = expression.operator === "and" ? [v128.and, v128.or] : [v128.or, v128.and];
      return keepMasks(names, { yes: yes(left.yes, right.yes), no: no(left.no, right.no) });
    }
    case "not": {
      const { yes, no } = writeMasks(names, expression.operand);
      return { yes: no, no: yes };
    }
    case "known":
      return knownMasks(names, expression.operand);
    case "member":
      return memberMasks(names, expression.operand, expression.values);
    case "if": {
      const { yes, no } = writeMasks(names, expression.condition);
      const [then, otherwise] = [writeMasks(names, expression.then), writeMasks(names, expression.otherwise)];
      const either = (side: "yes" | "no") => v128.or(v128.and(yes, then[side]), v128.and(no, otherwise[side]));
      return keepMasks(names, { yes: either("yes"), no: either("no") });
    }
    case "number":
    case "text":
    case "negate":
    case "arithmetic":
    case "call":
      return impossible(`a ${expression.kind} is not a condition`);
    default:
      return unreachable(expression);
  }
}

/** Gives both sides of a condition a local. */
export function keepMasks({ writer }: VectorNames, { yes, no }: Masks): Masks {
  return { yes: writer.keep(yes), no: writer.keep(no) };
}

/** A comparison of two numbers: neither side is set where one is missing. */
export function compareNumbers(operator: Comparison, left: Code, right: Code): Masks {
  const differ = v128.or(f64x2.lt(left, right), f64x2.gt(left, right));
  if (operator === "=") return { yes: f64x2.eq(left, right), no: differ };
  if (operator === "!=") return { yes: differ, no: f64x2.eq(left, right) };
  const [yes, no] = {
    "<": [f64x2.lt, f64x2.ge] as const,
    "<=": [f64x2.le, f64x2.gt] as const,
    ">": [f64x2.gt, f64x2.le] as const,
    ">=": [f64x2.ge, f64x2.lt] as const,
  }[operator];
  return { yes: yes(left, right), no: no(left, right) };
}

function numberNamed(names: VectorNames, { to, name }: Extract<Expression, { kind: "reference" }>): Code {
  switch (to) {
    case "parameter":
      return constantCode(names, { kind: "reference", to, name });
    case "metric":
      return names.metric(name);
    case "score":
      return names.score(name);
    case "ledger":
      return names.ledger(name);
    case "today":
      return names.day();
    case "attribute":
      invariant(attributeNamed(names.schema, name).attribute.type !== "text", `attribute ${name} is text, not a number`);
      return names.attribute(name);
    case "event":
      throw new NoVectorForm("a number of an event");
    case "measure":
    case "condition":
      return impossible(`${to} ${name} is not a number here`);
    default:
      return unreachable(to);
  }
}

function callCode(names: VectorNames, call: Extract<Expression, { kind: "call" }>, operands: readonly Code[]): Code {
  const [first, second, third] = operands;
  const value = present(first, `an operand of ${call.function}`);
  switch (call.function) {
    case "min":
      return operands.reduce((least, next) => f64x2.min(least, next));
    case "max":
      return operands.reduce((most, next) => f64x2.max(most, next));
    case "clamp":
      return f64x2.min(f64x2.max(value, present(second, "lower bound")), present(third, "upper bound"));
    case "floor":
      return f64x2.floor(value);
    case "ceil":
      return f64x2.ceil(value);
    case "abs":
      return f64x2.abs(value);
    case "round": {
      if (second === undefined) return roundToIntegerLanes(names, value);
      const places = call.arguments[1];
      invariant(places?.kind === "number", "the decimals of round are a literal");
      return roundLanes(names, value, places.value);
    }
    default:
      return unreachable(call.function);
  }
}

function compareMasks(names: VectorNames, { operator, left, right }: Extract<Expression, { kind: "compare" }>): Masks {
  if (!isText(names, left) && !isText(names, right)) return compareNumbers(operator, writeNumber(names, left), writeNumber(names, right));
  const [text, other] = left.kind === "text" ? [right, left] : [left, right];
  if (text.kind !== "reference" || other.kind !== "text") throw new NoVectorForm("a comparison of two texts that are not known yet");
  const same = memberMasks(names, text, [other.value]);
  return operator === "=" ? same : { yes: same.no, no: same.yes };
}

function memberMasks(names: VectorNames, operand: Expression, values: readonly string[]): Masks {
  const { writer } = names;
  const { code, texts } = textNamed(names, operand);
  const codes = values.map((value) => texts.indexOf(value)).filter((value) => value >= 0);
  const among = codes.reduce((mask, value) => v128.or(mask, f64x2.eq(code, writer.fixed(value))), v128.none);
  const yes = writer.keep(among);
  return { yes, no: writer.keep(v128.and(f64x2.ge(code, writer.fixed(0)), v128.not(yes))) };
}

function knownMasks(names: VectorNames, operand: Expression): Masks {
  const { writer } = names;
  if (operand.kind === "text") return { yes: v128.all, no: v128.none };
  if (isText(names, operand)) {
    const known = writer.keep(f64x2.ge(textNamed(names, operand).code, writer.fixed(0)));
    return { yes: known, no: v128.not(known) };
  }
  if (isCondition(operand)) {
    const { yes, no } = writeMasks(names, operand);
    const known = writer.keep(v128.or(yes, no));
    return { yes: known, no: v128.not(known) };
  }
  const known = writer.keep(isThere(writeNumber(names, operand)));
  return { yes: known, no: v128.not(known) };
}

/** The codes of a text, below 0 or NaN where it is missing, and the texts behind them. */
function textNamed({ policy, schema, attribute, metric }: VectorNames, operand: Expression) {
  invariant(operand.kind === "reference", "texts are compared with texts that have a name");
  if (operand.to === "attribute")
    return { code: attribute(operand.name), texts: attributeNamed(schema, operand.name).attribute.values ?? [] };
  const largest = policy.metrics.find(({ name }) => name === operand.name);
  if (operand.to !== "metric" || largest?.kind !== "largest") throw new NoVectorForm(`the text ${operand.name}`);
  return { code: metric(operand.name), texts: attributeNamed(schema, largest.by).attribute.values ?? [] };
}

function isText({ policy, schema }: VectorNames, expression: Expression): boolean {
  if (expression.kind === "text") return true;
  if (expression.kind !== "reference") return false;
  const { to, name } = expression;
  if (to === "attribute") return attributeNamed(schema, name).attribute.type === "text";
  return to === "metric" && policy.metrics.find((candidate) => candidate.name === name)?.kind === "largest";
}

function isCondition(expression: Expression): boolean {
  if (expression.kind === "reference") return expression.to === "condition";
  if (expression.kind === "if") return isCondition(expression.then);
  return ["compare", "logic", "not", "known", "member"].includes(expression.kind);
}
