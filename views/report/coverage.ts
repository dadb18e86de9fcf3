/** How much is known: labels by group, and the paragraph that says what follows from it. */
import type { Errors } from "../../simulations/comparison/index.ts";
import {
  capitalise,
  countInWords,
  countOf,
  formatCount,
  formatDate,
  formatShare,
  formatShareInProse,
  listInWords,
  sharePair,
} from "../formats/index.ts";
import { rateOf } from "./errors-of.ts";
import { numberOf, shareInterval } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Figure } from "./report.ts";
import { fewInGroup } from "./small-data.ts";

type Group = Errors["coverage"][number]["group"];

const order: readonly Group[] = ["newly", "both", "released", "neither"];
const names: Readonly<Record<Group, string>> = {
  newly: "Newly adverse",
  both: "Adverse under both",
  released: "Released",
  neither: "Adverse under neither",
};

/** Labelled share of each group, fine and harmful. */
export function coverageFigure(facts: Facts, errors: Errors): Figure {
  const rows = order.map((group) => ({ group, ...groupOf(errors, group) }));
  const title = coverageTitle(rows, facts);
  return {
    id: "coverage",
    title,
    subtitle: `Share of ${facts.many} in each group whose outcome is known, at ${formatDate(errors.at)}; n\u00a0=\u00a0${formatCount(errors.inFrame)}; labels known by ${formatDate(errors.knownAt)}; counts, no interval.`,
    chart: {
      kind: "coverage",
      label: title,
      rows: rows.map((row) => ({
        label: names[row.group],
        fine: row.fine,
        harmful: row.labelled - row.fine,
        entities: row.entities,
        text: row.entities === 0 ? "nobody" : `${formatCount(row.labelled)} of ${formatCount(row.entities)}`,
        shareText: row.entities === 0 ? "" : formatShare(row.labelled / row.entities, 0),
      })),
    },
    key: [
      { mark: "fine", words: "known fine" },
      { mark: "harmful", words: "known harmful" },
      { mark: "no-label", words: "no label" },
    ],
    table: {
      columns: [
        { title: "group", format: "text" },
        { title: facts.many, format: "count" },
        { title: "labelled", format: "count" },
        { title: "fine", format: "count" },
        { title: "harmful", format: "count" },
        { title: "labelled share", format: "share" },
      ],
      rows: rows.map((row) => [
        names[row.group],
        row.entities,
        row.labelled,
        row.fine,
        row.labelled - row.fine,
        row.entities === 0 ? "" : row.labelled / row.entities,
      ]),
      currency: "",
    },
    links: figureLinks(facts, "coverage"),
  };
}

function coverageTitle(
  rows: readonly { readonly group: Group; readonly entities: number; readonly labelled: number }[],
  facts: Facts,
): string {
  if (rows.every((row) => row.entities === 0)) return `No ${facts.one} is in the frame`;
  if (rows.every((row) => row.labelled === 0)) return "No group has a label";
  const shares = rows
    .filter((row) => row.entities >= fewInGroup)
    .map((row) => ({ ...row, share: row.labelled / row.entities }))
    .toSorted((a, b) => a.share - b.share);
  const [thinnest, thickest] = [shares[0], shares.at(-1)];
  if (thinnest === undefined || thickest === undefined) return `Every group holds fewer than ${countInWords(fewInGroup)} ${facts.many}`;
  if (thinnest === thickest)
    return `Labels cover ${formatShareInProse(thickest.share)} of ${phrase(thickest.group)}; every other group holds fewer than ${countInWords(fewInGroup)} ${facts.many}`;
  if (thickest.share - thinnest.share < 0.02)
    return `Labels are about as thick in every group: ${formatShareInProse(thinnest.share)} to ${formatShareInProse(thickest.share)}`;
  return `Labels are thinnest among ${phrase(thinnest.group)} (${formatShareInProse(thinnest.share)}), thickest among ${phrase(thickest.group)} (${formatShareInProse(thickest.share)})`;
}

