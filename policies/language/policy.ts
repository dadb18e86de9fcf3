/** The checked policy: the noun that replay, explanation, SQL and pages are made from. Plain serialisable data. */
import { invariant, present } from "../../data/foundation/index.ts";
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
  /** Windows with a name, chosen by volume. */
  readonly windows: readonly NamedWindow[];
  /**
   * Metrics, scores, ledgers and conditions may read each other in any order but never in a circle. Each section is in order of use:
   * an entry stands after those of its own section that it reads, through whatever other sections; else in file order.
   */
  readonly metrics: readonly Metric[];
  readonly scores: readonly Score[];
  readonly ledgers: readonly Ledger[];
  readonly conditions: readonly Condition[];
  /** Best first. At least one. */
  readonly tiers: readonly Tier[];
  /** In file order. */
  readonly caps: readonly Cap[];
  /** The tier off the ladder, when no condition holds. Absent: the last tier has no condition. Its code is tiers.length. */
  readonly otherwise?: string;
  /** The score that the frame shows: the one that no other score reads (the last such). */
  readonly headlineScore?: string;
  readonly movement: Movement;
}

interface ParameterCommon {
  readonly name: string;
  readonly title: string;
  readonly unit: ValueUnit;
  /** The currency that was written, for money. */
  readonly currency?: string;
}

/** A named number that may be moved within a range. */
export interface FixedParameter extends ParameterCommon {
  readonly value: number;
  readonly range?: { readonly lower: number; readonly upper: number };
  readonly by?: undefined;
}

/** A named number that depends on a text: an attribute of the entity, or a metric of kind `largest`. Missing while the text is. */
export interface ParameterByText extends ParameterCommon {
  readonly by: { readonly to: "attribute" | "metric"; readonly name: string };
  /** In file order; each text once. A text of the panel without an entry is refused by `checkAgainstPanel`. */
  readonly values: readonly { readonly text: string; readonly value: number }[];
}

/** A named number of a policy. */
export type Parameter = FixedParameter | ParameterByText;

/** The stretch of history that a metric reads; it ends at the last period end before the evaluation. */
export type Window =
  /** Whole periods inside the last `count` days. */
  | { readonly kind: "days"; readonly count: number }
  /** The last `count` periods of the panel's grain. */
  | { readonly kind: "periods"; readonly count: number }
  /** The last `count` whole calendar months, quarters or years that ended before the evaluation. */
  | { readonly kind: "calendar"; readonly unit: "month" | "quarter" | "year"; readonly count: number }
  /** From the entity's first period. */
  | { readonly kind: "lifetime" }
  /** Whole periods back until the sum of `of` over them reaches `count`; the entity's whole life when it never does. */
  | { readonly kind: "volume"; readonly of: Expression; readonly count: Constant }
  /** The window that `Policy.windows` gives this name. */
  | { readonly kind: "named"; readonly name: string };

/** A window that is neither chosen by volume nor a name. */
export type PlainWindow = Exclude<Window, { readonly kind: "named" | "volume" }>;

/** `then` when the sum of `of` over `over` compares with `count` as told, else `otherwise`. Chosen once an entity and evaluation. */
export interface NamedWindow {
  readonly name: string;
  readonly title: string;
  readonly then: PlainWindow;
  readonly when: { readonly of: Expression; readonly over: PlainWindow; readonly operator: Comparison; readonly count: Constant };
  readonly otherwise: PlainWindow;
}

/** How two numbers are compared. */
export type Comparison = Extract<Expression, { kind: "compare" }>["operator"];

/** Fewer than `count` of this sum over the same window: the metric is missing. Decided before shrinking. */
export interface AtLeast {
  readonly of: Expression;
  readonly count: Constant;
}

