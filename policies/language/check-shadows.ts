/** Warns of operands that read a measure where the author may have meant something of that name in the policy. */
import { panelMeasure } from "../../data/panel/index.ts";
import { placeOfPart } from "./places.ts";
import type { Metric, Policy } from "./policy.ts";
import { expressionsOf, expressionsOfMetric } from "./policy-expressions.ts";
import type { Problems } from "./problems.ts";
import { closureOf, readsOf } from "./reads.ts";
import { namesRead, partsOf } from "./walk-expression.ts";

/**
 * A measure that is called like a metric, score or other part of the policy. Not warned of is a part that is computed from the measure of
 * its name, by itself or by way of others: `orders: { sum: orders, over: 28 days }`, a score `reviews` of a rate of `reviews`.
 */
export function checkShadows(policy: Omit<Policy, "digest">, problems: Problems): void {
  const kinds = kindsOf(policy);
  const reads = readsOf(policy);
  const measures = new Map(policy.metrics.map((metric) => [metric.name, measuresOf(metric)]));
  const comesFromItsMeasure = (name: string): boolean =>
    [...closureOf([name], reads)].some((read) => measures.get(read)?.includes(name) === true);
  const warn = (read: string, part: object): void => {
    const name = panelMeasure(read);
    const kind = kinds.get(name);
    if (kind === undefined || comesFromItsMeasure(name)) return;
    problems.add("shadowed-name", placeOfPart(part), {
      message: `'${name}' is read as a measure of the panel here, not as the ${kind} of that name`,
      found: name,
    });
  };
  for (const expression of expressionsOf(policy))
    for (const part of partsOf(expression)) if (part.kind === "reference" && part.to === "measure") warn(part.name, part);
  for (const metric of policy.metrics) if (metric.kind === "last" || metric.kind === "percentile") warn(metric.measure, metric);
}

function kindsOf({ parameters, windows, metrics, scores, ledgers, conditions }: Omit<Policy, "digest">): ReadonlyMap<string, string> {
  const sections = { parameter: parameters, window: windows, metric: metrics, score: scores, ledger: ledgers, condition: conditions };
  return new Map(Object.entries(sections).flatMap(([kind, section]) => section.map(({ name }) => [name, kind] as const)));
}

function measuresOf(metric: Metric): readonly string[] {
  if (metric.kind === "last" || metric.kind === "percentile") return [panelMeasure(metric.measure)];
  return expressionsOfMetric(metric).flatMap((expression) => namesRead(expression, "measure").map(panelMeasure));
}
