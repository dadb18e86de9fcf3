/** Labels still to come: known by the pin and expected in the end, by source and date. */
import type { ArrivalDate, Audits, LabelArrivals } from "../../simulations/comparison/index.ts";
import { capitalise, countOf, formatCount, formatDate, listInWords } from "../formats/index.ts";
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
  /** The source's latest date. */
  readonly isLatest: boolean;
}

/** Dates that are complete are in the table; of each source the latest is drawn too. */
function isDrawn({ date, isLatest }: ShownDate): boolean {
  return isLatest || (date.shareComplete ?? 1) < completeMin;
}

/** Undefined when no source has a label about a date of the range. */
export function arrivalsFigure(facts: Facts, { arrivals }: Audits): Figure | undefined {
  const shown = arrivals.flatMap((source) =>
    source.dates.slice(-datesShown).map((date): ShownDate => ({ name: nameOf(source), date, isLatest: date === source.dates.at(-1) })),
  );
  const [first] = arrivals;
  if (shown.length === 0 || first === undefined) return undefined;
  const title = titleOf(shown);
  return {
    id: "labels-to-come",
    title,
    subtitle: `Labels known by ${formatDate(first.knownAt)}, as a share of those expected in the end, by source and by the date that they are about; n\u00a0=\u00a0${formatCount(shown.reduce((sum, { date }) => sum + date.both.known, 0))} known about the dates shown; no interval; the latest dates with labels, those that are complete in the table. Known after, so far: ${delayWords(arrivals)}.`,
    chart: {
      kind: "shares",
      label: title,
      isDense: true,
      bands: [
        { name: "known", isEmphasised: true },
        { name: "still to come", isEmphasised: false },
      ],
      rows: shown.filter(isDrawn).flatMap(({ name, date }) => {
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

/** Counts what is still to come, by source; says so when nothing is, or nothing can be told. */
function titleOf(shown: readonly ShownDate[]): string {
  if (shown.every(({ date }) => date.shareComplete === undefined))
    return "How many labels are still to come cannot be told: too few show how late they come";
  const rest = new Map<string, number>();
  for (const { name, date } of shown) {
    const { known, expected } = date.both;
    if (expected.kind === "estimate") rest.set(name, (rest.get(name) ?? 0) + Math.max(0, expected.value - known));
  }
  const open = [...rest]
    .filter(([, labels]) => labels >= 0.5)
    .map(([name, labels]) => `${formatCount(labels)} ${name.toLowerCase()} ${Math.round(labels) === 1 ? "label" : "labels"}`);
  if (open.length === 0) return "No label is still to come about the dates that have labels, as far as earlier delays tell";
  return `About the latest dates with labels, some are still to come: about ${listInWords(open)}`;
}

/** `audit 7 to 21 days, half within 14`. */
function delayWords(arrivals: readonly LabelArrivals[]): string {
  const words = arrivals.flatMap((source) => {
    const known = source.delays.flatMap(({ soonestDays, medianDays, longestDays }) =>
      soonestDays === undefined || medianDays === undefined || longestDays === undefined ? [] : [{ soonestDays, medianDays, longestDays }],
    );
    const [widest] = known.toSorted((a, b) => b.longestDays - a.longestDays);
    if (widest === undefined) return [`${nameOf(source).toLowerCase()}, too few to tell`];
    const soonest = Math.min(...known.map(({ soonestDays }) => soonestDays));
    return soonest === widest.longestDays
      ? [
          `${nameOf(source).toLowerCase()} always ${countOf(soonest, "day")}, so that there are none yet about the last ${formatCount(soonest)}`,
        ]
      : [
          `${nameOf(source).toLowerCase()} ${formatCount(soonest)} to ${countOf(widest.longestDays, "day")}, half within ${formatCount(widest.medianDays)}`,
        ];
  });
  return words.join("; ");
}

function nameOf({ source }: LabelArrivals): string {
  return capitalise(source.replaceAll("_", " "));
}
