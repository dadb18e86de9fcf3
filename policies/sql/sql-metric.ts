/** Metrics -> SQL: window sums as exact 128-bit integers, then one division. */
import { InvariantBroken, invariant, present, unreachable } from "../../data/foundation/index.ts";
import { findAttribute, findMeasure } from "../../data/panel/index.ts";
import {
  type Constant,
  constantValue,
  type Expression,
  type Metric,
  type NamedWindow,
  type PlainWindow,
  type Policy,
  type Window,
} from "../language/index.ts";
import { all, binary, call, cast, choose, column, integer, isKnown, never, not, nothing, parameter, type SqlExpression } from "./nodes.ts";
import { attributeColumn, measureColumn } from "./panel-tables.ts";
import { plainWindow, windowKey } from "./sql-calendar.ts";
import { type DaysRead, sqlEventMetric, sqlSinceEvent } from "./sql-events.ts";
import { type SqlContext, sqlClamp, sqlExpression } from "./sql-expression.ts";

/** The metric over a row's window sums, attributes and the metrics before it. */
export function sqlMetric(metric: Metric, context: SqlContext): SqlExpression {
  if (!("over" in metric) || metric.over.kind !== "named") return overOneWindow(metric, context);
  const { name } = metric.over;
  const window = present(
    context.policy.windows.find((each) => each.name === name),
    `window ${name}`,
  );
  const over = (chosen: PlainWindow) => overOneWindow({ ...metric, over: chosen }, context);
  return choose([[column(chosenColumn(name)), over(window.then)]], over(window.otherwise));
}

/** The column that says whether a window with a name is its `then`. */
export function chosenColumn(name: string): string {
  return `window ${name}`;
}

/** Whether a window with a name is its `then`. */
export function sqlChoice({ name, when }: NamedWindow, context: SqlContext): SqlExpression {
  const sum = toDouble(operand(when.of, when.over, `windows.${name}`, context));
  return binary(sum, when.operator === "!=" ? "<>" : when.operator, parameter(constantValue(context.policy, when.count)));
}

function overOneWindow(metric: Metric, context: SqlContext): SqlExpression {
  const element = `metrics.${metric.name}`;
  switch (metric.kind) {
    case "share":
    case "mean":
      return sqlRatio(metric, element, context);
    case "sum":
      return unlessFew(metric, element, context, toDouble(operand(metric.of, metric.over, element, context)));
    case "count":
    case "distinct": {
      const { where } = metric;
      const asks = where && ((event: SqlExpression) => sqlExpression(where, element, { ...context, event }));
      return sqlEventMetric(metric, daysOf(metric.over), asks);
    }
    case "last": {
      const { measure } = present(findMeasure(context.schema, metric.measure), `measure ${metric.measure}`);
      return scaledDown(cast(column(measureColumn(metric.measure)), "DOUBLE"), measure.unit === "money" ? 0 : measure.decimals);
    }
    case "since": {
      if (findAttribute(context.schema, metric.from)?.type !== "day") return sqlSinceEvent(metric.from);
      const days = binary(column("on day"), "-", column(attributeColumn(metric.from)));
      return choose([[binary(days, ">=", integer(0)), cast(days, "DOUBLE")]], nothing);
    }
    case "value": {
      const value = sqlExpression(metric.expression, element, context);
      if (metric.within === undefined) return value;
      const bound = (constant: Constant): SqlExpression => parameter(constantValue(context.policy, constant));
      return sqlClamp(value, bound(metric.within.lower), bound(metric.within.upper));
    }
    case "unbroken":
      return sqlUnbroken(metric.condition);
    case "percentile":
    case "largest":
    case "rank":
    case "ratio":
      return refusedBefore(metric.kind);
    default:
      return unreachable(metric);
  }
}

