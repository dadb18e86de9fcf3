/** How thick the labels are where it matters, and which way that pulls a rate over labelled entities only. */
import { countText } from "../../../data/foundation/index.ts";
import type { ErrorRate } from "../comparison.ts";
import { countOver, type ErrorTally, type GroupName, groupNames, groupsOf } from "./error-tally.ts";

/** Labelled shares closer than this are called alike. */
const alike = 0.1;

/**
 * What an estimate over labelled entities takes for granted; empty when everyone has a label. Where labels reach those held adverse
 * and the others unequally, the false-positive and the miss rate are pulled to the side with more labels, even when labels are
 * missing at random within each: the sentence says how far they reach and which way it pulls.
 */
export function assumptionsOf(
  tally: ErrorTally,
  figure: ErrorRate["name"] | "change",
  side: "baseline" | "candidate" = "candidate",
): readonly string[] {
  if (countOver(tally, groupNames, "unlabelled") === 0) return [];
  const assumptions = ["labelled entities only: assumes labels missing at random"];
  if (figure === "change") {
    const groups = { "newly adverse": ["newly"], released: ["released"], others: ["both", "neither"] } as const;
    const reached = Object.entries(groups).map(([words, names]) => ({ words, ...reachOf(tally, names) }));
    const shares = reached.filter(({ entities }) => entities > 0).map(({ share }) => share);
    if (Math.max(...shares) - Math.min(...shares) < alike) return assumptions;
    const words = reached.map(({ labelled, entities, words: whom }) => `${countText(labelled)} of ${countText(entities)} ${whom}`);
    return [...assumptions, `labels reach ${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}, so that they do not weigh alike`];
  }
  const pull = pullOf(tally, figure, side);
  return pull === undefined ? assumptions : [...assumptions, `labels reach ${pull.reach}, which pulls the rate ${pull.way}`];
}

/** Which way unequal labels pull a rate over labelled entities, and how far they reach; undefined where they reach both alike. */
export function pullOf(
  tally: ErrorTally,
  figure: ErrorRate["name"],
  side: "baseline" | "candidate",
): { readonly way: "up" | "down"; readonly reach: string } | undefined {
  if (figure !== "false-positive-rate" && figure !== "miss-rate") return undefined;
  const [adverse, others] = [reachOf(tally, groupsOf(side, true)), reachOf(tally, groupsOf(side, false))];
  if (adverse.entities === 0 || others.entities === 0 || Math.abs(adverse.share - others.share) < alike) return undefined;
  const way = adverse.share < others.share === (figure === "false-positive-rate") ? "down" : "up";
  return {
    way,
    reach: `${countText(adverse.labelled)} of ${countText(adverse.entities)} held adverse and ${countText(others.labelled)} of ${countText(others.entities)} others`,
  };
}

function reachOf(tally: ErrorTally, names: readonly GroupName[]): { labelled: number; entities: number; share: number } {
  const labelled = countOver(tally, names, "fine") + countOver(tally, names, "harmful");
  const entities = labelled + countOver(tally, names, "unlabelled");
  return { labelled, entities, share: entities === 0 ? 0 : labelled / entities };
}
