/** Flips from noise alone: what another draw of the same true quality would do to tiers. Plain serialisable data. */
import type { Estimated } from "../../statistics/index.ts";

/** Share of entities that merit another tier in a parallel world, with the policy as written and with its shares shrunk towards the cohort. */
export interface FlipShares {
  readonly any: Estimated;
  /** Only flips across the adverse line. */
  readonly adverse: Estimated;
}

/** One policy's flips in one band. */
export interface PolicyFlips {
  readonly asWritten: FlipShares;
  readonly shrunk: FlipShares;
  /** Entities of the sample whose merited tier shrinkage itself changes on the recorded history. */
  readonly changedByShrinking: number;
}

/** Entities of one band of volume. */
export interface FlipBand {
  readonly band: string;
  /** In the frame, and of them in the sample. */
  readonly entities: number;
  readonly sampled: number;
  readonly baseline: PolicyFlips;
  readonly candidate: PolicyFlips;
  /** Candidate less baseline, the same entities in the same worlds. */
  readonly change: Estimated;
  /** Shrunk less as written, under the candidate. */
  readonly shrinking: Estimated;
}

/** A numerator that is drawn again, with the cohort's prior of its rate. */
export interface RedrawnMeasure {
  readonly measure: string;
  readonly whole: string;
  readonly mean: number;
  /** How many trials the prior is worth. */
  readonly strength: number;
}

/** The whole study. */
export interface NoiseFlips {
  readonly kind: "flips";
  readonly at: string;
  readonly worlds: number;
  readonly sampled: number;
  readonly redrawn: readonly RedrawnMeasure[];
  /** Metrics that stay as they were recorded, though a policy reads them. */
  readonly keptMetrics: readonly string[];
  /** By policy: share metrics that are shrunk in the shrunk variant. */
  readonly shrunkMetrics: { readonly baseline: readonly string[]; readonly candidate: readonly string[] };
  readonly bands: readonly FlipBand[];
  readonly all: FlipBand;
  readonly assumptions: readonly string[];
}
