/** The evaluations and window bounds of every period, as a small table that the query joins. */
import {
  civilOf,
  type Day,
  dayOf,
  daysInMonth,
  firstDayOf,
  type Grain,
  InvariantBroken,
  invariant,
  lastDayOf,
  type PeriodIndex,
  periodOf,
  present,
  weekdayOf,
} from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { EvaluationCalendar, PlainWindow, Policy, Window } from "../language/index.ts";
import { column, integer, type SqlFrame, type SqlNumbers } from "./nodes.ts";

/** A distinct window of the policy with the frame that gives its rows. */
export interface SqlWindow {
  readonly key: string;
  readonly frame: SqlFrame;
}

/** The table `calendar`, the windows by key, and which rows other questions go to. */
export interface SqlCalendar {
  readonly table: SqlNumbers;
  readonly windows: ReadonlyMap<string, SqlWindow>;
  /** The rows of the evaluations that a promotion looks back over, and of those that a demotion does. */
  readonly promoting: SqlFrame;
  readonly demoting: SqlFrame;
  /** The row of the latest evaluation; absent where every period has one of its own. */
  readonly latest?: SqlFrame;
  /** By ledger, the rows of the evaluations whose entries still live. */
  readonly living: ReadonlyMap<string, SqlFrame>;
}

/** The name of a window inside the query; equal windows share it. */
export function windowKey(window: PlainWindow): string {
  return "count" in window ? `${window.kind} ${window.kind === "calendar" ? `${window.unit} ` : ""}${window.count}` : window.kind;
}

/** A window as it stands in a policy that SQL can express, names resolved. */
export function plainWindow(window: Window): PlainWindow {
  invariant(window.kind !== "named" && window.kind !== "volume", "windows by volume are refused before, names are resolved");
  return window;
}

/** Whether an evaluation falls on a date of a calendar: the column of it, 1 or 0. */
export function dateColumn(calendar: EvaluationCalendar): string {
  return `on ${JSON.stringify(calendar)}`;
}

/** The last day that was seen before a ledger's latest reset, and the period of the evaluation that saw it. */
export function resetColumns(ledger: string): { readonly seenDay: string; readonly seenPeriod: string } {
  return { seenDay: `${ledger} reset after day`, seenPeriod: `${ledger} reset after period` };
}

/** Which periods a frame holds, both ends inside; the first after the last: none. */
interface PeriodSpan {
  readonly firstPeriod: PeriodIndex;
  readonly lastPeriod: PeriodIndex;
}

/**
 * One row a period of the panel: the evaluation recorded on it, the one before and the one after, for each window its first and last day,
 * and for ledgers which dates fall on it and which evaluations' entries still live. All that depends on nothing but the date.
 */
