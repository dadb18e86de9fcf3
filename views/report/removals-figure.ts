/** What each part of the score decides: the tiers that would be others without it. */
import type { Influence, PartRemoval, PartRemovals } from "../../simulations/comparison/index.ts";
import type { Undetermined } from "../../simulations/statistics/index.ts";
import { capitalise, countOf, formatCount, formatShare, listInWords, uncapitalise } from "../formats/index.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Block, Figure } from "./report.ts";

const modes = ["full", "method"] as const;
/** Method tells the counts in its note. */
const drawnIn = ["full"] as const;
const drawnMax = 12;

/** Empty for comparisons that were kept before this was counted, and for a score that is not taken apart, which is said beside the weights. */
export function removalBlocks(facts: Facts, { candidate, removals }: Influence): readonly Block[] {
  if (removals === undefined || candidate.kind === "undetermined") return [];
  const { baseline, candidate: after } = removals;
  if (after.kind === "undetermined") {
    const subtitle = `${after.reason}; ${after.wouldDetermine} would determine it.`;
    return [{ modes, kind: "finding", title: "What each part of the score decides is not determined", subtitle }];
  }
  return [{ modes: drawnIn, kind: "figure", figure: removalsFigure(facts, after, baseline) }];
}

function removalsFigure(facts: Facts, removals: PartRemovals, baseline: PartRemovals | Undetermined): Figure {
  const { many, when, candidateVersion: version, baselineVersion } = facts;
  const title = removalsTitle(facts, removals);
  const of =
    removals.examined === removals.entities
      ? formatCount(removals.entities)
      : `${formatCount(removals.examined)} (of ${formatCount(removals.entities)}, evenly chosen)`;
  const before = new Map(baseline.kind === "removals" ? baseline.parts.map((part) => [part.score, part]) : []);
  const note = ({ score, declared }: PartRemoval): string => {
    const own = before.get(score);
    const old =
      own === undefined || baseline.kind !== "removals" ? "" : `; ${baselineVersion}: ${formatShare(own.flips / baseline.examined)}`;
    return `weight ${formatShare(declared)}${old}`;
  };
  return {
    id: "part-removals",
    title,
    subtitle: `${capitalise(many)} that would hold another tier under ${version} if the part were taken out of the score, ${ruleWords(removals.parts)}; whole histories replayed; n\u00a0=\u00a0${of} ${many} in ${when}; counts, no interval.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: `${many} with another tier, %`,
      columns: ["Another tier", "Up / down"],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: false },
      rows: removals.parts.slice(0, drawnMax).map((part) => ({
        label: part.title,
        note: note(part),
        mark: { value: (100 * part.flips) / removals.examined },
        estimateText: formatShare(part.flips / removals.examined),
        intervalText: `${formatCount(part.up)} / ${formatCount(part.down)}`,
        isTotal: false,
        isEmphasised: false,
      })),
    },
    key: [{ mark: "candidate-point", words: `share of ${many}, a count` }],
    table: {
      columns: [
        { title: "version", format: "text" },
        { title: "without", format: "text" },
        { title: "declared", format: "share" },
        { title: "another tier", format: "count" },
        { title: "up", format: "count" },
        { title: "down", format: "count" },
        { title: "into unrated", format: "count" },
        { title: "out of unrated", format: "count" },
        { title: "of", format: "count" },
      ],
      rows: [...(baseline.kind === "removals" ? rowsOf(baselineVersion, baseline) : []), ...rowsOf(version, removals)],
      currency: "",
    },
    links: figureLinks(facts, "part-removals"),
  };
}

function rowsOf(version: string, { parts, examined }: PartRemovals) {
  return parts
    .slice(0, drawnMax)
    .map(({ title, declared, flips, up, down, intoUnrated, outOfUnrated }) => [
      version,
      title,
      declared,
      flips,
      up,
      down,
      intoUnrated,
      outOfUnrated,
      examined,
    ]);
}

function removalsTitle({ many }: Facts, { parts, examined }: PartRemovals): string {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined || first.flips === 0) return `Without any one part all ${many} would hold the same tier`;
  const share = ({ flips }: PartRemoval): string => formatShare(flips / examined);
  if (last.flips === first.flips) return `Without any one part ${share(first)} would hold another tier`;
  return `The score hangs most on ${uncapitalise(first.title)}: without it ${share(first)} would hold another tier, without ${uncapitalise(last.title)} ${share(last)}`;
}

function ruleWords(parts: readonly PartRemoval[]): string {
  const rules = new Set(parts.map(({ rule }) => rule));
  if (rules.has("none")) return "its weight shared out (the policy has no rule for a missing part)";
  return rules.has("neutral") ? "the policy's stand-in for a missing part in its place" : "its weight shared out as for a missing part";
}

/** For the note on method: what was taken out, and what was left. */
export function removalMethod(facts: Facts, { removals }: Influence): readonly string[] {
  if (removals?.candidate.kind !== "removals") return [];
  const { parts, examined } = removals.candidate;
  const counts = parts
    .slice(0, drawnMax)
    .map(({ title, flips, up, down }) => `${uncapitalise(title)} ${formatCount(flips)} (${formatCount(up)} up, ${formatCount(down)} down)`);
  return [
    `Without a part: it is missing for every ${facts.one} in the sums of the score, at every date, and the policy's rule for missing parts decides; what asks for the part or its metric itself asks still. Of ${countOf(examined, facts.one)}, these would hold another tier under ${facts.candidateVersion} without ${listInWords(counts)}. Counts overlap and do not sum.`,
  ];
}
