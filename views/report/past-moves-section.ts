/** What past tier changes did to sales: matched moves with their placebo, and jumps at cut-offs. */
import type { MeasuredCutoff, MeasuredElasticities, MeasuredMoves } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { IntervalRow } from "../charts/index.ts";
import { capitalise, countInWords, countOf, formatCount, formatDate, formatNumber, formatRange, formatSigned } from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, markOf, methodWords, notDetermined, numberOf } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { estimateKey } from "./paired-shares.ts";
import type { Block, Figure, Section } from "./report.ts";

const modes = ["full", "method"] as const;

/** Undefined where the dataset holds no tiers that were really assigned, or no sales. */
export function pastMovesSection(facts: Facts): Section | undefined {
  const { elasticities } = facts.comparison;
  if (elasticities === undefined) return undefined;
  const blocks: Block[] = [...movesBlocks(facts, elasticities), ...cutoffBlocks(facts, elasticities), ...methodNotes(facts, elasticities)];
  return { id: "past-moves", name: "What past tier changes did", blocks };
}

const wordsOf = { "into-adverse": "Into an adverse tier", "out-of-adverse": "Out of an adverse tier" } as const;

interface Row {
  readonly label: string;
  readonly estimated: Estimated;
  readonly isTotal: boolean;
}

function movesBlocks(facts: Facts, elasticities: MeasuredElasticities): readonly Block[] {
  const measured = elasticities.moves.filter(({ windows }) => windows.length > 0);
  const missing = elasticities.moves.filter(({ windows }) => windows.length === 0);
  if (measured.length === 0)
    return [
      {
        modes,
        kind: "finding",
        title: "Past tier changes do not tell what a tier does to sales",
        subtitle: missing.map((moves) => whyNot(moves)).join(" "),
      },
    ];
  const rest: Block[] = missing.map((moves) => ({ modes, kind: "prose", spans: [{ text: whyNot(moves), strong: false }] }));
  return [{ modes, kind: "figure", figure: movesFigure(facts, measured) }, caution(facts, elasticities, measured), ...rest];
}

function whyNot({ direction, effect }: MeasuredMoves): string {
  return effect.kind === "undetermined" ? `${wordsOf[direction]}: ${effect.reason}; ${effect.wouldDetermine} would tell.` : "";
}

