/** The estimators as a table: title, assumption, formula and source of each. */
import type { EstimatorName, EstimatorView } from "./estimates.ts";

/** Weighted and doubly robust estimators run only where everyone in the denominator has at least this chance of a label. */
export const labelProbabilityMin = 0.01;

/** An estimate that assumes labels missing at random is no headline where less than this share of any side of the figure is labelled; labelled only, of any group of the two policies. */
export const labelledShareMin = 0.5;

/** An estimate that rests on fewer effective labels than this is no headline. */
export const effectiveSizeMin = 10;

/** A stratum with fewer labels than this, not all of its entities being labelled, is merged with the next size band. */
export const stratumLabelsMin = 5;

/** A group of the two policies, with or without the chance of a behaviour label, has no estimate with fewer labels than this, unless all have one. */
export const classLabelsMin = 2;

const within = "group of the two policies, whether a behaviour label was possible, and size";

/** By name, from the most assumed to the least. */
export const estimatorTable: Readonly<Record<EstimatorName, Omit<EstimatorView, "name">>> = {
  "labelled-only": {
    title: "Labelled only",
    assumption: "assumes labels missing at random",
    isDesignBased: false,
    formula: "counts among the labelled",
    source: "Wilson (1927); change: Tango (1998)",
  },
  stratified: {
    title: "Stratified",
    assumption: `assumes labels missing at random within strata: ${within}`,
    isDesignBased: false,
    formula: "fine in stratum k = N_k x fine / labelled; rates are ratios of the sums",
    source: "Begg and Greenes (1983)",
  },
  "inverse-probability": {
    title: "Inverse probability",
    assumption: `assumes labels missing at random given ${within} and score, and that a logistic model says who gets one`,
    isDesignBased: false,
    formula: "ratio of sums over the labelled, each weighing 1 / p; p by logistic regression (Hájek's ratio)",
    source: "Hájek (1971); Lunceford and Davidian (2004)",
  },
  "doubly-robust": {
    title: "Doubly robust",
    assumption: `assumes labels missing at random given ${within} and score, and that the model of who gets one, or that of who is fine, is right`,
    isDesignBased: false,
    formula: "ratio of sums of m + R (y - m) / p; m and p by logistic regression",
    source: "Robins, Rotnitzky and Zhao (1994)",
  },
  "horvitz-thompson": {
    title: "Random audits, known counts",
    assumption: "design-based: audit probabilities known; other labels are not used",
    isDesignBased: true,
    formula: "sum over the audited of y / p, over the known number of entities",
    source: "Horvitz and Thompson (1952)",
  },
  audits: {
    title: "Random audits",
    assumption: "design-based: audit probabilities known; other labels are not used",
    isDesignBased: true,
    formula: "ratio of sums over the audited, each weighing 1 / p (Hájek's ratio)",
    source: "Hájek (1971); Särndal, Swensson and Wretman (1992), section 5.7",
  },
  "two-phase": {
    title: "Audits and all labels",
    assumption: "design-based: audit probabilities known; other labels only sharpen it, and may be wrong",
    isDesignBased: true,
    formula: "ratio of sums of m + A (y - m) / p over everyone; m = the audited share that is fine by group and other label",
    source: "Särndal, Swensson and Wretman (1992), sections 6.4 and 9.6",
  },
};

/** The estimators that a table shows. */
export function estimatorViews(names: readonly EstimatorName[]): readonly EstimatorView[] {
  return names.map((name) => ({ name, ...estimatorTable[name] }));
}
