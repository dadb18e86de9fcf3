/** Error rates estimated in several ways from the same partial labels, each with what it takes for granted. Plain data. */
import type { Estimated } from "../../statistics/index.ts";
import type { GroupName } from "./groups.ts";

/** The estimators, in the order in which they are shown: from the most assumed to the least. */
export type EstimatorName =
  | "labelled-only"
  | "stratified"
  | "inverse-probability"
  | "doubly-robust"
  | "horvitz-thompson"
  | "audits"
  | "two-phase";

/** One way to estimate. */
export interface EstimatorView {
  readonly name: EstimatorName;
  readonly title: string;
  /** The assumption that it rests on, as a sentence. */
  readonly assumption: string;
  /** True: the labels were drawn at known probabilities, and nothing else is assumed. */
  readonly isDesignBased: boolean;
  readonly formula: string;
  readonly source: string;
}

/** What one estimator gives for one figure. */
export interface EstimateBy {
  readonly estimator: EstimatorName;
  readonly estimate: Estimated;
  /** Kish's effective number of labels behind it; 0 where there is no estimate. */
  readonly effectiveSize: number;
}

/** One figure by every estimator, its worst-case bounds, and the one that the report leads with. */
export interface FigureEstimates {
  readonly estimates: readonly EstimateBy[];
  readonly bounds: { readonly lower: Estimated; readonly upper: Estimated };
  /** Chosen by a rule that looks at no result; Undetermined where labels are too thin for a single figure. */
  readonly headline: { readonly estimator?: EstimatorName; readonly estimate: Estimated };
}

/** Every figure of one error table. */
export interface LabelEstimates {
  readonly estimators: readonly EstimatorView[];
  /** Weighted and doubly robust estimates need this chance of a label for everyone in the denominator. */
  readonly labelProbabilityMin: number;
  /** Below this labelled share on any side of a figure an estimate that assumes labels missing at random is no headline; labelled only needs it in every group. */
  readonly labelledShareMin: number;
  /** Below this effective number of labels no estimate is a headline. */
  readonly effectiveSizeMin: number;
  readonly rates: readonly (FigureEstimates & {
    readonly name: "false-positive-rate" | "false-share" | "miss-rate";
    readonly side: "baseline" | "candidate";
  })[];
  /** The candidate's false-positive rate less the baseline's. */
  readonly falsePositiveChange: FigureEstimates;
  /** The candidate's miss rate less the baseline's. Absent in comparisons that were kept before it was estimated. */
  readonly missChange?: FigureEstimates;
  /** The share that is fine of those adverse under both, newly adverse, released, adverse under neither. */
  readonly fineShares: readonly (FigureEstimates & { readonly group: GroupName; readonly entities: number })[];
}
