/** Movement -> SQL: a recursive step that takes every entity from one evaluation to the next, all entities at once. */
import type { Policy } from "../language/index.ts";
import {
  all,
  any,
  binary,
  call,
  cast,
  choose,
  column,
  integer,
  isKnown,
  isNull,
  nothing,
  type SqlColumn,
  type SqlExpression,
  type SqlSelect,
  type SqlStatement,
} from "./nodes.ts";

/**
 * Reads step `evaluations` (entity, step, on day, merited, recent worst, recent best, shield day); gives step `movement` (entity,
 * step, held, promote count, demote count, shielded, holds), where step 0 is the state before the first evaluation.
 */
export function sqlMovement(policy: Policy, startTier: number | undefined): SqlStatement["steps"][number] {
  const state = ["promote count", "demote count"];
  const first: SqlSelect = {
    kind: "select",
    everything: false,
    distinct: true,
    columns: [
      named("entity", column("entity")),
      named("step", cast(integer(0), "BIGINT")),
      named("held", cast(startTier === undefined ? nothing : integer(startTier), "INTEGER")),
      ...state.map((name) => named(name, cast(integer(0), "INTEGER"))),
      named("shielded", binary(integer(1), "=", integer(0))),
      ...holdTiers(policy).map(({ code }) => named(holdColumn(code), cast(nothing, "INTEGER"))),
    ],
    source: { from: "panel", as: "panel" },
  };
  return { name: "movement", query: { kind: "recursive", first, next: afterTerminal(policy) } };
}

const unratedOf = (policy: Policy): SqlExpression => integer(policy.tiers.length);
const before = column("before held");
const merited = column("merited");
const onDay = column("on day");

/** The state before, beside the next evaluation. */
function paired(policy: Policy): SqlSelect {
  return {
    kind: "select",
    everything: false,
    columns: [
      ...["entity", "step", "on day", "merited", "recent worst", "recent best", "shield day"].map((name) =>
        named(name, column(name, "next")),
      ),
      named("before held", column("held", "state")),
      named("before promote", column("promote count", "state")),
      named("before demote", column("demote count", "state")),
      ...holdTiers(policy).map(({ code }) => named(holdColumn(code), column(holdColumn(code), "state"))),
    ],
    source: { from: "movement", as: "state" },
    joins: [
      {
        source: { from: "evaluations", as: "next" },
        outer: false,
        on: all(
          binary(column("entity", "next"), "=", column("entity", "state")),
          binary(column("step", "next"), "=", binary(column("step", "state"), "+", integer(1))),
        ),
      },
    ],
  };
}

/** Streaks on either side of the held tier. Off the ladder nothing is counted. */
function counted(policy: Policy): SqlSelect {
  const offLadder = any(binary(merited, "=", unratedOf(policy)), isNull(before), binary(before, "=", unratedOf(policy)));
  const streak = (operator: "<" | ">", count: string) =>
    choose(
      [
        [offLadder, integer(0)],
        [binary(merited, operator, before), binary(column(count), "+", integer(1))],
      ],
      integer(0),
    );
  return extend(paired(policy), [
    named("off ladder", offLadder),
    named("counted promote", streak("<", "before promote")),
    named("counted demote", streak(">", "before demote")),
  ]);
}

/** Where the streaks lead: at most `by` steps, and a demotion never upwards. */
function aimed(policy: Policy): SqlSelect {
  const { promote, demote } = policy.movement;
  const farthest = integer(policy.tiers.length);
  const up = call("greatest", column("recent worst"), binary(before, "-", promote.by === undefined ? farthest : integer(promote.by)));
  const down = call("least", column("recent best"), binary(before, "+", demote.by === undefined ? farthest : integer(demote.by)));
  const target = choose(
    [
      [column("off ladder"), merited],
      [binary(column("counted promote"), ">=", integer(promote.after)), up],
      [binary(column("counted demote"), ">=", integer(demote.after)), call("greatest", before, down)],
    ],
    before,
  );
  const holds = holdTiers(policy).map(({ code }) => choose([[binary(column(holdColumn(code)), ">", onDay), integer(code)]], nothing));
  const hold = holds.length === 0 ? cast(nothing, "INTEGER") : holds.length === 1 ? (holds[0] ?? nothing) : call("greatest", ...holds);
  return extend(counted(policy), [named("target", target), named("hold", cast(hold, "INTEGER"))]);
}

