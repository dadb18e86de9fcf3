/** Metrics whose value hangs on other entities. */
import type { Metric, Policy } from "./policy.ts";

/** A metric that compares an entity with its peers. */
export type PeerMetric = Extract<Metric, { kind: "rank" | "ratio" }>;

export function isPeerMetric(metric: Metric): metric is PeerMetric {
  return metric.kind === "rank" || metric.kind === "ratio";
}

/** Whether any metric of a policy does. */
export function comparesPeers({ metrics }: Pick<Policy, "metrics">): boolean {
  return metrics.some(isPeerMetric);
}