function movesFigure(facts: Facts, measured: readonly MeasuredMoves[]): Figure {
  const title = movesTitle(measured);
  const pairs = measured.map(
    ({ direction, moves, matched }) => `${wordsOf[direction].toLowerCase()} ${formatCount(matched)} of ${countOf(moves, "move")}`,
  );
  const rows = measured.flatMap(rowsOf).map(drawnRow);
  const bars = barsOf(facts, rows);
  return {
    id: "past-moves",
    title,
    subtitle: `Growth of sales against the 28 days before the move, movers less their matches, per cent of the mean of both stretches; past moves with a match: ${pairs.join(", ")}; ${bars.words}.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: `growth of ${facts.one} sales, mover less match, %`,
      columns: ["Estimate", bars.column],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: true },
      rows,
    },
    key: estimateKey(bars),
    table: {
      columns: [
        { title: "move", format: "text" },
        { title: "stretch", format: "text" },
        { title: "growth, mover less match", format: "share" },
        { title: "lower", format: "share" },
        { title: "upper", format: "share" },
        { title: "pairs", format: "count" },
      ],
      rows: measured.flatMap((moves) =>
        rowsOf(moves).map(({ label, estimated }) => [wordsOf[moves.direction], label, ...estimateCells(estimated), moves.matched]),
      ),
      currency: "",
    },
    links: figureLinks(facts, "past-moves"),
  };
}

function rowsOf(moves: MeasuredMoves): readonly Row[] {
  const prefix = moves.direction === "into-adverse" ? "Into" : "Out of";
  return [
    { label: `${prefix}: 12 to 8 weeks before (placebo)`, estimated: moves.placebo, isTotal: false },
    ...moves.windows.map(({ window, difference }) => ({
      label: `${prefix}: ${window === 1 ? "first 28 days" : "next 28 days"} after`,
      estimated: difference,
      isTotal: false,
    })),
    { label: `${prefix}: both together`, estimated: moves.effect, isTotal: true },
  ];
}

/** Size and direction only where the interval leaves out 0. */
function movesTitle(measured: readonly MeasuredMoves[]): string {
  const clear = measured.find(({ effect }) => isAway(effect));
  if (clear !== undefined) {
    const value = numberOf(clear.effect) ?? 0;
    return `${wordsOf[clear.direction]}, sales grew about ${growthWords(value)} than their matches’`;
  }
  const known = measured.find(({ effect }) => effect.kind === "estimate");
  if (known === undefined) return "Movers and their matches grew apart before the move, so what followed is not the tier’s doing alone";
  const { interval } = known.effect.kind === "estimate" ? known.effect : {};
  if (interval === undefined) return "Past tier changes do not tell what a tier does to sales";
  return `${wordsOf[known.direction]}: anything from ${formatSigned(interval.lower * 100, 0)} to ${formatSigned(interval.upper * 100, 0)} points of growth fits the past`;
}

/** Growth is of the mean of both stretches: points of it are no share of what was sold before. */
function growthWords(value: number): string {
  return `${formatNumber(Math.abs(value) * 100, 0)} points ${value < 0 ? "less" : "more"}`;
}

function isAway(estimated: Estimated): boolean {
  return (
    estimated.kind === "estimate" && estimated.interval !== undefined && (estimated.interval.lower > 0 || estimated.interval.upper < 0)
  );
}

function caution(facts: Facts, { version }: MeasuredElasticities, measured: readonly MeasuredMoves[]): Block {
  const [first] = measured;
  const back =
    first === undefined || first.matched === 0
      ? ""
      : ` Of the ${formatCount(first.matched)} matched movers ${formatCount(first.returned)} were back in their old tier after 56 days, and ${formatCount(first.matchesMoved)} matches had moved by then, too: this is what one move did, not what a lasting one would.`;
  const text = `Bad luck demotes and luck returns, so movers are compared only with ${facts.many} that held the same tier at the same time, with the same score under ${version} and the same sales over twelve weeks, and did not move then. What the score does not hold can still differ between them.${back}`;
  return { modes, kind: "aside", text };
}

function cutoffBlocks(facts: Facts, { cutoffs }: MeasuredElasticities): readonly Block[] {
  const [first] = cutoffs;
  if (first === undefined) return [];
  const known = cutoffs.filter(({ effect }) => effect.kind === "estimate");
  if (known.length === 0) {
    const undetermined = cutoffs.flatMap(({ tier, stated, entities, effect }) =>
      effect.kind === "undetermined" ? [{ tier, stated, entities, effect }] : [],
    );
    const reasons = undetermined.map(
      ({ tier, stated, entities, effect }) =>
        `${capitalise(tier)} at ${formatNumber(stated, 1)} (n\u00a0=\u00a0${formatCount(entities)}): ${effect.reason}. What would tell: ${effect.wouldDetermine}.`,
    );
    const subtitle = `Jump of later sales at the limits of ${facts.baselineVersion}, ${formatDate(first.at)}. ${reasons.join(" ")}`;
    return [{ modes, kind: "finding", title: "No limit of the score tells what its tier does to sales", subtitle }];
  }
  return [{ modes, kind: "figure", figure: cutoffsFigure(facts, cutoffs) }];
}

function cutoffsFigure(facts: Facts, cutoffs: readonly MeasuredCutoff[]): Figure {
  const title = cutoffsTitle(facts, cutoffs);
  const at = cutoffs[0]?.at ?? "";
  const rows = cutoffs.map(({ tier, stated, effect }) =>
    drawnRow({ label: `${capitalise(tier)}, from ${formatNumber(stated, 1)} on`, estimated: effect, isTotal: false }),
  );
  const bars = barsOf(facts, rows);
  return {
    id: "cutoff-jumps",
    title,
    subtitle: `Growth of sales over 56 days just above a limit less just below it, per cent, of those whose tier the limit decides; scores of ${formatDate(at)}, unrounded; ${bars.words}; ${facts.many} at the limit only.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "jump of sales growth at the limit, %",
      columns: ["Estimate", bars.column],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: true },
      rows,
    },
    key: estimateKey(bars),
    table: {
      columns: [
        { title: "tier", format: "text" },
        { title: "limit", format: "number" },
        { title: "cut-off, unrounded", format: "number" },
        { title: facts.many, format: "count" },
        { title: "jump of growth", format: "share" },
        { title: "lower", format: "share" },
        { title: "upper", format: "share" },
        { title: "why not, and what would tell", format: "text" },
      ],
      rows: cutoffs.map(({ tier, stated, cutoff, entities, effect }) => [
        tier,
        stated,
        cutoff,
        entities,
        ...estimateCells(effect),
        effect.kind === "undetermined" ? `${effect.reason}; ${effect.wouldDetermine}` : "",
      ]),
      currency: "",
    },
    links: figureLinks(facts, "cutoff-jumps"),
  };
}

