/** Why the share of adverse entities changed between two dates: parts that sum to the whole. Plain data. */
import type { Estimated } from "../../statistics/index.ts";

/** One side of the change. */
export interface ChangeEnd {
  readonly at: string;
  readonly version: string;
  readonly entities: number;
  readonly adverse: number;
}

/** The share of one factor in the change among those who are there at both dates. */
export interface FactorShare {
  readonly factor: "rule" | "own" | "peers" | "state";
  /** Of the change of the share of adverse entities among those who are there at both dates. */
  readonly share: Estimated;
  /** Of the change of the mean score, where every mixture has a score; absent when nobody has. */
  readonly score?: Estimated;
}

/** Baseline at the start of the range against a candidate at its end. */
export interface ChangeExplained {
  readonly from: ChangeEnd;
  readonly to: ChangeEnd;
  /** Share of adverse entities at the second date less that at the first. */
  readonly change: number;
  /**
   * What those make of it who are not there (or not yet evaluated) at the other date: share with them less share without them, at the
   * second date for entrants; share without less with, at the first, for leavers. Exact.
   */
  readonly entrants: { readonly entities: number; readonly adverse: number; readonly change: number };
  readonly leavers: { readonly entities: number; readonly adverse: number; readonly change: number };
  /** In the frame and evaluated at both dates. `change` = entrants.change + leavers.change + both.change. */
  readonly both: { readonly entities: number; readonly adverseBefore: number; readonly adverseAfter: number; readonly change: number };
  /** Entities whose mixtures were evaluated: all of `both`, or a draw, apart by how they stand at both dates and weighted back. */
  readonly explained: number;
  /** Sum to both.change (within 1e-12), drawn or not. Empty when nobody could be explained. */
  readonly factors: readonly FactorShare[];
  /** Mean score of those explained who have one in every mixture, weighted, before and after; the factors' scores sum to the difference. */
  readonly score?: { readonly entities: number; readonly before: number; readonly after: number };
  /** Why there are no factors. */
  readonly reason?: string;
}
