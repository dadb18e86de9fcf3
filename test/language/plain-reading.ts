/** What an entity merits, by the plainest reading of the language: shares no code with the product. */
import type { Constant, Expression, Policy, Score } from "../../policies/language/index.ts";

type Value = number | string | undefined;
/** By name of a metric, ledger or attribute. */
export type Values = Map<string, Value>;

/** What an entity brings: metrics and ledgers that are measured, attributes; one in eight is missing. */
export function drawn(policy: Policy, draws: Iterable<number>): Values {
  const values: Values = new Map();
  const source = draws[Symbol.iterator]();
  const draw = (): number => Number(source.next().value ?? 0);
  const scales: Readonly<Record<string, readonly number[]>> = {
    share: [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.08, 0.1, 0.15, 0.2, 0.95, 1],
    money: [0, 20_000, 30_000, 40_000],
    days: [0, 2, 3, 4, 30, 60, 90, 91, 800],
    points: [0, 1, 2, 3, 5, 6, 9, 40, 47, 48, 60],
  };
  for (const { name, unit } of [...policy.metrics, ...policy.ledgers]) {
    const scale = scales[unit] ?? [0, 1, 2, 3, 4, 5, 6, 29, 30, 31, 33, 150, 400];
    values.set(name, draw() % 8 === 0 ? undefined : scale[draw() % scale.length]);
  }
  values.set("main_category", ["toys", "books", undefined][draw() % 3]);
  values.set("region", ["north", "far south", "east", undefined][draw() % 4]);
  values.set("market", ["MX", "BR", "far south"][draw() % 3]);
  values.set("today", 19_000 + (draw() % 300));
  return values;
}

/** The merited tier's code, by the plainest reading of the language. */
export function meritOf(policy: Policy, given: Values): number {
  const values: Values = new Map(given);
  const asked = new Map<string, () => Value | boolean>();
  const found = new Map<string, Value | boolean>();
  const known = (name: string): Value | boolean => {
    if (found.has(name)) return found.get(name);
    const ask = asked.get(name);
    const value = ask === undefined ? values.get(name) : ask();
    found.set(name, value);
    return value;
  };
  const read = (expression: Expression): Value | boolean => evaluate(expression, known);
  const constant = (one: Constant): number | undefined => read(one) as number | undefined;
  for (const parameter of policy.parameters)
    asked.set(parameter.name, () => {
      if (parameter.by === undefined) return parameter.value;
      const text = known(parameter.by.name);
      return parameter.values.find((entry) => entry.text === text)?.value;
    });
  for (const metric of policy.metrics)
    if (metric.kind === "value")
      asked.set(metric.name, () => {
        const value = read(metric.expression) as number | undefined;
        if (metric.within === undefined || value === undefined) return value;
        const [lower, upper] = [constant(metric.within.lower), constant(metric.within.upper)];
        return lower === undefined || upper === undefined ? undefined : Math.min(Math.max(value, lower), upper);
      });
  for (const score of policy.scores) asked.set(score.name, () => scoreOf(score, known, constant));
  for (const { name, expression } of policy.conditions) asked.set(name, () => read(expression));
  const merited = policy.tiers.findIndex(({ when }) => when === undefined || read(when) === true);
  const caps = policy.caps.filter(({ when }) => read(when) === true).map((cap) => policy.tiers.findIndex(({ name }) => name === cap.tier));
  return merited < 0 && caps.length === 0 ? policy.tiers.length : Math.max(merited, ...caps);
}

function scoreOf(
  score: Score,
  known: (name: string) => Value | boolean,
  constant: (one: Constant) => number | undefined,
): number | undefined {
  const made = rawScore(score, known, constant);
  return made === undefined || Number.isNaN(made) ? undefined : Number(Math.min(100, Math.max(0, made)).toFixed(score.round));
}

