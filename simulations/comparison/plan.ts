/** What a comparison needs to know before it reads the first row: dates, windows, tier tables, outcome sources. */
import { type Day, formatDay, type Grain, invariant, lastDayOf, type PeriodIndex, periodOf } from "../../data/foundation/index.ts";
import { findMeasure, type OutcomeSource, type Panel, type PanelSchema, rangeOf, type Span } from "../../data/panel/index.ts";
import { evaluationPlan, NEVER } from "../../policies/compile/index.ts";
import { comparesPeers, type Policy, tierNames } from "../../policies/language/checked/index.ts";
import { type AtRiskPlan, planAtRisk } from "./at-risk/plan-at-risk.ts";
import { type DriftPlan, planDrift } from "./drift/collect-drift.ts";
import { countLabels, type LabelCounts } from "./errors/label-counts.ts";
import { type CoursePlan, planCourse } from "./movement/collect-course.ts";
import { type TierPairs, tierPairs } from "./movement/tier-pairs.ts";
import type { Assumptions } from "./sales/assumptions.ts";
import { planSales, type SalesPlan } from "./sales/plan-sales.ts";
import { segmentationsOf } from "./segmentations.ts";
import { planStability, type StabilityPlan } from "./verdict/plan-stability.ts";

/** What to compare, over which periods, and how to resample. */
export interface ComparisonOptions {
  readonly baseline: Policy;
  readonly candidates: readonly Policy[];
  readonly panel: Panel;
  /** First and last period of the range; default: all of the panel whose flows are complete. */
  readonly from?: PeriodIndex;
  readonly to?: PeriodIndex;
  readonly seed: number;
  /** Bootstrap replicates; default that of `drawUnlessAsked`. */
  readonly replicates?: number;
  /** Confidence level of every interval; default that of `drawUnlessAsked`. */
  readonly level?: number;
  /** Which of `segmentationsOf` the panel to part entities by; default all. Figures of everyone do not depend on it. */
  readonly segments?: readonly string[];
  /** What is assumed about behaviour; absent: no scenarios. */
  readonly assumptions?: Assumptions;
  /**
   * False leaves out what is computed again beyond the one pass: flips from noise, early warning, past moves, what drives scores and what explains a change.
   * Default true.
   */
  readonly studies?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How entities are drawn again where nothing else is asked for. */
export const drawUnlessAsked = { seed: 1, replicates: 2000, level: 0.95 } as const;

/** The date of one error table and the sources that it reads, in order of precedence. */
export interface ErrorPlan {
  /** The source's name, or `all`. */
  readonly name: string;
  readonly sources: readonly OutcomeSource[];
  /** Absent: no evaluation of the range is mature. */
  readonly period?: PeriodIndex;
  /** The last mature evaluation of the range; another than `period` when no label is about it. */
  readonly lastMature?: PeriodIndex;
  /** In words: how `period` was chosen. */
  readonly rule: string;
  readonly horizonDays: number;
}

/** Whole periods of the panel that stand for a number of days; both ends inside. */
export interface PeriodSpan extends Span {
  readonly rule: string;
}

/** Everything that is fixed before the rows are read. */
export interface ComparisonPlan {
  readonly policies: readonly Policy[];
  readonly schema: PanelSchema;
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  /** By candidate. */
  readonly pairs: readonly TierPairs[];
  /** By policy, by tier code: 1 adverse. */
  readonly adverse: readonly Uint8Array[];
  /** By policy: what its course is collected with. */
  readonly course: readonly CoursePlan[];
  readonly drift: DriftPlan;
  /** Column of the GMV and orders measures; -1 when there is none. */
  readonly gmvColumn: number;
  readonly ordersColumn: number;
  readonly gmvSpan: PeriodSpan;
  readonly ordersSpan: PeriodSpan;
  /** Positions of the text attributes in the schema. */
  readonly textAttributes: readonly number[];
  /** The segmentations that are described. */
  readonly segments: readonly string[];
  readonly errors: readonly ErrorPlan[];
  /** Periods of the range on which a policy is evaluated, ascending. */
  readonly evaluated: readonly PeriodIndex[];
  /** Where else a verdict is read. */
  readonly stability: StabilityPlan<ErrorPlan>;
  /** By code of the really assigned tier: 1 adverse. Empty when the panel carries none. */
  readonly assignedAdverse: Uint8Array;
  /** By code of the really assigned tier: the baseline's code of that name, -1 when it has none. */
  readonly assignedCode: Int8Array;
  readonly whiplashPeriods: number;
  readonly sales: SalesPlan;
  readonly atRisk: AtRiskPlan;
  /** The first date of the explained change: the start of the range; half-way where that is the panel's first period, behind which nothing stands. */
  readonly changeFrom: PeriodIndex;
  /** By policy: whether any metric is relative to peers. */
  readonly comparesPeers: readonly boolean[];
  readonly seed: number;
  readonly replicates: number;
  readonly level: number;
}

const gmvDays = 28;
const ordersDays = 84;
const whiplashPeriods: Readonly<Record<Grain, number>> = { day: 56, week: 8, month: 2 };
const precedence: Readonly<Record<OutcomeSource["role"], number>> = { audit: 0, appeal: 1, behaviour: 2 };

/** Fixes dates and tables. The range is cut to the panel; it must hold at least one period. */
export function planComparison(options: ComparisonOptions): ComparisonPlan {
  const { baseline, candidates, panel } = options;
  const { schema } = panel;
  const { from, to } = rangeOf(schema, options);
  invariant(from <= to, `the range ${from} to ${to} holds no period of the panel`);
  invariant(candidates.length > 0, "a comparison has at least one candidate");
  const policies = [baseline, ...candidates];
  const evaluated = evaluatedPeriods(policies, schema, { from, to });
  const labelCounts = countLabels(panel);
  const [gmvColumn, ordersColumn] = [columnOf(schema, schema.gmvMeasure), columnOf(schema, schema.ordersMeasure)];
  const errors = errorPlans(schema, evaluated, labelCounts);
  const gmvSpan = gmvSpanTo(schema.grain, to);
  return {
    policies,
    schema,
    from,
    to,
    pairs: candidates.map((candidate) => tierPairs(baseline, candidate)),
    adverse: policies.map((policy) => Uint8Array.from(tierNames(policy), (_, code) => (policy.tiers[code]?.adverse === true ? 1 : 0))),
    gmvColumn,
    ordersColumn,
    gmvSpan,
    ordersSpan: ordersSpanTo(schema.grain, to),
    course: policies.map((policy) => planCourse(policy, schema, { from, to })),
    drift: planDrift(policies, { from, to }, panel.entityCount),
    textAttributes: [...schema.attributes.keys()].filter((index) => schema.attributes[index]?.type === "text"),
    segments: options.segments ?? segmentationsOf(schema),
    evaluated,
    errors,
    stability: planStability({ schema, to, evaluated, errors, labelCounts }),
    assignedAdverse: Uint8Array.from(schema.assignedTiers, (name) => (isAdverse(name, policies) ? 1 : 0)),
    assignedCode: Int8Array.from(schema.assignedTiers, (name) => tierNames(baseline).indexOf(name)),
    whiplashPeriods: whiplashPeriods[schema.grain],
    sales: planSales({ policies, schema, gmvColumn, ordersColumn, window: gmvSpan, labelled: errors[0]?.period }),
    atRisk: planAtRisk({ policies, schema, from, to, seed: options.seed, entities: panel.entityCount }),
    changeFrom: from > schema.firstPeriod ? from : from + Math.floor((to - from) / 2),
    comparesPeers: policies.map(comparesPeers),
    seed: options.seed,
    replicates: options.replicates ?? drawUnlessAsked.replicates,
    level: options.level ?? drawUnlessAsked.level,
  };
}

/**
 * The whole periods inside the days that end with a period's last day. Months: the nearest whole number of months (28 days: 1,
 * 84 days: 3), because 28 days hold no whole month of 31.
 *
 * @example
 * spanOfDays("week", 2800, 28)
 * // => { first: 2797, last: 2800, rule: "the 4 whole weeks inside the 28 days" }
 */
export function spanOfDays(grain: Grain, last: PeriodIndex, days: number): PeriodSpan {
  if (grain === "month") {
    const months = Math.max(1, Math.round(days / 30));
    return {
      first: last - months + 1,
      last,
      rule: `the last ${months === 1 ? "whole month" : `${months} whole months`}, in place of ${days} days`,
    };
  }
  const first = Math.min(periodOf(grain, lastDayOf(grain, last) - days) + 1, last);
  const count = last - first + 1;
  return { first, last, rule: grain === "day" ? `the ${count} days` : `the ${count} whole weeks inside the ${days} days` };
}

/** The periods whose GMV is at stake on a date. */
export function gmvSpanTo(grain: Grain, to: PeriodIndex): PeriodSpan {
  return spanOfDays(grain, to, gmvDays);
}

/** The periods whose orders are an entity's size on a date. */
export function ordersSpanTo(grain: Grain, to: PeriodIndex): PeriodSpan {
  return spanOfDays(grain, to, ordersDays);
}

/** One table by precedence (`all`), then one an outcome source; none when the panel has no outcomes. */
export function errorPlans(schema: PanelSchema, evaluated: readonly PeriodIndex[], labelCounts: LabelCounts): readonly ErrorPlan[] {
  const { outcomes } = schema;
  if (outcomes.length === 0) return [];
  const ordered = [...outcomes].sort((a, b) => precedence[a.role] - precedence[b.role]);
  const entries = [{ name: "all", sources: ordered }, ...outcomes.map((source) => ({ name: source.name, sources: [source] }))];
  return entries.map((entry) => planErrors({ ...entry, schema, evaluated, labelCounts }));
}

/**
 * The date of a table: the last evaluation of the range that is mature for every source (d + horizon + lag is at most the known-at
 * pin) and about which the source has labels; with several sources, the one with the most labels. No such labels at all: the last
 * mature evaluation.
 */
function planErrors(options: {
  name: string;
  sources: readonly OutcomeSource[];
  schema: PanelSchema;
  evaluated: readonly PeriodIndex[];
  labelCounts: LabelCounts;
}): ErrorPlan {
  const { name, sources, schema, evaluated, labelCounts } = options;
  const days = Math.max(...sources.map((source) => source.horizonDays + source.lagDays));
  const horizonDays = Math.max(...sources.map((source) => source.horizonDays));
  const mature = evaluated.filter((period) => isMature(lastDayOf(schema.grain, period), days, schema.knownAt));
  const totals = sources.map((source) => mature.reduce((sum, period) => sum + labelCounts(source.name, period), 0));
  const broadest = sources[totals.indexOf(Math.max(...totals))]?.name ?? "";
  const labelled = mature.findLast((candidate) => labelCounts(broadest, candidate) > 0);
  const lastMature = mature.at(-1);
  const plan = { name, sources, horizonDays };
  if (lastMature === undefined) return { ...plan, rule: "no evaluation of the range is mature" };
  if (labelled === undefined)
    return { ...plan, period: lastMature, lastMature, rule: "the last mature evaluation; no label is about any of them" };
  if (labelled === lastMature) return { ...plan, period: lastMature, lastMature, rule: "the last mature evaluation" };
  const whose = sources.length === 1 ? `'${broadest}'` : `'${broadest}', the source with the most labels,`;
  const rule = `the last mature evaluation about which ${whose} has labels; the last mature one is ${dayName(schema, lastMature)}, and about it there are none`;
  return { ...plan, period: labelled, lastMature, rule };
}

function isMature(day: Day, days: number, knownAt: Day): boolean {
  return day + days <= knownAt;
}

/** Periods of the range on which any of the policies is evaluated, ascending. */
export function evaluatedPeriods(
  policies: readonly Policy[],
  schema: PanelSchema,
  range: { from: PeriodIndex; to: PeriodIndex },
): readonly PeriodIndex[] {
  const plans = policies.map((policy) => evaluationPlan(schema, policy.movement.evaluate).evaluationDay);
  const periods: PeriodIndex[] = [];
  for (let period = range.from; period <= range.to; period++) {
    if (plans.some((days) => days[period - schema.firstPeriod] !== NEVER)) periods.push(period);
  }
  return periods;
}

/** What the first policy that knows the tier really assigned says; one that none knows counts as adverse: its entities may have been restricted. */
export function isAdverse(name: string, policies: readonly Policy[]): boolean {
  for (const policy of policies) {
    const code = tierNames(policy).indexOf(name);
    if (code >= 0) return policy.tiers[code]?.adverse ?? false;
  }
  return true;
}

function columnOf(schema: PanelSchema, name: string | undefined): number {
  return name === undefined ? -1 : (findMeasure(schema, name)?.index ?? -1);
}

/** The name of a period on the report: its last day. */
export function dayName(schema: PanelSchema, period: PeriodIndex): string {
  return formatDay(lastDayOf(schema.grain, period));
}
