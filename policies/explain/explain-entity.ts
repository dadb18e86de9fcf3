/** Why an entity held its tier on a day: the latest evaluation up to then, with every number on the way. */
import { type Day, formatDay, formatPeriod, periodOf, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type LineSource, lineSources, type Policy, tierNames, type VersionInForce, versionOn, versionsOf } from "../language/index.ts";
import { claimsOf, unmetOf } from "./claims.ts";
import type { EntityHistory } from "./entity-history.ts";
import { type EvaluateOptions, tierBeforeFirst, type WalkedRow, walkProgramme } from "./evaluate-entity.ts";
import type { Evaluation } from "./evaluate-once.ts";
import type { CarriedState } from "./evaluation-point.ts";
import { traceEntry } from "./ledger-balance.ts";
import { shieldRuns } from "./movement-step.ts";
import { sayExpression, unitOf } from "./say-expression.ts";
import { sayEventKind } from "./say-ledger.ts";
import type { CapTrace, ConditionTrace, EvaluationTrace, ProtectionTrace, StateTrace, TierTrace, Trace } from "./trace.ts";

/**
 * The trace for the period that holds the day: any day of a period names it. Its evaluation is the latest one recorded on that
 * period or before, so its date may lie just after the day that was asked for. `peers`: what ranks and ratios
 * compare with, required by a policy that has one.
 */
export function explainEntity(
  policy: Policy,
  schema: PanelSchema,
  history: EntityHistory,
  day: Day,
  given: Pick<EvaluateOptions, "peers" | "walked"> = {},
): Trace {
  return explainProgramme(versionsOf(policy), schema, history, day, given);
}

/** The same under versions in force: the trace is that of the version which the evaluation was made under. */
export function explainProgramme(
  versions: readonly VersionInForce[],
  schema: PanelSchema,
  history: EntityHistory,
  day: Day,
  given: Pick<EvaluateOptions, "peers" | "walked"> = {},
): Trace {
  return explainerOf(versions, schema, history, { to: periodOf(schema.grain, day), ...given })(day);
}

/** Gives the trace of any day of a history up to `to`, which is evaluated once. */
export function explainerOf(
  versions: readonly VersionInForce[],
  schema: PanelSchema,
  history: EntityHistory,
  given: Pick<EvaluateOptions, "peers" | "to" | "walked"> = {},
): (day: Day) => Trace {
  const walked = walkProgramme(versions, schema, history, given);
  return (day) => traceOfWalk(versions, schema, history, day, walked);
}

/** The trace of a day out of a walk that was made for something else, too. */
export function traceOfWalk(
  versions: readonly VersionInForce[],
  schema: PanelSchema,
  history: EntityHistory,
  day: Day,
  walked: readonly WalkedRow[],
): Trace {
  const period = periodOf(schema.grain, day);
  return traceRow(
    versions,
    schema,
    history,
    day,
    walked.findLast((row) => row.period <= period),
  );
}

function traceRow(
  versions: readonly VersionInForce[],
  schema: PanelSchema,
  history: EntityHistory,
  day: Day,
  row: WalkedRow | undefined,
): Trace {
  const period = periodOf(schema.grain, day);
  const { policy } = present(versions[row?.version ?? versionOn(versions, day)], "a version");
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
  if (row === undefined || row.period !== period) return { ...common, status: "not in frame" };
  const held = tierName(policy, row.state.held ?? tierBeforeFirst(policy));
  if (row.latest === undefined) return { ...common, status: "not yet evaluated", held };
  return { ...common, status: "evaluated", held, evaluation: traceEvaluation(policy, schema, row.latest) };
}

