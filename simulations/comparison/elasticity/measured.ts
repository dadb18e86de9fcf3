/** What past tier changes did to sales, where history allows it to be said. Plain serialisable data. */
import type { Estimated } from "../../statistics/index.ts";

/** Sales of those that moved against their matches', in one stretch of time around the move. */
export interface MoveWindow {
  /** 1: the first 28 days with the new tier; 2: the next 28. */
  readonly window: number;
  /** Growth since the last 28 days before the move, mover less match. */
  readonly difference: Estimated;
}

/** One thing that pairs are matched on: mean difference, mover less match, in standard deviations of those who could be matched. */
export interface MatchBalance {
  readonly covariate: string;
  readonly before: number;
  readonly after: number;
}

/** Past moves in one direction, each beside an entity that did not move then. */
export interface MeasuredMoves {
  readonly direction: "into-adverse" | "out-of-adverse";
  /** First moves with enough history before and after them. */
  readonly moves: number;
  readonly matched: number;
  /** Growth of sales over the 56 days from the move on against the 28 days before it, mover less match. */
  readonly effect: Estimated;
  /** The same of the third 28 days before the move, which pairs are not matched on: 0 where they were alike. */
  readonly placebo: Estimated;
  readonly windows: readonly MoveWindow[];
  readonly balance: readonly MatchBalance[];
  /** Of the matched movers, those back in their old tier in the last period of the 56 days; of their matches, those that had moved too. */
  readonly returned: number;
  readonly matchesMoved: number;
}

/** The jump of later sales at a tier's cut-off. */
export interface MeasuredCutoff {
  readonly tier: string;
  /** As the policy states it, and where it lies on the unrounded score. */
  readonly stated: number;
  readonly cutoff: number;
  readonly at: string;
  /** Entities between the neighbouring cut-offs. */
  readonly entities: number;
  /** Growth of sales at the cut-off, of those whose tier the cut-off decides. */
  readonly effect: Estimated;
  /** Jump of the share that really held the tier or a better one. */
  readonly firstStage: Estimated;
  /** Jump of the density of the score: bunching. */
  readonly bunching: Estimated;
}

/** Every measured effect of a tier on sales. */
export interface MeasuredElasticities {
  /** The version whose score tells who was alike, and whose cut-offs are looked at. */
  readonly version: string;
  /** Entities whose histories were read, of all ever in the frame. */
  readonly entities: number;
  readonly ever: number;
  readonly windowPeriods: number;
  readonly moves: readonly MeasuredMoves[];
  readonly cutoffs: readonly MeasuredCutoff[];
}
