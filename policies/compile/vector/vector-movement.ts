/**
 * Movement as code of a vector kernel: row after row of one entity, after its rows were scored. The rules, and the order in which they are
 * applied, are those of movement-kernel.ts; what reads events (holds that are shortened, protection) has no form here.
 */
import { type Code, f64, flow, i32, sequence } from "../../../data/foundation/index.ts";
import type { MovementRules } from "../movement-kernel.ts";
import type { Pointers } from "./vector-windows.ts";
import type { VectorWriter } from "./vector-writer.ts";

const { get, set } = flow;

/** Where movement reads and writes: addresses of columns. */
export interface MovementColumns {
  readonly merited: number;
  readonly evaluated: number;
  readonly held: number;
  readonly promoteCount: number;
  readonly demoteCount: number;
  readonly shielded: number;
  readonly states: number;
  /** The evaluation day of each period, as integers. */
  readonly day: number;
  /** One integer: the tier held before the first evaluation, -1 when the first evaluation decides. */
  readonly start: number;
  /** The column that a shield counts from, and whether it is by entity. */
  readonly shieldSince?: { readonly address: number; readonly byEntity: boolean };
}

/** Movement in parts. */
export interface MovementCode {
  /** Before an entity's first row; `start`: the tier held before the first evaluation. */
  readonly atEntity: (start: Code) => Code;
  readonly atEvaluation: Code;
  /** Writes a row. `recorded`: whether an evaluation is, as 1 or 0. */
  readonly atRow: (recorded: Code) => Code;
  /** Locals: the tier merited at the latest evaluation, -1 before the first, and the tier that was written last. */
  readonly merit: number;
  readonly shown: number;
  /** Whether the tier held now is not the one that was written on the row. */
  readonly differs: Code;
  /** Whether everything that decides the future is as it was written on the row. False where a tier has a hold: the rows do not show it. */
  readonly agrees: Code;
}

const NO_HOLD = -2_147_483_648;