function rawScore(
  score: Score,
  known: (name: string) => Value | boolean,
  constant: (one: Constant) => number | undefined,
): number | undefined {
  if (score.kind === "value") return evaluate(score.expression, known) as number | undefined;
  if (score.kind === "weighted") {
    const parts = score.parts.map((part) => ({ weight: constant(part.weight), value: known(part.score) as number | undefined }));
    const { missing } = score;
    const stood =
      missing.kind === "neutral" ? parts.map(({ weight, value }) => ({ weight, value: value ?? constant(missing.value) })) : parts;
    const there = missing.kind === "share-out" ? stood.filter(({ value }) => value !== undefined) : stood;
    if (there.length === 0 || there.some(({ weight, value }) => weight === undefined || value === undefined)) return undefined;
    const whole = there.reduce((sum, { weight = 0 }) => sum + weight, 0);
    return there.reduce((sum, { weight = 0, value = 0 }) => sum + weight * value, 0) / whole;
  }
  const x = known(score.from.name);
  const anchors = score.anchors.map((anchor) => [constant(anchor.x), constant(anchor.y)] as const);
  if (typeof x !== "number" || anchors.some(([at, y]) => at === undefined || y === undefined)) return undefined;
  const points = anchors as readonly (readonly [number, number])[];
  const [first = [0, 0], second = first] = points;
  if (score.shape === "logistic") {
    const odds = (y: number): number => Math.log(y / (100 - y));
    const slope = (odds(second[1]) - odds(first[1])) / (second[0] - first[0]);
    return 100 / (1 + Math.exp(-(odds(first[1]) + slope * (x - first[0]))));
  }
  const next = points.findIndex(([at]) => at > x);
  const [left = first, right = left] =
    next === 0 ? [first, first] : [points.at(next < 0 ? -1 : next - 1), next < 0 ? undefined : points[next]];
  if (score.shape === "step" || right[0] === left[0]) return left[1];
  return left[1] + ((x - left[0]) * (right[1] - left[1])) / (right[0] - left[0]);
}

function evaluate(expression: Expression, known: (name: string) => Value | boolean): Value | boolean {
  const read = (part: Expression): Value | boolean => evaluate(part, known);
  switch (expression.kind) {
    case "number":
    case "text":
      return expression.value;
    case "reference":
      return expression.to === "today" ? known("today") : known(expression.name);
    case "known":
      return read(expression.operand) !== undefined;
    case "not": {
      const value = read(expression.operand);
      return value === undefined ? undefined : value !== true;
    }
    case "logic": {
      const sides = [read(expression.left), read(expression.right)];
      const decides = expression.operator === "or";
      return sides.includes(decides) ? decides : sides.includes(undefined) ? undefined : !decides;
    }
    case "if": {
      const condition = read(expression.condition);
      return condition === undefined ? undefined : read(condition === true ? expression.then : expression.otherwise);
    }
    case "member": {
      const value = read(expression.operand);
      return value === undefined ? undefined : expression.values.includes(String(value));
    }
    case "compare":
      return compared(expression.operator, read(expression.left), read(expression.right));
    case "negate":
    case "arithmetic":
    case "call":
      return computed(expression, read);
  }
}

function compared(operator: string, left: Value | boolean, right: Value | boolean): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}

function computed(
  expression: Extract<Expression, { kind: "negate" | "arithmetic" | "call" }>,
  read: (part: Expression) => Value | boolean,
): number | undefined {
  const parts =
    expression.kind === "negate"
      ? [expression.operand]
      : expression.kind === "call"
        ? expression.arguments
        : [expression.left, expression.right];
  const numbers = parts.map((part) => read(part));
  if (numbers.some((number) => typeof number !== "number")) return undefined;
  const [x = 0, y = 0, z = 0] = numbers as readonly number[];
  if (expression.kind === "negate") return -x;
  if (expression.kind === "arithmetic") {
    if (expression.operator === "/") return y === 0 ? undefined : x / y;
    return expression.operator === "+" ? x + y : expression.operator === "-" ? x - y : x * y;
  }
  const functions = {
    min: () => Math.min(...(numbers as readonly number[])),
    max: () => Math.max(...(numbers as readonly number[])),
    clamp: () => Math.min(Math.max(x, y), z),
    floor: () => Math.floor(x),
    ceil: () => Math.ceil(x),
    round: () => Math.round(x),
    abs: () => Math.abs(x),
  };
  return functions[expression.function]();
}
