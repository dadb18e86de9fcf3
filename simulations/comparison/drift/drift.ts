/** How scores and metrics are spread: over time under one policy, and between policies at one date. Plain data. */
import type { Undetermined } from "../../statistics/index.ts";

/** A distance between two distributions of the same entities, with what chance alone would give. */
export type Distance =
  | {
      readonly kind: "distance";
      readonly value: number;
      /** The distance that label swaps within entities exceed with probability at most 1 - level; absent where they are too few to tell. */
      readonly nullQuantile?: number;
      readonly nullMean?: number;
      readonly pValue: number;
    }
  | Undetermined;

/** One comparison of two columns of values. */
export interface DriftRow {
  /** The headline score, or a metric by name. */
  readonly subject: string;
  readonly isScore: boolean;
  readonly title: string;
  readonly unit: string;
  /** `policies`: baseline against candidate at one date; `dates`: an earlier against the last date under one policy. */
  readonly between: "policies" | "dates";
  /** The version, for `dates`. */
  readonly version?: string;
  readonly from: string;
  readonly to: string;
  /** Entities with a value on both sides, and on one only. */
  readonly entities: number;
  /** Of those with both, how many differ, by however little. Absent in comparisons that were kept before it was counted. */
  readonly differing?: number;
  readonly firstOnly: number;
  readonly secondOnly: number;
  readonly medians?: readonly [first: number, second: number];
  /** Values that swaps carry; `bits`: of a value's 52, those that were kept so that there are not too many. The distances are of whole values. */
  readonly points: number;
  readonly bits: number;
  /** Bins of the index and the divergence: tenths of the first side. */
  readonly bins: number;
  readonly kolmogorovSmirnov: Distance;
  /** In the subject's own unit. */
  readonly wasserstein: Distance;
  /** Base 2, from 0 to 1. */
  readonly jensenShannon: Distance;
  /** Half an entity is added to every bin. */
  readonly populationStability: Distance;
}

/** Quantiles of the headline score of one version at one date. */
export interface ScoreSpread {
  readonly version: string;
  readonly at: string;
  readonly scored: number;
  readonly missing: number;
  /** At `spreadShares`; absent when nobody has a score. */
  readonly quantiles?: readonly number[];
}

/** The shares of `ScoreSpread.quantiles`. */
export const spreadShares = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Drift of one candidate's comparison. */
export interface Drift {
  /** Entities looked at; fewer than all where there are more than the limit `driftEntities`: those that a hash of their key chooses. */
  readonly entities: number;
  readonly every: number;
  readonly draws: number;
  readonly spread: readonly ScoreSpread[];
  /** At the last date: share of scored entities at or below a score, under both policies. */
  readonly curve: readonly { readonly score: number; readonly baseline: number; readonly candidate: number }[];
  readonly rows: readonly DriftRow[];
  /** Metrics whose values are the same under both policies at the last date, entity by entity. */
  readonly unchanged: readonly string[];
}