function phrase(group: Group): string {
  return { newly: "the newly adverse", both: "those adverse under both", released: "the released", neither: "those adverse under neither" }[
    group
  ];
}

/** What biases the labels, which estimate we trust, what would settle it. Each sentence is there only when it holds. */
export function honestParagraphs(facts: Facts, errors: Errors): readonly string[] {
  const newly = groupOf(errors, "newly");
  const both = groupOf(errors, "both");
  const neither = groupOf(errors, "neither");
  const groups = [
    { group: both, words: "adverse under both versions" },
    { group: newly, words: "newly adverse" },
    { group: groupOf(errors, "released"), words: "released" },
    { group: neither, words: "adverse under neither" },
  ].filter(({ group }) => group.entities > (group === newly ? 1 : 0));
  const known = groups.map(({ group, words }, index) =>
    knownWords(group, index === 0 ? `${group.entities === 1 ? facts.one : facts.many} ${words}` : words),
  );
  const first: string[] = known.length === 0 ? [] : [`We know the outcome of ${listInWords(known)}.`];
  if (errors.assumedUntreated)
    first.push(
      "The panel does not hold the tier that was really assigned, so everyone is assumed untreated: harm that a restriction prevented is not seen.",
    );
  else if (errors.assumedUntreatedEntities !== undefined && errors.assumedUntreatedEntities > 0)
    first.push(
      `For ${countOf(errors.assumedUntreatedEntities, facts.one, facts.many)} with a label the tier really assigned is not known all the way through the horizon: they are assumed untreated.`,
    );
  if (errors.sharedMeasures.length > 0)
    first.push(
      `The outcome is computed from ${listInWords(errors.sharedMeasures.map((name) => name.replaceAll("_", " ")))}, which the policy reads too. So this is predictive, not truth: it says whether past conduct foretells later conduct, not who deserved it.`,
    );
  const pull = rateOf(errors, "candidate", "false-positive-rate")?.pull;
  if (pull !== undefined)
    first.push(
      `Labels reach those held adverse under ${facts.candidateVersion} ${pull === "down" ? "less" : "more"} often than the others, which by itself pulls its rate among the labelled ${pull}.`,
    );
  if (errors.realised !== undefined) first.push(...realisedWords(facts, errors.realised));
  const second: string[] = [];
  const missing = newly.entities - newly.labelled;
  if (newly.entities === 1 && newly.labelled === 1)
    second.push(`The one ${facts.one} newly adverse at ${formatDate(errors.at)} is labelled ${newly.fine === 1 ? "fine" : "harmful"}.`);
  else if (newly.entities === 1)
    second.push(`The one ${facts.one} newly adverse at ${formatDate(errors.at)} has no label: an audit would tell whether it is fine.`);
  else if (newly.labelled > 0) {
    second.push(
      missing === 0
        ? `All ${formatCount(newly.entities)} ${facts.many} newly adverse at ${formatDate(errors.at)} have a label; ${fineWords(newly.fine, newly.labelled)}.`
        : `Of the ${formatCount(newly.entities)} ${facts.many} newly adverse at ${formatDate(errors.at)}, ${formatCount(newly.labelled)} ${newly.labelled === 1 ? "has" : "have"} a label; of these ${fineWords(newly.fine, newly.labelled)}. With no assumption about the rest, between ${formatCount(newly.fine)} and ${formatCount(newly.fine + missing)} are fine. Auditing the other ${formatCount(missing)} would replace this sentence by a count.`,
    );
  } else if (newly.entities > 0)
    second.push(`None of the ${formatCount(newly.entities)} newly adverse has a label: auditing them would tell how many are fine.`);
  second.push(...estimatedOfNewly(errors));
  const falseShare = rateOf(errors, "candidate", "false-share");
  if (falseShare !== undefined && falseShare.denominator > 0 && numberOf(falseShare.estimate) !== undefined) {
    const { numerator, denominator, estimate } = falseShare;
    const interval = shareInterval(estimate);
    second.push(
      `Of all ${formatCount(denominator)} labelled ${facts.many} held adverse under ${facts.candidateVersion}, ${formatCount(numerator)} are labelled fine (${formatShare(numerator / denominator)}${interval === "" ? "" : `; ${interval}`}); of all ${formatCount(errors.labelled)} labelled, ${formatShare(errors.fine / Math.max(1, errors.labelled))} are.`,
    );
  }
  const definition = `${capitalise(errors.definition.trim().replace(/\.$/, ""))}.${errors.horizonDays > 0 ? ` Horizon ${formatCount(errors.horizonDays)} days.` : ""} Labels as known on ${formatDate(errors.knownAt)}.`;
  return [first.join(" "), second.join(" "), definition].filter((paragraph) => paragraph !== "");
}

