/** One ledger at one evaluation: what leaves, what is taken back, what comes, and what is left. */
import { type Day, present, unreachable } from "../../data/foundation/index.ts";
import { type Ledger, type LedgerLine, lineSources } from "../language/index.ts";
import { constantAt } from "./constant.ts";
import { dateAfter, isCalendarDate } from "./evaluation-dates.ts";
import type { EvaluationPoint, LedgerEntry, LedgerState } from "./evaluation-point.ts";
import { holdsOf, lookupOfEvent, newlySeenEvents, seenEvents } from "./event-selection.ts";
import { evaluateExpression, type Lookup } from "./expression-nodes.ts";
import { exactFraction, wholeTimes } from "./fractions.ts";
import { type LedgerBalance, traceBalance, traceEntry } from "./ledger-balance.ts";
import { missingReasons } from "./metric-parts.ts";
import { operandValue } from "./operand-value.ts";
import { saidUnit } from "./say-number.ts";
import type { LedgerTrace } from "./trace.ts";

/** The ledger's value with its entries, and the state that it leaves for the next evaluation. */
export interface LedgerOutcome {
  readonly trace: LedgerTrace;
  readonly state: LedgerState;
}

/** In this order: entries expire, others are taken back, new events make theirs, then dates and volumes. */
export function traceLedger(ledger: Ledger, point: EvaluationPoint, lookup: Lookup): LedgerOutcome {
  const { policy, schema, on } = point;
  const before = point.before.ledgers.get(ledger.name) ?? untouched;
  const sources = lineSources(policy, ledger);
  const [expired, alive] = splitBy(before.entries, ({ expires }) => expires !== undefined && expires <= on);
  const back = takenBackIds(ledger, point);
  const [takenBack, kept] = splitBy(alive, ({ event }) => isTakenBack(ledger, back, event));
  const volumes = ledger.lines.map((line) => (line.kind === "volume" ? multiplesOf(line, point, lookup) : undefined));
  const isVolumeMissing = ledger.lines.some((line, index) => line.kind === "volume" && volumes[index] === undefined);

  const entries = [...kept];
  const balance = (): LedgerBalance => {
    const now = traceBalance(ledger, { sources, earlier: before.earlier, entries }, lookup, { policy, schema });
    const { value: _, ...parts } = now;
    return isVolumeMissing ? { ...parts, missing: missingReasons.parameter } : now;
  };
  /** A line reads its own ledger as it stands just then. */
  const own: Lookup = (to, name) => (to === "ledger" && name === ledger.name ? balance().value : lookup(to, name));
  const make = ({ line, ...entry }: Omit<LedgerEntry, "expires" | "source"> & { readonly line: number }): void => {
    const expires = expiryOf(ledger, entry.day, on);
    const source = present(sources[line], "the line's source");
    if (expires === undefined || expires > on) entries.push({ source, ...entry, ...(expires === undefined ? {} : { expires }) });
  };

  for (const event of newlySeenEvents(point)) {
    if (isTakenBack(ledger, back, event)) continue;
    const { kind, id } = event;
    const reads = lookupOfEvent(event, own);
    for (const [line, { event: counts, where, when, amount }] of eventLines(ledger)) {
      if (counts !== kind || !holdsOf(where, reads) || !holdsOf(when, reads)) continue;
      make({ line, day: event.knownDay, ...amountOf(amount, reads), event: { kind, id } });
    }
  }
  const counted = new Map(before.counted);
  for (const line of before.beginning) {
    const reached = volumes[line];
    if (reached !== undefined) counted.set(line, reached);
  }
  const beginning = new Set([...before.beginning].filter((line) => volumes[line] === undefined));
  for (const [line, rest] of ledger.lines.entries()) {
    if (rest.kind === "event") continue;
    const times = rest.kind === "date" ? (isCalendarDate(rest.each, on) ? 1 : 0) : (volumes[line] ?? 0) - (counted.get(line) ?? 0);
    if (times <= 0) continue;
    // What was counted stays counted, whether the entity then is as the line asks or not.
    if (rest.kind === "volume") counted.set(line, (counted.get(line) ?? 0) + times);
    if (holdsOf(rest.when, own)) make({ line, day: on, ...amountOf(rest.amount, own, times) });
  }

  const made = entries.slice(kept.length);
  const [listed, listedMade, listedExpired, listedBack] = [entries, made, expired, takenBack].map((list) =>
    list.map((entry) => traceEntry(entry, sources)),
  );
  const { name, title } = ledger;
  return {
    trace: {
      name,
      title,
      unit: saidUnit(ledger, point.schema),
      ...balance(),
      entries: listed ?? [],
      made: listedMade ?? [],
      expired: listedExpired ?? [],
      takenBack: listedBack ?? [],
    },
    state: { entries, counted, beginning, earlier: before.earlier },
  };
}

/** A ledger before its first evaluation. */
const untouched: LedgerState = { entries: [], counted: new Map(), beginning: new Set(), earlier: [] };

/** Ids of the events that seen events take back. */
function takenBackIds({ takeBack }: Ledger, point: EvaluationPoint): ReadonlySet<string> {
  if (takeBack === undefined) return new Set();
  const taking = seenEvents(point).filter(({ kind }) => kind === takeBack.event);
  return new Set(taking.map(({ fields }) => fields["about"] ?? "").filter((id) => id !== ""));
}

function isTakenBack({ takeBack }: Ledger, ids: ReadonlySet<string>, event: { kind: string; id: string } | undefined): boolean {
  return takeBack !== undefined && event?.kind === takeBack.of && ids.has(event.id);
}

function eventLines({ lines }: Ledger): readonly (readonly [number, Extract<LedgerLine, { kind: "event" }>])[] {
  return [...lines.entries()].flatMap(([index, line]) => (line.kind === "event" ? [[index, line] as const] : []));
}

/** How many whole multiples the entity's life so far holds; undefined while the size of one is not known. */
function multiplesOf(
  { of, count: asked }: Extract<LedgerLine, { kind: "volume" }>,
  { schema, history, rowIndex }: EvaluationPoint,
  lookup: Lookup,
): number | undefined {
  const total = operandValue(of, history.rows.slice(0, rowIndex + 1), schema, lookup);
  const count = constantAt(asked, lookup);
  if (total === undefined || count === undefined) return undefined;
  return count > 0 ? wholeTimes(total, exactFraction(count)) : 0;
}

/** The first day without an entry that an evaluation on day `on` makes; undefined when it stays. */
function expiryOf({ lasts }: Ledger, day: Day, on: Day): Day | undefined {
  switch (lasts.kind) {
    case "ever":
      return undefined;
    case "days":
      return day + lasts.count;
    case "until":
      return dateAfter(lasts.calendar, on);
    default:
      return unreachable(lasts);
  }
}

function amountOf(amount: LedgerLine["amount"], lookup: Lookup, times = 1): Pick<LedgerEntry, "amount"> {
  const value = evaluateExpression(amount, lookup);
  return typeof value === "number" && Number.isFinite(value * times) ? { amount: value * times } : {};
}

function splitBy<T>(list: readonly T[], belongs: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter(belongs), list.filter((item) => !belongs(item))];
}