/** Writes the code. Cost: linear in the tiers. */
export function movementCode(writer: VectorWriter, rules: MovementRules, columns: MovementColumns, at: Pointers): MovementCode {
  const { tierCount, terminal, adverse, holdDays, hasHold, lowestFair, promoteAfter, promoteBy, demoteAfter, demoteBy, shieldDays } = rules;
  const integer = () => writer.local("i32");
  const [current, promote, demote, turnedAway, first] = [integer(), integer(), integer(), integer(), integer()];
  const [merit, before, streak, result, day, extreme, back, left] = [
    integer(),
    integer(),
    integer(),
    integer(),
    integer(),
    integer(),
    integer(),
    integer(),
  ];
  const shown = integer();
  const age = writer.local("f64");
  const holdUntil = writer.reserve(tierCount * 4);
  const holds = writer.table("days of holds", holdDays);
  const isTerminal = writer.table("terminal tiers", Int32Array.from(terminal));
  const isAdverse = writer.table("adverse tiers", Int32Array.from([...adverse, 0]));
  const tier = (value: Code, table: number) => i32.load(i32.shiftLeft(value, i32.const(2)), table);
  const rowByte = i32.shiftRight(at.row, i32.const(3));
  const integersOfRow = i32.shiftRight(at.row, i32.const(1));
  const zero = i32.const(0);
  const isOff = (code: number) => i32.eq(get(code), i32.const(tierCount));

  /** The worst (sign 1) or best (sign -1) of the tiers merited at the last evaluations. */
  const extremeOfLast = (count: number, sign: 1 | -1): Code => {
    if (count === 1) return set(extreme, get(merit));
    const code = i32.load8(get(back), columns.merited);
    const isFurther = sign === 1 ? i32.gt(code, get(extreme)) : i32.lt(code, get(extreme));
    return sequence(
      set(extreme, get(merit)),
      set(left, i32.const(count - 1)),
      set(back, i32.sub(rowByte, i32.const(1))),
      flow.while(
        i32.gt(get(left), zero),
        sequence(
          flow.if(
            i32.ne(i32.load8(get(back), columns.evaluated), zero),
            sequence(flow.if(isFurther, set(extreme, code)), set(left, i32.sub(get(left), i32.const(1)))),
          ),
          set(back, i32.sub(get(back), i32.const(1))),
        ),
      ),
    );
  };
  const larger = (one: Code, other: Code) => flow.select(one, other, i32.gt(one, other));
  const smaller = (one: Code, other: Code) => flow.select(one, other, i32.lt(one, other));
  const reset = sequence(set(promote, zero), set(demote, zero));
  const better = sequence(
    set(demote, zero),
    set(promote, i32.add(get(promote), i32.const(1))),
    flow.if(
      i32.ge(get(promote), i32.const(promoteAfter)),
      sequence(
        extremeOfLast(promoteAfter, 1),
        set(result, larger(get(extreme), i32.sub(get(before), i32.const(promoteBy)))),
        set(result, smaller(get(result), get(before))),
      ),
    ),
  );
  const worse = sequence(
    set(promote, zero),
    set(demote, i32.add(get(demote), i32.const(1))),
    flow.if(
      i32.ge(get(demote), i32.const(demoteAfter)),
      sequence(
        extremeOfLast(demoteAfter, -1),
        set(result, larger(get(extreme), get(before))),
        set(result, smaller(get(result), i32.add(get(before), i32.const(demoteBy)))),
      ),
    ),
  );
  const keepHeld = !hasHold
    ? []
    : Array.from({ length: tierCount }, (_, index) => tierCount - 1 - index).flatMap((code) =>
        flow.if(
          i32.and(i32.or(i32.lt(get(result), i32.const(code)), isOff(result)), i32.lt(get(day), i32.load(zero, holdUntil + code * 4))),
          set(result, i32.const(code)),
        ),
      );
  const hasMoved = i32.ne(get(result), get(before));
  // Most rows count nothing.
  const restart = flow.if(
    i32.or(get(promote), get(demote)),
    sequence(
      flow.if(i32.and(i32.ge(get(promote), i32.const(promoteAfter)), hasMoved), set(promote, zero)),
      flow.if(i32.and(i32.ge(get(demote), i32.const(demoteAfter)), hasMoved), set(demote, zero)),
    ),
  );
  const { shieldSince } = columns;
  const shield =
    shieldSince === undefined
      ? []
      : flow.if(
          tier(get(merit), isAdverse),
          sequence(
            set(age, f64.sub(f64.fromInteger(get(day)), f64.load(shieldSince.byEntity ? at.entity : at.row, shieldSince.address))),
            flow.if(
              i32.and(f64.ge(get(age), f64.const(0)), f64.lt(get(age), f64.const(shieldDays))),
              sequence(
                set(result, i32.const(lowestFair)),
                set(promote, zero),
                set(demote, i32.add(get(streak), i32.const(1))),
                set(turnedAway, i32.const(1)),
              ),
            ),
          ),
        );
  const enterHold = !hasHold
    ? []
    : flow.if(
        i32.and(i32.lt(get(result), i32.const(tierCount)), i32.or(get(first), hasMoved)),
        flow.if(
          i32.and(i32.gt(tier(get(result), holds), zero), i32.ge(get(day), tier(get(result), holdUntil))),
          i32.store(i32.shiftLeft(get(result), i32.const(2)), holdUntil, i32.add(get(day), tier(get(result), holds))),
        ),
      );
  const move = sequence(
    set(streak, get(demote)),
    set(result, get(before)),
    flow.if(
      i32.eq(get(merit), get(before)),
      reset,
      flow.if(
        i32.or(i32.or(isOff(merit), isOff(before)), i32.lt(get(before), zero)),
        sequence(reset, set(result, get(merit))),
        flow.if(i32.lt(get(merit), get(before)), better, worse),
      ),
    ),
    keepHeld,
    restart,
    shield,
    enterHold,
    set(current, get(result)),
  );
  /** As `packStates` does. */
  const stateWord = (recorded: Code): Code => {
    const streak = flow.select(
      i32.add(i32.shiftLeft(get(promote), i32.const(1)), i32.const(1)),
      i32.shiftLeft(get(demote), i32.const(1)),
      i32.gt(get(promote), zero),
    );
    return [
      i32.add(get(shown), i32.const(1 + (1 << 7))),
      i32.shiftLeft(get(merit), i32.const(7)),
      i32.shiftLeft(recorded, i32.const(14)),
      i32.shiftLeft(get(turnedAway), i32.const(15)),
      i32.shiftLeft(streak, i32.const(16)),
    ].reduce((word, part) => i32.add(word, part));
  };
  const staysForEver = terminal.includes(1)
    ? (otherwise: Code) => flow.if(i32.ge(get(before), zero), flow.if(tier(get(before), isTerminal), reset, otherwise), otherwise)
    : (otherwise: Code) => otherwise;
  return {
    merit,
    shown,
    atEntity: (start) =>
      sequence(
        set(current, start),
        reset,
        set(turnedAway, zero),
        set(first, i32.const(1)),
        set(merit, i32.const(-1)),
        ...(hasHold ? Array.from({ length: tierCount }, (_, code) => i32.store(zero, holdUntil + code * 4, i32.const(NO_HOLD))) : []),
      ),
    atEvaluation: sequence(
      set(merit, i32.load8(rowByte, columns.merited)),
      set(day, i32.load(i32.shiftRight(at.period, i32.const(1)), columns.day)),
      set(before, get(current)),
      set(turnedAway, zero),
      staysForEver(move),
      set(first, zero),
    ),
    atRow: (recorded) =>
      sequence(
        set(shown, flow.select(i32.const(rules.beforeFirst), get(current), i32.lt(get(current), zero))),
        i32.store8(rowByte, columns.held, get(shown)),
        i32.store(integersOfRow, columns.promoteCount, get(promote)),
        i32.store(integersOfRow, columns.demoteCount, get(demote)),
        i32.store8(rowByte, columns.shielded, get(turnedAway)),
        i32.store(integersOfRow, columns.states, stateWord(recorded)),
      ),
    differs: i32.ne(i32.load8(rowByte, columns.held), get(current)),
    agrees: hasHold
      ? zero
      : i32.and(
          i32.and(i32.eqz(get(first)), i32.eq(i32.load8(rowByte, columns.held), get(current))),
          i32.and(
            i32.eq(i32.load(integersOfRow, columns.promoteCount), get(promote)),
            i32.eq(i32.load(integersOfRow, columns.demoteCount), get(demote)),
          ),
        ),
  };
}
