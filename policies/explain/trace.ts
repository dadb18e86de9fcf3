/** Why an entity holds its tier: every number on the way, with the stretch of history that it was computed from. Plain serialisable data. */
import type { Metric } from "../language/index.ts";
import type { SaidUnit } from "./say-number.ts";

/** The stretch of history that a metric read. Dates `YYYY-MM-DD`; `periods` are the entity's own rows inside it. */
export interface WindowTrace {
  readonly from: string;
  readonly to: string;
  readonly periods: number;
  /** A window that is chosen by volume: which it became, and why, in words. */
  readonly chosen?: string;
}

/** An event that a metric counted. */
export interface EventTrace {
  readonly id: string;
  readonly day: string;
  readonly knownOn: string;
  /** Alike and distinct: its value of the field. */
  readonly value?: string;
}

/** One metric at one evaluation. A missing value is absent, and `missing` says why. */
export interface MetricTrace {
  readonly name: string;
  readonly title: string;
  readonly unit: SaidUnit;
  readonly kind: Metric["kind"];
  readonly value?: number;
  /** Largest: the text, of which `value` is the code in the attribute's values. */
  readonly text?: string;
  readonly missing?: string;
  readonly window?: WindowTrace;
  /** Share and mean: what was divided by what, each in its unit. Money in minor units. */
  readonly numerator?: number;
  readonly numeratorUnit?: SaidUnit;
  readonly denominator?: number;
  readonly denominatorUnit?: SaidUnit;
  /** The minimum volume and whether it was reached. */
  readonly atLeast?: { readonly sum: number; readonly count: number; readonly unit: SaidUnit; readonly met: boolean };
  /** The value before shrinking, and what it was drawn towards. */
  readonly shrink?: { readonly prior: number; readonly strength: number; readonly raw: number };
  /** Share with a Wilson bound: which end of the interval, its level, and the plain share. */
  readonly bound?: { readonly side: "lower" | "upper"; readonly level: number; readonly raw: number };
  /** Count and distinct: the events that were counted, in order. Since an event: that event. */
  readonly events?: readonly EventTrace[];
  /** Count of those alike: the field, and the value that most of them share. */
  readonly alike?: { readonly field: string; readonly value?: string };
  /** Distinct: the field, and its different values in order of first appearance. */
  readonly distinct?: { readonly field: string; readonly values: readonly string[] };
  /** Percentile: the `rank`-th smallest of `count` known values. */
  readonly percentile?: { readonly part: number; readonly rank: number; readonly count: number; readonly atLeast?: number };
  /** Largest: every text with its sum, in order of code units. */
  readonly sums?: readonly { readonly text: string; readonly sum: number }[];
  /** Unbroken: the condition's title, and since which evaluation it has been true. */
  readonly run?: { readonly condition: string; readonly since?: string };
  /** Rank and ratio: the entity's own value, its group, how many peers there are, and their median. */
  readonly peers?: {
    readonly of: string;
    readonly ofUnit: SaidUnit;
    readonly own?: number;
    readonly group?: string;
    readonly count: number;
    readonly countMin: number;
    readonly below?: number;
    readonly equal?: number;
    readonly median?: number;
  };
  /** Value: the bounds that it is kept within, and what it would be without them. */
  readonly within?: { readonly lower: number; readonly upper: number; readonly raw: number };
  /** Value: the expression in words. */
  readonly words?: string;
}

/** The piece of a curve that gave the score. `below` and `above`: flat outside the ends; `logistic`: through two points, on and on. */
export type SegmentTrace =
  | { readonly kind: "below" | "above" | "step"; readonly x: number; readonly y: number }
  | { readonly kind: "between" | "logistic"; readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };

/** One part of a weighted score. `used` is the value that stood in the sum; absent when the part was left out. */
export interface WeightedPartTrace {
  readonly score: string;
  readonly title: string;
  readonly weight: number;
  readonly value?: number;
  readonly used?: number;
}

