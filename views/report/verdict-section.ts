/** The verdict: criteria that were written for this change, how each reads, where else it was read, and what that rests on. */
import type { CandidatesTried, CriteriaRecord, CriterionReading, OutOfTime, Reading, Verdict } from "../../simulations/comparison/index.ts";
import {
  capitalise,
  countInWords,
  countOf,
  formatCount,
  formatDate,
  formatNumber,
  formatPoints,
  formatRange,
  formatShare,
} from "../formats/index.ts";
import { numberOf, shareInterval } from "./estimate-words.ts";
import type { Facts } from "./facts.ts";
import type { Block, ReportTable, ReportVerdict, Section } from "./report.ts";

const all = ["brief", "full", "method"] as const;
const more = ["full", "method"] as const;
const nbsp = "\u00a0";

/** A verdict with when its criteria were written. */
export interface JudgedCandidate {
  readonly verdict: Verdict;
  readonly record: CriteriaRecord;
}

/** What stands above the five figures; undefined when no criteria were written. */
export function verdictOf({ context, candidateVersion }: Facts): ReportVerdict | undefined {
  const judged = context.verdicts?.[candidateVersion];
  if (judged === undefined) return undefined;
  const { verdict, record } = judged;
  return {
    reading: verdict.reading,
    title: titleOf(verdict),
    note: `${capitalise(recordedWords(record))}. ${elsewhereWords(verdict)}`,
    items: verdict.criteria.map((criterion) => ({
      words: criterion.words,
      reading: criterion.reading,
      found: foundWords(criterion),
    })),
  };
}

/** Brief and on: the table. Full and on: where else it was read. Method: what a reading is. Undefined when no criteria were written. */
export function verdictSection(facts: Facts): Section | undefined {
  const judged = facts.context.verdicts?.[facts.candidateVersion];
  if (judged === undefined) return undefined;
  const { verdict, record } = judged;
  const stability = stabilityTable(verdict);
  const blocks: readonly Block[] = [
    {
      modes: all,
      kind: "finding",
      title: titleOf(verdict),
      subtitle: `Each criterion against its figure; intervals at ${facts.level}, counts exact. Pass: all of the interval keeps the bound. Fail: all of it breaks it.`,
    },
    { modes: all, kind: "table", name: "Criteria and how they read", table: criteriaTable(verdict), isOpen: true },
    { modes: all, kind: "honest", title: honestTitle(record), paragraphs: honestParagraphs(facts, judged) },
    ...(stability.rows.length === 0
      ? []
      : ([
          {
            modes: more,
            kind: "finding",
            title: stabilityTitle(verdict),
            subtitle:
              "The same criteria at quarter points of the range, with labels of other days, and against each outcome source by itself.",
          },
          { modes: more, kind: "table", name: "The same criteria elsewhere", table: stability, isOpen: true },
        ] satisfies readonly Block[])),
    { modes: ["method"], kind: "note", title: "How a verdict is read", paragraphs: methodParagraphs },
  ];
  return { id: "verdict", name: "Verdict", blocks };
}

const methodParagraphs = [
  "A verdict fails when any criterion fails, else is undetermined when any is, else passes. A criterion whose figure could not be computed is undetermined, never passed.",
  "An interval speaks of another draw of entities under the same calendar. Criteria are read one by one at the level of the intervals: with many of them, one may fail or pass by chance.",
  "Readings elsewhere: movement at the last evaluation of each quarter of the range; figures from labels at the quarters of the labelled evaluations, at an older date with the labels known 0 and 28 days after it was mature and with all, and by outcome source with its own horizon. Figures from labels are read there as here: by the estimate that the error rates would lead with at that date and with those labels; where labels are too thin for a single figure, by their limits alone.",
  "Candidates tried are counted from the comparisons that this home has kept on the same data. What was moved on the what-if page, or computed elsewhere, is not known to it.",
];

/** `Fails: 2 of 7 criteria fail, 1 is undetermined`. */
function titleOf({ reading, criteria }: Verdict): string {
  const count = (wanted: Reading) => criteria.filter((one) => one.reading === wanted).length;
  const [failed, open, passed] = [count("fail"), count("undetermined"), count("pass")];
  const whole = countOf(criteria.length, "criterion", "criteria");
  if (reading === "pass") return criteria.length === 1 ? "Passes its one criterion" : `Passes all ${whole}`;
  const rest = open === 0 ? "" : `, ${open} ${open === 1 ? "is" : "are"} undetermined`;
  if (reading === "fail")
    return `Fails ${failed} of ${whole}${open === 0 ? "" : `; ${open} more ${open === 1 ? "is" : "are"} undetermined`}`;
  if (criteria.length === 1) return "Undetermined on its one criterion";
  return passed === 0 ? `Undetermined on all ${whole}` : `Undetermined: ${passed} of ${whole} pass${passed === 1 ? "es" : ""}${rest}`;
}

