/** What every figure of a comparison is: one sentence, its formula, its period, its source. Read by the report and by the README. */
import type { ErrorRate } from "./comparison.ts";
import { causeDefinitions } from "./definitions/cause-definitions.ts";
import { labelDefinitions } from "./definitions/label-definitions.ts";
import { atEnd, count, entityBootstrap, overRange, totalBootstrap, wilsonScore } from "./definitions/words.ts";
import { courseDefinitions } from "./movement/course-definitions.ts";

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
  /** What it takes for granted. */
  readonly assumption: string;
}

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
  ...courseDefinitions,
  "ever-adverse": {
    sentence: "Entities that hold an adverse tier in at least one period of the range. It is not a false-positive rate.",
    formula: "#{i : held(i, t) adverse for some t}",
    period: overRange,
    source: count,
  },
  "entry-rate": {
    sentence: "Entries into an adverse tier over the evaluations that found the entity not adverse.",
    formula:
      "#{evaluations that turn a non-adverse entity adverse} / #{evaluations of non-adverse entities}; an entity's first evaluation counts where it came after the panel's first period; of who was there before the range its first period does not",
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
  "sales-caps": {
    sentence:
      "GMV that caps of orders a day remove from observed sales, relative to the caps really in force; a range where periods are longer than a day.",
    formula:
      "sum over entities and periods of GMV x removed / orders, removed = sum over days of (orders - cap)+; least: orders spread evenly, most: on as few days as the cap in force allows; a change: extremes over one way of lying for both policies",
    period: "(d - 28 days, d], the tiers held at d for the whole window",
    source: totalBootstrap,
  },
  "sales-fees": {
    sentence: "Platform revenue: fees on observed sales, less the fees on what caps remove; a tier that states no fee earns none.",
    formula: "sum of fee(held(i, d)) x (GMV(i) - removed(i)), rounded to the minor unit an entity; candidate less baseline",
    period: "(d - 28 days, d]",
    source: totalBootstrap,
  },
  "payout-holds": {
    sentence: "Cash-days: GMV times the days until payout. Cash that is held, not sales.",
    formula: "sum of GMV(i) x payout days(held(i, d)); candidate less baseline",
    period: "(d - 28 days, d]",
    source: totalBootstrap,
  },
  "sales-scenario": {
    sentence:
      "Change of GMV under assumptions about behaviour: caps, then traffic, then total traffic held, then displaced sales, then improvement near the line; the steps sum to it.",
    formula:
      "sum of (GMV(i) - removed(i)) x (lambda x traffic(i) / traffic in force(i))^elasticity + displacement x lost; candidate less baseline; lambda keeps total traffic where it is held",
    period: "(d - 28 days, d]",
    source: "entity-cluster bootstrap (Poisson weights) x draws of the assumptions, percentile: Efron and Tibshirani (1993)",
  },
  "sales-variance": {
    sentence: "Which part of the variance of a scenario one source explains by itself: entities drawn, or an assumption.",
    formula: "Var(E[change | source]) / Var(change)",
    period: "(d - 28 days, d]",
    source: "Saltelli et al. (2010), Computer Physics Communications 181, 259-270",
  },
  "sales-bands": {
    sentence:
      "Net change of GMV by size band at the means of the assumptions; winners and losers change by at least a hundredth of the larger of their two sales.",
    formula: "sum of change(i) over the band; size is orders in the last 12 weeks (months: 3 months)",
    period: "(d - 28 days, d]",
    source: "arithmetic of the scenario, no interval",
  },
  "harm-reached": {
    sentence:
      "Orders of harmful entities that are newly adverse, until the baseline restricts them too, less those of harmful entities that are released.",
    formula: "sum of orders(i) over (d, min(d + 28 days, first adverse under the other policy)], harmful and newly adverse, less released",
    period: "the date d of the labels of all sources",
    source: totalBootstrap,
  },
  "break-even": {
    sentence:
      "The candidate is better if a prevented bad order is worth more than this: sales that all entities lose over bad orders prevented.",
    formula:
      "-change of GMV / (sum over harmful i of orders(i) x (sales(i) under the baseline - under the candidate) / GMV(i)), same scenario and window",
    period: "28 days after the date of the labels of all sources",
    source: "arithmetic of the scenario, no interval",
  },
  ...labelDefinitions,
  segments: {
    sentence: "Entities, GMV and movers by attribute, by size band and by age; size is orders in the last 12 weeks (months: 3 months).",
    formula:
      "newly adverse rate = newly adverse / entities of the segment rated under either version; no rate below the minimum cell of them",
    period: atEnd,
    source: wilsonScore,
  },
  ...causeDefinitions,
  "start-matters": {
    sentence:
      "How many periods the tier before the first period still matters: the policy is run from its best and its worst start tier until both agree.",
    formula: "last period in which any entity's held tier depends on the start",
    period: "from the panel's first period",
    source: count,
  },
} as const satisfies Record<string, Omit<FigureDefinition, "figure" | "assumption">>;

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
  const definition = figureDefinitions[figure];
  return { figure, ...definition, assumption: assumptionOf(figure) };
}

const fromLabels: readonly string[] = ["false-positive-rate", "false-share", "miss-rate", "false-positive-change", "miss-change"];

/** What a figure takes for granted, by where it comes from. */
function assumptionOf(figure: FigureName): string {
  const { source } = figureDefinitions[figure];
  if (figure === "worst-case-bounds") return "none on missing labels: they may be anything";
  if (fromLabels.includes(figure))
    return "those with a label stand for those without (missing at random); entities are drawn independently";
  if (source === count) return "none: a count of recorded history under a static replay";
  return "entities are drawn independently, under the same calendar and a static replay; shocks that hit all of them are outside the interval";
}

/** The sentence that stands beside an error rate. */
export function sentenceOf(figure: ErrorRate["name"]): string {
  return figureDefinitions[figure].sentence;
}

/**
 * The definitions as lines of Markdown, as they stand in simulations/README.md.
 */
export function definitionsInMarkdown(): string {
  const lines = (Object.keys(figureDefinitions) as FigureName[]).map((figure) => {
    const { sentence, formula, period, source, assumption } = definitionOf(figure);
    return `- **${figure}**: ${sentence}\n  Formula: \`${formula}\`. Period: ${period}. Method: ${source}. Assumes: ${assumption}.`;
  });
  return `${lines.join("\n")}\n`;
}
