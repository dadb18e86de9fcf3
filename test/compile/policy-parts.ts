/** Policies by hand, for tests of what stands below the policy reader. */
import type {
  Constant,
  Expression,
  Metric,
  NamedWindow,
  Parameter,
  PlainWindow,
  Policy,
  ReferenceKind,
  Score,
  Tier,
  Window,
} from "../../policies/language/index.ts";

/** A literal. */
export function number(value: number): Extract<Constant, { kind: "number" }> {
  return { kind: "number", value, unit: "number" };
}

/** A text in an expression. */
export function text(value: string): Expression {
  return { kind: "text", value };
}

/** A parameter as a constant. */
export function parameter(name: string): Constant {
  return { kind: "reference", to: "parameter", name };
}

/** A parameter that depends on the attribute `region`. */
export function byRegion(name: string, values: Readonly<Record<string, number>>): Parameter {
  const list = Object.entries(values).map(([region, value]) => ({ text: region, value }));
  return { name, title: name, unit: "number", by: { to: "attribute", name: "region" }, values: list };
}

/** A name in an expression: `metric:late`, `ledger:penalty`, `event:severity`, `attribute:region`, `today`; without a prefix a measure. */
export function named(path: string): Extract<Expression, { kind: "reference" }> {
  if (path === "today") return { kind: "reference", to: "today", name: "today" };
  const [kind, name] = path.includes(":") ? path.split(":") : ["measure", path];
  return { kind: "reference", to: kind as ReferenceKind, name: name as string };
}

/** A comparison or arithmetic of two operands; texts are names, numbers literals. */
export function binary(left: Expression | string | number, operator: string, right: Expression | string | number): Expression {
  const [a, b] = [operand(left), operand(right)];
  if (operator === "and" || operator === "or") return { kind: "logic", operator, left: a, right: b };
  if (["+", "-", "*", "/"].includes(operator)) return { kind: "arithmetic", operator: operator as "+", left: a, right: b };
  return { kind: "compare", operator: operator as "<", left: a, right: b };
}

/** `if condition then a else b`. */
export function choice(condition: Expression, then: Expression, otherwise: Expression): Expression {
  // The expression's own field; it is plain data and never awaited.
  // oxlint-disable-next-line unicorn/no-thenable
  return { kind: "if", condition, then, otherwise };
}

/** A window that is chosen by volume. */
export function namedWindow(name: string, then: PlainWindow, when: NamedWindow["when"], otherwise: PlainWindow): NamedWindow {
  // oxlint-disable-next-line unicorn/no-thenable
  return { name, title: name, then, when, otherwise };
}

/** `x is known`. */
export function known(path: string): Expression {
  return { kind: "known", operand: named(path) };
}

/** The last so many days. */
export function days(count: number): Window {
  return { kind: "days", count };
}

/** A share of two measures, or of two expressions. */
export function share(name: string, part: Expression | string, whole: Expression | string, over: Window, atLeast?: number): Metric {
  const volume = atLeast === undefined ? {} : { atLeast: { of: operand(whole), count: number(atLeast) } };
  return { name, title: name, unit: "share", kind: "share", part: operand(part), whole: operand(whole), over, ...volume };
}

/** A sum over a window. */
export function sum(name: string, of: Expression | string, over: Window): Metric {
  return { name, title: name, unit: "count", kind: "sum", of: operand(of), over };
}

/** A metric that is an expression of others. */
export function value(name: string, expression: Expression): Metric {
  return { name, title: name, unit: "number", kind: "value", expression };
}

/** A level as it stands. */
export function last(name: string, measure: string): Metric {
  return { name, title: name, unit: "number", kind: "last", measure };
}

/** A curve over a metric, or over a score with the prefix `score:`. */
export function curve(
  name: string,
  from: string,
  anchors: readonly (readonly [number, number])[],
  shape: "linear" | "step" = "linear",
): Score {
  const source = from.startsWith("score:") ? { to: "score" as const, name: from.slice(6) } : { to: "metric" as const, name: from };
  const points = anchors.map(([x, y]) => ({ x: number(x), y: number(y) }));
  return { name, title: name, round: 6, kind: "curve", from: source, shape, anchors: points };
}

/** A weighted score; a number stands in for missing parts. */
export function weighted(
  name: string,
  weights: Readonly<Record<string, number>>,
  missing: "propagate" | "share-out" | number = "propagate",
  round = 6,
): Score {
  const parts = Object.entries(weights).map(([score, weight]) => ({ score, weight: number(weight) }));
  const rule = typeof missing === "number" ? ({ kind: "neutral", value: number(missing) } as const) : ({ kind: missing } as const);
  return { name, title: name, round, kind: "weighted", parts, missing: rule };
}

/** A tier; more of its fields in `rest`. */
export function tier(name: string, when: Expression | undefined, rest: Partial<Tier> = {}): Tier {
  return { name, title: name, ...(when === undefined ? {} : { when }), adverse: false, consequences: {}, terminal: false, ...rest };
}

/** A whole policy from the parts that a test is about. */
export function policyOf(parts: Partial<Policy> & Pick<Policy, "tiers">): Policy {
  return {
    programme: "test",
    version: "1.0.0",
    title: "Test",
    entity: "seller",
    rationale: "",
    digest: "0".repeat(64),
    parameters: [],
    windows: [],
    metrics: [],
    scores: [],
    ledgers: [],
    conditions: [],
    caps: [],
    movement: { evaluate: { kind: "every", unit: "week" }, promote: { after: 1 }, demote: { after: 1 } },
    ...parts,
  };
}

function operand(from: Expression | string | number): Expression {
  if (typeof from === "string") return named(from);
  return typeof from === "number" ? number(from) : from;
}
