/** The measures that a policy reads: a label that is computed from one of them predicts, and is not independent truth. */
import type { Expression, Metric, Policy } from "../../policies/language/index.ts";

/** Names of the measures behind the policy's metrics, sorted, each once. */
export function measuresOf(policy: Policy): readonly string[] {
  const names = new Set<string>();
  for (const metric of policy.metrics) {
    if (metric.kind === "last") names.add(metric.measure);
    for (const expression of operandsOf(metric)) addMeasures(expression, names);
  }
  return [...names].sort();
}

/** What a metric sums; a least volume alone is not what it measures, but it reads it all the same. */
function operandsOf(metric: Metric): readonly Expression[] {
  const atLeast = "atLeast" in metric && metric.atLeast !== undefined ? [metric.atLeast.of] : [];
  switch (metric.kind) {
    case "share":
      return [metric.part, metric.whole, ...atLeast];
    case "mean":
      return [metric.sum, metric.count, ...atLeast];
    case "sum":
      return [metric.of, ...atLeast];
    case "value":
      return [metric.expression];
    case "count":
    case "last":
    case "since":
      return [];
  }
}

function addMeasures(expression: Expression, names: Set<string>): void {
  if (expression.kind === "reference" && expression.to === "measure") names.add(expression.name);
  for (const operand of partsOf(expression)) addMeasures(operand, names);
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "negate":
    case "not":
    case "known":
    case "member":
      return [expression.operand];
    case "arithmetic":
    case "compare":
    case "logic":
      return [expression.left, expression.right];
    case "call":
      return expression.arguments;
    case "if":
      return [expression.condition, expression.then, expression.otherwise];
    case "reference":
    case "number":
    case "text":
      return [];
  }
}
