/** What an entity would hold under every mixture of two sides of a change: rule, own metrics, peers and carried state of the one or the other. */
import { type Day, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type PeerValues, type Policy, tierAfter, tierNames } from "../language/index.ts";
import { carryState } from "./carry-state.ts";
import type { EntityHistory } from "./entity-history.ts";
import { type Evaluation, evaluateOnce } from "./evaluate-once.ts";
import { evaluationDate } from "./evaluation-dates.ts";
import type { CarriedState, LedgerState } from "./evaluation-point.ts";
import { numberEvents } from "./event-selection.ts";
import { type StateBefore, stateBefore } from "./state-before.ts";

/** One side of a change: a policy in force, and the period at whose end it is looked at. */
export interface ChangeSide {
  readonly policy: Policy;
  readonly period: PeriodIndex;
  /** What peers have under this policy, at every evaluation; required by a policy that compares peers. */
  readonly peers?: PeerValues;
}

/** The four things that may be of the first side or of the second. Bits of a mixture's number: 0 all of the first, 15 all of the second. */
export const changeFactors = { rule: 1, own: 2, peers: 4, state: 8 } as const;

/** What one mixture gives. */
export interface MixedOutcome {
  readonly held: string;
  readonly adverse: boolean;
  readonly score?: number;
}

/** The first tier of either side that has no counterpart on the other: then no state can be carried over. Undefined when all have one. */
export function lostTier(first: Policy, second: Policy): string | undefined {
  const back = withReplacesTurned(first, second);
  return (
    tierNames(first).find((name) => tierAfter(first, second, name) === undefined) ??
    tierNames(second).find((name) => tierAfter(second, back, name) === undefined)
  );
}

/**
 * The sixteen mixtures, by number. Each evaluates the rule of one side on the history up to the latest evaluation of one side, among
 * peers of one side, from the state before the latest evaluation of one side. `merited`: by side, what its policy merits on each row. A state is handed to another rule by name and `replaces:`
 * (in either direction), and to another date with its days moved along: a hold with ten days left has ten days left. Number 0 is what the
 * first side really gives, 15 what the second does. Undefined when the entity has not been evaluated on both sides. `lostTier` must be
 * undefined. Cost: the states walked once under each, and `mixturesApart` evaluations.
 */
export function mixedOutcomes(
  sides: readonly [ChangeSide, ChangeSide],
  schema: PanelSchema,
  history: EntityHistory,
  merited: readonly [ArrayLike<number>, ArrayLike<number>],
): readonly MixedOutcome[] | undefined {
  const events = numberEvents(history);
  const found = ([0, 1] as const).map((index) => {
    const { period, ...side } = sides[index];
    return stateBefore({ ...side, schema, to: period, merited: merited[index] }, history, events);
  });
  const [first, second] = found;
  if (first === undefined || second === undefined) return undefined;
  const latest = [first, second] as const;
  const states = statesOf(sides, latest);
  const twinOf = twinIn(sides);
  const outcomes: MixedOutcome[] = [];
  for (let mixture = 0; mixture < 16; mixture++) {
    const twin = twinOf(mixture);
    if (twin < mixture) {
      outcomes.push(present(outcomes[twin], "an equal mixture"));
      continue;
    }
    const of = (bit: number): 0 | 1 => ((mixture & bit) === 0 ? 0 : 1);
    const { policy } = sides[of(changeFactors.rule)];
    const { on, rowIndex } = latest[of(changeFactors.own)];
    const state = states[of(changeFactors.state)][of(changeFactors.rule)];
    const evaluation = evaluateOnce({
      policy,
      schema,
      history,
      events,
      rowIndex,
      on,
      before: moveDays(state, on - latest[of(changeFactors.state)].on),
      ...peersAt(
        sides[of(changeFactors.rule)],
        sides[of(changeFactors.peers)].period,
        present(history.rows[rowIndex], "row").period,
        schema,
      ),
    });
    outcomes.push(outcomeOf(policy, evaluation));
  }
  return outcomes;
}