function cutoffsTitle(facts: Facts, cutoffs: readonly MeasuredCutoff[]): string {
  const clear = cutoffs.find(({ effect }) => isAway(effect));
  const known = cutoffs.filter(({ effect }) => effect.kind === "estimate").length;
  if (clear === undefined)
    return known === 1
      ? "At the one limit that can be read, sales do not clearly jump"
      : "At the limits of the score, sales do not clearly jump";
  const value = numberOf(clear.effect) ?? 0;
  return `At the limit of ${clear.tier}, sales of ${facts.many} that reach it grow about ${growthWords(value)}`;
}

/** Growth in per cent as a row of a chart. */
function drawnRow({ label, estimated, isTotal }: Row): IntervalRow {
  const [estimateText, intervalText] = [valueWords(estimated), intervalWords(estimated)];
  return { label, note: "", mark: markOf(estimated, 100), estimateText, intervalText, isTotal, isEmphasised: false };
}

function valueWords(estimated: Estimated): string {
  return estimated.kind === "estimate" ? `${formatSigned(estimated.value * 100, 1)}\u00a0%` : notDetermined;
}

function intervalWords(estimated: Estimated): string {
  if (estimated.kind === "undetermined" || estimated.interval === undefined) return "";
  const { lower, upper } = estimated.interval;
  return `${formatRange(formatSigned(lower * 100, 1), formatSigned(upper * 100, 1))}\u00a0%`;
}

function methodNotes(facts: Facts, { version, entities, ever, moves, cutoffs }: MeasuredElasticities): readonly Block[] {
  const sample =
    entities === ever
      ? ""
      : ` ${formatCount(entities)} of ${formatCount(ever)} ${facts.many} are read, evenly chosen in the order of their keys.`;
  const balance = moves
    .filter(({ matched }) => matched > 0)
    .map(
      ({ direction, balance: rows }) =>
        `${wordsOf[direction]}, difference before → after matching, in standard deviations: ${rows.map((row) => `${row.covariate} ${formatSigned(row.before, 2)} → ${formatSigned(row.after, 2)}`).join("; ")}.`,
    );
  const estimates = moves.map(({ direction, effect }) => `${wordsOf[direction]}: ${methodWords(effect)}`);
  const matching: Block = {
    modes: ["method"],
    kind: "note",
    title: "How moves are matched",
    paragraphs: [
      `A move is ${facts.one === "seller" ? "a seller’s" : "an entity’s"} first change over the adverse line after twelve weeks in one tier, as really assigned. Its match is the nearest ${facts.one} (score before the move, 28 and 56 days earlier, sales and their change; at most one standard deviation away in all) that held the same tier in the same ${facts.period} and did not move in it. Nobody is chosen by what came after; who closes sells nothing. Growth g = (after − before) / ((after + before) / 2) (Davis, Haltiwanger and Schuh 1996). Differences that are left, also in the parts of the score, are taken out by regression; errors are clustered by pairs that share a ${facts.one} (Abadie and Spiess 2022; Rubin 1973). Where the placebo’s interval leaves out 0 the effect is not determined.${sample}`,
      ...balance,
      ...estimates,
    ],
  };
  if (cutoffs.length === 0) return [matching];
  const gates = cutoffs.map(
    ({ tier, firstStage, bunching, effect }) =>
      `${capitalise(tier)}: held tier jumps by ${numberWords(firstStage)}, density by ${numberWords(bunching)} a point; ${methodWords(effect)}`,
  );
  return [
    matching,
    {
      modes: ["method"],
      kind: "note",
      title: "How jumps at a limit are read",
      paragraphs: [
        `One row a ${facts.one}, at the last evaluation with 56 days after it. The score is that of ${version} before rounding, and the cut-off lies half a rounding step below the stated limit, where the rounded score reaches it. Which side a ${facts.one} is on instruments the tier really held in the ${facts.period} after. Local linear, robust bias-corrected (Calonico, Cattaneo and Titiunik 2014). Not determined below 20 distinct scores a side within the bandwidth, where the density of the score jumps (Cattaneo, Jansson and Ma 2020, p below 5 %), or where the held tier’s jump is below 3.16 standard errors. ${capitalise(countInWords(cutoffs.length))} ${cutoffs.length === 1 ? "limit was" : "limits were"} looked at, without correction for their number.`,
        ...gates,
      ],
    },
  ];
}

function numberWords(estimated: Estimated): string {
  const value = numberOf(estimated);
  return value === undefined ? notDetermined : formatNumber(value, 3);
}
