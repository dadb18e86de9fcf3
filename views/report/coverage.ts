/** How much is known: labels by group, and the paragraph that says what follows from it. */
import type { Errors } from "../../simulations/comparison/index.ts";
import { capitalise, formatCount, formatDate, formatShare, formatShareInProse, listInWords } from "../formats/index.ts";
import { rateOf } from "./errors-of.ts";
import { numberOf, shareInterval } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Figure } from "./report.ts";

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
  const shares = rows
    .filter((row) => row.entities > 0)
    .map((row) => ({ ...row, share: row.labelled / row.entities }))
    .toSorted((a, b) => a.share - b.share);
  const [thinnest, thickest] = [shares[0], shares.at(-1)];
  if (thinnest === undefined || thickest === undefined) return `No ${facts.many} in the frame`;
  if (thickest.share === 0) return "No group has a label";
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
  const first: string[] = [
    `We know the outcome of ${shareWords(both)} of the ${facts.many} that are adverse under both versions, of ${shareWords(newly)} of the newly adverse, and of ${shareWords(neither)} of those that are adverse under neither.`,
  ];
  if (errors.assumedUntreated)
    first.push(
      "The panel does not hold the tier that was really assigned, so everyone is assumed untreated: harm that a restriction prevented is not seen.",
    );
  if (errors.sharedMeasures.length > 0)
    first.push(
      `The outcome is computed from ${listInWords(errors.sharedMeasures.map((name) => name.replaceAll("_", " ")))}, which the policy reads too. So this is predictive, not truth: it says whether past conduct foretells later conduct, not who deserved it.`,
    );
  const second: string[] = [];
  const missing = newly.entities - newly.labelled;
  if (newly.entities > 0 && newly.labelled > 0) {
    second.push(
      `Of the ${formatCount(newly.entities)} ${newly.entities === 1 ? facts.one : facts.many} newly adverse at ${formatDate(errors.at)}, ${formatCount(newly.labelled)} ${newly.labelled === 1 ? "has" : "have"} a label and ${formatCount(newly.fine)} of these turned out fine. With no assumption about the rest, ${missing === 0 ? formatCount(newly.fine) : `between ${formatCount(newly.fine)} and ${formatCount(newly.fine + missing)}`} are fine.`,
    );
  } else if (newly.entities > 0)
    second.push(`None of the ${formatCount(newly.entities)} newly adverse has a label: nothing can be said of how many are fine.`);
  if (missing > 0) second.push(`Auditing the other ${formatCount(missing)} would replace this sentence by a count.`);
  const falseShare = rateOf(errors, "candidate", "false-share");
  const share = falseShare === undefined ? undefined : numberOf(falseShare.estimate);
  if (falseShare !== undefined && share !== undefined)
    second.push(
      `Of all labelled ${facts.many} held adverse under ${facts.candidateVersion}, ${formatShareInProse(share)} turned out fine (${shareInterval(falseShare.estimate)}).`,
    );
  const definition = `${capitalise(errors.definition.trim().replace(/\.$/, ""))}.${errors.horizonDays > 0 ? ` Horizon ${formatCount(errors.horizonDays)} days.` : ""} Labels as known on ${formatDate(errors.knownAt)}.`;
  return [first.join(" "), second.join(" "), definition].filter((paragraph) => paragraph !== "");
}

function shareWords(group: { readonly entities: number; readonly labelled: number }): string {
  return group.entities === 0 ? "none (there are none)" : formatShareInProse(group.labelled / group.entities);
}

function groupOf(errors: Errors, group: Group): { readonly entities: number; readonly labelled: number; readonly fine: number } {
  return errors.coverage.find((entry) => entry.group === group) ?? { entities: 0, labelled: 0, fine: 0 };
}
