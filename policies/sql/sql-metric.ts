/** Metrics -> SQL: window sums as exact 128-bit integers, then one division. */
import { InvariantBroken, invariant, present, unreachable } from "../../data/foundation/index.ts";
import { findMeasure } from "../../data/panel/index.ts";
import { type Constant, constantValue, type Expression, type Metric } from "../language/index.ts";
import { all, binary, call, cast, choose, column, integer, isKnown, nothing, parameter, type SqlExpression } from "./nodes.ts";
import { attributeColumn, measureColumn } from "./panel-tables.ts";
import { plainWindow, windowKey } from "./sql-calendar.ts";
import { type SqlContext, sqlClamp, sqlExpression } from "./sql-expression.ts";

/** The metric over a row's window sums, attributes and the metrics before it. */
export function sqlMetric(metric: Metric, context: SqlContext): SqlExpression {
  const element = `metrics.${metric.name}`;
  switch (metric.kind) {
    case "share":
    case "mean":
      return sqlRatio(metric, element, context);
    case "sum":
      return unlessFew(metric, element, context, toDouble(operand(metric.of, metric, element, context)));
    case "count":
      return sqlCount(metric);
    case "last": {
      const { measure } = present(findMeasure(context.schema, metric.measure), `measure ${metric.measure}`);
      return scaledDown(cast(column(measureColumn(metric.measure)), "DOUBLE"), measure.unit === "money" ? 0 : measure.decimals);
    }
    case "since": {
      const days = binary(column("on day"), "-", column(attributeColumn(metric.from)));
      return choose([[binary(days, ">=", integer(0)), cast(days, "DOUBLE")]], nothing);
    }
    case "value": {
      const value = sqlExpression(metric.expression, element, context);
      if (metric.within === undefined) return value;
      const bound = (constant: Constant): SqlExpression => parameter(constantValue(context.policy, constant));
      return sqlClamp(value, bound(metric.within.lower), bound(metric.within.upper));
    }
    case "distinct":
    case "percentile":
    case "largest":
    case "unbroken":
    case "rank":
    case "ratio":
      return refusedBefore(metric.kind);
    default:
      return unreachable(metric);
  }
}

/** The measures that a metric adds up over its window. */
export function summedMeasures(metric: Metric): readonly string[] {
  switch (metric.kind) {
    case "share":
      return [metric.part, metric.whole, metric.atLeast?.of].flatMap(measuresOf);
    case "mean":
      return [metric.sum, metric.count, metric.atLeast?.of].flatMap(measuresOf);
    case "sum":
      return [metric.of, metric.atLeast?.of].flatMap(measuresOf);
    case "count":
    case "last":
    case "since":
    case "value":
      return [];
    case "distinct":
    case "percentile":
    case "largest":
    case "unbroken":
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
  const part = operand(metric.kind === "share" ? metric.part : metric.sum, metric, element, context);
  const whole = operand(metric.kind === "share" ? metric.whole : metric.count, metric, element, context);
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
  const sum = toDouble(operand(metric.atLeast.of, metric, `${element}.at_least`, context));
  return choose([[binary(sum, ">=", parameter(constantValue(context.policy, metric.atLeast.count))), result]], nothing);
}

function operand(expression: Expression, metric: Summed, element: string, context: SqlContext): Scaled {
  const inner = (part: Expression): Scaled => operand(part, metric, element, context);
  switch (expression.kind) {
    case "number":
      return decimalLiteral(expression.value, element, context);
    case "reference": {
      if (expression.to === "parameter")
        return decimalLiteral(constantValue(context.policy, { ...expression, to: "parameter" }), element, context);
      const { measure } = present(findMeasure(context.schema, expression.name), `measure ${expression.name}`);
      const sum = call("coalesce", column(sumColumn(measure.name, windowKey(plainWindow(metric.over)))), cast(integer(0), "HUGEINT"));
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

/** Events known within the window's days; a lifetime begins with the entity's first period. */
function sqlCount(metric: Extract<Metric, { kind: "count" }>): SqlExpression {
  const key = windowKey(plainWindow(metric.over));
  const known = column("known_day", "events");
  const opening = column("entity first day", "rows");
  const to = metric.over.kind === "lifetime" ? column("last day", "rows") : column(`${key} last day`, "rows");
  const count: SqlExpression = {
    kind: "subquery",
    select: {
      kind: "select",
      everything: false,
      columns: [{ as: "events", expression: call("count", column("known_day", "events")) }],
      source: { from: "events", as: "events" },
      where: all(
        binary(column("entity", "events"), "=", column("entity", "rows")),
        binary(column("kind", "events"), "=", parameter(metric.event)),
        binary(known, ">=", metric.over.kind === "lifetime" ? opening : column(`${key} first day`, "rows")),
        binary(known, "<=", to),
      ),
    },
  };
  return choose([[isKnown(column("on day", "rows")), cast(count, "DOUBLE")]], nothing);
}

function measuresOf(expression: Expression | undefined): readonly string[] {
  if (expression === undefined) return [];
  if (expression.kind === "reference") return expression.to === "measure" ? [expression.name] : [];
  if (expression.kind === "negate") return measuresOf(expression.operand);
  return expression.kind === "arithmetic" ? [...measuresOf(expression.left), ...measuresOf(expression.right)] : [];
}
