/** What labels leave open, and what would settle it: appeals alone, the rate by date, labels still to come, audits, a holdout. */
import type { AppealSensitivity, Audits, HoldoutPlan, RateDate, RateSeries } from "../../simulations/comparison/index.ts";
import { countOf, formatCount, formatDate, formatNumber, formatRange, formatShare } from "../formats/index.ts";
import { arrivalsFigure } from "./audits-arrivals.ts";
import { auditPlanFigure, planSentence } from "./audits-plan.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, notDetermined } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { pairedKey, pairedShares } from "./paired-shares.ts";
import type { Block, Figure, ReportTable, Section } from "./report.ts";

const modes = ["brief", "full", "method"] as const;
const fullModes = ["full", "method"] as const;
/** Dates that the table of a series lists, and those of them that are drawn: the latest. */
const datesListed = 12;
const datesDrawn = 6;

/** Undefined in comparisons that were kept before these figures were. */
export function auditsSection(facts: Facts): Section | undefined {
  const { audits } = facts.candidate;
  if (audits === undefined) return undefined;
  const series = audits.series.find(({ dates }) => dates.length > 0);
  const arrivals = arrivalsFigure(facts, audits);
  const blocks: readonly Block[] = [
    ...(audits.plan === undefined ? [] : [{ modes, kind: "prose" as const, spans: planSentence(facts, audits.plan) }]),
    ...(series === undefined ? [] : [{ modes: fullModes, kind: "figure" as const, figure: seriesFigure(facts, series) }]),
    ...(arrivals === undefined ? [] : [{ modes: fullModes, kind: "figure" as const, figure: arrivals }]),
    ...appealBlocks(facts, audits),
    ...(audits.plan === undefined ? [] : [{ modes: fullModes, kind: "figure" as const, figure: auditPlanFigure(facts, audits.plan) }]),
    ...(audits.holdout === undefined ? [] : [holdoutBlock(facts, audits.holdout)]),
    methodNote(audits),
  ];
  return { id: "settle", name: "What would settle it", blocks };
}

/** Decided appeals below which a curve is called too thin to read. */
const appealsMin = 10;

function appealBlocks(facts: Facts, { appeals }: Audits): readonly Block[] {
  if (appeals === undefined) return [];
  const { overturned, upheld } = appeals.candidate;
  if (overturned + upheld >= appealsMin) return [{ modes: fullModes, kind: "figure", figure: appealsFigure(facts, appeals) }];
  if (overturned + upheld > 0) {
    const figure = appealsFigure(facts, appeals);
    return [
      { modes: ["full"], kind: "aside", text: `${figure.title}, whatever the odds from 1 to 10 that the fine appeal more readily.` },
      { modes: ["method"], kind: "figure", figure },
    ];
  }
  const text = `No appeal of ${facts.many} held adverse under ${facts.candidateVersion} at ${formatDate(appeals.at)} is decided, so appeals say nothing of how many of them are fine.`;
  return [{ modes: fullModes, kind: "aside", text }];
}

function appealsFigure(facts: Facts, appeals: AppealSensitivity): Figure {
  const { candidate, baseline } = appeals;
  const points = candidate.curve.flatMap(({ odds, falseShare }) => (falseShare.kind === "estimate" ? [{ odds, ...falseShare }] : []));
  const decided = candidate.overturned + candidate.upheld;
  const ends = points.map(({ value, interval }) => ({ value, lower: interval?.lower ?? value, upper: interval?.upper ?? value }));
  const [least, most] = [Math.min(...ends.map(({ lower }) => lower)), Math.max(...ends.map(({ upper }) => upper))];
  const [low, high] = [Math.min(...ends.map(({ value }) => value)), Math.max(...ends.map(({ value }) => value))];
  const range = (from: number, to: number): string => `${formatRange(formatNumber(100 * from, 0), formatNumber(100 * to, 0))}\u00a0%`;
  const title =
    decided < appealsMin
      ? `${decided === 1 ? "One decided appeal says" : `${formatCount(decided)} decided appeals say`} little: ${range(least, most)} of those held adverse could be fine`
      : `If the fine appeal one to ten times as readily as the others, about ${range(low, high)} of those held adverse are fine`;
  const line = (curve: AppealSensitivity["candidate"]) =>
    curve.curve.flatMap(({ odds, falseShare }) => (falseShare.kind === "estimate" ? [[odds, 100 * falseShare.value] as const] : []));
  return {
    id: "appeal-odds",
    title,
    subtitle: `Fine among ${facts.many} held adverse, per cent, at ${formatDate(appeals.at)}, by the odds that a fine ${facts.one} has a decided appeal over those of a harmful one; ${facts.candidateVersion}: ${formatCount(candidate.overturned)} overturned of ${formatCount(decided)} decided, ${formatCount(candidate.adverse)} held adverse; the band is the ${facts.level} interval of ${facts.candidateVersion} at each. Only adverse ${facts.many} appeal, so appeals give no false-positive rate.`,
    chart: {
      kind: "curve",
      label: title,
      xHeading: "Fine : harmful appeal odds",
      yHeading: "False share of the adverse tier, %",
      lines: [
        { name: facts.candidateVersion, points: line(candidate) },
        { name: facts.baselineVersion, points: line(baseline), isBaseline: true },
      ].filter(({ points: drawn }) => drawn.length > 0),
      bands: [
        points.map(({ odds, value, interval }) => [odds, 100 * (interval?.lower ?? value), 100 * (interval?.upper ?? value)] as const),
      ],
    },
    key: [
      { mark: "candidate-line", words: facts.candidateVersion },
      { mark: "baseline-line", words: facts.baselineVersion },
      { mark: "interval", words: `${facts.level} interval` },
    ],
    table: appealsTable(facts, appeals),
    links: figureLinks(facts, "appeal-odds"),
  };
}

