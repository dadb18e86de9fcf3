/** What every figure of a comparison is: one sentence, its formula, its period, its source. Read by the report and by the README. */
import type { ErrorRate } from "./comparison.ts";
import { effectiveSizeMin, labelledShareMin } from "./errors/estimator-table.ts";

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

const entityBootstrap = "entity-cluster bootstrap (Poisson weights), BCa: Efron (1987), Hanley and MacGibbon (2006)";
const totalBootstrap = "entity-cluster bootstrap (Poisson weights), studentised: Hall (1992); achieved coverage printed";
const wilsonScore = "Wilson score interval: Wilson (1927)";
const atEnd = "last period of the range (d)";
const overRange = "the range";
const atMature =
  "last evaluation of the range with d + h + lag <= known-at about which the source has labels (all: the source with the most)";
const walkedPeriods = "evaluations of the range that had a model and whose horizon is complete";
const count = "count of recorded history, exact";
const partialInterval =
  "Interval: Wilson's for as many labels as give the linearised variance, Kott and Carr (1997); change: square-and-add, Zou and Donner (2008)";
const headlineRule = `all labelled: the count; else the first of two-phase, audits, doubly robust, stratified, labelled only that has an estimate on ${effectiveSizeMin} effective labels or more, and unless it rests on audits labels on ${labelledShareMin * 100} % or more of either side`;

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
    sentence: "Net change of GMV by size band at the means of the assumptions; winners and losers change by at least a hundredth.",
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
      "-change of GMV / (sum of orders(i) x (sales factor under the baseline - under the candidate) over harmful i), same scenario and window",
    period: "28 days after the date of the labels of all sources",
    source: "arithmetic of the scenario, no interval",
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
  "stratified-rate": {
    sentence:
      "An error rate with the unlabelled of each stratum taken to be like its labelled; strata: group of the two policies, whether a behaviour label was possible, size.",
    formula: "ratio of sums over strata of N_k x (fine or harmful share among the labelled of k)",
    period: atMature,
    source: `Begg and Greenes (1983). ${partialInterval}`,
  },
  "inverse-probability-rate": {
    sentence: "An error rate over the labelled, each weighing 1 over its chance of a label, by a logistic model of who gets one.",
    formula: "sum of R c y / p over sum of R d y / p (Hájek's ratio); p given group, reach, size and score",
    period: atMature,
    source: `Hájek (1971); Lunceford and Davidian (2004). ${partialInterval}`,
  },
  "doubly-robust-rate": {
    sentence: "An error rate that is right when the model of who gets a label, or the model of who is fine, is right.",
    formula: "ratio of sums of m + R (y - m) / p over everyone; m and p by logistic regression",
    period: atMature,
    source: `Robins, Rotnitzky and Zhao (1994). ${partialInterval}`,
  },
  "audit-rate": {
    sentence: "An error rate over randomly audited entities, each weighing 1 over the known probability with which it was picked.",
    formula: "Hájek: sum of A c y / p over sum of A d y / p; Horvitz-Thompson: over the known count, where the denominator is one",
    period: atMature,
    source: `Horvitz and Thompson (1952); Hájek (1971). ${partialInterval}`,
  },
  "two-phase-rate": {
    sentence:
      "An error rate from random audits at known probabilities, sharpened by the other labels of everyone, which may be wrong or selected.",
    formula: "ratio of sums of m + A (y - m) / p over everyone; m = weighted audited share that is fine by group and other label",
    period: atMature,
    source: `Särndal, Swensson and Wretman (1992), sections 6.4 and 9.6. ${partialInterval}`,
  },
  "fine-share-of-group": {
    sentence: "The share that is fine of those adverse under both, newly adverse, released, and adverse under neither, by every estimator.",
    formula: "estimated #{fine in the group} / #{group}",
    period: atMature,
    source: partialInterval,
  },
  "effective-labels": {
    sentence: "How many equally weighted labels tell as much as the weighted ones of the denominator.",
    formula: "(sum of 1/p)^2 / sum of 1/p^2",
    period: atMature,
    source: "Kish (1965)",
  },
  "headline-rate": {
    sentence:
      "The one estimate that the report leads with, by a rule that looks at no result; Undetermined, with the limits beside it, where labels are too thin.",
    formula: headlineRule,
    period: atMature,
    source: "declared before the first run",
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
      "Share of adverse entities under the candidate at the end of the range less that under the baseline at the first date, parted into rule, own metrics, peers and carried state of those evaluated at both, and entrants and leavers.",
    formula:
      "p2 - p1 = (p2 - s2) + (s2 - s1) + (s1 - p1), s: among those evaluated at both; s2 - s1 = sum over factors of mean Shapley share over the 16 mixtures",
    period: "the start of the range (half-way, where that is the panel's first period) and its end",
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
  verdict: {
    sentence:
      "Criteria that were written for the change, each held against its figure: pass when all of the interval keeps the bound, fail when all of it breaks it, else undetermined.",
    formula: "fail if any fails; else undetermined if any is; else pass",
    period: "the date of each figure; again at quarter points of the range, by outcome source, and as labels matured",
    source: "interval against a bound; segments together by Bonferroni; part over whole by the Miettinen-Nurminen (1985) score",
  },
  "assigned-agreement": {
    sentence: "Entity-periods in which the replay of the baseline holds the tier that was really assigned, and how far beyond chance.",
    formula: "agreement = #{held = assigned} / #{both known}; kappa = (agreement - chance) / (1 - chance), chance from the two margins",
    period: "the range, and its last period",
    source: "Cohen (1960); linearised error by entity: Fleiss, Cohen and Everitt (1969), Liang and Zeger (1986)",
  },
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

const fromLabels: readonly string[] = ["false-positive-rate", "false-share", "miss-rate", "false-positive-change"];

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