/** No better than the worst running hold, nor off the ladder. A streak whose move is turned away altogether goes on. */
function heldBack(policy: Policy): SqlSelect {
  const [target, hold] = [column("target"), column("hold")];
  const turnsAway = all(isKnown(hold), any(binary(target, "=", unratedOf(policy)), binary(target, "<", hold)));
  return extend(aimed(policy), [named("settled", choose([[turnsAway, hold]], target))]);
}

/** A running shield turns an adverse tier away, and the demotion goes on being counted. */
function shielded(policy: Policy): SqlSelect {
  const { shield } = policy.movement;
  const lowest = policy.tiers.findLastIndex((tier) => !tier.adverse);
  const adverse = policy.tiers.flatMap((tier, code) => (tier.adverse ? [integer(code)] : []));
  const elapsed = binary(onDay, "-", column("shield day"));
  const isShielded =
    shield === undefined || lowest === -1 || adverse.length === 0
      ? binary(integer(1), "=", integer(0))
      : all(isKnown(column("shield day")), binary(elapsed, ">=", integer(0)), binary(elapsed, "<", integer(shield.days)), {
          kind: "in",
          operand: merited,
          values: adverse,
        });
  const settled = column("settled");
  const stays = any(binary(settled, "=", before), binary(column("target"), "=", before));
  const isTerminal = policy.tiers.flatMap((tier, code) => (tier.terminal ? [binary(before, "=", integer(code))] : []));
  return extend(heldBack(policy), [
    named("is terminal", call("coalesce", any(...isTerminal), binary(integer(1), "=", integer(0)))),
    named("is shielded", isShielded),
    named("lowest", integer(lowest)),
    named("promote left", choose([[stays, column("counted promote")]], integer(0))),
    named("demote left", choose([[stays, column("counted demote")]], integer(0))),
  ]);
}

/** The state after: a terminal tier is never left, and entering a tier with a hold starts it. */
function afterTerminal(policy: Policy): SqlSelect {
  const [isTerminal, isShielded] = [column("is terminal"), column("is shielded")];
  const held = choose(
    [
      [isTerminal, before],
      [isShielded, column("lowest")],
    ],
    column("settled"),
  );
  const moved: SqlSelect = extend(shielded(policy), [named("after held", held)]);
  const after = column("after held");
  const enters = any(binary(before, "IS DISTINCT FROM", after), binary(column("step"), "=", integer(1)));
  const pick = (terminal: SqlExpression, shield: SqlExpression, otherwise: SqlExpression) =>
    choose(
      [
        [isTerminal, terminal],
        [isShielded, shield],
      ],
      otherwise,
    );
  return {
    kind: "select",
    everything: false,
    columns: [
      named("entity", column("entity")),
      named("step", column("step")),
      named("held", cast(after, "INTEGER")),
      named("promote count", cast(pick(integer(0), integer(0), column("promote left")), "INTEGER")),
      named("demote count", cast(pick(integer(0), binary(column("before demote"), "+", integer(1)), column("demote left")), "INTEGER")),
      named("shielded", all({ kind: "unary", operator: "NOT", operand: isTerminal }, isShielded)),
      ...holdTiers(policy).map(({ code, days }) => {
        const until = column(holdColumn(code));
        const isRunning = call("coalesce", binary(until, ">", onDay), binary(integer(1), "=", integer(0)));
        const starts = all({ kind: "unary", operator: "NOT", operand: isTerminal }, binary(after, "=", integer(code)), enters, {
          kind: "unary",
          operator: "NOT",
          operand: isRunning,
        });
        return named(holdColumn(code), cast(choose([[starts, binary(onDay, "+", integer(days))]], until), "INTEGER"));
      }),
    ],
    source: { from: moved, as: "rows" },
  };
}

function holdTiers(policy: Policy): readonly { readonly code: number; readonly days: number }[] {
  return policy.tiers.flatMap(({ holdDays }, code) => (holdDays === undefined ? [] : [{ code, days: holdDays }]));
}

function holdColumn(code: number): string {
  return `hold ${code}`;
}

function extend(select: SqlSelect, columns: readonly SqlColumn[]): SqlSelect {
  return { kind: "select", everything: true, columns, source: { from: select, as: "rows" } };
}

function named(as: string, expression: SqlExpression): SqlColumn {
  return { as, expression };
}
