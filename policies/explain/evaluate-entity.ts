/** The slow, obvious evaluator: one entity, one row at a time, everything computed anew. The twin that kernels and SQL must agree with. */
import { type Day, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { constantValue, type Policy } from "../language/index.ts";
import type { EntityHistory } from "./entity-history.ts";
import { evaluationDate } from "./evaluation-dates.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import { type EvaluationPoint, traceMetric } from "./metric-trace.ts";
import { initialState, type MovementState, type MovementStep, moveTier } from "./movement-step.ts";
import { traceScore } from "./score-trace.ts";
import type { MetricTrace, ScoreTrace } from "./trace.ts";

/** Score, tier and state of an entity on one row. Absent numbers and conditions are missing and unknown. */
export interface EvaluatedRow {
  readonly period: PeriodIndex;
  /** Whether an evaluation was recorded on this row. The rest is that of the latest one, up to this row. */
  readonly evaluated: boolean;
  readonly score?: number;
  /** Tier codes, best 0, `otherwise` last. Merited is -1 before the first evaluation. */
  readonly merited: number;
  readonly held: number;
  readonly promoteCount: number;
  readonly demoteCount: number;
  readonly shielded: boolean;
  readonly metrics: Readonly<Record<string, number | undefined>>;
  readonly scores: Readonly<Record<string, number | undefined>>;
  readonly conditions: Readonly<Record<string, boolean | undefined>>;
}

/** How far to evaluate, and from which tier. */
export interface EvaluateOptions {
  /** Overrides the tier held before the first evaluation: a tier code. */
  readonly startTier?: number;
  /** Rows after this period are left out. */
  readonly to?: PeriodIndex;
}

/**
 * Every row of the entity's history under the policy, oldest first. Cost: rows times the longest window, per metric; meant for one
 * entity at a time.
 */
export function evaluateEntity(
  policy: Policy,
  schema: PanelSchema,
  history: EntityHistory,
  options: EvaluateOptions = {},
): readonly EvaluatedRow[] {
  const walk = walkEvaluations(policy, schema, history, options);
  return walk.map(({ period, evaluation, latest, state }) => ({
    period,
    evaluated: evaluation !== undefined,
    ...scoreOf(latest, policy),
    merited: latest?.merited ?? -1,
    held: state.held ?? tierBeforeFirst(policy),
    promoteCount: state.promoteCount,
    demoteCount: state.demoteCount,
    shielded: latest?.step.shielded ?? false,
    metrics: valuesOf(policy.metrics, latest?.metrics),
    scores: valuesOf(policy.scores, latest?.scores),
    conditions: valuesOf(policy.conditions, latest?.conditions),
  }));
}

/** One evaluation with everything that it computed. */
export interface Evaluation {
  readonly on: Day;
  /** The row that it is recorded on. */
  readonly period: PeriodIndex;
  readonly metrics: readonly MetricTrace[];
  readonly scores: readonly ScoreTrace[];
  /** Absent value: unknown. */
  readonly conditions: readonly { readonly name: string; readonly value?: boolean }[];
  /** Outcome of each tier's condition, best first, down to the first that is true. */
  readonly tried: readonly (boolean | undefined)[];
  readonly merited: number;
  /** The values by name, for saying afterwards what was compared with what. */
  readonly lookup: Lookup;
  readonly shieldFrom: Day | undefined;
  readonly before: MovementState;
  readonly step: MovementStep;
}

/** One row: its own evaluation, if any, and the latest so far. */
export interface WalkedRow {
  readonly period: PeriodIndex;
  readonly evaluation?: Evaluation;
  readonly latest?: Evaluation;
  readonly state: MovementState;
}

/** Walks the rows in order, evaluating where the calendar says so. */
export function walkEvaluations(
  policy: Policy,
  schema: PanelSchema,
  history: EntityHistory,
  { startTier, to }: EvaluateOptions,
): readonly WalkedRow[] {
  let state = initialState(startTier ?? startCode(policy));
  let latest: Evaluation | undefined;
  const walked: WalkedRow[] = [];
  for (const [rowIndex, { period }] of history.rows.entries()) {
    if (to !== undefined && period > to) break;
    const on = evaluationDate(policy.movement.evaluate, schema.grain, period);
    if (on === undefined) {
      walked.push({ period, state, ...(latest === undefined ? {} : { latest }) });
      continue;
    }
    const evaluation = evaluateOnce({ policy, schema, history, rowIndex, on }, state);
    latest = evaluation;
    state = evaluation.step.state;
    walked.push({ period, state, evaluation, latest });
  }
  return walked;
}

/** The tier shown before the first evaluation: `start`, else `otherwise`, else the last of the ladder. */
export function tierBeforeFirst(policy: Policy): number {
  return startCode(policy) ?? (policy.otherwise === undefined ? policy.tiers.length - 1 : policy.tiers.length);
}

function evaluateOnce(point: EvaluationPoint, before: MovementState): Evaluation {
  const { policy, history, rowIndex, on } = point;
  const known = new Map<string, number | string | boolean | undefined>();
  const lookup: Lookup = (to, name) => {
    if (to === "parameter") return constantValue(policy, { kind: "reference", to, name });
    if (to === "attribute") return history.rows[rowIndex]?.attributes[name];
    return known.get(`${to} ${name}`);
  };
  const metrics = policy.metrics.map((metric) => {
    const trace = traceMetric(metric, point, lookup);
    known.set(`metric ${metric.name}`, trace.value);
    return trace;
  });
  const scores = policy.scores.map((score) => {
    const trace = traceScore(score, policy, lookup);
    known.set(`score ${score.name}`, trace.value);
    return trace;
  });
  const conditions = policy.conditions.map(({ name, expression }) => {
    const value = evaluateExpression(expression, lookup);
    known.set(`condition ${name}`, value);
    return typeof value === "boolean" ? { name, value } : { name };
  });
  const tried = tryTiers(policy, lookup);
  const merited = tried.includes(true) ? tried.indexOf(true) : policy.tiers.length;
  const { shield } = policy.movement;
  const since = shield === undefined ? undefined : lookup("attribute", shield.since);
  const shieldFrom = typeof since === "number" ? since : undefined;
  const step = moveTier(policy, before, merited, on, shieldFrom);
  const { period } = present(history.rows[rowIndex], "row");
  return { on, period, metrics, scores, conditions, tried, merited, lookup, shieldFrom, before, step };
}

/** From the best tier down to the first whose condition is true; a tier without a condition is always true. */
function tryTiers(policy: Policy, lookup: Lookup): readonly (boolean | undefined)[] {
  const tried: (boolean | undefined)[] = [];
  for (const { when } of policy.tiers) {
    const value = when === undefined ? true : evaluateExpression(when, lookup);
    tried.push(typeof value === "boolean" ? value : undefined);
    if (value === true) break;
  }
  return tried;
}

function startCode(policy: Policy): number | undefined {
  const { start } = policy.movement;
  if (start === undefined) return undefined;
  if (start === policy.otherwise) return policy.tiers.length;
  const code = policy.tiers.findIndex((tier) => tier.name === start);
  return present(code === -1 ? undefined : code, `tier ${start}`);
}

function scoreOf(evaluation: Evaluation | undefined, policy: Policy): { readonly score?: number } {
  const value = evaluation?.scores.find((score) => score.name === policy.headlineScore)?.value;
  return value === undefined ? {} : { score: value };
}

function valuesOf<T>(
  named: readonly { readonly name: string }[],
  traces: readonly { readonly name: string; readonly value?: T }[] | undefined,
): Readonly<Record<string, T | undefined>> {
  return Object.fromEntries(named.map(({ name }) => [name, traces?.find((trace) => trace.name === name)?.value]));
}
