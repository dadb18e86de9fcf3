/** What figures of criteria are read from, and what is read. */
import type { Estimated } from "../../statistics/index.ts";
import type { CandidateComparison, Comparison } from "../comparison.ts";
import type { FigureEstimator } from "./stability.ts";

/** The comparison of one candidate, as figures are read from it. */
export interface Compared {
  readonly comparison: Comparison;
  readonly candidate: CandidateComparison;
}

/** A number, and of what day it speaks. */
export interface FoundFigure {
  readonly found: Estimated;
  readonly at: string;
  /** Of a figure from labels: the limits without any assumption. */
  readonly limits?: { readonly lower: number; readonly upper: number };
  /** Of a figure from labels: why there is no single figure for everyone. Then only the limits can be read. */
  readonly refusal?: string;
  /** Of a figure from labels: the estimator that the error rates lead with. */
  readonly by?: FigureEstimator;
}

/** Whether the candidate is the baseline itself: then nothing moves in any draw of entities. */
export function isNullReform({ comparison, candidate }: Compared): boolean {
  return comparison.baseline.policy.digest === candidate.policy.digest;
}
