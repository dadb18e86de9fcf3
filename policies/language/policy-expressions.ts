/** Every expression of a policy, wherever it stands, and the measures that they read. */
import { panelMeasure } from "../../data/panel/index.ts";
import type { Expression } from "./expression.ts";
import type { Metric, Policy, Window } from "./policy.ts";
import { namesRead } from "./walk-expression.ts";

/** Names of the panel's measures behind a policy, sorted, each once: operands, least volumes, windows, levels, ledgers and protection. */
export function measuresRead(policy: Policy): readonly string[] {
  return [...new Set(measureNames(policy).map(panelMeasure))].sort();
}

/** The same as the policy calls them, so that what it reads in another currency is told apart. */
export function measureNames(policy: Policy): readonly string[] {
  const levels = policy.metrics.flatMap((metric) => (metric.kind === "last" || metric.kind === "percentile" ? [metric.measure] : []));
  return [...new Set([...levels, ...expressionsOf(policy).flatMap((expression) => namesRead(expression, "measure"))])].sort();
}

/** All expressions, in the order of the language. */
export function expressionsOf(policy: Omit<Policy, "digest">): readonly Expression[] {
  const { windows, metrics, scores, ledgers, conditions, tiers, caps, movement } = policy;
  return [
    ...windows.map(({ when }) => when.of),
    ...metrics.flatMap(expressionsOfMetric),
    ...scores.flatMap((score) => (score.kind === "value" ? [score.expression] : [])),
    ...ledgers.flatMap(({ lines }) =>
      lines.flatMap((line) => [
        ...(line.kind === "volume" ? [line.of] : []),
        ...(line.kind === "event" && line.where !== undefined ? [line.where] : []),
        ...(line.when === undefined ? [] : [line.when]),
        line.amount,
      ]),
    ),
    ...conditions.map(({ expression }) => expression),
    ...tiers.flatMap(({ when }) => (when === undefined ? [] : [when])),
    ...caps.map(({ when }) => when),
    ...(movement.protect?.until === undefined ? [] : [movement.protect.until.of]),
  ];
}

/** Those of one metric: operands, least volume, `where`, its value, and what its window goes back for. */
export function expressionsOfMetric(metric: Metric): readonly Expression[] {
  const own = "over" in metric ? ofWindow(metric.over) : [];
  const atLeast = "atLeast" in metric && metric.atLeast !== undefined ? [metric.atLeast.of] : [];
  switch (metric.kind) {
    case "share":
      return [metric.part, metric.whole, ...atLeast, ...own];
    case "mean":
      return [metric.sum, metric.count, ...atLeast, ...own];
    case "sum":
    case "largest":
      return [metric.of, ...atLeast, ...own];
    case "count":
    case "distinct":
      return [...(metric.where === undefined ? [] : [metric.where]), ...own];
    case "value":
      return [metric.expression];
    case "percentile":
      return own;
    case "last":
    case "since":
    case "unbroken":
    case "rank":
    case "ratio":
      return [];
  }
}

function ofWindow(window: Window): readonly Expression[] {
  return window.kind === "volume" ? [window.of] : [];
}
