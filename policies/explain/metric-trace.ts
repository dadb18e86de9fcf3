/** One metric at one evaluation, the obvious way: the rows of its window are added up anew each time. */
import { formatDay, invariant, lastDayOf, present, unreachable } from "../../data/foundation/index.ts";
import { findAttribute } from "../../data/panel/index.ts";
import type { Metric } from "../language/index.ts";
import { constantAt } from "./constant.ts";
import type { HistoryRow } from "./entity-history.ts";
import type { EvaluationPoint } from "./evaluation-point.ts";
import { traceCount, traceDistinct, traceSince } from "./event-metric-trace.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import { type MetricParts, missingReasons, traceAtLeast } from "./metric-parts.ts";
import { operandNumber } from "./operand-value.ts";
import { tracePeers } from "./peer-trace.ts";
import { traceMean, traceShare } from "./ratio-trace.ts";
import { sayExpression } from "./say-expression.ts";
import { saidUnit } from "./say-number.ts";
import { measureOf, storedValue } from "./stored-value.ts";
import type { MetricTrace } from "./trace.ts";
import { chooseWindow } from "./window-choice.ts";

/** The metric's value with its parts. `lookup` gives whatever else the policy computes at the evaluation. */
export function traceMetric(metric: Metric, point: EvaluationPoint, lookup: Lookup): MetricTrace {
  const { name, title, kind } = metric;
  const unit = saidUnit(metric, point.schema);
  return { name, title, unit, kind, ...partsOf(metric, point, lookup) };
}

function partsOf(metric: Metric, point: EvaluationPoint, lookup: Lookup): MetricParts {
  switch (metric.kind) {
    case "share":
      return traceShare(metric, point, lookup);
    case "mean":
      return traceMean(metric, point, lookup);
    case "sum":
      return traceSum(metric, point, lookup);
    case "count":
      return traceCount(metric, point, lookup);
    case "distinct":
      return traceDistinct(metric, point, lookup);
    case "percentile":
      return tracePercentile(metric, point, lookup);
    case "largest":
      return traceLargest(metric, point, lookup);
    case "last":
      return traceLast(metric.measure, point);
    case "since":
      return traceSince(metric.from, point);
    case "unbroken":
      return traceUnbroken(metric, point, lookup);
    case "rank":
    case "ratio":
      return tracePeers(metric, point, lookup);
    case "value":
      return traceValue(metric, point, lookup);
    default:
      return unreachable(metric);
  }
}

function traceSum(metric: Extract<Metric, { kind: "sum" }>, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const window = chooseWindow(metric.over, point, lookup);
  if (window === undefined) return { missing: missingReasons.window };
  const parts = { window: window.trace, ...traceAtLeast(metric.atLeast, window.rows, point, lookup) };
  if (parts.missing !== undefined) return parts;
  const value = operandNumber(metric.of, window.rows, point.schema, lookup);
  return value === undefined ? { ...parts, missing: missingReasons.parameter } : { ...parts, value };
}

/** The value that at least the share `part` of the known ones do not exceed: the first k-th smallest of n with k / n >= part. */
function tracePercentile(metric: Extract<Metric, { kind: "percentile" }>, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const window = chooseWindow(metric.over, point, lookup);
  if (window === undefined) return { missing: missingReasons.window };
  const part = constantAt(metric.part, lookup);
  if (part === undefined) return { window: window.trace, missing: missingReasons.parameter };
  const values = window.rows
    .map((row) => levelOf(metric.measure, row, point))
    .filter((value) => value !== undefined)
    .toSorted((a, b) => a - b);
  const count = values.length;
  const rank = values.findIndex((_, index) => (index + 1) / count >= part) + 1;
  const { atLeastPeriods: atLeast } = metric;
  const parts = { window: window.trace, percentile: { part, rank, count, ...(atLeast === undefined ? {} : { atLeast }) } };
  if (atLeast !== undefined && count < atLeast) return { ...parts, missing: "too few periods" };
  const value = values[rank - 1];
  return value === undefined ? { ...parts, missing: "no value is known for any period" } : { ...parts, value };
}

/** The text under which most was summed up; its code in the attribute's values is the number. */
function traceLargest(metric: Extract<Metric, { kind: "largest" }>, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const window = chooseWindow(metric.over, point, lookup);
  if (window === undefined) return { missing: missingReasons.window };
  const texts = window.rows.map((row) => row.attributes[metric.by]).filter((text) => typeof text === "string");
  const sums: { text: string; sum: number }[] = [];
  for (const text of [...new Set(texts)].sort()) {
    const rows = window.rows.filter((row) => row.attributes[metric.by] === text);
    const sum = operandNumber(metric.of, rows, point.schema, lookup);
    if (sum === undefined) return { window: window.trace, missing: missingReasons.parameter };
    sums.push({ text, sum });
  }
  const parts = { window: window.trace, sums };
  const most = Math.max(...sums.map(({ sum }) => sum));
  const largest = sums.find(({ sum }) => sum === most);
  if (largest === undefined || most <= 0) return { ...parts, missing: "nothing to compare: every sum is 0" };
  const { text } = largest;
  const code = findAttribute(point.schema, metric.by)?.values?.indexOf(text) ?? -1;
  invariant(code >= 0, `${text} is not a value of ${metric.by}`);
  return { ...parts, value: code, text };
}

function traceLast(measure: string, point: EvaluationPoint): MetricParts {
  const row = present(point.history.rows[point.rowIndex], "row");
  const day = formatDay(lastDayOf(point.schema.grain, row.period));
  const window = { from: day, to: day, periods: 1 };
  const value = levelOf(measure, row, point);
  return value === undefined ? { window, missing: "no value is known for that day" } : { window, value };
}

/** Days since the run of evaluations at which the condition was true began. Not true, or unknown: the run is over. */
function traceUnbroken(metric: Extract<Metric, { kind: "unbroken" }>, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const { policy, on, before } = point;
  const condition = policy.conditions.find(({ name }) => name === metric.condition)?.title ?? metric.condition;
  if (lookup("condition", metric.condition) !== true) return { run: { condition }, value: 0 };
  const since = before.runs.get(metric.name) ?? on;
  return { run: { condition, since: formatDay(since) }, value: on - since };
}

function traceValue({ expression, within }: Extract<Metric, { kind: "value" }>, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const words = sayExpression(expression, point.policy, point.schema);
  const raw = evaluateExpression(expression, lookup);
  if (typeof raw !== "number") return { words, missing: "something that it is computed from is missing" };
  if (within === undefined) return { words, value: raw };
  const lower = constantAt(within.lower, lookup);
  const upper = constantAt(within.upper, lookup);
  if (lower === undefined || upper === undefined) return { words, missing: missingReasons.parameter };
  return { words, within: { lower, upper, raw }, value: Math.min(Math.max(raw, lower), upper) };
}

/** A row's value of a measure in its unit; money stays in minor units. */
function levelOf(name: string, row: HistoryRow, { schema }: EvaluationPoint): number | undefined {
  const measure = measureOf(name, schema);
  const stored = storedValue(name, row, schema);
  return stored === undefined || measure.unit === "money" ? stored : stored / 10 ** measure.decimals;
}
