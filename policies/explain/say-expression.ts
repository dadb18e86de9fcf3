/** Checked expressions in words. */
import { unreachable } from "../../data/foundation/index.ts";
import { conversionIn, findAttribute, findMeasure, type PanelSchema, panelMeasure } from "../../data/panel/index.ts";
import { type Expression, operandsOf, type Policy, parameterOf, type ReferenceKind, type ValueUnit } from "../language/index.ts";
import type { Lookup } from "./expression-nodes.ts";
import { type SaidUnit, saidUnit, sayDay, sayNumber } from "./say-number.ts";

/**
 * The expression as a sentence part: names become titles, numbers carry their units. With `lookup`, a
 * parameter by text is the number that it is for the entity.
 *
 * @example
 * const policy = { metrics: [{ name: "late_rate", title: "Late share" }], scores: [], ledgers: [], conditions: [], parameters: [] };
 * sayExpression(
 *   {
 *     kind: "compare",
 *     operator: "<=",
 *     left: { kind: "reference", to: "metric", name: "late_rate" },
 *     right: { kind: "number", value: 0.04, unit: "share" },
 *   },
 *   policy,
 *   { attributes: [], measures: [] },
 * )
 * // => "Late share is at most 4\u00a0%"
 */
export function sayExpression(expression: Expression, policy: Policy, schema: PanelSchema, lookup?: Lookup): string {
  const say = (part: Expression): string => sayExpression(part, policy, schema, lookup);
  switch (expression.kind) {
    case "number":
      return sayNumber(expression.value, saidUnit(expression, schema), schema.currency);
    case "text":
      return `“${expression.value}”`;
    case "reference":
      return expression.to === "parameter"
        ? sayParameter(expression.name, policy, schema, lookup)
        : titleOf(expression.to, expression.name, policy, schema);
    case "negate":
      return `minus ${say(expression.operand)}`;
    case "arithmetic":
      return `(${say(expression.left)} ${arithmeticWords[expression.operator]} ${say(expression.right)})`;
    case "compare": {
      const [left, right] = comparedSides(expression, schema, say);
      return `${left} ${comparisonWords[expression.operator]} ${right}`;
    }
    case "logic":
      return `${sayOperand(expression.left, expression.operator, say)} ${expression.operator} ${sayOperand(expression.right, expression.operator, say)}`;
    case "not":
      return expression.operand.kind === "known"
        ? `${say(expression.operand.operand)} is not known`
        : `it is not so that (${say(expression.operand)})`;
    case "known":
      return `${say(expression.operand)} is known`;
    case "member":
      return `${say(expression.operand)} is one of ${expression.values.join(", ")}`;
    case "call":
      return `${callWords[expression.function]} ${expression.arguments.map(say).join(" and ")}`;
    case "if":
      return `(${say(expression.then)} if ${say(expression.condition)}, otherwise ${say(expression.otherwise)})`;
    default:
      return unreachable(expression);
  }
}

/** The unit that an expression counts in, as far as its words need it. */
export function unitOf(expression: Expression, policy: Policy, schema: PanelSchema): SaidUnit {
  if (expression.kind === "number") return saidUnit(expression, schema);
  if (expression.kind === "reference") return unitOfReference(expression, policy, schema);
  const units = operandsOf(expression).map((operand) => unitOf(operand, policy, schema));
  const [left, right] = units;
  if (expression.kind === "arithmetic" && left === right && left !== undefined) {
    if (expression.operator === "/") return "number";
    if (expression.operator === "-" && left === "date") return "days";
  }
  if (expression.kind === "arithmetic" && expression.operator === "*") {
    return units.find((unit) => unit !== "number" && unit !== "share") ?? units.find((unit) => unit !== "number") ?? "number";
  }
  return units.find((unit) => unit !== "number") ?? "number";
}