interface MetricCommon {
  readonly name: string;
  readonly title: string;
  readonly unit: ValueUnit;
  /** Of money, where the policy tells it: by a number that it is compared with, or by `in`. Else it is the panel's. */
  readonly currency?: string;
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
      /** (part + prior * strength) / (whole + strength). Never beside `wilson`. */
      readonly shrink?: { readonly prior: Constant; readonly strength: Constant };
      /** An end of the two-sided Wilson score interval at this level instead of the share itself. */
      readonly wilson?: { readonly side: "lower" | "upper"; readonly level: Constant };
    })
  | (MetricCommon & {
      readonly kind: "mean";
      readonly sum: Expression;
      readonly count: Expression;
      readonly over: Window;
      readonly atLeast?: AtLeast;
    })
  | (MetricCommon & { readonly kind: "sum"; readonly of: Expression; readonly over: Window; readonly atLeast?: AtLeast })
  /** Events of a kind, counted from the day that each was known. With `alike`: the most that agree in that field. */
  | (MetricCommon & {
      readonly kind: "count";
      readonly event: string;
      readonly where?: Expression;
      readonly alike?: string;
      readonly over: Window;
    })
  /** How many different values of a field events of a kind have; an event without one counts for nothing. */
  | (MetricCommon & {
      readonly kind: "distinct";
      readonly field: string;
      readonly event: string;
      readonly where?: Expression;
      readonly over: Window;
    })
  /**
   * The value of a measure that at least the share `part` of the window's rows do not exceed (nearest rank: the ceil(part * n)-th
   * smallest). Rows without the level do not count; none, or fewer than `atLeastPeriods`: missing.
   */
  | (MetricCommon & {
      readonly kind: "percentile";
      readonly part: Constant;
      readonly measure: string;
      readonly over: Window;
      readonly atLeastPeriods?: number;
    })
  /**
   * A text: the value of a text attribute dated with the row under which the sum over the window is largest. Ties: the first in order of
   * code units. Rows without a value do not count; missing when no value has a sum above 0. As a column: the code in the attribute's values.
   */
  | (MetricCommon & { readonly kind: "largest"; readonly of: Expression; readonly by: string; readonly over: Window })
  /** A level as it last stood; missing when the level is. */
  | (MetricCommon & { readonly kind: "last"; readonly measure: string })
  /** Whole days to the evaluation from a day attribute, or from the day that the latest event of a kind was known; missing without it. */
  | (MetricCommon & { readonly kind: "since"; readonly from: string })
  /** Days from the first evaluation of the unbroken run at which a condition has been true; 0 when it is not true now. */
  | (MetricCommon & { readonly kind: "unbroken"; readonly condition: string })
  /**
   * Where a metric or score stands among peers at this evaluation. `rank`: (number below + half the number equal, itself among them) / n,
   * a share. `ratio`: over the peers' median. Peers: entities of the frame at this evaluation with the same value of `among` (absent:
   * everyone) for whom it is not missing. Fewer than `peersMin`: missing.
   */
  | (MetricCommon & {
      readonly kind: "rank" | "ratio";
      readonly of: { readonly to: "metric" | "score"; readonly name: string };
      readonly among?: { readonly to: "attribute" | "metric"; readonly name: string };
      readonly peersMin: number;
    })
  /** An expression of parameters and whatever else the policy computes, kept within bounds. */
  | (MetricCommon & { readonly kind: "value"; readonly expression: Expression; readonly within?: Bounds });

/** Numbers below `lower` are read as `lower`, above `upper` as `upper`. */
export interface Bounds {
  readonly lower: Constant;
  readonly upper: Constant;
}

interface ScoreCommon {
  readonly name: string;
  readonly title: string;
  /** Decimals that the score is rounded to, on its exact binary value, ties away from zero only when exact. Default 6. */
  readonly round: number;
}

/** A number from 0 to 100: from a metric by a curve, from other scores by weights, or by an expression. */
export type Score =
  | (ScoreCommon & {
      readonly kind: "curve";
      /** A metric or a score. */
      readonly from: { readonly to: "metric" | "score"; readonly name: string };
      /**
       * `linear`: straight between anchors, flat outside. `step`: the value of the last anchor at or below x; below the first, the first.
       * `logistic`: 100 / (1 + exp(-(a + b x))) through the two anchors, whose y lie strictly between 0 and 100.
       */
      readonly shape: "linear" | "step" | "logistic";
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
    })
  /** An expression, cut to 0 to 100. */
  | (ScoreCommon & { readonly kind: "value"; readonly expression: Expression });

/** Points that events and evaluations add to or take from. A set of entries; bounds apply when it is read. */
export interface Ledger {
  readonly name: string;
  readonly title: string;
  readonly unit: ValueUnit;
  /** As for metrics. */
  readonly currency?: string;
  /** What it holds without entries. Never expires. */
  readonly start: Constant;
  /** In file order. */
  readonly lines: readonly LedgerLine[];
  /** An event of kind `event` takes the entries back that the event of kind `of` made which its field `about` names by id. */
  readonly takeBack?: { readonly event: string; readonly of: string };
  /**
   * How long an entry lives, fixed when it is made. `days`: its day and the days after, so many in all. `until`: to the first of these
   * dates after the evaluation that made it. The day of an event's entry is the day that the event was known.
   */
  readonly lasts:
    | { readonly kind: "ever" }
    | { readonly kind: "days"; readonly count: number }
    | { readonly kind: "until"; readonly calendar: EvaluationCalendar };
  readonly within?: Bounds;
}