interface ScoreTraceCommon {
  readonly name: string;
  readonly title: string;
  /** Rounded as declared. */
  readonly value?: number;
  readonly unrounded?: number;
  readonly round: number;
  readonly missing?: string;
}

/** One score at one evaluation. */
export type ScoreTrace =
  | (ScoreTraceCommon & {
      readonly kind: "curve";
      readonly from: { readonly to: "metric" | "score"; readonly name: string };
      readonly input?: number;
      readonly segment?: SegmentTrace;
    })
  | (ScoreTraceCommon & {
      readonly kind: "weighted";
      readonly parts: readonly WeightedPartTrace[];
      readonly missingRule: "propagate" | "share-out" | "neutral";
    })
  | (ScoreTraceCommon & {
      readonly kind: "value";
      /** The expression in words. */
      readonly words: string;
      /** Before it was cut to 0 to 100. */
      readonly uncut?: number;
    });

/** Points of a ledger. Dates `YYYY-MM-DD`; `expires` is the first day without them. */
export interface LedgerEntryTrace {
  /** The line that made it, from 1. Absent: a line of an earlier version in force, which added (1) or deducted (-1). */
  readonly line?: number;
  readonly earlier?: 1 | -1;
  readonly day: string;
  readonly expires?: string;
  /** As written in the line, not below 0 for a line that deducts. Absent: not known. */
  readonly amount?: number;
  /** The event that it was made for. */
  readonly event?: { readonly kind: string; readonly id: string };
}

/** One ledger at one evaluation. */
export interface LedgerTrace {
  readonly name: string;
  readonly title: string;
  readonly unit: SaidUnit;
  readonly value?: number;
  readonly missing?: string;
  readonly start?: number;
  /** Live entries after the evaluation, in the order in which they were made. */
  readonly entries: readonly LedgerEntryTrace[];
  /** Those of them that this evaluation made, and what it dropped. */
  readonly made: readonly LedgerEntryTrace[];
  readonly expired: readonly LedgerEntryTrace[];
  readonly takenBack: readonly LedgerEntryTrace[];
  /** In file order. `sum`: of its live entries; `counted`: no more than `atMost` of it. */
  readonly lines: readonly {
    readonly line: number;
    readonly words: string;
    readonly sign: 1 | -1;
    readonly sum?: number;
    readonly atMost?: number;
    readonly counted?: number;
  }[];
  /** What entries of lines count for that only earlier versions in force had, a sum for each such line. */
  readonly earlier?: readonly { readonly sign: 1 | -1; readonly counted?: number }[];
  /** The balance before the bounds, and the bounds. */
  readonly unclipped?: number;
  readonly within?: { readonly lower: number; readonly upper: number };
}

/** One comparison inside a condition, with the numbers that were compared. An absent `value` is unknown. */
export interface ClaimTrace {
  readonly words: string;
  readonly value?: boolean;
  readonly left?: number | string;
  readonly right?: number | string;
  /** What stands on the left, in words: ` (it is 7.5 %)`. Empty where nothing is compared. */
  readonly standing: string;
  /** It stands under a `not`: the condition asks that it be untrue. */
  readonly isDenied?: boolean;
}

/** One named condition. An absent `value` is unknown. */
export interface ConditionTrace {
  readonly name: string;
  readonly title: string;
  readonly words: string;
  readonly value?: boolean;
  readonly claims: readonly ClaimTrace[];
}

/** One tier of the ladder, best first, as it was tried. `tried` is false below the tier that was merited. */
export interface TierTrace {
  readonly name: string;
  readonly title: string;
  readonly adverse: boolean;
  readonly tried: boolean;
  /** True: merited by its condition or for want of one. Absent: unknown, or not tried. */
  readonly value?: boolean;
  readonly words?: string;
  readonly claims: readonly ClaimTrace[];
  /** What stands in the way of its condition, in words; empty when the condition is true. */
  readonly unmet: readonly string[];
}