export function sqlCalendar(policy: Policy, schema: PanelSchema): SqlCalendar {
  const { grain, firstPeriod, lastPeriod } = schema;
  const dates = evaluationDates(policy.movement.evaluate, grain, firstPeriod, lastPeriod);
  const table = new CalendarTable(schema);
  table.add("first day", (period) => firstDayOf(grain, period));
  table.add("last day", (period) => lastDayOf(grain, period));
  table.add("on day", (period) => dates.get(period));
  const evaluated = [...dates.keys()].toSorted((a, b) => a - b);
  const before = (period: PeriodIndex) => evaluated.findLast((each) => each < period);
  table.add("seen before", (period) => map(before(period), (each) => lastDayOf(grain, each)));
  table.add("next on day", (period) =>
    map(
      evaluated.find((each) => each > period),
      (each) => dates.get(each),
    ),
  );
  const windows = new Map<string, SqlWindow>();
  for (const window of plainWindows(policy)) {
    const key = windowKey(window);
    if (windows.has(key)) continue;
    if (window.kind === "lifetime") {
      windows.set(key, { key, frame: { unit: "ROWS", from: "unbounded" } });
      continue;
    }
    const spanOf = (period: PeriodIndex) => windowSpan(window, grain, period, dates.get(period) ?? lastDayOf(grain, period) + 1);
    table.add(`${key} first day`, (period) => spanOf(period).firstDay);
    table.add(`${key} last day`, (period) => spanOf(period).lastDay);
    windows.set(key, { key, frame: table.frame(key, spanOf) });
  }
  const spanFrom = (from: (period: PeriodIndex) => PeriodIndex) => (period: PeriodIndex) => ({
    firstPeriod: from(period),
    lastPeriod: period,
  });
  const latestOf = (period: PeriodIndex) => evaluated.findLast((each) => each <= period) ?? firstPeriod - 1;
  const living = new Map<string, SqlFrame>();
  for (const { name, lasts, lines } of policy.ledgers) {
    for (const line of lines) {
      if (line.kind === "date")
        table.add(dateColumn(line.each), (period) => map(dates.get(period), (on) => (fallsOn(line.each, on) ? 1 : 0)));
    }
    if (lasts.kind === "ever") {
      living.set(name, { unit: "ROWS", from: "unbounded" });
      continue;
    }
    const resetOn = (on: Day) => (lasts.kind === "until" ? latestDate(lasts.calendar, on) : on - lasts.count + 1);
    const beforeReset = (period: PeriodIndex) =>
      map(dates.get(period), (on) => evaluated.findLast((each) => each <= period && present(dates.get(each), "a date") < resetOn(on)));
    living.set(
      name,
      table.frame(
        `${name} lives`,
        spanFrom((period) => (beforeReset(period) ?? firstPeriod - 1) + 1),
      ),
    );
    if (lasts.kind !== "until") continue;
    const { seenDay, seenPeriod } = resetColumns(name);
    table.add(seenPeriod, beforeReset);
    table.add(seenDay, (period) => map(beforeReset(period), (each) => lastDayOf(grain, each)));
  }
  const lastEvaluations = (count: number) =>
    table.frame(
      `last ${count}`,
      spanFrom((period) => evaluated.filter((each) => each <= period).at(-count) ?? firstPeriod),
    );
  const [promoting, demoting] = [lastEvaluations(policy.movement.promote.after), lastEvaluations(policy.movement.demote.after)];
  const latest =
    evaluated.length === lastPeriod - firstPeriod + 1
      ? {}
      : { latest: table.frame("latest", (period) => ({ firstPeriod: latestOf(period), lastPeriod: latestOf(period) })) };
  return { windows, promoting, demoting, ...latest, living, table: table.numbers };
}

/** The columns of the calendar, and frames over them. */
class CalendarTable {
  readonly #schema: PanelSchema;
  readonly #columns = new Map<string, readonly (number | undefined)[]>();

  constructor(schema: PanelSchema) {
    this.#schema = schema;
    this.add("calendar period", (period) => period);
  }

  add(name: string, value: (period: PeriodIndex) => number | undefined): void {
    const { firstPeriod, lastPeriod } = this.#schema;
    const values = Array.from({ length: lastPeriod - firstPeriod + 1 }, (_, index) => value(firstPeriod + index));
    this.#columns.set(name, values);
  }

  /** A fixed number of rows where every period gives the same, since an entity's periods have no gaps; otherwise by columns of the table. */
  frame(key: string, spanOf: (period: PeriodIndex) => PeriodSpan): SqlFrame {
    const { firstPeriod, lastPeriod } = this.#schema;
    const reach = Array.from({ length: lastPeriod - firstPeriod + 1 }, (_, index) => {
      const period = firstPeriod + index;
      const span = spanOf(period);
      // Databases refuse bounds below 0: an empty frame ends before the row at which it begins.
      return span.firstPeriod > span.lastPeriod
        ? { back: 0, lag: 1 }
        : { back: Math.max(0, period - span.firstPeriod), lag: Math.max(0, period - span.lastPeriod) };
    });
    const { back, lag } = present(reach[0], "period");
    if (reach.every((each) => each.back === back && each.lag === lag))
      return { unit: "ROWS", from: integer(back), ...(lag === 0 ? {} : { to: integer(lag) }) };
    this.add(`${key} back`, (period) => reach[period - firstPeriod]?.back);
    this.add(`${key} lag`, (period) => reach[period - firstPeriod]?.lag);
    return { unit: "RANGE", from: column(`${key} back`), to: column(`${key} lag`) };
  }