/** An evaluation with words, dates and names in place of codes. */
export function traceEvaluation(policy: Policy, schema: PanelSchema, evaluation: Evaluation): EvaluationTrace {
  const { on, scores, uncapped, merited, step, before, after, shieldFrom, period } = evaluation;
  const score = scores.find((candidate) => candidate.name === policy.headlineScore)?.value;
  const { shield } = policy.movement;
  return {
    on: formatDay(on),
    period: formatPeriod(schema.grain, period),
    metrics: evaluation.metrics,
    scores,
    ledgers: evaluation.ledgers,
    conditions: traceConditions(policy, schema, evaluation),
    tiers: traceTiers(policy, schema, evaluation),
    caps: traceCaps(policy, schema, evaluation),
    ...(score === undefined ? {} : { score }),
    uncapped: tierName(policy, uncapped),
    merited: tierName(policy, merited),
    held: tierName(policy, step.state.held),
    before: traceState(policy, before, on),
    after: traceState(policy, after, on),
    reason: step.reason,
    ...(shield !== undefined && shieldFrom !== undefined && shieldRuns(policy, on, shieldFrom)
      ? { shield: { turnedAway: step.reason === "shield", until: formatDay(shieldFrom + shield.days) } }
      : {}),
    ...traceProtection(policy, schema, evaluation),
    shortened: evaluation.shortened.map(({ tier, event, from, until }) => ({
      tier: tierName(policy, tier),
      event: sayEventKind(event.kind, schema),
      knownOn: formatDay(event.knownDay),
      from: formatDay(from),
      until: formatDay(until),
    })),
  };
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
    unmet: when === undefined ? [] : unmetOf(when, policy, schema, lookup),
    ...keptValue(tried[code]),
  }));
}

function traceCaps(policy: Policy, schema: PanelSchema, { caps, lookup, uncapped, merited }: Evaluation): readonly CapTrace[] {
  return policy.caps.map(({ tier, when }, index) => ({
    tier,
    words: sayExpression(when, policy, schema),
    claims: claimsOf(when, policy, schema, lookup),
    lifted: caps[index] === true ? unmetOf(when, policy, schema, lookup, false) : [],
    decides: caps[index] === true && merited !== uncapped && tier === tierName(policy, merited),
    ...keptValue(caps[index]),
  }));
}

function traceProtection(policy: Policy, schema: PanelSchema, evaluation: Evaluation): { readonly protection?: ProtectionTrace } {
  const { protection, step } = evaluation;
  const ending = policy.movement.protect?.until;
  if (protection === undefined) return {};
  const { tier, event, until, volume } = protection;
  return {
    protection: {
      tier,
      event: sayEventKind(event.kind, schema),
      knownOn: formatDay(event.knownDay),
      turnedAway: step.reason === "protect",
      ...(until === undefined ? {} : { until: formatDay(until) }),
      ...(volume === undefined || ending === undefined
        ? {}
        : { volume: { ...volume, unit: unitOf(ending.of, policy, schema), words: sayExpression(ending.of, policy, schema) } }),
    },
  };
}

function traceState(policy: Policy, { movement, ledgers, runs }: CarriedState, on: Day): StateTrace {
  const { held, promoteCount, demoteCount, holdUntil } = movement;
  const running = [...holdUntil].filter(([, until]) => until > on).sort(([a], [b]) => a - b);
  return {
    ...(held === undefined ? {} : { held: tierName(policy, held) }),
    promoteCount,
    demoteCount,
    holds: running.map(([code, until]) => ({
      tier: tierName(policy, code),
      adverse: policy.tiers[code]?.adverse === true,
      until: formatDay(until),
    })),
    ledgers: [...ledgers].map(([name, { entries, counted }]) => ({
      name,
      entries: entries.map((entry) => traceEntry(entry, sourcesOf(policy, name))),
      counted: [...counted].map(([line, multiples]) => ({ line: line + 1, multiples })),
    })),
    runs: [...runs].map(([name, since]) => ({ name, since: formatDay(since) })),
  };
}

function sourcesOf(policy: Policy, name: string): readonly LineSource[] {
  const ledger = policy.ledgers.find((candidate) => candidate.name === name);
  return lineSources(policy, present(ledger, `ledger ${name}`));
}

function keptValue(value: boolean | undefined): { readonly value?: boolean } {
  return value === undefined ? {} : { value };
}

function tierName(policy: Policy, code: number): string {
  return present(tierNames(policy)[code], `tier ${code}`);
}