/** How many of the newly adverse are fine where that is estimated for all of them, and not counted among those with a label. */
function estimatedOfNewly({ estimates }: Errors): readonly string[] {
  const newly = estimates?.fineShares.find(({ group }) => group === "newly");
  if (estimates === undefined || newly === undefined || newly.entities === 0) return [];
  const { estimator, estimate } = newly.headline;
  if (estimate.kind === "undetermined" || estimator === undefined || estimator === "labelled-only") return [];
  const { value, interval } = estimate;
  // These entities are given: of them, no fewer are fine than are known to be, and no more than are not known to be harmful.
  const [least = 0, most = 1] = [numberOf(newly.bounds.lower), numberOf(newly.bounds.upper)];
  const among = (share: number) => formatCount(Math.round(Math.min(most, Math.max(least, share)) * newly.entities));
  const range = interval === undefined ? "" : ` (${among(interval.lower)} to ${among(interval.upper)})`;
  const count = Math.round(value * newly.entities);
  const words = value * newly.entities < 0.5 ? "hardly one is fine" : `about ${formatCount(count)} ${count === 1 ? "is" : "are"} fine`;
  const by = estimates.estimators.find(({ name }) => name === estimator)?.title.toLowerCase();
  return [`Of all ${formatCount(newly.entities)} we estimate that ${words}${range}${by === undefined ? "" : `, by ${by}`}.`];
}

/** The rates with the labels of really restricted entities left in. */
function realisedWords(facts: Facts, realised: NonNullable<Errors["realised"]>): readonly string[] {
  const [before, after] = [realised.baseline, realised.candidate].map((rates) => {
    const rate = rates.find(({ name }) => name === "false-positive-rate");
    return rate === undefined ? undefined : numberOf(rate.estimate);
  });
  if (before === undefined || after === undefined) return [];
  const [first, second] = sharePair(before, after);
  const change = before === after ? `is ${second} under both versions` : `goes from ${first.replace(/\u00a0%$/, "")} to ${second}`;
  return [`With the ${facts.many} that were really restricted left in, as they behaved under restriction, the rate ${change}.`];
}

/** `32 % of the 133 sellers adverse under both versions`; counts where the group is small. */
function knownWords({ entities, labelled }: { readonly entities: number; readonly labelled: number }, words: string): string {
  if (labelled === 0) return `none of the ${formatCount(entities)} ${words}`;
  if (labelled === entities) return entities === 1 ? `the one ${words}` : `all ${formatCount(entities)} ${words}`;
  const part = entities < 20 ? formatCount(labelled) : formatShareInProse(labelled / entities);
  return `${part} of the ${formatCount(entities)} ${words}`;
}

function fineWords(fine: number, labelled: number): string {
  return fine === labelled
    ? "all are labelled fine"
    : fine === 0
      ? "none is labelled fine"
      : `${formatCount(fine)} ${fine === 1 ? "is" : "are"} labelled fine`;
}

function groupOf(errors: Errors, group: Group): { readonly entities: number; readonly labelled: number; readonly fine: number } {
  return errors.coverage.find((entry) => entry.group === group) ?? { entities: 0, labelled: 0, fine: 0 };
}
