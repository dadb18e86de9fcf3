/** The difference of two arms whose units were assigned cluster by cluster. */
import { undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import type { ClusterId } from "./clusters.ts";
import { regression } from "./regression.ts";
import type { EffectQuestion } from "./t-finding.ts";

/** An arm's units: a value and a cluster each. */
export interface ClusteredArm {
  readonly values: readonly number[];
  readonly clusters: readonly ClusterId[];
}

/**
 * Mean of the treatment's units minus mean of the control's, with CR2 and Satterthwaite's degrees of freedom. A cluster is wholly in one arm.
 * Undetermined with fewer than two clusters in an arm.
 *
 * @example
 * const control = { values: [1, 3, 2, 4], clusters: ["a", "a", "b", "b"] };
 * const treatment = { values: [5, 6, 8, 9], clusters: ["c", "c", "d", "d"] };
 * const found = clusterMeans({ control, treatment }, { level: 0.95, alternative: "two-sided", nullValue: 0 });
 * found.kind === "finding" && [found.estimate.value, Math.round(found.test.degreesOfFreedom)]
 * // => [4.5, 2]
 */
export function clusterMeans(arms: { readonly control: ClusteredArm; readonly treatment: ClusteredArm }, question: EffectQuestion): Found {
  const { control, treatment } = arms;
  const counts = { control: new Set(control.clusters).size, treatment: new Set(treatment.clusters).size };
  for (const [arm, count] of Object.entries(counts))
    if (count < 2)
      return undetermined(
        `${count} ${count === 1 ? "cluster" : "clusters"} in the ${arm}: nothing says how much its clusters differ`,
        "at least two clusters in each arm, better twenty",
      );
  const outcome = [...control.values, ...treatment.values];
  const dummy = outcome.map((_, i) => (i < control.values.length ? 0 : 1));
  const columns = [
    { name: "control", values: outcome.map(() => 1) },
    { name: "treatment - control", values: dummy },
  ];
  const clusters = [...control.clusters, ...treatment.clusters];
  const found = regression({ outcome, columns, coefficient: "treatment - control", clusters, estimator: "CR2", ...question });
  if (found.kind === "undetermined") return found;
  return {
    ...found,
    estimate: { ...found.estimate, method: "difference of means, CR2" },
    details: { ...found.details, controlClusters: counts.control, treatmentClusters: counts.treatment },
  };
}
