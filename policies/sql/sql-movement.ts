/**
 * Movement -> SQL: an entity's rows, gathered as one list, are folded from the first to the last; each evaluation's state is packed into
 * one whole number. So nothing but the rows themselves goes over the network, once, to where their entity is.
 */
import type { Policy } from "../language/index.ts";
import {
  all,
  any,
  binary,
  call,
  cast,
  choose,
  column,
  field,
  integer,
  isKnown,
  isNull,
  letBe,
  named,
  never,
  not,
  nothing,
  type SqlColumn,
  type SqlExpression,
  type SqlField,
  variable,
} from "./nodes.ts";
import { attributeColumn } from "./panel-tables.ts";
import { chosenEvents, knownDays, seenBefore, seenTo } from "./sql-events.ts";

/** What movement reads of a row, as fields of the record that stands for it. */
export function movementFields(policy: Policy): readonly SqlField[] {
  const { shield } = policy.movement;
  const whole = (name: string, value: SqlExpression): SqlField => ({ name, type: "INTEGER", value });
  return [
    whole("on day", column("on day")),
    whole("merited", column("merited")),
    whole("recent worst", column("recent worst")),
    whole("recent best", column("recent best")),
    ...(shield === undefined ? [] : [whole("shield day", column(attributeColumn(shield.since)))]),
    ...shorteningKinds(policy).map((kind): SqlField => {
      const seen = chosenEvents({ kind, from: binary(seenBefore, "+", integer(1)), to: seenTo });
      return { name: newDays(kind), type: { listOf: "INTEGER" }, value: knownDays(seen) };
    }),
  ];
}

/** The states after every row of a list of records, in a list of packed numbers. `start`: the tier held before; absent: none. */
export function foldedStates(policy: Policy, records: SqlExpression, start: number | undefined): SqlExpression {
  const initial = state(policy, {
    held: start === undefined ? nothing : integer(start),
    promote: integer(0),
    demote: integer(0),
    isFirst: integer(1),
    isShielded: integer(0),
    holds: holdTiers(policy).map(() => nothing),
    codes: { kind: "filter", list: { kind: "list", item: integer(0) }, item: "code", body: binary(variable("code"), ">", integer(0)) },
  });
  const body = choose([[isNull(now("on day")), unchanged(policy)]], evaluated(policy));
  return field({ kind: "fold", list: records, initial, before: "before", item: "now", body }, "codes");
}

/** Columns of a packed state: held, promote_count, demote_count, shielded. */
export function unpackedState(code: SqlExpression, beforeFirst: number): readonly SqlColumn[] {
  return [
    named("held", heldOf(code, beforeFirst)),
    named("promote_count", partOf(code, PROMOTE, COUNTS)),
    named("demote_count", partOf(code, DEMOTE, COUNTS)),
    named("shielded", binary(shieldedIn(code), "=", integer(1))),
  ];
}

/** 1 where a packed state is shielded, else 0. */
export function shieldedIn(code: SqlExpression): SqlExpression {
  return partOf(code, SHIELDED, 2);
}

function partOf(code: SqlExpression, divisor: number, size: number): SqlExpression {
  return cast(binary(binary(code, "div", integer(divisor)), "mod", integer(size)), "INTEGER");
}

/** The tier in a packed state. */
export function heldOf(code: SqlExpression, beforeFirst: number): SqlExpression {
  const held = binary(code, "mod", integer(SHIELDED));
  return cast(choose([[binary(held, "=", integer(NONE)), integer(beforeFirst)]], binary(held, "-", integer(1))), "INTEGER");
}

/** A packed state: the held tier plus one (0: none yet), one bit, and two counters. Below 2^53. */
const [NONE, SHIELDED, DEMOTE, COUNTS] = [0, 256, 512, 2 ** 20];
const PROMOTE = DEMOTE * COUNTS;

interface State {
  readonly held: SqlExpression;
  readonly promote: SqlExpression;
  readonly demote: SqlExpression;
  /** 1 until something was evaluated. */
  readonly isFirst: SqlExpression;
  readonly isShielded: SqlExpression;
  /** The first day after each hold, in the order of `holdTiers`. */
  readonly holds: readonly SqlExpression[];
  readonly codes: SqlExpression;
}

