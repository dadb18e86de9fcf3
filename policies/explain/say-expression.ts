/** Checked expressions in words, and the comparisons inside them with the numbers that were compared. */
import { unreachable } from "../../data/foundation/index.ts";
import { findAttribute, findMeasure, type PanelSchema } from "../../data/panel/index.ts";
import { type Expression, operandsOf, type Policy, type ReferenceKind, type ValueUnit } from "../language/index.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import { sayDay, sayNumber } from "./say-number.ts";
import type { ClaimTrace } from "./trace.ts";

/**
 * The expression as a sentence part: names become titles, numbers carry their units.
 *
 * @example
 * const policy = { metrics: [{ name: "late_rate", title: "Late share" }], scores: [], conditions: [], parameters: [] };
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
export function sayExpression(expression: Expression, policy: Policy, schema: PanelSchema): string {
  const say = (part: Expression): string => sayExpression(part, policy, schema);
  switch (expression.kind) {
    case "number":
      return sayNumber(expression.value, expression.unit, schema.currency);
    case "text":
      return `“${expression.value}”`;
    case "reference":
      return titleOf(expression.to, expression.name, policy, schema);
    case "negate":
      return `minus ${say(expression.operand)}`;
    case "arithmetic":
      return `(${say(expression.left)} ${arithmeticWords[expression.operator]} ${say(expression.right)})`;
    case "compare": {
      const [left, right] = comparedSides(expression, policy, schema);
      return `${left} ${comparisonWords[expression.operator]} ${right}`;
    }
    case "logic":
      return `${sayOperand(expression.left, expression.operator, say)} ${expression.operator} ${sayOperand(expression.right, expression.operator, say)}`;
    case "not":
      return `not (${say(expression.operand)})`;
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

/** The comparisons, memberships and known-tests inside an expression, left to right, each with its outcome. */
export function claimsOf(expression: Expression, policy: Policy, schema: PanelSchema, lookup: Lookup): readonly ClaimTrace[] {
  if (expression.kind === "reference" && expression.to === "condition") {
    const condition = policy.conditions.find((candidate) => candidate.name === expression.name);
    return condition === undefined ? [] : claimsOf(condition.expression, policy, schema, lookup);
  }
  if (expression.kind !== "compare" && expression.kind !== "member" && expression.kind !== "known") {
    return operandsOf(expression).flatMap((operand) => claimsOf(operand, policy, schema, lookup));
  }
  const [subject, bound] = operandsOf(expression);
  return [
    {
      words: sayExpression(expression, policy, schema),
      ...withKey("value", booleanOrAbsent(evaluateExpression(expression, lookup))),
      ...withKey("left", subject === undefined ? undefined : plainOrAbsent(evaluateExpression(subject, lookup))),
      ...withKey("right", bound === undefined ? undefined : plainOrAbsent(evaluateExpression(bound, lookup))),
    },
  ];
}

/** The unit that an expression counts in, as far as its words need it. */
export function unitOf(expression: Expression, policy: Policy, schema: PanelSchema): ValueUnit {
  if (expression.kind === "number") return expression.unit;
  if (expression.kind === "reference") {
    const named = [...policy.metrics, ...policy.parameters].find((candidate) => candidate.name === expression.name);
    if (expression.to === "metric" || expression.to === "parameter") return named?.unit ?? "number";
    if (expression.to === "measure") return findMeasure(schema, expression.name)?.measure.unit ?? "number";
    return "number";
  }
  const units = operandsOf(expression).map((operand) => unitOf(operand, policy, schema));
  return units.find((unit) => unit !== "number") ?? "number";
}

const arithmeticWords = { "+": "plus", "-": "minus", "*": "times", "/": "divided by" } as const;

const comparisonWords = {
  "<": "is below",
  "<=": "is at most",
  ">": "is above",
  ">=": "is at least",
  "=": "is",
  "!=": "is not",
} as const;

const callWords = {
  min: "the smallest of",
  max: "the largest of",
  clamp: "the value kept within bounds of",
  floor: "the whole part of",
  ceil: "the next whole number from",
  round: "the nearest whole number to",
  abs: "the size of",
} as const;

function titleOf(to: ReferenceKind, name: string, policy: Policy, schema: PanelSchema): string {
  const titles: Record<ReferenceKind, () => string | undefined> = {
    measure: () => findMeasure(schema, name)?.measure.title,
    metric: () => policy.metrics.find((metric) => metric.name === name)?.title,
    score: () => policy.scores.find((score) => score.name === name)?.title,
    parameter: () => sayParameter(name, policy, schema),
    condition: () => policy.conditions.find((condition) => condition.name === name)?.title,
    attribute: () => findAttribute(schema, name)?.title,
  };
  return titles[to]() ?? name;
}

function sayParameter(name: string, policy: Policy, schema: PanelSchema): string | undefined {
  const parameter = policy.parameters.find((candidate) => candidate.name === name);
  return parameter === undefined ? undefined : sayNumber(parameter.value, parameter.unit, schema.currency);
}

/** A number beside a day attribute is a day. */
function comparedSides(
  expression: Extract<Expression, { kind: "compare" }>,
  policy: Policy,
  schema: PanelSchema,
): readonly [string, string] {
  const sides = [expression.left, expression.right] as const;
  const isDay = sides.some(
    (side) => side.kind === "reference" && side.to === "attribute" && findAttribute(schema, side.name)?.type === "day",
  );
  const say = (side: Expression): string => (isDay && side.kind === "number" ? sayDay(side.value) : sayExpression(side, policy, schema));
  return [say(expression.left), say(expression.right)];
}

function sayOperand(operand: Expression, operator: "and" | "or", say: (part: Expression) => string): string {
  return operand.kind === "logic" && operand.operator !== operator ? `(${say(operand)})` : say(operand);
}

function booleanOrAbsent(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function plainOrAbsent(value: unknown): number | string | undefined {
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

function withKey<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });
}