function appealsTable(facts: Facts, { baseline, candidate }: AppealSensitivity): ReportTable {
  const share = (title: string) => ({ title, format: "share" as const });
  const limits = ({ bounds }: AppealSensitivity["candidate"]) => [
    "",
    ...[bounds.lower, bounds.upper].map((end) => (end.kind === "estimate" ? end.value : notDetermined)),
  ];
  return {
    columns: [
      { title: "fine : harmful appeal odds", format: "text" },
      share(facts.baselineVersion),
      share("lower"),
      share("upper"),
      share(facts.candidateVersion),
      share("lower"),
      share("upper"),
    ],
    rows: [
      ...candidate.curve.map(({ odds, falseShare }, index) => [
        String(odds),
        ...estimateCells(baseline.curve[index]?.falseShare ?? falseShare),
        ...estimateCells(falseShare),
      ]),
      ["No assumption (limits)", ...limits(baseline), ...limits(candidate)],
    ],
    currency: "",
  };
}

function seriesFigure(facts: Facts, series: RateSeries): Figure {
  const dates = series.dates.slice(-datesListed);
  const rest = dates.length > datesDrawn ? `; the latest ${formatCount(datesDrawn)} are drawn, all are in the table` : "";
  const title = seriesTitle(facts, dates);
  const rows = dates.slice(-datesDrawn).map(({ at, baseline, candidate, change, ...date }) => {
    const notes = [`${formatCount(date.fine)} fine of ${formatCount(date.fine + date.harmful)} labelled`, maturityWords(date)];
    return pairedShares(formatDate(at), notes, { baseline: baseline.rate, candidate: candidate.rate, change });
  });
  const bars = barsOf(facts, rows);
  return {
    id: "rate-series",
    title,
    subtitle: `Share of fine ${facts.many} held in an adverse tier, per cent, by date; the latest ${countOf(dates.length, "date")} about which ${series.dated.replaceAll("_", " ")} has labels, each by itself${rest}; labelled only${series.source === "all" ? ", by labels of all sources" : ""}; ${bars.words}. Mature: ${countOf(series.matureDays, "day")} or more before the known-at day.`,
    chart: {
      kind: "paired-rows",
      label: title,
      valueHeading: "False-positive rate, %",
      pairHeading: `${facts.baselineVersion} → ${facts.candidateVersion}`,
      changeHeading: "Change, percentage points",
      changeColumn: bars.level,
      axis: { prefix: "", suffix: "", isChange: false },
      changeAxis: { prefix: "", suffix: "", isChange: true },
      rows,
    },
    key: pairedKey(facts, bars),
    table: seriesTable(facts, dates),
    links: figureLinks(facts, "rate-series"),
  };
}

function maturityWords({ isMature, shareComplete }: Pick<RateDate, "isMature" | "shareComplete">): string {
  if (isMature) return "mature";
  return shareComplete === undefined ? "not mature" : `not mature: ${formatShare(shareComplete, 0)} of labels known`;
}

/** Says at how many dates the change's interval lies on one side of zero, and no more. */
function seriesTitle(facts: Facts, dates: readonly RateDate[]): string {
  const changes = dates.flatMap(({ change }) => (change.kind === "estimate" ? [change] : []));
  if (changes.length === 0) return `At no date is a ${facts.one} labelled fine`;
  if (changes.every(({ value }) => value === 0)) return `At every date each version holds as many known fine ${facts.many} adverse`;
  if (facts.candidate.noDraw !== undefined) return `How many known fine ${facts.many} each version holds adverse, without intervals`;
  const up = changes.filter(({ interval }) => interval !== undefined && interval.lower > 0).length;
  const down = changes.filter(({ interval }) => interval !== undefined && interval.upper < 0).length;
  const dated = countOf(dates.length, "date");
  const words = (count: number, word: string): string =>
    count === dates.length
      ? `At ${count === 1 ? "the one date" : `each of ${dated}`} clearly ${word} known fine ${facts.many} are held adverse under ${facts.candidateVersion}`
      : `At ${formatCount(count)} of ${dated} clearly ${word} known fine ${facts.many} are held adverse under ${facts.candidateVersion}`;
  if (up === 0 && down === 0)
    return `${dates.length === 1 ? "At the one date the labels do not tell" : `At none of ${dated} do the labels tell`} which version holds more fine ${facts.many} adverse`;
  if (down === 0) return words(up, "more");
  return up === 0 ? words(down, "fewer") : `${words(up, "more")}, at ${formatCount(down)} clearly fewer`;
}

