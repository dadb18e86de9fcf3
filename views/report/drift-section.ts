/** How scores and metrics are spread, between the versions and over time; each distance beside what chance alone gives. */
import type { Distance, Drift, DriftRow } from "../../simulations/comparison/index.ts";
import { capitalise, formatCount, formatDate, formatFigure } from "../formats/index.ts";
import { notDetermined } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Block, Cell, Figure, ReportTable, Section } from "./report.ts";

const modes = ["full", "method"] as const;
const rowsMost = 24;

/** None for a comparison that was kept before drift was known, or whose entities have neither scores nor metrics. */
export function driftSections(facts: Facts): readonly Section[] {
  const { drift } = facts.candidate;
  if (drift === undefined || drift.rows.length === 0) return [];
  const head: Block = drift.curve.length === 0 ? findingOf() : { modes, kind: "figure", figure: scoresFigure(facts, drift) };
  const blocks: readonly Block[] = [
    head,
    {
      modes,
      kind: "table",
      name: "Distances between distributions, and what chance alone gives",
      table: distancesTable(facts, drift),
      isOpen: true,
    },
    { modes, kind: "aside", text: stabilityWords(facts) },
    { modes, kind: "table", name: "Scores over time", table: spreadTable(facts, drift), isOpen: false },
    noteOf(facts, drift),
  ];
  return [{ id: "drift", name: "Drift", blocks }];
}

function findingOf(): Block {
  const title = "No headline score is held under both versions at the last date";
  return { modes, kind: "finding", title, subtitle: "The distances below are of metrics." };
}

function betweenVersions(drift: Drift): DriftRow | undefined {
  return drift.rows.find(({ isScore, between }) => isScore && between === "policies");
}

function scoresFigure(facts: Facts, drift: Drift): Figure {
  const row = betweenVersions(drift);
  const title = scoresTitle(facts, row);
  const scored = [facts.baselineVersion, facts.candidateVersion].map(
    (version) => drift.spread.findLast((spread) => spread.version === version)?.scored ?? 0,
  );
  return {
    id: "drift-scores",
    title,
    subtitle: `${capitalise(facts.many)} at or below each score, per cent of those with one, ${facts.when}; n\u00a0=\u00a0${formatCount(scored[1] ?? 0)} under ${facts.candidateVersion} and ${formatCount(scored[0] ?? 0)} under ${facts.baselineVersion}${sampleWords(facts, drift)}; shares, no interval.`,
    chart: {
      kind: "curve",
      label: title,
      xHeading: "score",
      yHeading: "at or below it, %",
      lines: [
        { name: facts.candidateVersion, points: drift.curve.map(({ score, candidate }) => [score, candidate * 100] as const) },
        {
          name: facts.baselineVersion,
          isBaseline: true,
          points: drift.curve.map(({ score, baseline }) => [score, baseline * 100] as const),
        },
      ],
    },
    key: [
      { mark: "candidate-line", words: facts.candidateVersion },
      { mark: "baseline-line", words: facts.baselineVersion },
    ],
    table: {
      columns: [
        { title: "score", format: "number" },
        { title: `at or below it, ${facts.baselineVersion}`, format: "share" },
        { title: `at or below it, ${facts.candidateVersion}`, format: "share" },
      ],
      rows: drift.curve
        .filter((_, point) => point % 2 === 0)
        .map(({ score, baseline, candidate }) => [rounded(score), baseline, candidate]),
      currency: "",
    },
    links: figureLinks(facts, "drift-scores"),
  };
}

/** Lower, higher or alike by the medians, and only where a distance is beyond what label swaps give. */
function scoresTitle(facts: Facts, row: DriftRow | undefined): string {
  if (row === undefined || row.medians === undefined) return `Scores of the ${facts.many} under both versions`;
  if (row.wasserstein.kind === "undetermined" && row.firstOnly + row.secondOnly === 0) {
    const { differing = 0 } = row;
    if (differing === 0) return `Every ${facts.one} has the same score under both versions`;
    return `${formatCount(differing)} of ${formatCount(row.entities)} ${facts.many} have another score, all by too little to part it from chance`;
  }
  const [before, after] = row.medians;
  const [from, to] = [formatFigure(before, 3), formatFigure(after, 3)];
  const middle =
    row.firstOnly + row.secondOnly === 0
      ? `the middle ${facts.one}`
      : `of the ${formatCount(row.entities)} ${facts.many} with both, the middle one`;
  if (![row.kolmogorovSmirnov, row.wasserstein].some(beyond)) return `Scores are spread alike under both versions: ${middle} has ${to}`;
  if (from === to) return `Scores are spread differently, and ${middle} has ${to} under both versions`;
  return `Scores are ${after < before ? "lower" : "higher"} under ${facts.candidateVersion}: ${middle} has ${to}, not ${from}`;
}

function beyond(distance: Distance): boolean {
  return distance.kind === "distance" && distance.nullQuantile !== undefined && distance.value > distance.nullQuantile;
}

