/** One evaluation of one entity: everything that the policy computes, in whatever order its parts read each other. */
import { type Day, InvariantBroken, invariant, type PeriodIndex, present, unreachable } from "../../data/foundation/index.ts";
import type { Policy } from "../language/index.ts";
import { parameterAt } from "./constant.ts";
import type { CarriedState, EvaluationPoint, LedgerState } from "./evaluation-point.ts";
import { seenTo } from "./event-selection.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import { traceLedger } from "./ledger-trace.ts";
import { traceMetric } from "./metric-trace.ts";
import { protectionAt, type RunningProtection, type ShortenedHold, shortenHolds } from "./movement-events.ts";
import { type MovementStep, moveTier } from "./movement-step.ts";
import { traceScore } from "./score-trace.ts";
import type { LedgerTrace, MetricTrace, ScoreTrace } from "./trace.ts";

/** One evaluation with everything that it computed. */
export interface Evaluation {
  readonly on: Day;
  /** The row that it is recorded on. */
  readonly period: PeriodIndex;
  readonly metrics: readonly MetricTrace[];
  readonly scores: readonly ScoreTrace[];
  readonly ledgers: readonly LedgerTrace[];
  /** Absent value: unknown. */
  readonly conditions: readonly { readonly name: string; readonly value?: boolean }[];
  /** Outcome of each tier's condition, best first, down to the first that is true. */
  readonly tried: readonly (boolean | undefined)[];
  /** Outcome of each cap's condition, in file order. */
  readonly caps: readonly (boolean | undefined)[];
  /** What the tiers alone merit; `merited` is after the caps. */
  readonly uncapped: number;
  readonly merited: number;
  /** The values by name, for saying afterwards what was compared with what. */
  readonly lookup: Lookup;
  readonly shieldFrom: Day | undefined;
  readonly protection: RunningProtection | undefined;
  readonly shortened: readonly ShortenedHold[];
  readonly before: CarriedState;
  readonly after: CarriedState;
  readonly step: MovementStep;
}

/** Evaluates the policy at a point of the entity's history. */
export function evaluateOnce(point: EvaluationPoint): Evaluation {
  const { policy, before } = point;
  const parts = partsAt(point);
  const { lookup } = parts;
  const metrics = policy.metrics.map(({ name }) => parts.metricOf(name));
  const ledgers = policy.ledgers.map(({ name }) => parts.ledgerOf(name));
  const tried = tryTiers(policy, lookup);
  const uncapped = tried.includes(true) ? tried.indexOf(true) : policy.tiers.length;
  const caps = policy.caps.map(({ when }) => booleanOf(evaluateExpression(when, lookup)));
  const merited = applyCaps(policy, uncapped, caps);
  return {
    on: point.on,
    period: rowOf(point).period,
    metrics,
    scores: policy.scores.map(({ name }) => parts.scoreOf(name)),
    ledgers: ledgers.map(({ trace }) => trace),
    conditions: policy.conditions.map(({ name }) => parts.conditionOf(name)),
    tried,
    caps,
    uncapped,
    merited,
    lookup,
    before,
    ...moveOn(point, parts, merited),
  };
}

/**
 * What an evaluation that merits a tier leaves behind: `evaluateOnce(point).after`, without computing more than ledgers, runs and protection read.
 * `merited`: the tier code, known from elsewhere.
 */
export function stateAfter(point: EvaluationPoint, merited: number): CarriedState {
  return moveOn(point, partsAt(point), merited).after;
}

type Parts = ReturnType<typeof partsAt>;

