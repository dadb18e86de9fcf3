/** The checked policy: the noun that replay, explanation, SQL and pages are made from. Plain serialisable data. */
import type { Constant, Expression, ValueUnit } from "./expression.ts";

/** One version of a programme, checked: every name resolves, units agree, every limit holds. */
export interface Policy {
  readonly programme: string;
  readonly version: string;
  readonly title: string;
  /** The entity kind that it scores: `seller`, `creator`. */
  readonly entity: string;
  readonly rationale: string;
  /** Digest of the canonical print of the resolved version (parents folded in). */
  readonly digest: string;
  readonly parameters: readonly Parameter[];
  /** In order of use: a metric stands after those that it reads. */
  readonly metrics: readonly Metric[];
  /** In order of use. */
  readonly scores: readonly Score[];
  /** In order of use. */
  readonly conditions: readonly Condition[];
  /** Best first. At least one. */
  readonly tiers: readonly Tier[];
  /** The tier off the ladder, when no condition holds. Absent: the last tier has no condition. Its code is tiers.length. */
  readonly otherwise?: string;
  /** The score that the frame shows: the one that no other score reads (the last such). */
  readonly headlineScore?: string;
  readonly movement: Movement;
}

/** A named number that may be moved within a range. */
export interface Parameter {
  readonly name: string;
  readonly title: string;
  readonly value: number;
  readonly unit: ValueUnit;
  /** The currency that was written, for money. */
  readonly currency?: string;
  readonly range?: { readonly lower: number; readonly upper: number };
}

/** The stretch of history that a metric reads; it ends at the last period end before the evaluation. */
export type Window =
  /** Whole periods inside the last `count` days. */
  | { readonly kind: "days"; readonly count: number }
  /** The last `count` periods of the panel's grain. */
  | { readonly kind: "periods"; readonly count: number }
  /** The last `count` whole calendar months, quarters or years that ended before the evaluation. */
  | { readonly kind: "calendar"; readonly unit: "month" | "quarter" | "year"; readonly count: number }
  /** From the entity's first period. */
  | { readonly kind: "lifetime" };

/** Fewer than `count` of this sum over the same window: the metric is missing. Decided before shrinking. */
export interface AtLeast {
  readonly of: Expression;
  readonly count: Constant;
}

interface MetricCommon {
  readonly name: string;
  readonly title: string;
  readonly unit: ValueUnit;
}

/** A number computed from measures over a window. Operands are expressions of measures (sums over the window, then combined). */
export type Metric =
  | (MetricCommon & {
      /** Part over whole, one correctly rounded division. Whole 0: missing. */
      readonly kind: "share";
      readonly part: Expression;
      readonly whole: Expression;
      readonly over: Window;
      readonly atLeast?: AtLeast;
      /** (part + prior * strength) / (whole + strength). */
      readonly shrink?: { readonly prior: Constant; readonly strength: Constant };
    })
  | (MetricCommon & {
      readonly kind: "mean";
      readonly sum: Expression;
      readonly count: Expression;
      readonly over: Window;
      readonly atLeast?: AtLeast;
    })
  | (MetricCommon & { readonly kind: "sum"; readonly of: Expression; readonly over: Window; readonly atLeast?: AtLeast })
  /** Events of a kind, counted from the day that each was known. */
  | (MetricCommon & { readonly kind: "count"; readonly event: string; readonly over: Window })
  /** A level as it last stood; missing when the level is. */
  | (MetricCommon & { readonly kind: "last"; readonly measure: string })
  /** Whole days from a day attribute to the evaluation; missing without it. */
  | (MetricCommon & { readonly kind: "since"; readonly attribute: string })
  /** An expression of other metrics. */
  | (MetricCommon & { readonly kind: "value"; readonly expression: Expression });

interface ScoreCommon {
  readonly name: string;
  readonly title: string;
  /** Decimals that the score is rounded to, on its exact binary value, ties away from zero only when exact. Default 6. */
  readonly round: number;
}

/** A number from 0 to 100, from a metric by a curve, or from other scores by weights. */
export type Score =
  | (ScoreCommon & {
      readonly kind: "curve";
      /** A metric or a score. */
      readonly from: { readonly to: "metric" | "score"; readonly name: string };
      /** `linear`: straight between anchors, flat outside. `step`: the value of the last anchor at or below x; below the first, the first. */
      readonly shape: "linear" | "step";
      /** x strictly monotone after parameters are resolved, stored ascending. */
      readonly anchors: readonly { readonly x: Constant; readonly y: Constant }[];
    })
  | (ScoreCommon & {
      readonly kind: "weighted";
      /** In file order: the order of the sum. */
      readonly parts: readonly { readonly score: string; readonly weight: Constant }[];
      /** `propagate`: any part missing makes it missing. `share out`: over the parts that are there. A number: stands in for a missing part. */
      readonly missing:
        | { readonly kind: "propagate" }
        | { readonly kind: "share-out" }
        | { readonly kind: "neutral"; readonly value: Constant };
    });

/** A named yes-or-no; three-valued while something is missing. */
export interface Condition {
  readonly name: string;
  readonly title: string;
  readonly expression: Expression;
}

/** What a tier does to an entity. */
export interface Consequences {
  /** Multiplier of traffic: a scenario, never mechanical. */
  readonly traffic?: number;
  readonly payoutDays?: number;
  readonly ordersPerDayMax?: number;
  /** Fee as a share of sales. */
  readonly fee?: number;
}

/** One class of the ladder. */
export interface Tier {
  readonly name: string;
  readonly title: string;
  /** Absent: always. An entity merits the first tier whose condition is true. */
  readonly when?: Expression;
  readonly adverse: boolean;
  readonly consequences: Consequences;
  /** Entered on day D, it is free on D + holdDays. */
  readonly holdDays?: number;
  /** Never left. */
  readonly terminal: boolean;
}

/** When the policy is evaluated: at 00:00 of the date, seeing periods that ended before. */
export type EvaluationCalendar =
  | { readonly kind: "every"; readonly unit: "day" | "week" | "month" | "quarter" }
  /** 0 Monday to 6 Sunday. */
  | { readonly kind: "weekday"; readonly weekday: number }
  | { readonly kind: "day-of-month"; readonly dayOfMonth: number };

/** After how many consecutive evaluations on that side a tier moves, and by how many steps at most (absent: any). */
export interface Step {
  readonly after: number;
  readonly by?: number;
}

/** How the merited tier becomes the held one. */
export interface Movement {
  readonly evaluate: EvaluationCalendar;
  /** Held before the first evaluation; without it the first evaluation's merited tier is held at once. */
  readonly start?: string;
  readonly promote: Step;
  readonly demote: Step;
  /** While it runs, an entity that merits an adverse tier holds the lowest non-adverse one. */
  readonly shield?: { readonly days: number; readonly since: string };
}

/** All tier names by code: the ladder, then `otherwise` when there is one. */
export function tierNames(policy: Policy): readonly string[] {
  const names = policy.tiers.map((tier) => tier.name);
  return policy.otherwise === undefined ? names : [...names, policy.otherwise];
}

/** The number behind a constant: a literal's own, or the parameter's current value. */
export function constantValue(policy: Policy, constant: Constant): number {
  if (constant.kind === "number") return constant.value;
  const parameter = policy.parameters.find((candidate) => candidate.name === constant.name);
  if (parameter === undefined) throw new RangeError(`parameter ${constant.name} is not in ${policy.programme} ${policy.version}`);
  return parameter.value;
}