/** Days from the first evaluation of the run at which the condition was true: the one after the last at which it was not. */
function sqlUnbroken(condition: string): SqlExpression {
  const holds = binary(call("coalesce", column(`condition ${condition}`), never), "AND", isKnown(column("on day")));
  const soFar = { unit: "ROWS", from: "unbounded" } as const;
  const over = (name: "min" | "max", value: SqlExpression): SqlExpression => ({ kind: "window", call: call(name, value), frame: soFar });
  const broken = over("max", choose([[all(isKnown(column("on day")), not(holds)), column("next on day")]], nothing));
  const begun = call("coalesce", broken, over("min", column("on day")));
  return choose([[holds, cast(binary(column("on day"), "-", begun), "DOUBLE")]], parameter(0));
}

/** The days of a window; a lifetime begins with the entity's first period. */
function daysOf(window: Window): DaysRead {
  const key = windowKey(plainWindow(window));
  if (window.kind === "lifetime") return { from: column("entity first day"), to: column("last day") };
  return { from: column(`${key} first day`), to: column(`${key} last day`) };
}

/** The sums over windows that metrics and choices of windows read: measure and window. */
export function summedOver({ metrics, windows }: Policy): readonly { readonly measure: string; readonly over: PlainWindow }[] {
  const byName = new Map(windows.map((window) => [window.name, window]));
  return [
    ...metrics.flatMap((metric) => {
      if (!("over" in metric)) return [];
      const named = metric.over.kind === "named" ? present(byName.get(metric.over.name), metric.over.name) : undefined;
      const over = named === undefined ? [plainWindow(metric.over)] : [named.then, named.otherwise];
      return summedMeasures(metric).flatMap((measure) => over.map((each) => ({ measure, over: each })));
    }),
    ...windows.flatMap(({ when }) => measuresOf(when.of).map((measure) => ({ measure, over: when.over }))),
  ];
}

/** The measures that a metric adds up over its window. */
function summedMeasures(metric: Metric): readonly string[] {
  switch (metric.kind) {
    case "share":
      return [metric.part, metric.whole, metric.atLeast?.of].flatMap(measuresOf);
    case "mean":
      return [metric.sum, metric.count, metric.atLeast?.of].flatMap(measuresOf);
    case "sum":
      return [metric.of, metric.atLeast?.of].flatMap(measuresOf);
    case "count":
    case "distinct":
    case "last":
    case "since":
    case "unbroken":
    case "value":
      return [];
    case "percentile":
    case "largest":
    case "rank":
    case "ratio":
      return refusedBefore(metric.kind);
    default:
      return unreachable(metric);
  }
}

/** `sqlRefusals` names it, and no statement is written. */
function refusedBefore(kind: string): never {
  throw new InvariantBroken(`a ${kind} metric is refused before`);
}

/** The column that holds a measure's sum over a window. */
export function sumColumn(measure: string, key: string): string {
  return `sum ${measure} over ${key}`;
}

type Summed = Extract<Metric, { kind: "share" | "mean" | "sum" }>;

/** A whole number over 10^scale; `degree` counts multiplied sums. */
interface Scaled {
  readonly node: SqlExpression;
  readonly scale: number;
  readonly degree: number;
}

function sqlRatio(metric: Extract<Summed, { kind: "share" | "mean" }>, element: string, context: SqlContext): SqlExpression {
  const part = operand(metric.kind === "share" ? metric.part : metric.sum, metric.over, element, context);
  const whole = operand(metric.kind === "share" ? metric.whole : metric.count, metric.over, element, context);
  const shrink = metric.kind === "share" ? metric.shrink : undefined;
  const isSomething = binary(whole.node, "<>", integer(0));
  if (shrink === undefined) {
    const scale = Math.max(part.scale, whole.scale);
    const quotient = binary(cast(raised(part, scale).node, "DOUBLE"), "/", cast(raised(whole, scale).node, "DOUBLE"));
    return unlessFew(metric, element, context, choose([[isSomething, quotient]], nothing));
  }
  const strength = constantValue(context.policy, shrink.strength);
  const prior = binary(parameter(constantValue(context.policy, shrink.prior)), "*", parameter(strength));
  const below = binary(toDouble(whole), "+", parameter(strength));
  const shrunk = binary(binary(toDouble(part), "+", prior), "/", below);
  return unlessFew(metric, element, context, choose([[all(isSomething, binary(below, "<>", integer(0))), shrunk]], nothing));
}

