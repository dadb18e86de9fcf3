/** Labels still to come: known by the pin and expected in the end, by source and date. */
import type { ArrivalDate, Audits, LabelArrivals } from "../../simulations/comparison/index.ts";
import { capitalise, countOf, formatCount, formatDate, formatShare } from "../formats/index.ts";
import { estimateCells } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Figure } from "./report.ts";

/** Dates a source that are drawn and listed: the latest. */
const datesShown = 6;
/** From this share on a date counts as complete. */
const completeMin = 0.995;

interface ShownDate {
  readonly name: string;
  readonly date: ArrivalDate;
}

/** Undefined when no source has a label about a date of the range. */
export function arrivalsFigure(facts: Facts, { arrivals }: Audits): Figure | undefined {
  const shown = arrivals.flatMap((source) => source.dates.slice(-datesShown).map((date): ShownDate => ({ name: nameOf(source), date })));
  const [first] = arrivals;
  if (shown.length === 0 || first === undefined) return undefined;
  const title = titleOf(shown);
  return {
    id: "labels-to-come",
    title,
    subtitle: `Labels known by ${formatDate(first.knownAt)}, as a share of those expected in the end, by source and by the date that they are about; the latest dates with labels; from how late earlier labels came (${delayWords(arrivals)}).`,
    chart: {
      kind: "shares",
      label: title,
      bands: [
        { name: "known", isEmphasised: true },
        { name: "still to come", isEmphasised: false },
      ],
      rows: shown.flatMap(({ name, date }) => {
        const { shareComplete: share, both } = date;
        if (share === undefined || both.expected.kind === "undetermined") return [];
        const rest = Math.max(0, both.expected.value - both.known);
        return [
          {
            label: formatDate(date.at),
            note: name,
            shares: [Math.min(1, share), Math.max(0, 1 - share)],
            texts: [formatCount(both.known), rest < 0.5 ? "" : `about ${formatCount(rest)} more`],
          },
        ];
      }),
    },
    key: [
      { mark: "accent", words: "known" },
      { mark: "grey-1", words: "still to come" },
    ],
    table: {
      columns: [
        { title: "labels", format: "text" },
        { title: "about", format: "text" },
        { title: "days since", format: "count" },
        { title: "fine known", format: "count" },
        { title: "harmful known", format: "count" },
        { title: "known", format: "count" },
        { title: "expected", format: "number" },
        { title: "lower", format: "number" },
        { title: "upper", format: "number" },
        { title: "share complete", format: "share" },
      ],
      rows: shown.map(({ name, date }) => [
        name,
        formatDate(date.at),
        date.days,
        date.fine.known,
        date.harmful.known,
        date.both.known,
        ...estimateCells(date.both.expected),
        date.shareComplete ?? "",
      ]),
      currency: "",
    },
    links: figureLinks(facts, "labels-to-come"),
  };
}

function titleOf(shown: readonly ShownDate[]): string {
  const open = shown.filter(({ date }) => date.shareComplete !== undefined && date.shareComplete < completeMin);
  const unknown = shown.filter(({ date }) => date.shareComplete === undefined);
  if (unknown.length === shown.length) return "How many labels are still to come cannot be told: too few show how late they come";
  const [thinnest] = open.toSorted((a, b) => (a.date.shareComplete ?? 1) - (b.date.shareComplete ?? 1));
  if (thinnest === undefined) return "No label is still to come about the dates shown, as far as earlier delays tell";
  const { name, date } = thinnest;
  return `${name} about ${formatDate(date.at)}: about ${formatShare(date.shareComplete ?? 1, 0)} are known so far`;
}

function delayWords(arrivals: readonly LabelArrivals[]): string {
  return arrivals
    .flatMap((source) => {
      const [longest] = source.delays
        .flatMap(({ medianDays, longestDays }) =>
          medianDays === undefined || longestDays === undefined ? [] : [{ medianDays, longestDays }],
        )
        .toSorted((a, b) => b.longestDays - a.longestDays);
      if (longest === undefined) return [];
      const days = longest.medianDays === longest.longestDays ? "always" : `half within ${countOf(longest.medianDays, "day")}, the last`;
      return [`${nameOf(source).toLowerCase()} ${days} after ${formatCount(longest.longestDays)}`];
    })
    .join("; ");
}

function nameOf({ source }: LabelArrivals): string {
  return capitalise(source.replaceAll("_", " "));
}
