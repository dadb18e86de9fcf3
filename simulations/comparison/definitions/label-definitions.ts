/** What the figures about outcomes and labels are. */
import { atEnd, atMature, count, headlineRule, partialInterval, wilsonScore } from "./words.ts";

/** By figure: a sentence, its formula, its period, its source. */
export const labelDefinitions = {
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
  "miss-change": {
    sentence: "The candidate's miss rate minus the baseline's, over the same labelled harmful entities.",
    formula: "(#{harmful, released} - #{harmful, newly adverse}) / #{harmful}",
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
} as const;