function state(policy: Policy, { held, promote, demote, isFirst, isShielded, holds, codes }: State): SqlExpression {
  const whole = (name: string, value: SqlExpression): SqlField => ({ name, type: "INTEGER", value });
  return {
    kind: "record",
    fields: [
      whole("held", held),
      whole("promote", promote),
      whole("demote", demote),
      whole("first", isFirst),
      whole("shielded", isShielded),
      ...holdTiers(policy).map(({ code }, index) => whole(holdField(code), holds[index] ?? nothing)),
      { name: "codes", type: { listOf: "BIGINT" }, value: codes },
    ],
  };
}

function before(name: string): SqlExpression {
  return field(variable("before"), name);
}

function now(name: string): SqlExpression {
  return field(variable("now"), name);
}

/** The state after, with its code put behind the codes so far. */
function after(policy: Policy, next: Omit<State, "codes" | "isFirst">, isFirst: SqlExpression): SqlExpression {
  const scaled = (value: SqlExpression, by: number) => binary(value, "*", { kind: "cast", operand: integer(by), type: "BIGINT" });
  const code = [scaled(next.isShielded, SHIELDED), scaled(next.demote, DEMOTE), scaled(next.promote, PROMOTE)].reduce(
    (sum, term) => binary(sum, "+", term),
    call("coalesce", binary(next.held, "+", integer(1)), integer(NONE)),
  );
  const item: SqlExpression = { kind: "cast", operand: code, type: "BIGINT" };
  return state(policy, { ...next, isFirst, codes: call("list concat", before("codes"), { kind: "list", item }) });
}

/** A row without an evaluation. */
function unchanged(policy: Policy): SqlExpression {
  return after(
    policy,
    {
      held: before("held"),
      promote: before("promote"),
      demote: before("demote"),
      isShielded: before("shielded"),
      holds: holdTiers(policy).map(({ code }) => before(holdField(code))),
    },
    before("first"),
  );
}

/** One evaluation, in the order of the rules. */
function evaluated(policy: Policy): SqlExpression {
  const unrated = integer(policy.tiers.length);
  const [held, merited] = [before("held"), now("merited")];
  const offLadder = any(binary(merited, "=", unrated), isNull(held), binary(held, "=", unrated));
  const streak = (operator: "<" | ">", count: string) =>
    choose(
      [
        [offLadder, integer(0)],
        [binary(merited, operator, held), binary(before(count), "+", integer(1))],
      ],
      integer(0),
    );
  const counted = { promote: streak("<", "promote"), demote: streak(">", "demote") };
  // Names are bound as seldom as can be: databases look at what stands in a lambda again and again.
  const aim: SqlExpression = {
    kind: "record",
    fields: [
      { name: "target", type: "INTEGER", value: aimed(policy, offLadder, counted) },
      ...holdTiers(policy).map(({ code }): SqlField => ({ name: holdField(code), type: "INTEGER", value: shortened(policy, code) })),
    ],
  };
  return letBe("aim", aim, (bound) => {
    const target = field(bound, "target");
    const holds = holdTiers(policy).map(({ code }) => field(bound, holdField(code)));
    // No better than the worst running hold, nor off the ladder. A streak whose move is turned away altogether goes on.
    const hold = worstHold(policy, holds);
    const turnsAway = any(binary(target, "=", unrated), binary(target, "<", hold));
    const settled = holds.length === 0 ? target : choose([[all(isKnown(hold), turnsAway), hold]], target);
    return concluded(policy, { target, settled, counted, holds });
  });
}

/** Where the streaks lead: at most `by` steps, and a demotion never upwards. */
function aimed(policy: Policy, offLadder: SqlExpression, counted: Counted): SqlExpression {
  const { promote, demote } = policy.movement;
  const farthest = integer(policy.tiers.length);
  const held = before("held");
  const up = call("greatest", now("recent worst"), binary(held, "-", promote.by === undefined ? farthest : integer(promote.by)));
  const down = call("least", now("recent best"), binary(held, "+", demote.by === undefined ? farthest : integer(demote.by)));
  return choose(
    [
      [offLadder, now("merited")],
      [binary(counted.promote, ">=", integer(promote.after)), up],
      [binary(counted.demote, ">=", integer(demote.after)), call("greatest", held, down)],
    ],
    held,
  );
}

interface Counted {
  readonly promote: SqlExpression;
  readonly demote: SqlExpression;
}

