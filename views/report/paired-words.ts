/** The finding of a replay against a baseline, in one sentence. */
import type { Errors, GmvAtStake, PairedMovement, SegmentRow, TierView } from "../../simulations/comparison/index.ts";
import { capitalise, countOf, formatCount, formatShare, listInWords, pluralOf } from "../formats/index.ts";
import { shareInterval } from "./estimate-words.ts";
import { periodWords } from "./facts.ts";

/** One of the two policies: how it is called (`2.0.0`, or `ebay-seller-levels 2024.1.0` where the programmes differ), and its ladder. */
export interface PairedSide {
  readonly name: string;
  readonly tiers: readonly TierView[];
}

/** Who moves in the last period, and between whose tiers. */
export interface PairedFacts {
  readonly movement: Omit<PairedMovement, "tests" | "inFrame"> & { readonly inFrame: number };
  readonly baseline: PairedSide;
  readonly candidate: PairedSide;
  readonly entity: string;
  readonly grain: "day" | "week" | "month";
  /** Absent without a measure of sales, and of older runs. */
  readonly gmv?: GmvAtStake | undefined;
  /** Absent of older runs. */
  readonly segments?: readonly SegmentRow[] | undefined;
  /** Absent of older runs, and where no label is read. */
  readonly errors?: readonly Errors[] | undefined;
}

/** How many move, with the interval, where to, and who turns adverse or is released where any tier is adverse. */
export function pairedSentence({ movement, entity, grain, ...sides }: PairedFacts): string {
  const called = ({ name }: PairedSide) => `${name.includes(" ") ? "policy" : "version"} ${name}`;
  const [baseline, candidate] = [called(sides.baseline), capitalise(called(sides.candidate))];
  const { movers, inFrame, moversShare, newlyAdverse, released } = movement;
  const [many, when] = [pluralOf(entity), periodWords(grain, movement.at)];
  if (inFrame === 0) return `Nobody is there in ${when}: there is nothing to set ${called(sides.candidate)} against ${baseline} by.`;
  const isAdverse = [...sides.baseline.tiers, ...sides.candidate.tiers].some((tier) => tier.adverse);
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
