/** Expressions as kernel code: numbers that may be missing, and three-valued conditions. */
import { invariant, present, unreachable } from "../../data/foundation/index.ts";
import { type Comparison, canOverflow, type Expression } from "../language/checked/index.ts";
import { impossible, numeral, type Truth } from "./kernel-writer.ts";
import type { Names } from "./names.ts";
import { constantCode } from "./write-constant.ts";
import { attributeRead, compareTexts, isText, memberTruth, textOperand } from "./write-text.ts";

/** A number's code: always a name or a numeral, so it may be used twice. Missing is NaN. */
export function writeNumber(names: Names, expression: Expression): string {
  const { writer } = names;
  const operand = (part: Expression) => writeNumber(names, part);
  switch (expression.kind) {
    case "number":
      return numeral(expression.value);
    case "reference":
      return numberNamed(names, expression);
    case "negate":
      return writer.keep(`-${operand(expression.operand)}`);
    case "arithmetic": {
      const [left, right] = [operand(expression.left), operand(expression.right)];
      const plain = `${left} ${expression.operator} ${right}`;
      const code = canOverflow(names.policy, expression) ? writer.finite(plain) : plain;
      return writer.keep(expression.operator === "/" ? `${right} === 0 ? NaN : ${code}` : code);
    }
    case "call":
      return writer.keep(callCode(expression, expression.arguments.map(operand)));
    case "if": {
      const { yes, no } = writeTruth(names, expression.condition);
      const [then, otherwise] = [operand(expression.then), operand(expression.otherwise)];
      return writer.keep(`(${yes}) ? ${then} : (${no}) ? ${otherwise} : NaN`);
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

/** A condition's two sides. Each side's code is linear in the condition's length; it holds no statement of its own. */
export function writeTruth(names: Names, expression: Expression): Truth {
  switch (expression.kind) {
    case "reference":
      invariant(expression.to === "condition", `${expression.name} is not a condition`);
      return names.condition(expression.name);
    case "compare":
      return compareTruth(names, expression);
    case "logic": {
      const [left, right] = [writeTruth(names, expression.left), writeTruth(names, expression.right)];
      const [yes, no] = expression.operator === "and" ? ["&&", "||"] : ["||", "&&"];
      return { yes: `(${left.yes} ${yes} ${right.yes})`, no: `(${left.no} ${no} ${right.no})` };
    }
    case "not": {
      const { yes, no } = writeTruth(names, expression.operand);
      return { yes: no, no: yes };
    }
    case "known":
      return knownTruth(names, expression.operand);
    case "member":
      return memberTruth(names, expression.operand, expression.values);
    case "if": {
      const { yes, no } = keepTruth(names, writeTruth(names, expression.condition));
      const [then, otherwise] = [writeTruth(names, expression.then), writeTruth(names, expression.otherwise)];
      return {
        yes: `(${yes} && ${then.yes} || ${no} && ${otherwise.yes})`,
        no: `(${yes} && ${then.no} || ${no} && ${otherwise.no})`,
      };
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

/** Gives both sides of a condition a name. */
export function keepTruth({ writer }: Names, { yes, no }: Truth): Truth {
  return { yes: writer.keep(yes), no: writer.keep(no) };
}

function numberNamed(names: Names, reference: Extract<Expression, { kind: "reference" }>): string {
  const { schema, writer } = names;
  const { to, name } = reference;
  switch (to) {
    case "parameter":
      return constantCode(names, { kind: "reference", to, name });
    case "metric":
      return names.metric(name);
    case "score":
      return names.score(name);
    case "ledger":
      return names.own?.name === name ? names.own.balance() : names.ledger(name);
    case "today":
      return "day";
    case "event":
      return eventNumber(names, name);
    case "attribute": {
      const { attribute, read } = attributeRead(schema, name);
      invariant(attribute.type !== "text", `attribute ${attribute.name} is text, not a number`);
      return writer.once(`attribute ${attribute.name}`, () => writer.keep(read));
    }
    case "measure":
    case "condition":
      return impossible(`${to} ${name} is not a number here`);
    default:
      return unreachable(to);
  }
}

/** A number that the event at hand carries, or its place among its kind. */
function eventNumber({ writer, event }: Names, name: string): string {
  invariant(event !== undefined, `no event is at hand for its ${name}`);
  invariant(name === "points" || name === "number", `the field ${name} of an event is not a number`);
  const column = name === "points" ? "eventPoints" : "eventNumber";
  writer.reads(column);
  return writer.keep(`${column}[${event}]`);
}

function callCode(call: Extract<Expression, { kind: "call" }>, operands: readonly string[]): string {
  const [first, second, third] = operands;
  const value = present(first, `an operand of ${call.function}`);
  switch (call.function) {
    case "min":
    case "max":
      return `Math.${call.function}(${operands.join(", ")})`;
    case "clamp":
      return `Math.min(Math.max(${value}, ${present(second, "lower bound")}), ${present(third, "upper bound")})`;
    case "floor":
    case "ceil":
    case "abs":
      return `Math.${call.function}(${value})`;
    case "round": {
      if (second === undefined) return `roundToInteger(${value})`;
      const places = call.arguments[1];
      invariant(places?.kind === "number", "the decimals of round are a literal");
      return `roundExactly(${value}, ${numeral(places.value)})`;
    }
    default:
      return unreachable(call.function);
  }
}

function compareTruth(names: Names, { operator, left, right }: Extract<Expression, { kind: "compare" }>): Truth {
  if (isText(names, left) || isText(names, right)) return compareTexts(names, operator, left, right);
  const [a, b] = [writeNumber(names, left), writeNumber(names, right)];
  return compareNumbers(operator, a, b);
}

/** A comparison of two numbers, each a name or a numeral: neither side is true while one is NaN. */
export function compareNumbers(operator: Comparison, a: string, b: string): Truth {
  const differ = `(${a} < ${b} || ${a} > ${b})`;
  if (operator === "=") return { yes: `${a} === ${b}`, no: differ };
  if (operator === "!=") return { yes: differ, no: `${a} === ${b}` };
  const opposite = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" }[operator];
  return { yes: `${a} ${operator} ${b}`, no: `${a} ${opposite} ${b}` };
}

function knownTruth(names: Names, operand: Expression): Truth {
  if (isText(names, operand)) {
    const { code, missing } = textOperand(names, operand);
    return { yes: `${code} >= 0`, no: missing };
  }
  if (isCondition(operand)) {
    const { yes, no } = keepTruth(names, writeTruth(names, operand));
    return { yes: `(${yes} || ${no})`, no: `!(${yes} || ${no})` };
  }
  const number = writeNumber(names, operand);
  return { yes: `${number} === ${number}`, no: `${number} !== ${number}` };
}

function isCondition(expression: Expression): boolean {
  if (expression.kind === "reference") return expression.to === "condition";
  if (expression.kind === "if") return isCondition(expression.then);
  return ["compare", "logic", "not", "known", "member"].includes(expression.kind);
}
