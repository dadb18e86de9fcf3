/** Warns of definitions that no tier depends on. */
import type { Constant, Expression } from "./expression.ts";
import { placeOfPart } from "./places.ts";
import type { Policy } from "./policy.ts";
import type { Problems } from "./problems.ts";
import { namesRead } from "./walk-expression.ts";

/** Everything that is defined should reach a tier, or be the headline score. */
export function checkUse(policy: Omit<Policy, "digest">, problems: Problems): void {
  const reads = readsByName(policy);
  const used = new Set<string>(policy.headlineScore === undefined ? [] : [policy.headlineScore]);
  for (const tier of policy.tiers) for (const name of tier.when === undefined ? [] : expressionNames(tier.when)) used.add(name);
  for (const name of used) for (const read of reads.get(name) ?? []) used.add(read);
  const sections = { parameter: policy.parameters, metric: policy.metrics, score: policy.scores, condition: policy.conditions };
  for (const [kind, definitions] of Object.entries(sections)) {
    for (const definition of definitions) {
      if (used.has(definition.name)) continue;
      problems.add("unused-name", placeOfPart(definition), {
        message: `no tier depends on ${kind} '${definition.name}'`,
        found: definition.name,
      });
    }
  }
}

function readsByName(policy: Omit<Policy, "digest">): ReadonlyMap<string, readonly string[]> {
  const reads = new Map<string, readonly string[]>();
  for (const metric of policy.metrics) {
    if (metric.kind === "value") reads.set(metric.name, expressionNames(metric.expression));
    else if (metric.kind === "share")
      reads.set(metric.name, constantNames(metric.atLeast?.count, metric.shrink?.prior, metric.shrink?.strength));
    else if (metric.kind === "mean" || metric.kind === "sum") reads.set(metric.name, constantNames(metric.atLeast?.count));
  }
  for (const score of policy.scores) {
    if (score.kind === "curve") reads.set(score.name, [score.from.name, ...constantNames(...score.anchors.flatMap(({ x, y }) => [x, y]))]);
    else {
      const stand = score.missing.kind === "neutral" ? [score.missing.value] : [];
      reads.set(score.name, [
        ...score.parts.map((part) => part.score),
        ...constantNames(...score.parts.map((part) => part.weight), ...stand),
      ]);
    }
  }
  for (const condition of policy.conditions) reads.set(condition.name, expressionNames(condition.expression));
  return reads;
}

function expressionNames(expression: Expression): readonly string[] {
  return namesRead(expression, "metric", "score", "parameter", "condition");
}

function constantNames(...constants: readonly (Constant | undefined)[]): readonly string[] {
  return constants.flatMap((constant) => (constant?.kind === "reference" ? [constant.name] : []));
}