/** One cap, in file order. An absent `value` is unknown. */
export interface CapTrace {
  readonly tier: string;
  readonly words: string;
  readonly value?: boolean;
  readonly claims: readonly ClaimTrace[];
  /** While it is true: what would have to be otherwise, in words. */
  readonly lifted: readonly string[];
  /** Whether it is what the merited tier comes from. */
  readonly decides: boolean;
}

/** A hold that runs. `until`: the first day that is free. */
export interface HoldTrace {
  readonly tier: string;
  readonly adverse: boolean;
  readonly until: string;
}

/** What carries over from one evaluation to the next. `held` is absent before the first evaluation of a policy without `start`. */
export interface StateTrace {
  readonly held?: string;
  readonly promoteCount: number;
  readonly demoteCount: number;
  /** Holds that still run on the evaluation's date. */
  readonly holds: readonly HoldTrace[];
  /** Live entries of each ledger, and by volume line (from 1) how many multiples have been counted. */
  readonly ledgers: readonly {
    readonly name: string;
    readonly entries: readonly LedgerEntryTrace[];
    readonly counted: readonly { readonly line: number; readonly multiples: number }[];
  }[];
  /** Unbroken metrics whose condition was true, and since when. */
  readonly runs: readonly { readonly name: string; readonly since: string }[];
}

/** Which rule of movement decided. */
export type MovementReason =
  | "terminal"
  | "unrated"
  | "first evaluation"
  | "same tier"
  | "counting up"
  | "counting down"
  | "promoted"
  | "demoted"
  | "hold"
  | "shield"
  | "protect";

/** One evaluation in full. */
export interface EvaluationTrace {
  /** The evaluation's date, at 00:00 of which it was made. */
  readonly on: string;
  /** The row that it is recorded on: the last day of the last period that it saw. */
  readonly period: string;
  readonly metrics: readonly MetricTrace[];
  readonly scores: readonly ScoreTrace[];
  readonly ledgers: readonly LedgerTrace[];
  readonly conditions: readonly ConditionTrace[];
  readonly tiers: readonly TierTrace[];
  readonly caps: readonly CapTrace[];
  readonly score?: number;
  /** What the tiers alone merit; `merited` is after the caps. */
  readonly uncapped: string;
  readonly merited: string;
  readonly held: string;
  readonly before: StateTrace;
  readonly after: StateTrace;
  readonly reason: MovementReason;
  /** Present while the policy's shield runs: whether it turned an adverse tier away, and the first day without it. */
  readonly shield?: { readonly turnedAway: boolean; readonly until: string };
  /** Present while the policy's protection runs. */
  readonly protection?: ProtectionTrace;
  /** Holds that events known since the evaluation before shortened at this one. */
  readonly shortened: readonly {
    readonly tier: string;
    readonly event: string;
    readonly knownOn: string;
    readonly from: string;
    readonly until: string;
  }[];
}

/** A protection that runs: since which event, and how long it still does. */
export interface ProtectionTrace {
  readonly tier: string;
  readonly event: string;
  readonly knownOn: string;
  /** Whether it kept a worse tier away. */
  readonly turnedAway: boolean;
  /** The first day without it, when days end it. */
  readonly until?: string;
  /** What has been counted of what ends it. */
  readonly volume?: { readonly sum: number; readonly count: number; readonly unit: SaidUnit; readonly words: string };
}

/** Why an entity held its tier on a day. */
export interface Trace {
  readonly entity: string;
  readonly programme: string;
  readonly version: string;
  readonly title: string;
  /** The day that was asked for. */
  readonly day: string;
  /** The currency of money values, when the panel has one. */
  readonly currency?: string;
  /** `not in frame`: no row for that day. `not yet evaluated`: a row, but no evaluation so far. */
  readonly status: "evaluated" | "not yet evaluated" | "not in frame";
  /** Held on that day; absent when the entity is not in the frame. */
  readonly held?: string;
  /** The latest evaluation recorded on or before the day's row. */
  readonly evaluation?: EvaluationTrace;
  readonly movement: {
    readonly promoteAfter: number;
    readonly promoteBy?: number;
    readonly demoteAfter: number;
    readonly demoteBy?: number;
  };
}
