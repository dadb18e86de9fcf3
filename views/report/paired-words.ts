/** The finding of a replay against a baseline, in one sentence. */
import type { PairedMovement, TierView } from "../../simulations/comparison/index.ts";
import { capitalise, countOf, formatCount, formatShare, listInWords, pluralOf } from "../formats/index.ts";
import { shareInterval } from "./estimate-words.ts";
import { periodWords } from "./facts.ts";

/** Who moves in the last period, and whose tiers. */
export interface PairedFacts {
  readonly movement: Omit<PairedMovement, "tests">;
  readonly tiers: { readonly baseline: readonly TierView[]; readonly candidate: readonly TierView[] };
  readonly entity: string;
  readonly grain: "day" | "week" | "month";
}

/** How the two policies are called: `2.0.0`, or `ebay-seller-levels 2024.1.0` where the programmes differ. */
export interface PairedNames {
  readonly baseline: string;
  readonly candidate: string;
}

/** How many move, with the interval, where to, and who turns adverse or is released where any tier is adverse. */
export function pairedSentence({ movement, tiers, entity, grain }: PairedFacts, names: PairedNames): string {
  const called = (name: string) => `${name.includes(" ") ? "policy" : "version"} ${name}`;
  const [baseline, candidate] = [called(names.baseline), capitalise(called(names.candidate))];
  const { movers, inFrame = 0, moversShare, newlyAdverse, released } = movement;
  const [many, when] = [pluralOf(entity), periodWords(grain, movement.at)];
  if (inFrame === 0) return `Nobody is there in ${when}: there is nothing to set ${called(names.candidate)} against ${baseline} by.`;
  const isAdverse = [...tiers.baseline, ...tiers.candidate].some((tier) => tier.adverse);
  // Without movers only a tier's own flag can turn anyone adverse.
  const adverse =
    isAdverse && movers + newlyAdverse + released > 0
      ? `; ${formatCount(newlyAdverse)} newly adverse, ${formatCount(released)} released`
      : "";
  if (movers === 0) {
    const all = inFrame === 1 ? `the one ${entity} there` : `each of the ${formatCount(inFrame)} ${many}`;
    return `${candidate} moves nobody: in ${when} ${all} holds the same tier as under ${baseline}${adverse}.`;
  }
  const interval = shareInterval(moversShare);
  const level = moversShare.kind === "estimate" ? moversShare.interval?.level : undefined;
  const share = `${formatShare(movers / inFrame)}${level === undefined ? "" : `, ${formatShare(level, 0)} interval ${interval}`}`;
  const ways = [
    [movement.up, "up"],
    [movement.down, "down"],
    [movement.intoUnrated, "into unrated"],
    [movement.outOfUnrated, "out of unrated"],
  ] as const;
  const went = ways.flatMap(([count, way]) => (count === 0 ? [] : [`${formatCount(count)} ${way}`]));
  return `${candidate} moves ${formatCount(movers)} of ${countOf(inFrame, entity, many)} (${share}) to another tier than ${baseline} in ${when}: ${listInWords(went)}${adverse}.`;
}
