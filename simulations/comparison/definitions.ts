/** What every figure of a comparison is: one sentence, its formula, its period, its source. Read by the report and by the README. */
import type { ErrorRate } from "./comparison.ts";

/** The definition of one figure. */
export interface FigureDefinition {
  readonly figure: string;
  /** One sentence in plain words. */
  readonly sentence: string;
  readonly formula: string;
  /** The date or range that it speaks of. */
  readonly period: string;
  /** Where the rule or the method comes from. */
  readonly source: string;
}

const entityBootstrap = "entity-cluster bootstrap (Poisson weights), BCa: Efron (1987), Hanley and MacGibbon (2006)";
const totalBootstrap = "entity-cluster bootstrap (Poisson weights), studentised: Hall (1992); achieved coverage printed";
const wilsonScore = "Wilson score interval: Wilson (1927)";
const atEnd = "last period of the range (d)";
const overRange = "the range";
const atMature =
  "last evaluation of the range with d + h + lag <= known-at about which the source has labels (all: the source with the most)";
const count = "count of recorded history, exact";

/** Every figure, in the order of the comparison. */
export const figureDefinitions = {
  "tier-distribution": {
    sentence: "Entities in the frame, and their GMV of the period, by held tier in each period.",
    formula: "entities(t, k) = #{i : held(i, t) = k}; gmv(t, k) = sum of GMV(i, t) over them",
    period: "each period of the range",
    source: count,
  },
  "movement-matrix": {
    sentence: "Entities in the frame at the date by held tier under the baseline (rows) and under the candidate (columns).",
    formula: "m(j, k) = #{i in frame : baseline held = j, candidate held = k}",
    period: atEnd,
    source: count,
  },
  movers: {
    sentence: "Entities whose held tier differs between the two policies: up, down, into unrated and out of unrated.",
    formula: "movers = up + down + into unrated + out of unrated; share = movers / entities in the frame",
    period: atEnd,
    source: entityBootstrap,
  },
  "newly-adverse": {
    sentence: "Entities that hold an adverse tier under the candidate and not under the baseline.",
    formula: "#{i in frame : adverse under the candidate, not under the baseline}",
    period: atEnd,
    source: count,
  },
  released: {
    sentence: "Entities that hold an adverse tier under the baseline and not under the candidate.",
    formula: "#{i in frame : adverse under the baseline, not under the candidate}",
    period: atEnd,
    source: count,
  },
  "ever-differed": {
    sentence: "Entities whose held tiers differ in at least one period of the range, among all that were ever in the frame.",
    formula: "#{i : held tiers differ in some t} / #{i ever in the frame}",
    period: overRange,
    source: entityBootstrap,
  },
  "differing-entity-periods": {
    sentence: "Entity-periods in which the held tiers differ, among all entity-periods of the range.",
    formula: "#{(i, t) : held tiers differ} / #{(i, t) in the frame}",
    period: overRange,
    source: entityBootstrap,
  },
  "differ-at-end": {
    sentence:
      "Entities whose held tiers differ in the last period, among all that were ever in the frame; those that closed count as not differing.",
    formula: "movers at the end / #{i ever in the frame}",
    period: overRange,
    source: entityBootstrap,
  },
  "after-first-divergence": {
    sentence:
      "Entity-periods after the first period in which the entity's held tiers differ: from there on the candidate's figures are hypothetical.",
    formula: "#{(i, t) : t > first period in which the held tiers of i differ} / #{(i, t) in the frame}",
    period: overRange,
    source: entityBootstrap,
  },
  changes: {
    sentence: "Moves of an entity from one tier of the ladder to another between two consecutive periods, under one policy.",
    formula: "#{(i, t) : held(i, t - 1) != held(i, t), both on the ladder}",
    period: overRange,
    source: count,
  },
  whiplash: {
    sentence: "Changes that are undone: the former tier, or one beyond it, is held again within the stated number of periods.",
    formula: "changes at t with held(i, s) at or beyond held(i, t - 1) for some t < s <= t + n; n = 56 days, 8 weeks or 2 months",
    period: overRange,
    source: count,
  },
  "ever-adverse": {
    sentence: "Entities that hold an adverse tier in at least one period of the range. It is not a false-positive rate.",
    formula: "#{i : held(i, t) adverse for some t}",
    period: overRange,
    source: count,
  },
  "entry-rate": {
    sentence: "Entries into an adverse tier over the evaluations that found the entity not adverse.",
    formula:
      "#{evaluations that turn a non-adverse entity adverse} / #{evaluations of non-adverse entities}; an entity's first evaluation counts, the first period of a range that begins later does not",
    period: overRange,
    source: entityBootstrap,
  },
  "gmv-at-stake": {
    sentence:
      "GMV over the 28 days up to the date of entities whose held consequences differ; item price without freight, and no forecast of a loss.",
    formula: "sum of GMV(i) over (d - 28 days, d] where the consequences of the two held tiers differ; months: the last whole month",
    period: "(d - 28 days, d] at the last period of the range",
    source: totalBootstrap,
  },
  "gmv-by-tier": {
    sentence: "GMV over the 28 days up to the date by the tier that its entity holds under each policy.",
    formula: "sum of GMV(i) over (d - 28 days, d] where held(i, d) = k",
    period: "(d - 28 days, d] at the last period of the range",
    source: count,
  },
  "false-positive-rate": {
    sentence:
      "Entities in the frame at the date that are fine and held adverse, over all in the frame that are fine; unrated and shielded count as not adverse.",
    formula: "#{fine and adverse} / #{fine}, mature entities with a label, one row an entity",
    period: atMature,
    source: wilsonScore,
  },
  "false-share": {
    sentence: "Fine entities among the labelled entities that are held adverse.",
    formula: "#{fine and adverse} / #{labelled and adverse}",
    period: atMature,
    source: wilsonScore,
  },
  "miss-rate": {
    sentence: "Harmful entities that are not held adverse, over all labelled harmful entities.",
    formula: "#{harmful and not adverse} / #{harmful}",
    period: atMature,
    source: wilsonScore,
  },
  "overturn-share": {
    sentence: "Overturned appeals over decided appeals of entities held adverse at the date; pending ones are shown beside it.",
    formula: "#{overturned} / #{decided}",
    period: atMature,
    source: wilsonScore,
  },
  "false-positive-change": {
    sentence: "The candidate's false-positive rate minus the baseline's, over the same labelled fine entities.",
    formula: "(#{fine, newly adverse} - #{fine, released}) / #{fine}",
    period: atMature,
    source: "Tango score interval for paired proportions: Tango (1998)",
  },
  "worst-case-bounds": {
    sentence:
      "The smallest and largest value that the figure can take over all ways to label the unlabelled; a change uses the same labels for both policies.",
    formula: "extremes over the corners: each group's unlabelled all fine or all harmful",
    period: atMature,
    source: "Manski (1990)",
  },
  coverage: {
    sentence: "Entities with a label among those adverse under both, newly adverse, released, and adverse under neither.",
    formula: "#{labelled in the group} / #{group}",
    period: atMature,
    source: count,
  },
  segments: {
    sentence: "Entities, GMV and movers by attribute and by size band; size is orders in the last 12 weeks (months: 3 months).",
    formula: "newly adverse rate = newly adverse / entities of the segment; no rate below the minimum cell of entities",
    period: atEnd,
    source: wilsonScore,
  },
  "past-moves": {
    sentence:
      "What a past move over the adverse line did to sales: growth of movers less that of entities with the same tier, score history and sales history that did not move then.",
    formula:
      "mean over pairs of g(mover) - g(match) at equal histories; g = (A - B) / ((A + B) / 2), B = GMV of the 28 days before the move, A = half of that of the 56 days from it on; placebo: A = GMV of the 28 days that begin 84 days before",
    period: "first moves of the range with 84 days before and 56 days after them; months: 3 and 2",
    source:
      "nearest pairs without replacement, regression-adjusted (Rubin 1973), errors clustered by linked pairs (Abadie and Spiess 2022), CR2; Undetermined below 20 pairs or where the placebo leaves out 0",
  },
  "cutoff-jumps": {
    sentence:
      "The jump of later sales growth at a tier's cut-off on the unrounded score, over the jump of the tier really held; it speaks of entities at the cut-off only.",
    formula:
      "lim of E[g | score] from above less from below, over the same of P(held the tier or better); cut-off = stated - half the rounding step",
    period: "last evaluation of the range with 28 days before and 56 days after it, one row an entity",
    source:
      "fuzzy local linear, robust bias-corrected: Calonico, Cattaneo and Titiunik (2014); density test: Cattaneo, Jansson and Ma (2020)",
  },
  "declared-weight": {
    sentence: "What a part of the headline score is said to weigh: the weights down to it, each over the sum of its sum's weights.",
    formula: "product of w / (sum of w) down the weighted sums; the parts sum to 1",
    period: "the policy as written",
    source: "the policy, exact",
  },
  "effective-weight": {
    sentence:
      "What the part weighs among these entities: the share of the differences of the score that it carries; a part that hardly differs weighs little.",
    formula:
      "cov(c_k, S) / var(S), c_k = weight that counts for the entity x value of part k, S = sum of c_k; the parts sum to 1, one may be negative",
    period: atEnd,
    source: "covariance decomposition: Shorrocks (1982); Paruolo, Saisana and Saltelli (2013)",
  },
  "flip-causes": {
    sentence:
      "Movers that hold the baseline's tier again when one change of the policy is undone alone (undone), by no other single change (only this), and movers whom the change moves alone (enough).",
    formula:
      "undone(k) = #{movers : held under candidate with part k as in the baseline = baseline held}; movers = sum of only this + any one of several + several together",
    period: atEnd,
    source: "counts of replays of whole histories, exact; movers evenly chosen above the limit 'attributedMovers'",
  },
  "start-matters": {
    sentence:
      "How many periods the tier before the first period still matters: the policy is run from its best and its worst start tier until both agree.",
    formula: "last period in which any entity's held tier depends on the start",
    period: "from the panel's first period",
    source: count,
  },
} as const satisfies Record<string, Omit<FigureDefinition, "figure">>;

/** The name of a figure that has a definition. */
export type FigureName = keyof typeof figureDefinitions;

/**
 * The definition of a figure.
 *
 * @example
 * definitionOf("false-share").formula
 * // => "#{fine and adverse} / #{labelled and adverse}"
 */
export function definitionOf(figure: FigureName): FigureDefinition {
  return { figure, ...figureDefinitions[figure] };
}

/** The sentence that stands beside an error rate. */
export function sentenceOf(figure: ErrorRate["name"]): string {
  return figureDefinitions[figure].sentence;
}

/**
 * The definitions as lines of Markdown, as they stand in simulations/README.md.
 */
export function definitionsInMarkdown(): string {
  const lines = Object.entries(figureDefinitions).map(
    ([figure, { sentence, formula, period, source }]) =>
      `- **${figure}**: ${sentence}\n  Formula: \`${formula}\`. Period: ${period}. Method: ${source}.`,
  );
  return `${lines.join("\n")}\n`;
}