/** The worst tier whose hold runs. */
function worstHold(policy: Policy, holds: readonly SqlExpression[]): SqlExpression {
  const worstFirst = holdTiers(policy)
    .map(({ code }, index) => [binary(holds[index] ?? nothing, ">", now("on day")), integer(code)] as const)
    .toReversed();
  return choose(worstFirst, nothing);
}

interface Concluded {
  readonly target: SqlExpression;
  readonly settled: SqlExpression;
  readonly counted: Counted;
  readonly holds: readonly SqlExpression[];
}

/** A terminal tier is never left; a running shield turns an adverse tier away; entering a tier with a hold starts it. */
function concluded(policy: Policy, { target, settled, counted, holds }: Concluded): SqlExpression {
  const held = before("held");
  const terminal = policy.tiers.flatMap((tier, code) => (tier.terminal ? [binary(held, "=", integer(code))] : []));
  const isTerminal = terminal.length === 0 ? never : call("coalesce", any(...terminal), never);
  const isShielded = shieldTurnsAway(policy);
  const lowest = integer(policy.tiers.findLastIndex((tier) => !tier.adverse));
  const pick = (terminalValue: SqlExpression, shielded: SqlExpression, otherwise: SqlExpression) =>
    choose(
      [
        ...(terminal.length === 0 ? [] : [[isTerminal, terminalValue] as const]),
        ...(isShielded === never ? [] : [[isShielded, shielded] as const]),
      ],
      otherwise,
    );
  return letBe("after", pick(held, lowest, settled), (next) => {
    // Asked only where neither the terminal tier nor the shield decides: there the tier after is the settled one.
    const left = (count: SqlExpression) => choose([[any(binary(next, "=", held), binary(target, "=", held)), count]], integer(0));
    const enters = any(binary(held, "IS DISTINCT FROM", next), binary(before("first"), "=", integer(1)));
    return after(
      policy,
      {
        held: next,
        promote: pick(integer(0), integer(0), left(counted.promote)),
        demote: pick(integer(0), binary(before("demote"), "+", integer(1)), left(counted.demote)),
        isShielded: pick(integer(0), integer(1), integer(0)),
        holds: holdTiers(policy).map(({ code, days }, index) => {
          const until = holds[index] ?? nothing;
          const isRunning = call("coalesce", binary(until, ">", now("on day")), never);
          const starts = all(binary(next, "=", integer(code)), enters, not(isRunning), ...(terminal.length === 0 ? [] : [not(isTerminal)]));
          return choose([[starts, binary(now("on day"), "+", integer(days))]], until);
        }),
      },
      integer(0),
    );
  });
}

function shieldTurnsAway({ tiers, movement: { shield } }: Policy): SqlExpression {
  const adverse = tiers.flatMap((tier, code) => (tier.adverse ? [integer(code)] : []));
  if (shield === undefined || adverse.length === 0 || adverse.length === tiers.length) return never;
  const elapsed = binary(now("on day"), "-", now("shield day"));
  return all(isKnown(now("shield day")), binary(elapsed, ">=", integer(0)), binary(elapsed, "<", integer(shield.days)), {
    kind: "in",
    operand: now("merited"),
    values: adverse,
  });
}

/** The end of a tier's hold after the newly seen events: each that became known before it takes the declared days off. */
function shortened(policy: Policy, code: number): SqlExpression {
  const until = before(holdField(code));
  const shorten = policy.tiers[code]?.shorten;
  if (shorten === undefined) return until;
  const [left, day] = [variable("left"), variable("day")];
  const fewer = choose([[binary(day, "<", left), binary(left, "-", integer(shorten.days))]], left);
  const days = now(newDays(shorten.event));
  const folded: SqlExpression = { kind: "fold", list: days, initial: until, before: "left", item: "day", body: fewer };
  return choose([[any(isNull(until), isNull(days)), until]], folded);
}

function shorteningKinds({ tiers }: Policy): readonly string[] {
  return [...new Set(tiers.flatMap(({ shorten, holdDays }) => (shorten === undefined || holdDays === undefined ? [] : [shorten.event])))];
}

function newDays(kind: string): string {
  return `days of new ${kind}`;
}

function holdTiers(policy: Policy): readonly { readonly code: number; readonly days: number }[] {
  return policy.tiers.flatMap(({ holdDays }, code) => (holdDays === undefined ? [] : [{ code, days: holdDays }]));
}

function holdField(code: number): string {
  return `hold ${code}`;
}
