/** How long stays in adverse tiers last under both versions: the shares recovered, and the median. */
import type { Course, RecoverySide } from "../../simulations/comparison/index.ts";
import { countOf, formatCount, formatDate } from "../formats/index.ts";
import { estimateCells } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Block, Cell, Figure, ReportTable } from "./report.ts";
import { thin } from "./tiers-section.ts";

const modes = ["full", "method"] as const;

/** Below this many stays no median is a finding. */
const fewStays = 10;

/** The most rows of a table on the page. */
export const rowsMost = 24;

/** The head of a column. */
export function heading(title: string, format: "text" | "count" | "share" | "points" | "number" = "count") {
  return { title, format };
}

/** `6 Oct 2024 to 28 Sep 2025`. */
export function rangeWords({ candidate: { range } }: Facts): string {
  return `${formatDate(range.from)} to ${formatDate(range.to)}`;
}

/** A finding alone where nobody enters an adverse tier. */
export function recoveryBlocks(facts: Facts, { recovery }: Course): readonly Block[] {
  const { baseline, candidate } = recovery;
  if (baseline.curve.length + candidate.curve.length === 0) {
    const title = "Nobody enters an adverse tier in the range, so nobody recovers from one";
    return [{ modes, kind: "finding", title, subtitle: `Under neither version, ${rangeWords(facts)}.` }];
  }
  const sides = [
    { side: candidate, version: facts.candidateVersion, isBaseline: false },
    { side: baseline, version: facts.baselineVersion, isBaseline: true },
  ];
  const title = recoveryTitle(facts, recovery);
  const figure: Figure = {
    id: "recovery",
    title,
    subtitle: `Stays in an adverse tier that have ended with no adverse tier held, per cent of those that begin, by ${facts.periods} since entry, ${rangeWords(facts)}; n\u00a0=\u00a0${formatCount(candidate.stays)} stays under ${facts.candidateVersion} and ${formatCount(baseline.stays)} under ${facts.baselineVersion}. Closing is another end. ${medianWords(facts, recovery)}${leftOutWords(facts, recovery)}`,
    chart: {
      kind: "curve",
      label: title,
      xHeading: `${facts.periods} since entry`,
      yHeading: "recovered, %",
      lines: sides.map(({ side, version, isBaseline }) => ({
        name: version,
        isBaseline,
        points: [[0, 0] as const, ...side.curve.map((point) => [point.periods, point.recovered * 100] as const)],
      })),
    },
    key: [
      { mark: "candidate-line", words: facts.candidateVersion },
      { mark: "baseline-line", words: facts.baselineVersion },
    ],
    table: curveTable(facts, recovery),
    links: figureLinks(facts, "recovery"),
  };
  return [
    { modes, kind: "figure", figure },
    { modes, kind: "table", name: "Recovered within", table: withinTable(facts, recovery), isOpen: true },
  ];
}

function recoveryTitle(facts: Facts, { baseline, candidate }: Course["recovery"]): string {
  const [before, after] = [baseline.median.value, candidate.median.value];
  const { baselineVersion: old, candidateVersion: now, period } = facts;
  const stays = `stays in ${facts.adverseWords === "" ? "an adverse tier" : facts.adverseWords}`;
  if (baseline.stays < fewStays || candidate.stays < fewStays)
    return `Too few ${stays} to say how soon they end: ${formatCount(candidate.stays)} under ${now}, ${formatCount(baseline.stays)} under ${old}`;
  if (before === undefined && after === undefined) return `Under neither version do half of the ${stays} recover within the range`;
  if (before === undefined || after === undefined) {
    const [reached, not] = after === undefined ? [old, now] : [now, old];
    return `Half of the ${stays} recover within ${countOf(before ?? after ?? 0, period)} under ${reached}; under ${not} half do not within the range`;
  }
  if (before === after) return `Half of the ${stays} recover within ${countOf(after, period)} under both versions`;
  return `Half of the ${stays} recover within ${countOf(after, period)} under ${now}, within ${formatCount(before)} under ${old}`;
}

function medianWords(facts: Facts, { baseline, candidate }: Course["recovery"]): string {
  const told = (version: string, { median: { value, lower, upper } }: RecoverySide) =>
    value === undefined
      ? `not reached under ${version}`
      : lower === undefined && upper === undefined
        ? `${formatCount(value)} under ${version}`
        : `${formatCount(value)} under ${version} (${facts.level} interval ${formatCount(lower ?? value)} to ${upper === undefined ? "beyond the range" : formatCount(upper)})`;
  return `Median in ${facts.periods}: ${told(facts.candidateVersion, candidate)}, ${told(facts.baselineVersion, baseline)}.`;
}

/** Stays whose beginning nobody saw: where there are any, how many. */
function leftOutWords(facts: Facts, { baseline, candidate }: Course["recovery"]): string {
  if (baseline.runningAtStart + candidate.runningAtStart === 0) return "";
  const counts = `${formatCount(candidate.runningAtStart)} under ${facts.candidateVersion}, ${formatCount(baseline.runningAtStart)} under ${facts.baselineVersion}`;
  return ` Left out, because nobody saw them begin: stays that ran in the first ${facts.period} (${counts}).`;
}

function curveTable(facts: Facts, { baseline, candidate }: Course["recovery"]): ReportTable {
  const longest = Math.max(baseline.curve.length, candidate.curve.length);
  const all = Array.from({ length: longest }, (_, at) => at);
  const cells = (side: RecoverySide, at: number): readonly Cell[] => {
    const point = side.curve[at];
    return point === undefined ? ["", "", ""] : [point.atRisk, point.recovered, point.closed];
  };
  return {
    columns: [
      heading(`${facts.periods} since entry`),
      ...[facts.baselineVersion, facts.candidateVersion].flatMap((version) => [
        heading(`still followed, ${version}`),
        heading(`recovered, ${version}`, "share"),
        heading(`closed, ${version}`, "share"),
      ]),
    ],
    rows: thin(all, Math.ceil(longest / 13)).map((at) => [at + 1, ...cells(baseline, at), ...cells(candidate, at)]),
    currency: "",
  };
}

function withinTable(facts: Facts, { baseline, candidate, change }: Course["recovery"]): ReportTable {
  const version = (name: string) => [heading(name, "share"), heading("lower", "share"), heading("upper", "share")];
  return {
    columns: [
      heading(`recovered within, ${facts.periods}`),
      ...version(facts.baselineVersion),
      ...version(facts.candidateVersion),
      heading("change", "points"),
      heading("lower", "points"),
      heading("upper", "points"),
    ],
    rows: change.map(({ periods, recovered }, at) => [
      periods,
      ...[baseline, candidate].flatMap((side) => {
        const own = side.within[at]?.recovered;
        return own === undefined ? ["", "", ""] : estimateCells(own);
      }),
      ...estimateCells(recovered),
    ]),
    currency: "",
  };
}
