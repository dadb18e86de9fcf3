/** Why an entity held its tier on a day: the latest evaluation up to then, with every number on the way. */
import { type Day, formatDay, formatPeriod, periodOf, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type Policy, tierNames } from "../language/index.ts";
import type { EntityHistory } from "./entity-history.ts";
import { type Evaluation, tierBeforeFirst, walkEvaluations } from "./evaluate-entity.ts";
import type { MovementState } from "./movement-step.ts";
import { shieldRuns } from "./movement-step.ts";
import { claimsOf, sayExpression } from "./say-expression.ts";
import type { ConditionTrace, EvaluationTrace, MetricTrace, StateTrace, TierTrace, Trace } from "./trace.ts";

/**
 * The trace for the period that holds the day: any day of a period names it. Its evaluation is the latest one recorded on that
 * period or before, so its date may lie just after the day that was asked for.
 */
export function explainEntity(policy: Policy, schema: PanelSchema, history: EntityHistory, day: Day): Trace {
  const period = periodOf(schema.grain, day);
  const { promote, demote } = policy.movement;
  const common = {
    entity: history.entity,
    programme: policy.programme,
    version: policy.version,
    title: policy.title,
    day: formatDay(day),
    ...(schema.currency === undefined ? {} : { currency: schema.currency }),
    movement: {
      promoteAfter: promote.after,
      ...(promote.by === undefined ? {} : { promoteBy: promote.by }),
      demoteAfter: demote.after,
      ...(demote.by === undefined ? {} : { demoteBy: demote.by }),
    },
  };
  const row = walkEvaluations(policy, schema, history, { to: period }).at(-1);
  if (row === undefined || row.period !== period) return { ...common, status: "not in frame" };
  const held = tierName(policy, row.state.held ?? tierBeforeFirst(policy));
  if (row.latest === undefined) return { ...common, status: "not yet evaluated", held };
  return { ...common, status: "evaluated", held, evaluation: traceEvaluation(policy, schema, row.latest) };
}

function traceEvaluation(policy: Policy, schema: PanelSchema, evaluation: Evaluation): EvaluationTrace {
  const { on, scores, merited, step, before, shieldFrom, period } = evaluation;
  const score = scores.find((candidate) => candidate.name === policy.headlineScore)?.value;
  const { shield } = policy.movement;
  return {
    on: formatDay(on),
    period: formatPeriod(schema.grain, period),
    metrics: evaluation.metrics.map((metric) => withWords(metric, policy, schema)),
    scores,
    conditions: traceConditions(policy, schema, evaluation),
    tiers: traceTiers(policy, schema, evaluation),
    ...(score === undefined ? {} : { score }),
    merited: tierName(policy, merited),
    held: tierName(policy, step.state.held),
    before: traceState(policy, before, on),
    after: traceState(policy, step.state, on),
    reason: step.reason,
    ...(shield !== undefined && shieldFrom !== undefined && shieldRuns(policy, on, shieldFrom)
      ? { shield: { turnedAway: step.shielded, until: formatDay(shieldFrom + shield.days) } }
      : {}),
  };
}

function withWords(trace: MetricTrace, policy: Policy, schema: PanelSchema): MetricTrace {
  const metric = policy.metrics.find((candidate) => candidate.name === trace.name);
  return metric?.kind === "value" ? { ...trace, words: sayExpression(metric.expression, policy, schema) } : trace;
}

function traceConditions(policy: Policy, schema: PanelSchema, { conditions, lookup }: Evaluation): readonly ConditionTrace[] {
  return policy.conditions.map(({ name, title, expression }, index) => ({
    name,
    title,
    words: sayExpression(expression, policy, schema),
    claims: claimsOf(expression, policy, schema, lookup),
    ...keptValue(conditions[index]?.value),
  }));
}

function traceTiers(policy: Policy, schema: PanelSchema, { tried, lookup }: Evaluation): readonly TierTrace[] {
  return policy.tiers.map(({ name, title, adverse, when }, code) => ({
    name,
    title,
    adverse,
    tried: code < tried.length,
    claims: when === undefined || code >= tried.length ? [] : claimsOf(when, policy, schema, lookup),
    ...(when === undefined ? {} : { words: sayExpression(when, policy, schema) }),
    ...keptValue(tried[code]),
  }));
}

function traceState(policy: Policy, { held, promoteCount, demoteCount, holdUntil }: MovementState, on: Day): StateTrace {
  const running = [...holdUntil].filter(([, until]) => until > on).sort(([a], [b]) => a - b);
  return {
    ...(held === undefined ? {} : { held: tierName(policy, held) }),
    promoteCount,
    demoteCount,
    holds: running.map(([code, until]) => ({ tier: tierName(policy, code), until: formatDay(until) })),
  };
}

function keptValue(value: boolean | undefined): { readonly value?: boolean } {
  return value === undefined ? {} : { value };
}

function tierName(policy: Policy, code: number): string {
  return present(tierNames(policy)[code], `tier ${code}`);
}
