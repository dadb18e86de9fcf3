/** What every figure of a comparison is: one sentence, its formula, its period, its source. Read by the report and by the README. */
import type { ErrorRate } from "./comparison.ts";
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
}

const entityBootstrap = "entity-cluster bootstrap (Poisson weights), BCa: Efron (1987), Hanley and MacGibbon (2006)";
const totalBootstrap = "entity-cluster bootstrap (Poisson weights), studentised: Hall (1992); achieved coverage printed";
const wilsonScore = "Wilson score interval: Wilson (1927)";
const atEnd = "last period of the range (d)";
const overRange = "the range";
const atMature =
  "last evaluation of the range with d + h + lag <= known-at about which the source has labels (all: the source with the most)";
const walkedPeriods = "evaluations of the range that had a model and whose horizon is complete";
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
  "appeal-odds": {
    sentence:
      "The false share of the adverse tier from decided appeals alone, for assumed odds that the fine appeal more readily; no rate over all.",
    formula:
      "F (N - H + w H) / (F + w H) / N; N held adverse, F overturned, H upheld, w odds of a decided appeal, fine over harmful, 1 to 10",
    period: "the date of the appeals' own error table",
    source: "exact interval, noncentral hypergeometric over the finite tier: McCullagh and Nelder (1989), Buonaccorsi (1987)",
  },
  "labels-to-come": {
    sentence: "Labels about a date known by the pin, and expected in the end, by source and by what they say.",
    formula: "known / G(pin - d); G(u) = product over v > u of 1 - n(v) / R(v), delays v, R at risk in reversed time",
    period: "each date of the range about which the source has labels, the latest twelve",
    source: "reverse-time hazard under right truncation: Lagakos et al. (1988), Kalbfleisch and Lawless (1989)",
  },
  "false-positive-series": {
    sentence: "The false-positive rate at each evaluation about which the source has labels, marked mature or not; never pooled.",
    formula: "#{fine and adverse at d} / #{fine at d} for each d; mature: d + h + lag <= known-at",
    period: "each such date of the range, the latest sixty",
    source: "Wilson (1927); the change Tango (1998)",
  },
  "audit-plan": {
    sentence:
      "The fewest audits by stratum (who is adverse under which policy, by size) that make the rates and their change as narrow as wanted.",
    formula: "least sum n(s) with z sqrt(sum N(s)^2 (1/n(s) - 1/N(s)) p (1 - p) (a(s) - R)^2 / F^2) <= half-width for each figure",
    period: atEnd,
    source: "Neyman (1934), Chromy (1987); drawn by one uniform number an entity, the smallest of each stratum",
  },
  holdout: {
    sentence:
      "How many of the candidate's adverse tier, drawn at random, would be left alone to see harm without restriction, at most a capped share.",
    formula: "n = n0 / (1 + (n0 - 1) / N), n0 = z^2 p (1 - p) / w^2; min(n, cap N)",
    period: atEnd,
    source: "Cochran (1977), section 4.4",
  },
  segments: {
    sentence: "Entities, GMV and movers by attribute and by size band; size is orders in the last 12 weeks (months: 3 months).",
    formula: "newly adverse rate = newly adverse / entities of the segment; no rate below the minimum cell of entities",
    period: atEnd,
    source: wilsonScore,
  },
  "demotion-rate": {
    sentence: "Entities of the group whose held tier fell on the ladder at least once in the 12 weeks up to the date, under each policy.",
    formula: "#{i in g : held(i, t) worse than held(i, t - 1), both on the ladder, for some t in the 12 weeks} / #{i in g}",
    period: "(d - 84 days, d] at the last period of the range",
    source: `${wilsonScore}; the change paired by entity: Tango (1998)`,
  },
  "net-benefit": {
    sentence:
      "Entities of the group that move up less those that move down, over all of the group; by GMV: their GMV in place of their number.",
    formula: "(#{up} - #{down}) / #{i in g}; (GMV of up - GMV of down) / GMV of g over (d - 28 days, d]",
    period: atEnd,
    source: `Tango (1998); by GMV: ${entityBootstrap}`,
  },
  "group-against-rest": {
    sentence:
      "A group's rate less that of all others of its segmentation, for newly adverse, moved down, held adverse, false-positive rate, false share and net benefit; each figure is one family over all groups of all segmentations.",
    formula: "p(g) - p(not g), p-values adjusted by Benjamini-Hochberg and by Holm; intervals of those rejected at level 1 - alpha R / m",
    period: `${atEnd}; with labels: ${atMature}`,
    source:
      "Miettinen and Nurminen (1985), Welch (1947) for net benefit; Benjamini and Hochberg (1995), Benjamini and Yekutieli (2005), may include 0; Holm (1979)",
  },
  "group-ratio": {
    sentence: "A group's rate over that of all of the segmentation, the group among them.",
    formula: "r / (w r + 1 - w), r = p(g) / p(not g), w = the group's part of the trials",
    period: atEnd,
    source: "score interval of r: Miettinen and Nurminen (1985)",
  },
  "pooled-rate": {
    sentence:
      "A group's rate pulled towards the other groups of its segmentation as far as their spread looks like noise; no rate with fewer than three groups.",
    formula: "normal-normal model of log((x + 1/2) / (n - x + 1/2)), put back to shares",
    period: atEnd,
    source: "REML; full Bayes with a half-normal prior below five groups: Gelman et al. (2013), section 5.4",
  },
  "base-rates": {
    sentence:
      "Whether the groups of a segmentation differ in how many of those labelled are harmful; where they do, false-positive rate, false share and miss rate cannot all be equal.",
    formula: "Pearson's chi-squared of harmful and fine by group, Holm over segmentations",
    period: atMature,
    source: "Pearson (1900); Chouldechova (2017), Big Data 5, 153-163",
  },
  "noise-flips": {
    sentence:
      "Sampled entities that would merit another tier if what happened to them were drawn again with the same true quality and the same volumes, by size band; the tier is the merited one, and what is not a part of a whole stays as recorded.",
    formula:
      "mean over entities of #{worlds : merited tier differs from the recorded one} / worlds; rate ~ Beta(a + x, b + n - x), numerator of each period ~ Binomial(whole, rate); a, b from the cohort",
    period: atEnd,
    source: `parametric bootstrap, Kleinman (1973); ${entityBootstrap}`,
  },
  "noise-shrinking": {
    sentence: "The same flips in the same worlds with every share metric shrunk towards the cohort, as the policy language's shrink does.",
    formula: "flips with (x + m k) / (n + k) in place of x / n; m, k: the cohort's mean and what it is worth",
    period: atEnd,
    source: entityBootstrap,
  },
  "change-explained": {
    sentence:
      "Share of adverse entities under the candidate at the end of the range less that under the baseline at its start, parted into rule, own metrics, peers and carried state of those evaluated at both, and entrants and leavers.",
    formula:
      "p2 - p1 = (p2 - s2) + (s2 - s1) + (s1 - p1), s: among those evaluated at both; s2 - s1 = sum over factors of mean Shapley share over the 16 mixtures",
    period: "first and last period of the range",
    source: "Shapley (1953); entity-cluster bootstrap (Poisson weights), BCa: Efron (1987), Hanley and MacGibbon (2006)",
  },
  "at-risk-precision": {
    sentence:
      "Alarms after which an adverse tier is held within the horizon; alarms go to the 5 % of the eligible with the highest predicted risk, or with the lowest score (the plain rule). Entities that leave within the horizon stand apart.",
    formula:
      "#{(i, t) : alarm, adverse in (t, t + n]} / #{(i, t) : alarm, known}; n = 56 days, 8 weeks or 2 months, longer where evaluations are rarer",
    period: walkedPeriods,
    source: entityBootstrap,
  },
  "at-risk-recall": {
    sentence: "Evaluations with an alarm among those that an adverse tier followed within the horizon.",
    formula: "#{(i, t) : alarm, adverse in (t, t + n]} / #{(i, t) : adverse in (t, t + n]}",
    period: walkedPeriods,
    source: entityBootstrap,
  },
  "at-risk-base-rate": {
    sentence: "Evaluations that an adverse tier followed within the horizon, among all that found the entity not adverse.",
    formula: "#{(i, t) : not adverse at t, adverse in (t, t + n]} / #{(i, t) : not adverse at t, known}",
    period: walkedPeriods,
    source: entityBootstrap,
  },
  "at-risk-lead": {
    sentence:
      "Periods from an entry's earliest alarm within the horizon to the entry into an adverse tier, over the entries that an alarm announced.",
    formula: "quartiles of e - t over entries e with an alarm at some t in [e - n, e)",
    period: walkedPeriods,
    source: count,
  },
  "at-risk-predicted": {
    sentence:
      "Predicted probability of an adverse tier within the horizon, by a model that saw only evaluations whose horizon was complete before t.",
    formula:
      "logistic regression with a ridge of 1 on standardised columns; fitted on evaluations s with s + n < t, anew when they have grown by a tenth",
    period: "each evaluation of the range; who is at risk now: the last period of the range",
    source: "iteratively reweighted least squares: McCullagh and Nelder (1989); ridge: le Cessie and van Houwelingen (1992)",
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
