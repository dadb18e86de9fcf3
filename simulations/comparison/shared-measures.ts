/** The measures that a policy reads: a label that is computed from one of them predicts, and is not independent truth. */
import { type Expression, type Metric, namesRead, type Policy } from "../../policies/language/index.ts";

/** Names of the measures behind the policy's metrics, sorted, each once. */
export function measuresOf(policy: Policy): readonly string[] {
  const names = new Set<string>();
  for (const metric of policy.metrics) {
    if (metric.kind === "last") names.add(metric.measure);
    for (const expression of expressionsOf(metric)) for (const name of namesRead(expression, "measure")) names.add(name);
  }
  return [...names].sort();
}

/** What a metric sums; a least volume alone is not what it measures, but it reads it all the same. */
function expressionsOf(metric: Metric): readonly Expression[] {
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
