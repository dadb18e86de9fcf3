/** The slow, obvious evaluator: one entity, one row at a time, everything computed anew. The twin that kernels and SQL must agree with. */
import { type Grain, invariant, lastDayOf, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import {
  comparesPeers,
  type PeerValues,
  type Policy,
  peersOfVersion,
  programmeTiers,
  type VersionInForce,
  versionOn,
  versionsOf,
} from "../language/index.ts";
import { carryState, carryTier } from "./carry-state.ts";
import type { EntityHistory } from "./entity-history.ts";
import { type Evaluation, evaluateOnce } from "./evaluate-once.ts";
import { evaluationDate } from "./evaluation-dates.ts";
import type { CarriedState, MovementState } from "./evaluation-point.ts";
import { numberEvents } from "./event-selection.ts";
import { initialState } from "./movement-step.ts";

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
  /** A shield or a protection kept a worse tier away. */
  readonly shielded: boolean;
  /** A metric of kind `largest`: its text's position in the attribute's values, as in a frame. */
  readonly metrics: Readonly<Record<string, number | undefined>>;
  readonly scores: Readonly<Record<string, number | undefined>>;
  readonly ledgers: Readonly<Record<string, number | undefined>>;
  readonly conditions: Readonly<Record<string, boolean | undefined>>;
}

/** How far to evaluate, from which tier, and among whom. */
export interface EvaluateOptions {
  /** Overrides the tier held before the first evaluation: a tier code. */
  readonly startTier?: number;
  /** Rows after this period are left out. */
  readonly to?: PeriodIndex;
  /** What ranks and ratios compare with; required by a policy that has one. */
  readonly peers?: PeerValues;
  /** What has been walked already of the same policy, history, start and peers, at least as far: it is taken instead of walking again. */
  readonly walked?: readonly WalkedRow[] | undefined;
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
  return evaluateProgramme(versionsOf(policy), schema, history, options);
}

/**
 * The same under the versions of a programme, each while it was in force. Tier codes are positions in `programmeTiers`; the values are
 * those of the names that the version in force had. Rows before the entity's first evaluation show what that version holds until then.
 */
export function evaluateProgramme(
  versions: readonly VersionInForce[],
  schema: PanelSchema,
  history: EntityHistory,
  options: EvaluateOptions = {},
): readonly EvaluatedRow[] {
  const { codes } = programmeTiers(versions);
  return walkProgramme(versions, schema, history, options).map(({ period, evaluation, latest, state, version }) => {
    const { policy } = present(versions[version], "a version");
    const shown = (code: number): number => present(codes[version]?.[code], "a tier");
    const start = options.startTier ?? shown(tierBeforeFirst(policy));
    return {
      period,
      evaluated: evaluation !== undefined,
      ...scoreOf(latest, policy),
      merited: latest === undefined ? -1 : shown(latest.merited),
      held: latest === undefined || state.held === undefined ? start : shown(state.held),
      promoteCount: state.promoteCount,
      demoteCount: state.demoteCount,
      shielded: latest?.step.shielded ?? false,
      metrics: valuesOf(policy.metrics, latest?.metrics),
      scores: valuesOf(policy.scores, latest?.scores),
      ledgers: valuesOf(policy.ledgers, latest?.ledgers),
      conditions: valuesOf(policy.conditions, latest?.conditions),
    };
  });
}

/** An evaluation under the version at a position. */
export interface VersionEvaluation {
  readonly version: number;
  readonly evaluation: Evaluation;
}

/** One row: its own evaluation, if any, and the latest so far. */
export interface WalkedRow {
  readonly period: PeriodIndex;
  /** Those recorded on the row, with the positions of their versions: one at most, unless versions changed in between. */
  readonly evaluations: readonly VersionEvaluation[];
  readonly evaluation?: Evaluation;
  readonly latest?: Evaluation;
  readonly state: MovementState;
  /** The position of the version of the latest evaluation; before the first, of the one in force on the day after the row. */
  readonly version: number;
}

/** Walks the rows in order, evaluating where the calendar says so. */
export function walkEvaluations(
  policy: Policy,
  schema: PanelSchema,
  history: EntityHistory,
  options: EvaluateOptions,
): readonly WalkedRow[] {
  return walkProgramme(versionsOf(policy), schema, history, options);
}