function distancesTable(facts: Facts, { rows }: Drift): ReportTable {
  const pair = (title: string): ReportTable["columns"] => [
    { title, format: "number" },
    { title: "chance", format: "number" },
  ];
  const cells = (distance: Distance): readonly Cell[] =>
    distance.kind === "distance"
      ? [rounded(distance.value), distance.nullQuantile === undefined ? notDetermined : rounded(distance.nullQuantile)]
      : [notDetermined, ""];
  return {
    columns: [
      { title: "what", format: "text" },
      { title: "between", format: "text" },
      { title: facts.many, format: "count" },
      ...pair("Kolmogorov-Smirnov"),
      ...pair("Wasserstein"),
      ...pair("Jensen-Shannon"),
      ...pair("PSI"),
    ],
    rows: rows
      .slice(0, rowsMost)
      .map((row) => [
        row.title,
        betweenWords(facts, row),
        row.entities,
        ...cells(row.kolmogorovSmirnov),
        ...cells(row.wasserstein),
        ...cells(row.jensenShannon),
        ...cells(row.populationStability),
      ]),
    currency: "",
  };
}

function betweenWords(facts: Facts, row: DriftRow): string {
  if (row.between === "policies") return `${facts.baselineVersion} and ${facts.candidateVersion}`;
  return `${row.version ?? ""},\u00a0since\u00a0${formatDate(row.from)}`;
}

function spreadTable(facts: Facts, { spread }: Drift): ReportTable {
  return {
    columns: [
      { title: "version", format: "text" },
      { title: `${facts.period} to`, format: "text" },
      { title: "with a score", format: "count" },
      { title: "without", format: "count" },
      ...["5 %", "25 %", "median", "75 %", "95 %"].map((title) => ({ title, format: "number" as const })),
    ],
    rows: spread.map(({ version, at, scored, missing, quantiles }) => [
      version,
      formatDate(at),
      scored,
      missing,
      ...(quantiles === undefined ? ["", "", "", "", ""] : quantiles.map(rounded)),
    ]),
    currency: "",
  };
}

/** Why the usual cut-offs are not used. */
function stabilityWords(facts: Facts): string {
  return `“Since” sets a version's own values of that ${facts.period} beside those of ${formatDate(facts.candidate.movement.at)}. “Chance” is the distance that swapping labels exceeds once in twenty. The usual cut-offs of the PSI, 0.1 and 0.25, are not used: how far two samples lie apart by chance depends on how many ${facts.many} and bins there are and on whether they are the same ${facts.many}, so that fixed numbers alarm on small groups and sleep on large ones.`;
}

function sampleWords(facts: Facts, { every }: Drift): string {
  return every === 1 ? "" : `, one ${facts.one} in ${formatCount(every)} by a hash of its key`;
}

function noteOf(facts: Facts, drift: Drift): Block {
  const { rows, unchanged, draws } = drift;
  const cut = rows.filter(({ bits }) => bits < 52);
  const hidden = rows.filter(
    ({ differing = 0, wasserstein, jensenShannon }) =>
      differing > 0 && [wasserstein, jensenShannon].some(({ kind }) => kind === "undetermined"),
  );
  const alone = rows.filter(({ firstOnly, secondOnly }) => firstOnly + secondOnly > 0).length;
  return {
    modes: ["method"],
    kind: "note",
    title: "How distances are judged",
    paragraphs: [
      `Each row compares the same ${facts.many} on both sides; those with a value on one side only are left out (in ${formatCount(alone)} of ${formatCount(rows.length)} rows there are some). Chance: each ${facts.one}'s two values are swapped or not by a fair coin, ${formatCount(draws)} times, seed ${facts.comparison.provenance.seed}. Two samples of different ${facts.many} would lie much further apart by chance.`,
      `Of ${formatCount(rows.length * 4)} distances about one in twenty lies beyond chance where nothing has changed. Wasserstein is in the unit of its row; Jensen-Shannon, base 2, and PSI are over tenths of the first side, half a ${facts.one} added to every bin of the PSI.`,
      ...(cut.length === 0
        ? []
        : [
            `In ${formatCount(cut.length)} rows values have more digits than shuffles can carry; for the chance of Kolmogorov-Smirnov and Wasserstein their last ones are cut off, to no less than ${formatCount(Math.min(...cut.map(({ bits }) => bits)))} binary digits. The distances themselves are of the whole values.`,
          ]),
      ...(hidden.length === 0
        ? []
        : [
            `In ${formatCount(hidden.length)} rows some ${facts.many} differ, but by less than those digits, or within a tenth: what chance gives is not determined there, and neither is the distance.`,
          ]),
      ...(unchanged.length === 0 ? [] : [`The same under both versions, ${facts.one} by ${facts.one}: ${unchanged.join(", ")}.`]),
    ],
  };
}

/** Four figures: what is printed is what the CSV holds. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