/** Everything that has a name at a point, each computed when it is first asked for. */
function partsAt(point: EvaluationPoint) {
  const { policy, on } = point;
  const { attributes } = rowOf(point);
  const metricOf = onDemand(policy.metrics, (metric) => point.assumed?.get(metric.name) ?? traceMetric(metric, point, lookup));
  const scoreOf = onDemand(policy.scores, (score) => traceScore(score, point, lookup));
  const ledgerOf = onDemand(policy.ledgers, (ledger) => traceLedger(ledger, point, lookup));
  const conditionOf = onDemand(policy.conditions, ({ name, expression }) => {
    const value = evaluateExpression(expression, lookup);
    return typeof value === "boolean" ? { name, value } : { name };
  });
  const lookup: Lookup = (to, name) => {
    switch (to) {
      case "metric": {
        const { kind, text, value } = metricOf(name);
        return kind === "largest" ? text : value;
      }
      case "score":
        return scoreOf(name).value;
      case "ledger":
        return ledgerOf(name).trace.value;
      case "condition":
        return conditionOf(name).value;
      case "parameter":
        return parameterAt(policy, name, lookup);
      case "attribute":
        return attributes[name];
      case "today":
        return on;
      case "measure":
      case "event":
        throw new InvariantBroken(`${to} ${name} is read where there is none`);
      default:
        return unreachable(to);
    }
  };
  return { metricOf, scoreOf, ledgerOf, conditionOf, lookup };
}

/** The step from the tier held before, and the state after it. */
function moveOn(point: EvaluationPoint, { metricOf, ledgerOf, lookup }: Parts, merited: number) {
  const { policy, on, before } = point;
  const since = policy.movement.shield === undefined ? undefined : rowOf(point).attributes[policy.movement.shield.since];
  const shieldFrom = typeof since === "number" ? since : undefined;
  const { holdUntil, shortened } = shortenHolds(before.movement.holdUntil, point);
  const protection = protectionAt(point, lookup);
  const step = moveTier(policy, { ...before.movement, holdUntil }, { merited, on, shieldFrom, isProtected: protection !== undefined });
  const after: CarriedState = {
    movement: step.state,
    ledgers: new Map(policy.ledgers.map(({ name }): [string, LedgerState] => [name, ledgerOf(name).state])),
    runs: runsAfter(point, metricOf),
    seenTo: seenTo(point),
  };
  return { shieldFrom, protection, shortened, after, step };
}

function rowOf({ history, rowIndex }: EvaluationPoint) {
  return present(history.rows[rowIndex], "row");
}

/** Computes what has a name when it is first asked for, and once. */
function onDemand<T extends { readonly name: string }, R>(named: readonly T[], compute: (item: T) => R): (name: string) => R {
  const computed = new Map<string, R>();
  const begun = new Set<string>();
  return (name) => {
    const done = computed.get(name);
    if (done !== undefined) return done;
    invariant(!begun.has(name), `${name} reads itself`);
    begun.add(name);
    const item = present(
      named.find((candidate) => candidate.name === name),
      name,
    );
    const result = compute(item);
    computed.set(name, result);
    return result;
  };
}

/** From the best tier down to the first whose condition is true; a tier without a condition is always true. */
function tryTiers(policy: Policy, lookup: Lookup): readonly (boolean | undefined)[] {
  const tried: (boolean | undefined)[] = [];
  for (const { when } of policy.tiers) {
    const value = when === undefined ? true : booleanOf(evaluateExpression(when, lookup));
    tried.push(value);
    if (value === true) break;
  }
  return tried;
}

/** The worst of the merited tier and those of the caps that hold; whom no tier took gets the worst such cap. */
function applyCaps(policy: Policy, uncapped: number, caps: readonly (boolean | undefined)[]): number {
  const applying = policy.caps.filter((_, index) => caps[index] === true).map(({ tier }) => tierCode(policy, tier));
  if (applying.length === 0) return uncapped;
  const isRated = uncapped < policy.tiers.length;
  return Math.max(...applying, ...(isRated ? [uncapped] : []));
}

function tierCode(policy: Policy, name: string): number {
  const code = policy.tiers.findIndex((tier) => tier.name === name);
  return present(code === -1 ? undefined : code, `tier ${name}`);
}

/** The runs that go on, and those that began with this evaluation. */
function runsAfter({ policy, on, before }: EvaluationPoint, metricOf: Parts["metricOf"]): ReadonlyMap<string, Day> {
  const running = policy.metrics.filter(({ name, kind }) => kind === "unbroken" && metricOf(name).run?.since !== undefined);
  return new Map(running.map(({ name }) => [name, before.runs.get(name) ?? on]));
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