/** The same under versions in force. Where two of them are evaluated on one row, the later evaluation stands, and goes on from the earlier. */
export function walkProgramme(
  versions: readonly VersionInForce[],
  schema: PanelSchema,
  history: EntityHistory,
  { startTier, to, peers, walked: known }: EvaluateOptions,
): readonly WalkedRow[] {
  if (known !== undefined) return to === undefined ? known : known.filter(({ period }) => period <= to);
  for (const { policy } of versions) {
    invariant(
      peers !== undefined || !comparesPeers(policy),
      `${policy.programme} ${policy.version} compares with peers, and none were given`,
    );
  }
  const events = numberEvents(history);
  let latest: VersionEvaluation | undefined;
  const walked: WalkedRow[] = [];
  for (const [rowIndex, { period }] of history.rows.entries()) {
    if (to !== undefined && period > to) break;
    const evaluations: VersionEvaluation[] = [];
    for (const { version, on } of evaluationsOn(versions, schema.grain, period)) {
      const inForce = present(versions[version], "a version");
      const start = startTier === undefined ? undefined : startIn(versions, version, startTier);
      const before = latest === undefined ? freshState(start ?? startCode(inForce.policy)) : carryOver(versions, latest, version);
      const given = { policy: inForce.policy, schema, history, events, rowIndex, on, before };
      const evaluation = evaluateOnce(peers === undefined ? given : { ...given, peers: peersOfVersion(inForce, version, peers) });
      latest = { version, evaluation };
      evaluations.push(latest);
    }
    const evaluation = evaluations.at(-1)?.evaluation;
    walked.push({
      period,
      evaluations,
      ...(evaluation === undefined ? {} : { evaluation }),
      ...(latest === undefined ? {} : { latest: latest.evaluation }),
      state: latest?.evaluation.after.movement ?? initialState(undefined),
      version: latest?.version ?? versionOn(versions, lastDayOf(schema.grain, period) + 1),
    });
  }
  return walked;
}

/** The evaluations that are recorded on a period, in order: each version's date, when the version is in force then. */
function evaluationsOn(versions: readonly VersionInForce[], grain: Grain, period: PeriodIndex) {
  return versions.flatMap(({ policy, from }, version) => {
    const next = versions[version + 1]?.from ?? Number.POSITIVE_INFINITY;
    const on = evaluationDate(policy.movement.evaluate, grain, period);
    return on !== undefined && on >= from && on < next ? [{ version, on }] : [];
  });
}

/** What the latest evaluation left, handed from version to version. */
function carryOver(versions: readonly VersionInForce[], { evaluation, version: first }: VersionEvaluation, version: number): CarriedState {
  let state = evaluation.after;
  for (let position = first; position < version; position++) {
    const [old, young] = [present(versions[position], "a version"), present(versions[position + 1], "the next version")];
    state = carryState(state, old.policy, young.policy);
  }
  return state;
}

/** Before anything was evaluated, with the tier that a policy starts in. */
export function freshState(held: number | undefined): CarriedState {
  return { movement: initialState(held), ledgers: new Map(), runs: new Map() };
}

/** A start tier as the version calls it: its own, or what became of one of an earlier version; undefined for one that comes later. */
function startIn(versions: readonly VersionInForce[], version: number, startTier: number): number | undefined {
  const own = programmeTiers(versions).codes[version]?.indexOf(startTier) ?? -1;
  if (own >= 0) return own;
  const [old, young] = [versions[version - 1], versions[version]];
  const before = old === undefined ? undefined : startIn(versions, version - 1, startTier);
  return before === undefined || old === undefined || young === undefined ? undefined : carryTier(before, old.policy, young.policy);
}

/** The tier shown before the first evaluation: `start`, else `otherwise`, else the last of the ladder. */
export function tierBeforeFirst(policy: Policy): number {
  return startCode(policy) ?? (policy.otherwise === undefined ? policy.tiers.length - 1 : policy.tiers.length);
}

/** The code of the policy's `start`; undefined when it has none. */
export function startCode(policy: Policy): number | undefined {
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
