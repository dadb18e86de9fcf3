/** Expressions as kernel code: numbers that may be missing, and three-valued conditions. */
import { invariant, present, unreachable } from "../../data/foundation/index.ts";
import type { Attribute, PanelSchema } from "../../data/panel/index.ts";
import { constantValue, type Expression, type Policy } from "../language/index.ts";
import { impossible, type KernelWriter, numeral, type Truth } from "./kernel-writer.ts";

/** Where names lead: every named thing of the policy as code. */
export interface Names {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly writer: KernelWriter;
  readonly metric: (name: string) => string;
  readonly score: (name: string) => string;
  readonly condition: (name: string) => Truth;
  /** Bounds of scores that are known so far. */
  readonly bounds: Map<string, number>;
}

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
      if (expression.operator === "/") return writer.keep(`${right} === 0 ? NaN : ${left} / ${right}`);
      return writer.keep(`${left} ${expression.operator} ${right}`);
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
    case "member": {
      const { code, attribute } = textOperand(names, expression.operand);
      const codes = expression.values.map((value) => codeOf(attribute, value)).filter((value) => value >= 0);
      const among = codes.length === 0 ? "0 > 1" : codes.map((value) => `${code} === ${value}`).join(" || ");
      return { yes: `(${among})`, no: `(${code} >= 0 && !(${among}))` };
    }
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
  const { policy, schema, writer } = names;
  switch (reference.to) {
    case "parameter":
      return numeral(constantValue(policy, { kind: "reference", to: "parameter", name: reference.name }));
    case "metric":
      return names.metric(reference.name);
    case "score":
      return names.score(reference.name);
    case "attribute": {
      const { attribute, read } = attributeRead(schema, reference.name);
      invariant(attribute.type !== "text", `attribute ${attribute.name} is text, not a number`);
      return writer.once(`attribute ${attribute.name}`, () => writer.keep(read));
    }
    case "measure":
    case "condition":
      return impossible(`${reference.to} ${reference.name} is not a number here`);
    default:
      return unreachable(reference.to);
  }
}

/** The code that reads an attribute of the row at hand. */
function attributeRead(schema: PanelSchema, name: string): { readonly attribute: Attribute; readonly read: string } {
  const index = schema.attributes.findIndex((candidate) => candidate.name === name);
  const attribute = present(schema.attributes[index], `attribute ${name} of the panel`);
  return { attribute, read: `g${index}[${attribute.scope === "entity" ? "entity" : "row"}]` };
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
  if (isText(names.schema, left) || isText(names.schema, right)) return compareTexts(names, operator, left, right);
  const [a, b] = [writeNumber(names, left), writeNumber(names, right)];
  const differ = `(${a} < ${b} || ${a} > ${b})`;
  if (operator === "=") return { yes: `${a} === ${b}`, no: differ };
  if (operator === "!=") return { yes: differ, no: `${a} === ${b}` };
  const opposite = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" }[operator];
  return { yes: `${a} ${operator} ${b}`, no: `${a} ${opposite} ${b}` };
}

function compareTexts(names: Names, operator: string, left: Expression, right: Expression): Truth {
  invariant(operator === "=" || operator === "!=", `texts have no order for ${operator}`);
  if (left.kind === "text" && right.kind === "text") {
    const same = (left.value === right.value) === (operator === "=");
    return same ? { yes: "1 > 0", no: "0 > 1" } : { yes: "0 > 1", no: "1 > 0" };
  }
  if (left.kind === "text") return compareTexts(names, operator, right, left);
  const { code, attribute } = textOperand(names, left);
  let [equal, differ] = ["", ""];
  if (right.kind === "text") {
    const value = codeOf(attribute, right.value);
    equal = value < 0 ? "0 > 1" : `${code} === ${value}`;
    differ = `(${code} >= 0 && ${code} !== ${numeral(value)})`;
  } else {
    const other = textOperand(names, right);
    const translated = names.writer.table(Int32Array.from(other.attribute.values ?? [], (value) => codeOf(attribute, value)));
    const known = `${code} >= 0 && ${other.code} >= 0`;
    equal = `(${known} && ${translated}[${other.code}] === ${code})`;
    differ = `(${known} && ${translated}[${other.code}] !== ${code})`;
  }
  return operator === "=" ? { yes: equal, no: differ } : { yes: differ, no: equal };
}

/** The code of a text in an attribute's dictionary; -2 when no entity ever has it (missing is -1). */
function codeOf(attribute: Attribute, text: string): number {
  const code = (attribute.values ?? []).indexOf(text);
  return code < 0 ? -2 : code;
}

function isText(schema: PanelSchema, expression: Expression): boolean {
  if (expression.kind === "text") return true;
  if (expression.kind !== "reference" || expression.to !== "attribute") return false;
  return attributeRead(schema, expression.name).attribute.type === "text";
}

function textOperand({ schema, writer }: Names, expression: Expression): { readonly code: string; readonly attribute: Attribute } {
  invariant(expression.kind === "reference" && expression.to === "attribute", "texts are compared with text attributes");
  const { attribute, read } = attributeRead(schema, expression.name);
  return { attribute, code: writer.once(`attribute ${attribute.name}`, () => writer.keep(read)) };
}

function knownTruth(names: Names, operand: Expression): Truth {
  if (operand.kind === "text") return { yes: "1 > 0", no: "0 > 1" };
  if (isText(names.schema, operand)) {
    const { code } = textOperand(names, operand);
    return { yes: `${code} >= 0`, no: `${code} < 0` };
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
