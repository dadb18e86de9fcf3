/** What happens to entities along the range under each policy, and between the two: the figures beside the matrix at the end. Plain data. */
import type { Estimated, Found } from "../../statistics/index.ts";

/** The matrix of one period of the range, with its counts. */
export interface MatrixAtDate {
  readonly at: string;
  readonly matrix: readonly (readonly number[])[];
  readonly movers: number;
  readonly up: number;
  readonly down: number;
  readonly intoUnrated: number;
  readonly outOfUnrated: number;
  readonly newlyAdverse: number;
  readonly released: number;
}

/** Entity-periods of the range in one tier. A policy that lacks the tier holds nobody in it. */
export interface TierTime {
  /** The tier's name; `adverse tiers` is the sum over all adverse ones. */
  readonly tier: string;
  readonly adverse: boolean;
  readonly isTotal: boolean;
  readonly baseline: number;
  readonly candidate: number;
  /** Candidate minus baseline, over all entity-periods of the range, with an entity-cluster interval. */
  readonly change: Estimated;
}

/** Movers at the date, gross and net. */
export interface NetMovers {
  readonly gross: number;
  /** Up minus down. */
  readonly net: number;
  /** Over the entities in the frame. */
  readonly grossShare: Estimated;
  readonly netShare: Estimated;
  readonly byTier: readonly {
    readonly tier: string;
    readonly leave: number;
    readonly enter: number;
    readonly net: number;
    /** Over the entities in the frame. */
    readonly netShare: Estimated;
  }[];
}

/** How long entities stay adverse under one policy, from entry to when no adverse tier is held; leaving the frame is another end. */
export interface RecoverySide {
  /** Stays that begin in the range, and the entities that have one. */
  readonly stays: number;
  readonly entities: number;
  /** Stays that ran already where the range begins, or in the panel's first period: not among those counted, because their length is not known. */
  readonly runningAtStart: number;
  readonly recovered: number;
  readonly closed: number;
  /** Still adverse where the range ends. */
  readonly runningAtEnd: number;
  /** By length in periods: stays that last at least so long, and the shares recovered and closed by then (Aalen-Johansen). */
  readonly curve: readonly { readonly periods: number; readonly atRisk: number; readonly recovered: number; readonly closed: number }[];
  readonly within: readonly { readonly periods: number; readonly recovered: Estimated }[];
  /** The first number of periods by which at least half have recovered; an end that is absent is not reached within the range. */
  readonly median: { readonly value?: number; readonly lower?: number; readonly upper?: number };
}

/** Time to recover under both policies. */
export interface Recovery {
  readonly baseline: RecoverySide;
  readonly candidate: RecoverySide;
  /** Candidate minus baseline, paired by entity. */
  readonly change: readonly { readonly periods: number; readonly recovered: Estimated }[];
}

/** Entities whose headline score is near a number that tiers turn on. */
export interface BoundaryCrowd {
  readonly score: string;
  readonly epsilon?: number;
  /** In words: how epsilon was chosen, or why there is none. */
  readonly rule: string;
  readonly scored: number;
  /** Entities near at least one line. */
  readonly near: number;
  readonly share: Estimated;
  readonly lines: readonly { readonly at: number; readonly below: number; readonly above: number }[];
}

/** From one evaluation to the next under one policy. */
export interface Transitions {
  /** Steps between two consecutive evaluations of an entity in the range, those that end in `closed` among them. */
  readonly steps: number;
  readonly rows: readonly {
    readonly from: string;
    readonly adverse: boolean;
    readonly steps: number;
    readonly entities: number;
    /** Those that occurred, in the order of the ladder, `closed` last. */
    readonly to: readonly { readonly to: string; readonly steps: number; readonly probability: Estimated }[];
    /** Evaluations until the tier is left or the entity closes: expected by the one-step probabilities, 1 / (1 - stay). */
    readonly expectedDwell: Estimated;
    /** The stay at which half have ended, by those probabilities and as observed (Kaplan-Meier) in stays that begin in the range; absent: not reached. */
    readonly expectedMedian?: number;
    readonly observedMedian?: number;
    readonly stays: number;
    /** Two evaluations on: back or still in the tier, as observed and by the squared one-step matrix. */
    readonly twoStep?: {
      readonly steps: number;
      readonly observed: number;
      readonly predicted: number;
      readonly difference: Estimated;
    };
  }[];
  /** Shorrocks' trace index over those that do not close: 0 nobody moves, 1 the next tier does not depend on this one. */
  readonly mobility: Estimated;
  /** Why the next tier depends on more than the present one by the policy's own rules; empty when nothing in it says so. */
  readonly rules: readonly string[];
  /** Tiers whose two-step share differs from the squared matrix, all tiers taken together at the level; absent where none could be tested. */
  readonly departures?: readonly string[];
}

/** All of it for one candidate. */
export interface Course {
  /** Every period of the range, or as many as the limit `matrixCells` allows, evenly spread, the last among them. */
  readonly dates: readonly MatrixAtDate[];
  /** Entity-periods of the range by the tier under each policy. */
  readonly overRange: readonly (readonly number[])[];
  readonly tierTime: readonly TierTime[];
  readonly net: NetMovers;
  readonly tests: { readonly stuartMaxwell: Found; readonly bowker: Found };
  readonly recovery: Recovery;
  readonly boundary: { readonly baseline: BoundaryCrowd; readonly candidate: BoundaryCrowd };
  readonly transitions: { readonly baseline: Transitions; readonly candidate: Transitions };
}