function recordedWords({ recordedAt, runsBefore: { ofPair, onData } }: CriteriaRecord): string {
  const when = `criteria recorded ${formatDate(recordedAt.slice(0, 10))}`;
  if (onData === 0) return `${when}, before the first run on these data`;
  const others = `${countOf(onData, "run")} on the same data`;
  if (ofPair === 0) return `${when}, before the first run of this change, but after ${others}`;
  return `written after ${others}, ${ofPair === onData ? (onData === 1 ? "and of this change" : "all of this change") : `${formatCount(ofPair)} of this change`}: ${when}`;
}

function elsewhereWords({ elsewhere: { readings, same } }: Verdict): string {
  if (readings === 0) return "Read nowhere else: the range holds no other evaluation.";
  return `${same === readings ? "All" : formatCount(same)} of ${formatCount(readings)} readings at other dates, horizons and maturity are the same.`.replace(
    /^All of (\S+) readings/,
    "All $1 readings",
  );
}

function criteriaTable({ criteria }: Verdict): ReportTable {
  return {
    columns: [
      { title: "Criterion", format: "text" },
      { title: "Reads", format: "text" },
      { title: "Found", format: "text" },
      { title: "At", format: "text" },
      { title: "Without any assumption on missing labels", format: "text" },
      { title: "Same elsewhere", format: "text" },
    ],
    rows: criteria.map((criterion) => [
      criterion.words,
      readingWords[criterion.reading],
      `${foundWords(criterion)}${criterion.reading === "undetermined" && criterion.found.kind === "estimate" ? `: ${criterion.reason ?? ""}` : ""}`,
      formatDate(criterion.at),
      criterion.limits === undefined
        ? ""
        : `${between(criterion, criterion.limits.lower, criterion.limits.upper)}: ${readingWords[criterion.limits.reading].toLowerCase()}`,
      criterion.elsewhere.length === 0
        ? (criterion.nowhereElse ?? "")
        : `${criterion.elsewhere.filter(({ reading }) => reading === criterion.reading).length} of ${criterion.elsewhere.length}`,
    ]),
    currency: "",
  };
}

const readingWords: Readonly<Record<Reading, string>> = { pass: "Pass", fail: "Fail", undetermined: "Undetermined" };

/** At most this many rows: what differs from the reading here comes first. */
const stabilityRowsMax = 25;

