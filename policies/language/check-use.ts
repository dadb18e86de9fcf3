/** Warns of definitions that neither a tier nor a condition depends on. */
import { placeOfPart } from "./places.ts";
import type { Policy } from "./policy.ts";
import type { Problems } from "./problems.ts";
import { closureOf, computedNames, readsOf } from "./reads.ts";

/** Everything that is defined should reach a tier, a cap or a condition, or be the headline score. A condition is an answer by itself. */
export function checkUse(policy: Omit<Policy, "digest">, problems: Problems): void {
  const { until } = policy.movement.protect ?? {};
  const roots = [
    ...(policy.headlineScore === undefined ? [] : [policy.headlineScore]),
    ...policy.tiers.flatMap(({ when }) => (when === undefined ? [] : computedNames(when))),
    ...policy.caps.flatMap(({ when }) => computedNames(when)),
    ...policy.conditions.map(({ name }) => name),
    ...(until?.count.kind === "reference" ? [until.count.name] : []),
  ];
  const used = closureOf(roots, readsOf(policy));
  const sections = {
    parameter: policy.parameters,
    window: policy.windows,
    metric: policy.metrics,
    score: policy.scores,
    ledger: policy.ledgers,
  };
  for (const [kind, definitions] of Object.entries(sections)) {
    for (const definition of definitions) {
      if (used.has(definition.name)) continue;
      problems.add("unused-name", placeOfPart(definition), {
        message: `no tier and no condition depends on ${kind} '${definition.name}'`,
        found: definition.name,
      });
    }
  }
}
