/** Flips from noise alone by volume, under both versions, and what shrinking shares would do about them. */
import type { Fairness, FlipBand, NoiseFlips } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { IntervalRow, PairedRow } from "../charts/index.ts";
import { capitalise, formatCount, formatNumber, formatShare, listInWords } from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, markOf, notDetermined, numberOf, shareInterval } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { pairedKey, pairedShares } from "./paired-shares.ts";
import type { Block, Cell, Figure, ReportTable } from "./report.ts";

const modes = ["full", "method"] as const;

/** Two figures, or why there are none. */
export function noiseBlocks(facts: Facts, { noise }: Fairness): readonly Block[] {
  if (noise === undefined) return [];
  if (noise.kind === "undetermined") {
    const subtitle = `${capitalise(noise.reason)}; ${noise.wouldDetermine} would determine it.`;
    return [{ modes, kind: "finding", title: "How many tiers are noise is not determined", subtitle }];
  }
  if (noise.all.candidate.asWritten.any.kind === "undetermined") {
    const { reason } = noise.all.candidate.asWritten.any;
    return [{ modes, kind: "finding", title: "How many tiers are noise is not determined", subtitle: `${capitalise(reason)}.` }];
  }
  const bands = noise.bands.filter(({ sampled }) => sampled > 0);
  return [
    { modes, kind: "figure", figure: flipsFigure(facts, noise, bands) },
    { modes, kind: "figure", figure: shrinkingFigure(facts, noise, bands) },
    ...shrinkingCost(facts, noise),
  ];
}

function flipsFigure(facts: Facts, noise: NoiseFlips, bands: readonly FlipBand[]): Figure {
  const title = flipsTitle(facts, bands);
  const rows = [...bands, noise.all].map(pairedRow);
  const bars = barsOf(facts, rows);
  return {
    id: "noise-flips",
    title,
    subtitle: `Share whose merited tier would be another in a parallel world of the same true quality, per cent, by orders in 12 weeks, ${facts.when}; ${formatCount(noise.sampled)} sampled ${facts.many}, ${noise.worlds} worlds; ${bars.words}. Volumes stay as recorded, so that the whole of chance is larger; whoever is unrated for want of orders stays so.`,
    chart: {
      kind: "paired-rows",
      label: title,
      valueHeading: "Flips from noise, %",
      pairHeading: `${facts.baselineVersion} → ${facts.candidateVersion}`,
      changeHeading: "Change, percentage points",
      changeColumn: bars.level,
      axis: { prefix: "", suffix: "", isChange: false },
      changeAxis: { prefix: "", suffix: "", isChange: true },
      rows,
    },
    key: pairedKey(facts, bars),
    table: flipsTable(facts, [...bands, noise.all]),
    links: figureLinks(facts, "noise-flips"),
  };
}

/** The band with the most flips and the one with the fewest, where their intervals do not meet. */
function flipsTitle({ many, candidateVersion, candidate: { noDraw } }: Facts, bands: readonly FlipBand[]): string {
  const known = bands.flatMap((band) => {
    const { any } = band.candidate.asWritten;
    return any.kind === "estimate" && any.interval !== undefined ? [{ name: band.band, value: any.value, ...any.interval }] : [];
  });
  const [high, low] = [known.toSorted((a, b) => b.value - a.value)[0], known.toSorted((a, b) => a.value - b.value)[0]];
  if (noDraw !== undefined) return `How many tiers are noise under ${candidateVersion}, without intervals`;
  if (high === undefined || low === undefined) return `No band of ${many} is large enough to say how many tiers are noise`;
  const most = `Had luck been drawn again, at least about ${formatShare(high.value, 0)} of ${many} with ${high.name} would be in another tier under ${candidateVersion}`;
  return high.lower > low.upper ? `${most}, and ${formatShare(low.value, 0)} of those with ${low.name}` : most;
}

function pairedRow({ band, sampled, entities, baseline, candidate, change }: FlipBand): PairedRow {
  const notes = [`n\u00a0=\u00a0${formatCount(sampled)} of ${formatCount(entities)}`];
  return pairedShares(capitalise(band), notes, { baseline: baseline.asWritten.any, candidate: candidate.asWritten.any, change });
}