/** How many of the sixteen mixtures are evaluated: one that differs only in what both sides share is the other. */
export function mixturesApart(sides: readonly [ChangeSide, ChangeSide]): number {
  const twinOf = twinIn(sides);
  return Array.from({ length: 16 }, (_, mixture) => mixture).filter((mixture) => twinOf(mixture) === mixture).length;
}

/** By mixture: the first one that is equal to it, since both sides have one rule, or none compares peers. */
function twinIn(sides: readonly [ChangeSide, ChangeSide]): (mixture: number) => number {
  const isSameRule = sides[0].policy.digest === sides[1].policy.digest;
  const comparesPeers = sides.some(({ peers }) => peers !== undefined && peers.size > 0);
  return (mixture) => mixture & ~(isSameRule ? changeFactors.rule : 0) & ~(comparesPeers ? 0 : changeFactors.peers);
}

/** By side, by rule: the state before the side's latest evaluation, as that rule would take it over. */
function statesOf(sides: readonly [ChangeSide, ChangeSide], [first, second]: readonly [StateBefore, StateBefore]) {
  const [a, b] = [sides[0].policy, sides[1].policy];
  if (a.digest === b.digest)
    return [
      [first.before, first.before],
      [second.before, second.before],
    ] as const;
  return [
    [first.before, carryState(first.before, a, b)],
    [carryState(second.before, b, withReplacesTurned(a, b)), second.before],
  ] as const;
}

/** The first policy as if it came after the second: its tiers replace those that replaced them. */
function withReplacesTurned(first: Policy, second: Policy): Policy {
  const names = tierNames(first);
  const tiers = first.tiers.map((tier) => {
    const heirs = second.tiers.filter(({ name, replaces = [] }) => !names.includes(name) && replaces[0] === tier.name);
    return heirs.length === 0 ? tier : { ...tier, replaces: heirs.map(({ name }) => name) };
  });
  return { ...first, tiers };
}

/** What peers have under a rule at the latest evaluation up to a period, as an evaluation on another period finds it. */
function peersAt(
  { policy, peers }: ChangeSide,
  until: PeriodIndex,
  ownPeriod: PeriodIndex,
  { grain, firstPeriod }: PanelSchema,
): { readonly peers?: PeerValues } {
  if (peers === undefined) return {};
  let period = until;
  while (period > firstPeriod && evaluationDate(policy.movement.evaluate, grain, period) === undefined) period--;
  return {
    peers: new Map(
      [...peers].map(([metric, byPeriod]) => {
        const values = byPeriod.get(period);
        return [metric, values === undefined ? new Map() : new Map([[ownPeriod, values]])];
      }),
    ),
  };
}

function moveDays(state: CarriedState, days: number): CarriedState {
  if (days === 0) return state;
  const later = (day: Day): Day => day + days;
  const ledger = (kept: LedgerState): LedgerState => ({
    ...kept,
    entries: kept.entries.map((entry) => ({
      ...entry,
      day: later(entry.day),
      ...(entry.expires === undefined ? {} : { expires: later(entry.expires) }),
    })),
  });
  return {
    movement: { ...state.movement, holdUntil: new Map([...state.movement.holdUntil].map(([tier, day]) => [tier, later(day)])) },
    ledgers: new Map([...state.ledgers].map(([name, kept]) => [name, ledger(kept)])),
    runs: new Map([...state.runs].map(([name, day]) => [name, later(day)])),
    ...(state.seenTo === undefined ? {} : { seenTo: later(state.seenTo) }),
  };
}

function outcomeOf(policy: Policy, { step, scores }: Evaluation): MixedOutcome {
  const { held } = step.state;
  const score = scores.find(({ name }) => name === policy.headlineScore)?.value;
  return {
    held: tierNames(policy)[held] ?? "",
    adverse: policy.tiers[held]?.adverse ?? false,
    ...(score === undefined ? {} : { score }),
  };
}