  get numbers(): SqlNumbers {
    const columns = [...this.#columns.values()];
    const count = columns[0]?.length ?? 0;
    return {
      kind: "numbers",
      names: [...this.#columns.keys()],
      rows: Array.from({ length: count }, (_, row) => columns.map((values) => values[row])),
    };
  }
}

/** Every window that the policy reads, names resolved. */
function plainWindows({ metrics, windows }: Policy): readonly PlainWindow[] {
  return [
    ...metrics.flatMap((metric) => ("over" in metric && metric.over.kind !== "named" ? [plainWindow(metric.over)] : [])),
    ...windows.flatMap(({ then, when, otherwise }) => [then, when.over, otherwise]),
  ];
}

/** The latest date of a calendar up to a day. */
function latestDate(calendar: EvaluationCalendar, day: Day): Day {
  for (let date = day; date > day - 100; date--) if (fallsOn(calendar, date)) return date;
  throw new InvariantBroken("a calendar without a date in a quarter");
}

function map<T, R>(value: T | undefined, make: (value: T) => R): R | undefined {
  return value === undefined ? undefined : make(value);
}

interface WindowSpan extends PeriodSpan {
  readonly firstDay: Day;
  readonly lastDay: Day;
}

/** Every date of the calendar, put on the last period that ended before it. */
function evaluationDates(calendar: EvaluationCalendar, grain: Grain, from: PeriodIndex, to: PeriodIndex): ReadonlyMap<PeriodIndex, Day> {
  const dates = new Map<PeriodIndex, Day>();
  for (let day = lastDayOf(grain, from) + 1; day <= lastDayOf(grain, to + 1); day++) {
    if (fallsOn(calendar, day)) dates.set(periodOf(grain, day) - 1, day);
  }
  return dates;
}

function fallsOn(calendar: EvaluationCalendar, day: Day): boolean {
  const { year, month, dayOfMonth } = civilOf(day);
  const startsQuarter = [1, 4, 7, 10].includes(month);
  switch (calendar.kind) {
    case "weekday":
      return weekdayOf(day) === calendar.weekday;
    case "day-of-month":
      return Math.min(calendar.dayOfMonth, daysInMonth(year, month)) === dayOfMonth;
    case "first-weekday":
      return dayOfMonth <= 7 && weekdayOf(day) === calendar.weekday && (calendar.unit === "month" || startsQuarter);
    case "every":
      if (calendar.unit === "day") return true;
      if (calendar.unit === "week") return weekdayOf(day) === 0;
      return dayOfMonth === 1 && (calendar.unit === "month" || startsQuarter);
  }
}

function windowSpan(window: Exclude<PlainWindow, { kind: "lifetime" }>, grain: Grain, period: PeriodIndex, on: Day): WindowSpan {
  const [firstDay, lastDay] = windowDays(window, grain, period, on);
  const around = periodOf(grain, firstDay);
  return {
    firstDay,
    lastDay,
    firstPeriod: firstDayOf(grain, around) < firstDay ? around + 1 : around,
    lastPeriod: periodOf(grain, lastDay + 1) - 1,
  };
}

function windowDays(window: Exclude<PlainWindow, { kind: "lifetime" }>, grain: Grain, period: PeriodIndex, on: Day): readonly [Day, Day] {
  const last = lastDayOf(grain, period);
  if (window.kind === "days") return [last - window.count + 1, last];
  if (window.kind === "periods") return [firstDayOf(grain, period - window.count + 1), last];
  const length = { month: 1, quarter: 3, year: 12 }[window.unit];
  const { year, month } = civilOf(on);
  const firstMonth = month - ((month - 1) % length);
  const end = dayOf({ year, month: firstMonth, dayOfMonth: 1 });
  const months = year * 12 + firstMonth - 1 - window.count * length;
  return [dayOf({ year: Math.floor(months / 12), month: (months % 12) + 1, dayOfMonth: 1 }), end - 1];
}