function seriesTable(facts: Facts, dates: readonly RateDate[]): ReportTable {
  const column = (title: string, format: "text" | "count" | "share" | "points") => ({ title, format });
  return {
    columns: [
      column("date", "text"),
      column("maturity", "text"),
      column("fine", "count"),
      column("harmful", "count"),
      column(`fine adverse, ${facts.baselineVersion}`, "count"),
      column(facts.baselineVersion, "share"),
      column("lower", "share"),
      column("upper", "share"),
      column(`fine adverse, ${facts.candidateVersion}`, "count"),
      column(facts.candidateVersion, "share"),
      column("lower", "share"),
      column("upper", "share"),
      column("change", "points"),
      column("lower", "points"),
      column("upper", "points"),
    ],
    rows: dates.map((date) => [
      formatDate(date.at),
      maturityWords(date),
      date.fine,
      date.harmful,
      date.baseline.adverseFine,
      ...estimateCells(date.baseline.rate),
      date.candidate.adverseFine,
      ...estimateCells(date.candidate.rate),
      ...estimateCells(date.change),
    ]),
    currency: "",
  };
}

function holdoutBlock(facts: Facts, holdout: HoldoutPlan): Block {
  const { size, adverse, wanted, allowed, version } = holdout;
  const points = (share: number): string => `±${formatNumber(100 * share, 1)}\u00a0pp`;
  const cap = formatShare(holdout.shareMax, 0);
  const wantedWords = `To tell the false share to ${points(holdout.wantedHalfWidth)} takes ${formatCount(wanted)} of the ${countOf(adverse, facts.one, facts.many)} that ${version} holds adverse`;
  const hidden = "A restriction hides the harm that it prevents; who is left alone, drawn at random, shows it.";
  const paragraphs =
    size === 0
      ? [`${hidden} ${wantedWords}; the cap of ${cap} at a time allows nobody.`]
      : [
          `${hidden} ${wantedWords}; the cap of ${cap} at a time allows ${formatCount(allowed)}${holdout.rounds === 1 ? "" : `, so ${countOf(holdout.rounds ?? 0, "round")} of ${formatCount(size)}, each of newly held ${facts.many}`}.`,
          `One round of ${formatCount(size)} tells the false share to ${points(holdout.halfWidth ?? 0)}${holdout.effectHalfWidth === undefined ? "" : `, and what the restriction itself changes to ${points(holdout.effectHalfWidth)}`}. As supposed, about ${formatCount(holdout.harmfulLeftAlone)} of them are harmful and go unrestricted meanwhile: leave the gravest cases out of the drawing, watch the others, and agree beforehand when to stop.`,
        ];
  return { modes: fullModes, kind: "honest", title: "A holdout would show harm without restriction", paragraphs };
}

function methodNote({ arrivals, appeals }: Audits): Block {
  const known = arrivals.flatMap(({ delays }) => delays).some(({ medianDays }) => medianDays !== undefined);
  const paragraphs = [
    ...(known
      ? [
          "Labels still to come: delays by the reverse-time hazard under right truncation at the known-at day, by source and by what the label says (Lagakos, Barraj and De Gruttola 1988); expected = known over the share of labels known after so many days. It takes recent delays to be as earlier ones. In a rate of one source the correction cancels, so dates are marked, not corrected.",
        ]
      : []),
    ...(appeals === undefined
      ? []
      : [
          "Appeals: given the odds, overturned among decided appeals is noncentral hypergeometric in the number of fine; the interval is exact and counts the finite tier. The odds are assumed, never estimated: appeals alone do not tell them.",
        ]),
    "Audits: each rate as a ratio of stratified totals, linearised; the fewest audits that meet all half-widths (Neyman allocation, for several figures Chromy 1987), finite population counted. The supposed share of fine is that of the labelled, pulled towards one half; if it is wrong the interval comes out wider or narrower. Where all audits of a stratum agree they show no spread, and the plain interval is somewhat too narrow: on the demo marketplace, audited by its known truth, it held the true change in 91 % of drawings at 95 %, and the expected half-width in 98 %.",
  ];
  return { modes: ["method"], kind: "note", title: "How this is planned", paragraphs };
}
