/** Checks of units and the arms that they were dealt: in two of them, in the wrong one, in none, in few clusters. */
import { countText } from "../../../data/foundation/index.ts";
import { clusterColumn, dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";
import type { ClusterFault, Observations } from "../observations/observations.ts";
import type { HealthCheck } from "./analysis.ts";

/** Units in two arms as a share of all. */
const crossoverCare = 0;
const crossoverStop = 0.01;

/** Units that were seen in two arms; of clusters that were dealt elsewhere those, for a single one says that it was not clusters that were dealt. */
export function crossoverCheck(design: ExperimentDesign, { crossovers, units, splitClusters }: Observations): readonly HealthCheck[] {
  const share = units === 0 ? 0 : crossovers / units;
  if (share <= crossoverCare) return [];
  const cluster = clusterColumn(design);
  if (cluster !== undefined && splitClusters !== undefined)
    return [
      {
        name: "crossovers",
        title: "Clusters in two arms",
        state: "stop",
        finding: `${manyText(splitClusters.count, `value of ${cluster} was`, `values of ${cluster} were`)} seen in more than one arm: ${examplesText(splitClusters)}. Their ${countText(crossovers)} of ${countText(units)} units are in no arm here.`,
        cure: `If arms were dealt within a ${cluster}, take 'cluster' out of the assignment by an amendment; if to whole ones, find out whose arm changed.`,
      },
    ];
  return [
    {
      name: "crossovers",
      title: "Units in two arms",
      state: share > crossoverStop ? "stop" : "care",
      finding: `${countText(crossovers)} of ${countText(units)} units were seen in more than one arm. They are in no arm here.`,
      cure: "A unit must keep its arm: look for keys that change, and for two assignments at once.",
    },
  ];
}

/** Units that were seen in two clusters. */
export function movedCheck(design: ExperimentDesign, { movedUnits, units }: Observations): readonly HealthCheck[] {
  const cluster = clusterColumn(design);
  if (cluster === undefined || movedUnits === undefined) return [];
  return [
    {
      name: "moved-units",
      title: "Units in two clusters",
      state: movedUnits.count > crossoverStop * units ? "stop" : "care",
      finding: `${countText(movedUnits.count)} of ${countText(units)} units ${movedUnits.count === 1 ? "has" : "have"} rows with more than one ${cluster}: ${examplesText(movedUnits)}. ${movedUnits.count === 1 ? "It is" : "They are"} in no arm here.`,
      cure: `Record the ${cluster} that a unit had when it was dealt: one that changes later is no cluster.`,
    },
  ];
}

function manyText(count: number, one: string, many: string): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

function examplesText({ count, examples }: ClusterFault): string {
  return `${examples.join(", ")}${count > examples.length ? " and others" : ""}`;
}

/** Units whose recorded arm is not the rule's. */
export function misassignedCheck({ misassigned, units }: Observations): readonly HealthCheck[] {
  if (misassigned === 0) return [];
  return [
    {
      name: "misassigned",
      title: "Units in the wrong arm",
      state: misassigned > crossoverStop * units ? "stop" : "care",
      finding: `The arm of ${countText(misassigned)} of ${countText(units)} units is not the one that the design's rule deals them. They are in no arm here.`,
      cure: "Check salt, algorithm and the form of the unit's key (spaces, leading zeros) where units are dealt.",
    },
  ];
}

/** Units that the design itself keeps out: no fault, and never silent; but who is in the list or the log should be all who are observed. */
export function setAsideCheck({ setAside, units }: Observations): readonly HealthCheck[] {
  const entries = Object.entries(setAside);
  if (entries.length === 0) return [];
  const isUndealt = (setAside["not listed"] ?? 0) > crossoverStop * units;
  const isByHand = setAside.override !== undefined;
  return [
    {
      name: "set-aside",
      title: "Units that the design keeps out",
      state: isUndealt || isByHand ? "care" : "sound",
      finding: `${countText(entries.reduce((sum, [, count]) => sum + count, 0))} of ${countText(units)} units are in no arm: ${entries.map(([reason, count]) => `${countText(count)} ${reason}`).join(", ")}.`,
      cure: [
        ...(setAside["not listed"] === undefined
          ? []
          : ["Units that were never dealt are in the file: deal them before they are treated."]),
        ...(isByHand ? ["Units were put in an arm by hand: chosen after results were seen, they can make an effect or hide one."] : []),
      ].join(" "),
    },
  ];
}

/** Below so many clusters an arm a t distribution rests on few sums: Cameron and Miller (2015), J. Human Resources 50, 317-372, section VI. */
const fewClusters = 20;

/** How many clusters were dealt, and by what they are judged. */
export function clusterCheck(design: ExperimentDesign, { arms: seen, clusterUnits }: Observations): readonly HealthCheck[] {
  const deals = dealtThing(design);
  if (clusterUnits === undefined || deals.kind !== "cluster") return [];
  const least = Math.min(...seen.map(({ units }) => units));
  // Observations that were kept before values of few were have none.
  const isFew = seen.some(({ metrics }) => metrics.some(({ few }) => few !== undefined));
  const how = isFew
    ? " Standard errors are CR2 with Satterthwaite's degrees of freedom, which allow for so few and for unequal ones."
    : " Standard errors are those of the clusters' sums (delta method).";
  return [
    {
      name: "clusters",
      title: "Clusters",
      state: least < fewClusters ? "care" : "sound",
      finding: `Values of ${deals.column} are dealt, and counted as units: ${design.arms.map(({ name }, index) => `${name} ${countText(seen[index]?.units ?? 0)} with ${countText(clusterUnits[index] ?? 0)} units`).join(", ")}.${how}`,
      cure:
        least < fewClusters
          ? `With fewer than ${fewClusters} clusters an arm Student's t rests on few sums that need not be normal: read the deal drawn anew under Sensitivity beside it.`
          : "",
    },
  ];
}