function unlessFew(metric: Summed, element: string, context: SqlContext, result: SqlExpression): SqlExpression {
  if (metric.atLeast === undefined) return result;
  const sum = toDouble(operand(metric.atLeast.of, metric.over, `${element}.at_least`, context));
  return choose([[binary(sum, ">=", parameter(constantValue(context.policy, metric.atLeast.count))), result]], nothing);
}

function operand(expression: Expression, over: Window, element: string, context: SqlContext): Scaled {
  const inner = (part: Expression): Scaled => operand(part, over, element, context);
  switch (expression.kind) {
    case "number":
      return decimalLiteral(expression.value, element, context);
    case "reference": {
      if (expression.to === "parameter")
        return decimalLiteral(constantValue(context.policy, { ...expression, to: "parameter" }), element, context);
      const { measure } = present(findMeasure(context.schema, expression.name), `measure ${expression.name}`);
      const sum = call("coalesce", column(sumColumn(measure.name, windowKey(plainWindow(over)))), cast(integer(0), "HUGEINT"));
      return { node: sum, scale: measure.unit === "money" ? 0 : measure.decimals, degree: 1 };
    }
    case "negate": {
      const { node, ...rest } = inner(expression.operand);
      return { node: { kind: "unary", operator: "-", operand: node }, ...rest };
    }
    case "arithmetic": {
      const [left, right] = [inner(expression.left), inner(expression.right)];
      invariant(expression.operator !== "/", "measures are not divided inside a metric");
      if (expression.operator === "*") {
        const degree = left.degree + right.degree;
        if (degree > 2) context.refuse(element, "more than two sums multiplied may exceed SQL's 128-bit integers");
        return { node: binary(left.node, "*", right.node), scale: left.scale + right.scale, degree };
      }
      const scale = Math.max(left.scale, right.scale);
      return {
        node: binary(raised(left, scale).node, expression.operator, raised(right, scale).node),
        scale,
        degree: Math.max(left.degree, right.degree),
      };
    }
    case "text":
    case "compare":
    case "logic":
    case "not":
    case "known":
    case "member":
    case "call":
    case "if":
      throw new RangeError(`${expression.kind} does not stand inside a metric`);
  }
}

/** A number of the policy as digits over a power of ten. */
function decimalLiteral(value: number, element: string, context: SqlContext): Scaled {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  const decimals = match?.[3] ?? "";
  if (match === null || decimals.length > 9 || (match[2] ?? "").length > 9) {
    context.refuse(element, `the number ${value} has too many digits for SQL's exact sums`);
    return { node: cast(integer(0), "HUGEINT"), scale: 0, degree: 0 };
  }
  const digits = BigInt(`${match[1] ?? ""}${match[2] ?? ""}${decimals}`);
  return { node: cast(integer(digits), "HUGEINT"), scale: decimals.length, degree: 0 };
}

function raised({ node, scale, degree }: Scaled, to: number): Scaled {
  return scale === to
    ? { node, scale, degree }
    : { node: binary(node, "*", cast(integer(10n ** BigInt(to - scale)), "HUGEINT")), scale: to, degree };
}

function toDouble({ node, scale }: Scaled): SqlExpression {
  return scaledDown(cast(node, "DOUBLE"), scale);
}

function scaledDown(node: SqlExpression, scale: number): SqlExpression {
  return scale === 0 ? node : binary(node, "/", parameter(10 ** scale));
}

function measuresOf(expression: Expression | undefined): readonly string[] {
  if (expression === undefined) return [];
  if (expression.kind === "reference") return expression.to === "measure" ? [expression.name] : [];
  if (expression.kind === "negate") return measuresOf(expression.operand);
  return expression.kind === "arithmetic" ? [...measuresOf(expression.left), ...measuresOf(expression.right)] : [];
}