function shrinkingFigure(facts: Facts, noise: NoiseFlips, bands: readonly FlipBand[]): Figure {
  const title = shrinkingTitle(facts, noise, bands);
  const names = noise.shrunkMetrics.candidate.map((name) => name.replaceAll("_", " "));
  const rows = [...bands, noise.all].flatMap((band): readonly IntervalRow[] => [
    row(band, "as written", band.candidate.asWritten.any, false),
    row(band, "shrunk", band.candidate.shrunk.any, true),
  ]);
  const bars = barsOf(facts, rows);
  return {
    id: "noise-shrinking",
    title,
    subtitle: `Flips from noise under ${facts.candidateVersion}, per cent, by orders in 12 weeks, ${facts.when}: as written, and with ${names.length === 0 ? "no share left to shrink" : `${listInWords(names)} shrunk towards all ${facts.many}`}; the same ${noise.worlds} worlds; ${bars.words}.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "Flips from noise, %",
      columns: ["share", bars.level],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: false },
      rows,
    },
    key: [{ mark: "candidate-point", words: "share of the band" }, ...bars.key],
    table: shrinkingTable(facts, [...bands, noise.all]),
    links: figureLinks(facts, "noise-shrinking"),
  };
}

/** A steadier tier also tells fewer apart. */
function shrinkingCost({ many }: Facts, { all, shrunkMetrics }: NoiseFlips): readonly Block[] {
  const { changedByShrinking } = all.candidate;
  if (shrunkMetrics.candidate.length === 0 || changedByShrinking === 0) return [];
  const text = `Steadier is not better by itself: shrinking also changes the tier that ${formatCount(changedByShrinking)} of ${formatCount(all.sampled)} sampled ${many} merit on what was recorded, and it makes those with few orders look alike.`;
  return [{ modes, kind: "aside", text }];
}

/** Named only where the interval of the difference lies below 0. */
function shrinkingTitle({ many, candidate: { noDraw } }: Facts, noise: NoiseFlips, bands: readonly FlipBand[]): string {
  if (noise.shrunkMetrics.candidate.length === 0) return "Every share is shrunk already, or cannot be";
  if (noDraw !== undefined) return "What shrinking its shares would do to flips from noise, without intervals";
  const helped = bands.flatMap((band) =>
    band.shrinking.kind === "estimate" && band.shrinking.interval !== undefined && band.shrinking.interval.upper < 0
      ? [{ band, by: band.shrinking.value }]
      : [],
  );
  const most = helped.toSorted((a, b) => a.by - b.by)[0]?.band;
  const [from, to] = most === undefined ? [] : [numberOf(most.candidate.asWritten.any), numberOf(most.candidate.shrunk.any)];
  if (most === undefined || from === undefined || to === undefined)
    return "Shrinking its shares would not clearly steady the tiers of any band";
  return `Shrinking its shares would take flips among ${many} with ${most.band} from ${formatNumber(from * 100, 0)} to ${formatShare(to, 0)}`;
}

function row(band: FlipBand, variant: string, estimate: Estimated, isEmphasised: boolean): IntervalRow {
  const value = numberOf(estimate);
  return {
    label: `${capitalise(band.band)}, ${variant}`,
    note: "",
    mark: markOf(estimate, 100),
    estimateText: value === undefined ? notDetermined : formatShare(value),
    intervalText: shareInterval(estimate).replace("\u00a0%", ""),
    isTotal: band.band === "all",
    isEmphasised,
  };
}

function flipsTable(facts: Facts, bands: readonly FlipBand[]): ReportTable {
  return {
    columns: [
      { title: "orders in 12 weeks", format: "text" },
      { title: facts.many, format: "count" },
      { title: "sampled", format: "count" },
      ...shareColumns(`flips under ${facts.baselineVersion}`),
      ...shareColumns(`flips under ${facts.candidateVersion}`),
      { title: "change", format: "points" },
      { title: "lower", format: "points" },
      { title: "upper", format: "points" },
      ...shareColumns(`across the adverse line under ${facts.baselineVersion}`),
      ...shareColumns(`across the adverse line under ${facts.candidateVersion}`),
    ],
    rows: bands.map(({ band, entities, sampled, baseline, candidate, change }): readonly Cell[] => [
      band,
      entities,
      sampled,
      ...estimateCells(baseline.asWritten.any),
      ...estimateCells(candidate.asWritten.any),
      ...estimateCells(change),
      ...estimateCells(baseline.asWritten.adverse),
      ...estimateCells(candidate.asWritten.adverse),
    ]),
    currency: "",
  };
}

function shrinkingTable(facts: Facts, bands: readonly FlipBand[]): ReportTable {
  return {
    columns: [
      { title: "orders in 12 weeks", format: "text" },
      { title: "sampled", format: "count" },
      ...shareColumns("flips as written"),
      ...shareColumns("flips shrunk"),
      { title: "difference", format: "points" },
      { title: "lower", format: "points" },
      { title: "upper", format: "points" },
      { title: `${facts.many} whose tier shrinking itself changes`, format: "count" },
    ],
    rows: bands.map(({ band, sampled, candidate, shrinking }): readonly Cell[] => [
      band,
      sampled,
      ...estimateCells(candidate.asWritten.any),
      ...estimateCells(candidate.shrunk.any),
      ...estimateCells(shrinking),
      candidate.changedByShrinking,
    ]),
    currency: "",
  };
}

function shareColumns(title: string): ReportTable["columns"] {
  return [
    { title, format: "share" },
    { title: "lower", format: "share" },
    { title: "upper", format: "share" },
  ];
}

/** What was drawn again, and what was not. */
export function noiseParagraphs({ noise }: Fairness): readonly string[] {
  if (noise?.kind !== "flips") return [];
  const drawn = noise.redrawn.map(
    ({ measure, whole, mean, strength }) =>
      `${measure.replaceAll("_", " ")} of ${whole.replaceAll("_", " ")} (cohort ${formatShare(mean)}, worth ${formatNumber(strength, 0)} cases)`,
  );
  const kept =
    noise.keptMetrics.length === 0 ? "" : ` As recorded stay ${listInWords(noise.keptMetrics.map((name) => name.replaceAll("_", " ")))}.`;
  return [
    `Flips from noise: drawn again were ${listInWords(drawn)}. Each entity's true rate comes from its posterior under the cohort's beta law (Kleinman 1973 moments), its counts from the binomial law period by period, and the policy itself scores them.${kept} ${capitalise(noise.assumptions.join("; "))}.`,
  ];
}
