/** Where else a verdict is read: the same figures at other dates, and as labels came in. Plain serialisable data. */

import type { EstimatorView, FigureEstimates } from "../errors/estimates.ts";

/** The figures of criteria that come from labels. */
export const labelFigures = ["false-positive change", "false-positive rate", "miss change", "miss rate", "false share"] as const;

/** The name of one of them. */
export type LabelFigure = (typeof labelFigures)[number];

/** By figure: what the error rates lead with, of the candidate. */
export type Headlines = Readonly<Record<LabelFigure, FigureEstimates["headline"]>>;

/** By which estimator a figure is read, and what it takes for granted. */
export type FigureEstimator = Pick<EstimatorView, "name" | "title" | "assumption" | "isDesignBased">;

/** The four groups that two policies make, in the order of every coverage table. */
export const coverageGroups = ["both", "newly", "released", "neither"] as const;

/** What is known of one of the groups. */
export interface GroupCoverage {
  readonly group: (typeof coverageGroups)[number];
  readonly entities: number;
  readonly labelled: number;
  readonly fine: number;
}

/** Who moved at another date of the range. */
export interface DateCounts {
  readonly at: string;
  readonly inFrame: number;
  readonly movers: number;
  readonly up: number;
  readonly down: number;
  readonly newlyAdverse: number;
  readonly released: number;
  /** Entities that are adverse under both. */
  readonly bothAdverse: number;
  /** Entities that are unrated under the candidate. */
  readonly unrated: number;
}

/** What was known of whom at another date, or at the same date with labels known by an earlier day. */
export interface LabelReading {
  readonly along: "date" | "maturity";
  readonly at: string;
  /** Labels known by this day count. */
  readonly knownAt: string;
  readonly coverage: readonly GroupCoverage[];
  /** Absent where appeals alone label, and in comparisons that were kept before it was known. */
  readonly headlines?: Headlines;
}

/** The same change elsewhere: at quarter points of the range, and as labels matured. */
export interface Stability {
  readonly dates: readonly DateCounts[];
  readonly labels: readonly LabelReading[];
}