function unitOfReference({ to, name }: Extract<Expression, { kind: "reference" }>, policy: Policy, schema: PanelSchema): SaidUnit {
  const unitIn = (list: readonly { readonly name: string; readonly unit: ValueUnit; readonly currency?: string }[]): SaidUnit =>
    saidUnit(list.find((candidate) => candidate.name === name) ?? { unit: "number" }, schema);
  switch (to) {
    case "metric":
      return unitIn(policy.metrics);
    case "parameter":
      return unitIn(policy.parameters);
    case "ledger":
      return unitIn(policy.ledgers);
    case "measure":
      return saidUnit(
        { unit: findMeasure(schema, panelMeasure(name))?.measure.unit ?? "number", currency: conversionIn(name)?.currency },
        schema,
      );
    case "attribute":
      return findAttribute(schema, name)?.type === "day" ? "date" : "number";
    case "today":
      return "date";
    case "event":
      return name === "points" ? "points" : "number";
    case "score":
    case "condition":
      return "number";
    default:
      return unreachable(to);
  }
}

/** A comparison as it follows its subject. */
export const comparisonWords = {
  "<": "is below",
  "<=": "is at most",
  ">": "is above",
  ">=": "is at least",
  "=": "is",
  "!=": "is not",
} as const;

const arithmeticWords = { "+": "plus", "-": "minus", "*": "times", "/": "divided by" } as const;

const callWords = {
  min: "the smallest of",
  max: "the largest of",
  clamp: "the value kept within bounds of",
  floor: "the whole part of",
  ceil: "the next whole number from",
  round: "the nearest whole number to",
  abs: "the size of",
} as const;

function titleOf(to: Exclude<ReferenceKind, "parameter">, name: string, policy: Policy, schema: PanelSchema): string {
  const titleIn = (list: readonly { readonly name: string; readonly title: string }[]): string =>
    list.find((candidate) => candidate.name === name)?.title ?? name;
  switch (to) {
    case "measure":
      return titleOfMeasure(name, schema);
    case "metric":
      return titleIn(policy.metrics);
    case "score":
      return titleIn(policy.scores);
    case "ledger":
      return titleIn(policy.ledgers);
    case "condition":
      return titleIn(policy.conditions);
    case "attribute":
      return titleIn(schema.attributes);
    case "today":
      return "the evaluation date";
    case "event":
      if (name === "points") return "the points of the event";
      return name === "number" ? "the event's number among its kind" : `the event's ${name.replaceAll("_", " ")}`;
    default:
      return unreachable(to);
  }
}

function titleOfMeasure(name: string, schema: PanelSchema): string {
  const { title = name } = schema.measures.find((candidate) => candidate.name === panelMeasure(name)) ?? {};
  const conversion = conversionIn(name);
  return conversion === undefined ? title : `${title} in ${conversion.currency}`;
}

/** The number; of one by text the number that holds for the entity, or all of them. */
function sayParameter(name: string, policy: Policy, schema: PanelSchema, lookup: Lookup | undefined): string {
  const parameter = parameterOf(policy, name);
  const say = (value: number): string => sayNumber(value, saidUnit(parameter, schema), schema.currency);
  if (parameter.by === undefined) return say(parameter.value);
  const value = lookup?.("parameter", name);
  if (typeof value === "number") return say(value);
  return `${parameter.title} (${parameter.values.map((entry) => `${entry.text} ${say(entry.value)}`).join(", ")})`;
}

/** A number beside a day attribute is a day. */
function comparedSides(
  expression: Extract<Expression, { kind: "compare" }>,
  schema: PanelSchema,
  say: (part: Expression) => string,
): readonly [string, string] {
  const sides = [expression.left, expression.right] as const;
  const isDay = sides.some(
    (side) => side.kind === "reference" && side.to === "attribute" && findAttribute(schema, side.name)?.type === "day",
  );
  const saySide = (side: Expression): string => (isDay && side.kind === "number" ? sayDay(side.value) : say(side));
  return [saySide(expression.left), saySide(expression.right)];
}

function sayOperand(operand: Expression, operator: "and" | "or", say: (part: Expression) => string): string {
  return operand.kind === "logic" && operand.operator !== operator ? `(${say(operand)})` : say(operand);
}