interface LineCommon {
  /** The entity must be so at the evaluation that makes the entry; unknown is not true. */
  readonly when?: Expression;
  /** Points of one entry; for `event` lines it may read `event.points`. */
  readonly amount: Expression;
  /** 1 adds, -1 deducts. */
  readonly sign: 1 | -1;
  /** When the ledger is read, the live entries of this line count for no more than this. */
  readonly atMost?: Constant;
}

/** Where entries of a ledger come from. */
export type LedgerLine =
  /** At every evaluation on such a date. */
  | (LineCommon & { readonly kind: "date"; readonly each: EvaluationCalendar })
  /** For every `count` of a sum over the entity's life: what an evaluation finds beyond the last multiple makes its entries. */
  | (LineCommon & { readonly kind: "volume"; readonly count: Constant; readonly of: Expression })
  /** For every event, at the first evaluation that sees it. */
  | (LineCommon & { readonly kind: "event"; readonly event: string; readonly where?: Expression });

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

/** Traffic x 1 is no consequence; any other absent consequence differs from a stated one. */
export function sameConsequences(a: Consequences, b: Consequences): boolean {
  return (
    (a.traffic ?? 1) === (b.traffic ?? 1) && a.payoutDays === b.payoutDays && a.ordersPerDayMax === b.ordersPerDayMax && a.fee === b.fee
  );
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
  /** Each event of this kind that becomes known while the hold runs takes so many days off it. */
  readonly shorten?: { readonly event: string; readonly days: number };
  /** Tiers of an earlier version in force whose place this one takes. */
  readonly replaces?: readonly string[];
  /** Never left. */
  readonly terminal: boolean;
}

/** A tier that nobody may be better than for whom the condition is true; it takes also those whom no tier of the ladder took. */
export interface Cap {
  readonly tier: string;
  readonly when: Expression;
}

/** When the policy is evaluated: at 00:00 of the date, seeing periods that ended before. */
export type EvaluationCalendar =
  | { readonly kind: "every"; readonly unit: "day" | "week" | "month" | "quarter" }
  /** 0 Monday to 6 Sunday. */
  | { readonly kind: "weekday"; readonly weekday: number }
  | { readonly kind: "day-of-month"; readonly dayOfMonth: number }
  /** 0 Monday to 6 Sunday. */
  | { readonly kind: "first-weekday"; readonly weekday: number; readonly unit: "month" | "quarter" };

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
  /**
   * From the day that an event of kind `event` was known, after hold and shield, no tier worse than `tier` is held: for `days` days, or
   * until the sum of `until.of` over the periods that began after that day reaches `until.count`, whichever is first. At least one is there.
   */
  readonly protect?: {
    readonly event: string;
    readonly tier: string;
    readonly days?: number;
    readonly until?: { readonly of: Expression; readonly count: Constant };
  };
}

/** All tier names by code: the ladder, then `otherwise` when there is one. */
export function tierNames(policy: Policy): readonly string[] {
  const names = policy.tiers.map((tier) => tier.name);
  return policy.otherwise === undefined ? names : [...names, policy.otherwise];
}

/** The number behind a constant: a literal's own, or the fixed parameter's value. A parameter by text has none: see `constantValues`. */
export function constantValue(policy: Pick<Policy, "parameters">, constant: Constant): number {
  if (constant.kind === "number") return constant.value;
  const parameter = parameterOf(policy, constant.name);
  invariant(parameter.by === undefined, `parameter ${constant.name} has no one value`);
  return parameter.value;
}

/** Every number that a constant can be: one, or those of a parameter by text in file order. */
export function constantValues(policy: Pick<Policy, "parameters">, constant: Constant): readonly number[] {
  if (constant.kind === "number") return [constant.value];
  const parameter = parameterOf(policy, constant.name);
  return parameter.by === undefined ? [parameter.value] : parameter.values.map(({ value }) => value);
}

/** The parameter of a name that the policy has. */
export function parameterOf(policy: Pick<Policy, "parameters">, name: string): Parameter {
  return present(
    policy.parameters.find((candidate) => candidate.name === name),
    `parameter ${name}`,
  );
}
