/**
 * Ledgers -> SQL: what entries of each line live at an evaluation is counted by windows over the evaluations that made them, or chosen from
 * the entity's events. Sums run in the order in which entries were made, or are of whole numbers, so that no order matters.
 */
import { unreachable } from "../../data/foundation/index.ts";
import {
  type Constant,
  constantValue,
  constantValues,
  type Expression,
  type Ledger,
  type LedgerLine,
  namesRead,
  type Policy,
} from "../language/index.ts";
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
  not,
  parameter,
  type SqlColumn,
  type SqlExpression,
  variable,
} from "./nodes.ts";
import { dateColumn, resetColumns, type SqlCalendar } from "./sql-calendar.ts";
import { chosenEvents, isTakenBack, readsOnlyEvents, seenTo } from "./sql-events.ts";
import { type SqlContext, sqlClamp, sqlExpression } from "./sql-expression.ts";

/** Why a line of a ledger cannot be run in SQL; undefined when it can. */
export function lineReason(policy: Policy, ledger: Ledger, line: LedgerLine): string | undefined {
  const asked = [line.when, line.amount, line.kind === "event" ? line.where : undefined].filter((each) => each !== undefined);
  if (asked.some((each) => namesRead(each, "ledger").includes(ledger.name)))
    return "a line that reads its own ledger goes from entry to entry";
  switch (line.kind) {
    case "volume":
      return "what is counted on over an entity's life is a state of its own";
    case "date":
      return wholeAmount(policy, line.amount) === undefined
        ? "the amount of a line for dates must be a whole number that is written down"
        : undefined;
    case "event":
      if (line.when !== undefined) return "what the entity was like when an event was entered is a state of its own";
      return readsOnlyEvents(line.amount) && (line.where === undefined || readsOnlyEvents(line.where))
        ? undefined
        : "the entry of an event may read that event only";
    default:
      return unreachable(line);
  }
}

/** One column a line, `line n of ledger`: what its live entries come to, no more than it gives at most. Then the ledger reads them. */
export function lineColumns(ledger: Ledger, context: SqlContext, { living }: SqlCalendar): readonly SqlColumn[] {
  return ledger.lines.map((line, index) => {
    const element = `ledgers.${ledger.name}`;
    const sum = line.kind === "event" ? eventSum(ledger, line, element, context) : dateSum(ledger, line, element, context, living);
    const { atMost } = line;
    const counted = atMost === undefined ? sum : atTheMost(sum, parameter(constantValue(context.policy, atMost)));
    return { as: lineColumn(ledger, index), expression: counted };
  });
}

/** The ledger's value: its start and then its lines in file order, kept within its bounds. */
export function sqlLedger(ledger: Ledger, { policy }: SqlContext): SqlExpression {
  const constant = (value: Constant): SqlExpression => parameter(constantValue(policy, value));
  // Every line is finite, so that a sum which leaves the doubles never comes back: it is enough to look at the end.
  const sum = ledger.lines.reduce<SqlExpression>(
    (before, line, index) => binary(before, line.sign === 1 ? "+" : "-", column(lineColumn(ledger, index))),
    constant(ledger.start),
  );
  const total = finite(sum);
  return ledger.within === undefined ? total : sqlClamp(total, constant(ledger.within.lower), constant(ledger.within.upper));
}

function lineColumn({ name }: Ledger, index: number): string {
  return `line ${index + 1} of ${name}`;
}

/** A whole number of at most nine digits, so that a sum of them is exact whatever its order. */
function wholeAmount(policy: Policy, amount: Expression): number | undefined {
  if (amount.kind !== "number" && !(amount.kind === "reference" && amount.to === "parameter")) return undefined;
  const [value, ...others] = constantValues(policy, amount.kind === "number" ? amount : { ...amount, to: "parameter" });
  return others.length === 0 && Number.isInteger(value) && Math.abs(value ?? 0) < 1e9 ? value : undefined;
}

/** Evaluations on the line's dates at which `when` held, among those whose entries still live, times the amount. */
function dateSum(
  ledger: Ledger,
  line: Extract<LedgerLine, { kind: "date" | "volume" }>,
  element: string,
  context: SqlContext,
  living: SqlCalendar["living"],
): SqlExpression {
  if (line.kind === "volume") return context.refuse(element, "it counts on over an entity's life");
  const amount = wholeAmount(context.policy, line.amount) ?? 0;
  const falls = binary(column(dateColumn(line.each)), "=", integer(1));
  const holds = line.when === undefined ? falls : all(falls, sqlExpression(line.when, element, context));
  const made = choose([[holds, integer(1)]], { kind: "null" });
  const frame = living.get(ledger.name);
  const count: SqlExpression = { kind: "window", call: call("count", made), ...(frame === undefined ? {} : { frame }) };
  return binary(cast(count, "DOUBLE"), "*", parameter(amount));
}

/** The live entries' amounts, added in the order in which their events were known; missing when one is. */
function eventSum(ledger: Ledger, line: Extract<LedgerLine, { kind: "event" }>, element: string, context: SqlContext): SqlExpression {
  const { takeBack } = ledger;
  const holds = (event: SqlExpression) => {
    const inside: SqlContext = { ...context, event };
    return all(
      ...stillLives(ledger, event),
      ...(line.where === undefined ? [] : [sqlExpression(line.where, element, inside)]),
      ...(takeBack === undefined || takeBack.of !== line.event ? [] : [not(isTakenBack(takeBack, event))]),
    );
  };
  const entries = chosenEvents({ kind: line.event, to: seenTo, holds }, "entry");
  const amount = finite(sqlExpression(line.amount, element, { ...context, event: variable("entry") }));
  const added: SqlExpression = {
    kind: "fold",
    list: { kind: "transform", list: entries, item: "entry", body: cast(amount, "DOUBLE") },
    initial: parameter(0),
    before: "sum",
    item: "amount",
    body: finite(binary(variable("sum"), "+", variable("amount"))),
  };
  return choose(
    [[any(isNull(column("on day")), isNull(entries)), choose([[isNull(column("on day")), { kind: "null" }]], parameter(0))]],
    added,
  );
}

function stillLives({ name, lasts }: Ledger, event: SqlExpression): readonly SqlExpression[] {
  const knownDay = field(event, "known_day");
  switch (lasts.kind) {
    case "ever":
      return [];
    case "days":
      return [binary(binary(knownDay, "+", integer(lasts.count)), ">", column("on day"))];
    case "until": {
      // What an evaluation before the latest reset had seen ended with it, if the entity was there to be evaluated.
      const { seenDay, seenPeriod } = resetColumns(name);
      const isEntered = binary(column("entity first period"), "<=", column(seenPeriod));
      return [any(isNull(column(seenPeriod)), not(isEntered), binary(knownDay, ">", column(seenDay)))];
    }
    default:
      return unreachable(lasts);
  }
}

function atTheMost(sum: SqlExpression, most: SqlExpression): SqlExpression {
  return choose([[isKnown(sum), call("least", sum, most)]], { kind: "null" });
}

function finite(value: SqlExpression): SqlExpression {
  return call("nullif", call("nullif", value, parameter(Number.POSITIVE_INFINITY)), parameter(Number.NEGATIVE_INFINITY));
}