function stabilityTable({ criteria }: Verdict): ReportTable {
  const rows = criteria.flatMap((criterion) =>
    criterion.elsewhere.map((other) => ({
      differs: other.reading !== criterion.reading,
      cells: [
        criterion.words,
        placeWords(other),
        readingWords[other.reading],
        foundWords({ ...other, unit: criterion.unit }),
        other.reading === criterion.reading ? "same" : "other",
      ],
    })),
  );
  const shown =
    rows.length <= stabilityRowsMax ? rows : [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
  return {
    columns: ["Criterion", "Where", "Reads", "Found", "As here"].map((title) => ({ title, format: "text" as const })),
    rows: shown.slice(0, stabilityRowsMax).map(({ cells }) => cells),
    currency: "",
  };
}

function placeWords({ along, at, knownAt, source, horizonDays }: CriterionReading["elsewhere"][number]): string {
  const date = formatDate(at);
  switch (along) {
    case "date":
      return `at ${date}`;
    case "maturity":
      return `at ${date}, labels known by ${formatDate(knownAt ?? at)}`;
    case "horizon":
      return `at ${date}, outcome ${source ?? ""}, ${horizonDays === 0 ? "a state" : `${formatCount(horizonDays ?? 0)} days ahead`}`;
  }
}

function stabilityTitle({ elsewhere: { readings, same }, criteria }: Verdict): string {
  if (same === readings) return "The verdict does not hang on its date, its horizon or the maturity of the labels";
  const parts = (["date", "horizon", "maturity"] as const).filter((along) =>
    criteria.some((criterion) => criterion.elsewhere.some((other) => other.along === along && other.reading !== criterion.reading)),
  );
  const words = parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
  return `Elsewhere ${formatCount(readings - same)} of ${formatCount(readings)} readings are another: it hangs on ${words}`;
}

function honestTitle({ runsBefore: { onData, ofPair } }: CriteriaRecord): string {
  if (onData === 0) return "The criteria were written before any figure was seen";
  if (ofPair === 0) return "The criteria were written before this change was seen, not before the data were";
  return `The criteria were written after ${onData === 1 ? "a run" : `${countInWords(onData)} runs`} on the same data`;
}

function honestParagraphs({ context, many }: Facts, { verdict, record }: JudgedCandidate): readonly string[] {
  const late =
    record.runsBefore.ofPair > 0
      ? [
          "Whoever has seen the figures can write criteria that they meet. A verdict is worth most where its criteria came first; let the next change be judged by these.",
        ]
      : [];
  const labelled = verdict.criteria.filter(({ limits }) => limits !== undefined);
  const bold = labelled.filter(
    ({ limits, reading, by }) => limits?.reading !== reading && reading !== "undetermined" && by?.isDesignBased !== true,
  );
  const thin =
    bold.length === 0
      ? []
      : [
          `${bold.length === 1 ? "One criterion rests" : `${capitalise(countInWords(bold.length))} criteria rest`} on the ${many} whose outcome is known: without assumptions on the others ${bold.length === 1 ? "it reads" : "they read"} undetermined. Random audits would settle ${bold.length === 1 ? "it" : "them"}.`,
        ];
  return [`${capitalise(recordedWords(record))}.`, ...late, triedWords(context.tried), ...thin].filter((sentence) => sentence !== "");
}

/** How many candidates the data were asked about; empty when it is not known. */
export function triedWords(tried: CandidatesTried | undefined): string {
  if (tried === undefined) return "";
  const { candidates, runs, outOfTime = [] } = tried;
  const again = outOfTime.map(
    ({ version, to, run, among, earlier, here }) =>
      ` Version ${version} is estimated again out of time: run ${run}, over a range to ${formatDate(to)} on which ${countOf(among, "candidate")} had been compared, found ${moversWords(earlier)} moved; over this later range it is ${moversWords(here)}.`,
  );
  const counted = `${capitalise(countInWords(candidates))} ${candidates === 1 ? "candidate was" : "candidates were"} compared on these data up to this run, in ${countOf(runs, "run")}.`;
  if (again.length > 0) return `${counted}${again.join("")}`;
  return candidates > 1
    ? `${counted} The best of several looks better than it is; choose on a range that ends early, and compare the chosen one again from there on.`
    : counted;
}

/** `6.4 % (5.2 to 7.9 %)`. */
function moversWords(share: OutOfTime["here"]): string {
  const value = numberOf(share);
  const range = shareInterval(share);
  return value === undefined ? `an unknown share (${range})` : `${formatShare(value)}${range === "" ? "" : ` (${range})`}`;
}

/** `3.1 % (2.8 to 3.4 %), by random audits`; the reason when there is no number, and what is read in its place. */
function foundWords(
  criterion: Pick<CriterionReading, "found" | "unit" | "reading" | "refusal" | "by"> & {
    readonly limits?: { readonly lower: number; readonly upper: number };
  },
): string {
  const { found, refusal, limits, by } = criterion;
  if (found.kind === "undetermined") {
    const instead =
      refusal === undefined || limits === undefined ? "" : `; read by its limits, ${between(criterion, limits.lower, limits.upper)}`;
    return `not determined: ${found.reason}${instead}`;
  }
  const value = `${say(criterion.unit, found.value)}${unitWords[criterion.unit]}`;
  const { interval } = found;
  // An exact count is read; what is not read has no interval to be read by.
  const words =
    interval === undefined
      ? `${value}, ${criterion.reading === "undetermined" ? "no interval" : "exact"}`
      : `${value} (${between(criterion, interval.lower, interval.upper)})`;
  return by === undefined ? words : `${words}, by ${by.title.toLowerCase()}`;
}

const unitWords = { share: `${nbsp}%`, points: `${nbsp}pp`, factor: `${nbsp}x` } as const;

function between({ unit }: Pick<CriterionReading, "unit">, lower: number, upper: number): string {
  return `${formatRange(say(unit, lower), say(unit, upper))}${unitWords[unit]}`;
}

function say(unit: CriterionReading["unit"], value: number): string {
  if (unit === "points") return formatPoints(value);
  return unit === "factor" ? formatNumber(value, 2) : formatShare(value).replace(/\u00a0%$/, "");
}
