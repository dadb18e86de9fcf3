/** One metric at one evaluation, the obvious way: the rows of its window are added up anew each time. */
import { type Day, formatDay, invariant, lastDayOf, present } from "../../data/foundation/index.ts";
import { findAttribute, findMeasure, type PanelSchema } from "../../data/panel/index.ts";
import { constantValue, type Metric, type Policy, type Window } from "../language/index.ts";
import type { EntityHistory } from "./entity-history.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import { exactFraction, operandValue, quotient } from "./operand-value.ts";
import { unitOf } from "./say-expression.ts";
import type { MetricTrace, WindowTrace } from "./trace.ts";
import { rowsInside, windowDays } from "./window-days.ts";

/** Everything that an evaluation of one entity reads. `rowIndex`: the last row that the evaluation on day `on` sees. */
export interface EvaluationPoint {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly history: EntityHistory;
  readonly rowIndex: number;
  readonly on: Day;
}

/** The metric's value with its parts. `lookup` gives the metrics before it. */
export function traceMetric(metric: Metric, point: EvaluationPoint, lookup: Lookup): MetricTrace {
  const common = { name: metric.name, title: metric.title, unit: metric.unit, kind: metric.kind };
  switch (metric.kind) {
    case "share":
      return { ...common, ...traceShare(metric, point) };
    case "mean":
      return { ...common, ...traceRatio(metric, metric.sum, metric.count, point) };
    case "sum":
      return { ...common, ...traceSum(metric, point) };
    case "count":
      return { ...common, ...traceCount(metric.event, metric.over, point) };
    case "last":
      return { ...common, ...traceLast(metric.measure, point) };
    case "since":
      return { ...common, ...traceSince(metric.attribute, point) };
    case "value": {
      const value = evaluateExpression(metric.expression, lookup);
      return typeof value === "number" ? { ...common, value } : { ...common, missing: "something that it is computed from is missing" };
    }
  }
}

type Parts = Omit<MetricTrace, "name" | "title" | "unit" | "kind">;
type Windowed = Extract<Metric, { kind: "share" | "mean" | "sum" }>;

function traceShare(metric: Extract<Metric, { kind: "share" }>, point: EvaluationPoint): Parts {
  const ratio = traceRatio(metric, metric.part, metric.whole, point);
  const { shrink } = metric;
  if (shrink === undefined || ratio.value === undefined) return ratio;
  const prior = constantValue(point.policy, shrink.prior);
  const strength = constantValue(point.policy, shrink.strength);
  const part = present(ratio.numerator, "part");
  const whole = present(ratio.denominator, "whole");
  const raw = { shrink: { prior, strength, raw: ratio.value } };
  const { value: _unshrunk, ...rest } = ratio;
  if (whole + strength === 0) return { ...rest, ...raw, missing: "whole and strength add up to 0" };
  return { ...rest, ...raw, value: (part + prior * strength) / (whole + strength) };
}

function traceRatio(
  metric: Windowed,
  part: Parameters<typeof operandValue>[0],
  whole: Parameters<typeof operandValue>[0],
  point: EvaluationPoint,
): Parts {
  const { policy, schema } = point;
  const { rows, window } = windowRows(metric.over, point);
  const numerator = operandValue(part, rows, policy, schema);
  const denominator = operandValue(whole, rows, policy, schema);
  const parts = {
    window,
    numerator: toDouble(numerator),
    numeratorUnit: unitOf(part, policy, schema),
    denominator: toDouble(denominator),
    denominatorUnit: unitOf(whole, policy, schema),
    ...traceAtLeast(metric, rows, point),
  };
  if (parts.atLeast?.met === false) return { ...parts, missing: "below the minimum volume" };
  const value = quotient(numerator, denominator);
  return value === undefined ? { ...parts, missing: "nothing to divide by: the whole is 0" } : { ...parts, value };
}

function traceSum(metric: Extract<Metric, { kind: "sum" }>, point: EvaluationPoint): Parts {
  const { rows, window } = windowRows(metric.over, point);
  const parts = { window, ...traceAtLeast(metric, rows, point) };
  if (parts.atLeast?.met === false) return { ...parts, missing: "below the minimum volume" };
  return { ...parts, value: toDouble(operandValue(metric.of, rows, point.policy, point.schema)) };
}

function traceAtLeast(metric: Windowed, rows: EntityHistory["rows"], { policy, schema }: EvaluationPoint): Pick<MetricTrace, "atLeast"> {
  if (metric.atLeast === undefined) return {};
  const sum = toDouble(operandValue(metric.atLeast.of, rows, policy, schema));
  const count = constantValue(policy, metric.atLeast.count);
  return { atLeast: { sum, count, unit: unitOf(metric.atLeast.of, policy, schema), met: sum >= count } };
}

function traceCount(event: string, over: Window, point: EvaluationPoint): Parts {
  const { schema, history, rowIndex, on } = point;
  const { window } = windowRows(over, point);
  const span = windowDays(over, schema.grain, history, rowIndex, on);
  const lastSeen = lastDayOf(schema.grain, present(history.rows[rowIndex], "row").period);
  const counted = history.events.filter(
    ({ kind, knownDay }) => kind === event && knownDay >= span.from && knownDay <= span.to && knownDay <= lastSeen,
  );
  const events = counted.map(({ id, day, knownDay }) => ({ id, day: formatDay(day), knownOn: formatDay(knownDay) }));
  return { window, events, value: counted.length };
}

function traceLast(name: string, { schema, history, rowIndex }: EvaluationPoint): Parts {
  const { measure } = present(findMeasure(schema, name), `measure ${name}`);
  const row = present(history.rows[rowIndex], "row");
  const stored = row.measures[name];
  const day = formatDay(lastDayOf(schema.grain, row.period));
  const window = { from: day, to: day, periods: 1 };
  if (stored === undefined) return { window, missing: "no value is known for that day" };
  return { window, value: measure.unit === "money" ? stored : stored / 10 ** measure.decimals };
}

function traceSince(name: string, { schema, history, rowIndex, on }: EvaluationPoint): Parts {
  invariant(findAttribute(schema, name)?.type === "day", `${name} is not a day`);
  const day = present(history.rows[rowIndex], "row").attributes[name];
  if (typeof day !== "number") return { missing: "the date is not known" };
  if (day > on) return { missing: "the date is not reached" };
  return { window: { from: formatDay(day), to: formatDay(on), periods: 0 }, value: on - day };
}

function windowRows(over: Window, point: EvaluationPoint): { rows: EntityHistory["rows"]; window: WindowTrace } {
  const { schema, history, rowIndex, on } = point;
  const span = windowDays(over, schema.grain, history, rowIndex, on);
  const seen = { ...history, rows: history.rows.slice(0, rowIndex + 1) };
  const rows = rowsInside(seen, schema.grain, span);
  return { rows, window: { from: formatDay(span.from), to: formatDay(span.to), periods: rows.length } };
}

function toDouble(value: ReturnType<typeof operandValue>): number {
  return present(quotient(value, exactFraction(1)), "a number over 1");
}
