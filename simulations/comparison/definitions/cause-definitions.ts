/** What the figures about causes, groups, warnings and trust are. */
import { atEnd, atMature, count, entityBootstrap, walkedPeriods, wilsonScore } from "./words.ts";

/** By figure: a sentence, its formula, its period, its source. */
export const causeDefinitions = {
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
      "What the part weighs among the rated entities: the share of the differences of the score that it carries; a part that hardly differs weighs little.",
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
  "part-removals": {
    sentence:
      "Entities that would hold another tier if one part were taken out of the headline score: its weight goes where the policy's rule for missing parts puts it.",
    formula:
      "flips(k) = #{i in frame : held under the policy with part k missing for everyone in the score's sums, not equal to held}; a sum without a rule shares the weight out",
    period: atEnd,
    source: "counts of replays of whole histories, exact; entities evenly chosen above the limit 'removalEntities'",
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
      "A group's rate less that of all others of its segmentation, for newly adverse, moved down, held adverse, false-positive rate, false share and net benefit, among those rated under either version (false-positive rate: among all who are fine); each figure is one family over all groups of all segmentations.",
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
      "logistic regression with a ridge of 1 on standardised columns; fitted on evaluations s with s + n < t, anew when they have grown by a tenth, from 10,000 on by three tenths",
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
} as const;
