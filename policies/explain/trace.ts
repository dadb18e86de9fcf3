/** Why an entity holds its tier: every number on the way, with the stretch of history that it was computed from. Plain serialisable data. */
import type { ValueUnit } from "../language/index.ts";

/** The stretch of history that a metric read. Dates `YYYY-MM-DD`; `periods` are the entity's own rows inside it. */
export interface WindowTrace {
  readonly from: string;
  readonly to: string;
  readonly periods: number;
}

/** One metric at one evaluation. A missing value is absent, and `missing` says why. */
export interface MetricTrace {
  readonly name: string;
  readonly title: string;
  readonly unit: ValueUnit;
  readonly kind: "share" | "mean" | "sum" | "count" | "last" | "since" | "value";
  readonly value?: number;
  readonly missing?: string;
  readonly window?: WindowTrace;
  /** Share and mean: what was divided by what, each in its unit. Money in minor units. */
  readonly numerator?: number;
  readonly numeratorUnit?: ValueUnit;
  readonly denominator?: number;
  readonly denominatorUnit?: ValueUnit;
  /** The minimum volume and whether it was reached. */
  readonly atLeast?: { readonly sum: number; readonly count: number; readonly unit: ValueUnit; readonly met: boolean };
  /** The value before shrinking, and what it was drawn towards. */
  readonly shrink?: { readonly prior: number; readonly strength: number; readonly raw: number };
  /** Count: the events that were counted. */
  readonly events?: readonly { readonly id: string; readonly day: string; readonly knownOn: string }[];
  /** Value: the expression in words. */
  readonly words?: string;
}

/** The piece of a curve that gave the score. `below` and `above`: flat outside the ends. */
export type SegmentTrace =
  | { readonly kind: "below" | "above" | "step"; readonly x: number; readonly y: number }
  | { readonly kind: "between"; readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };

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
    });

/** One comparison inside a condition, with the numbers that were compared. An absent `value` is unknown. */
export interface ClaimTrace {
  readonly words: string;
  readonly value?: boolean;
  readonly left?: number | string;
  readonly right?: number | string;
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
}

/** What carries over from one evaluation to the next. `held` is absent before the first evaluation of a policy without `start`. */
export interface StateTrace {
  readonly held?: string;
  readonly promoteCount: number;
  readonly demoteCount: number;
  /** Holds that still run on the evaluation's date. `until`: the first day that is free. */
  readonly holds: readonly { readonly tier: string; readonly until: string }[];
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
  | "shield";

/** One evaluation in full. */
export interface EvaluationTrace {
  /** The evaluation's date, at 00:00 of which it was made. */
  readonly on: string;
  /** The row that it is recorded on: the last day of the last period that it saw. */
  readonly period: string;
  readonly metrics: readonly MetricTrace[];
  readonly scores: readonly ScoreTrace[];
  readonly conditions: readonly ConditionTrace[];
  readonly tiers: readonly TierTrace[];
  readonly score?: number;
  readonly merited: string;
  readonly held: string;
  readonly before: StateTrace;
  readonly after: StateTrace;
  readonly reason: MovementReason;
  /** Present while the policy's shield runs: whether it turned an adverse tier away, and the first day without it. */
  readonly shield?: { readonly turnedAway: boolean; readonly until: string };
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
