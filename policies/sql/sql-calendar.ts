/** The evaluations and window bounds of every period, as a small table that the query joins. */
import {
  civilOf,
  type Day,
  dayOf,
  daysInMonth,
  firstDayOf,
  type Grain,
  invariant,
  lastDayOf,
  type PeriodIndex,
  periodOf,
  present,
  weekdayOf,
} from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { EvaluationCalendar, PlainWindow, Policy, Window } from "../language/index.ts";
import { binary, column, integer, type SqlFrame, type SqlNumbers } from "./nodes.ts";

/** A distinct window of the policy with the frame that gives its rows. */
export interface SqlWindow {
  readonly key: string;
  readonly frame: SqlFrame;
}

/** The table `calendar` and the windows by key. */
export interface SqlCalendar {
  readonly table: SqlNumbers;
  readonly windows: ReadonlyMap<string, SqlWindow>;
}

/** The name of a window inside the query; equal windows share it. */
export function windowKey(window: PlainWindow): string {
  return "count" in window ? `${window.kind} ${window.kind === "calendar" ? `${window.unit} ` : ""}${window.count}` : window.kind;
}

/** A window as it stands in a policy that SQL can express. */
export function plainWindow(window: Window): PlainWindow {
  invariant(window.kind !== "named" && window.kind !== "volume", "windows by volume are refused before");
  return window;
}

/** One row a period of the panel: the evaluation recorded on it, and for each window its first and last day. */
export function sqlCalendar(policy: Policy, schema: PanelSchema): SqlCalendar {
  const { grain, firstPeriod, lastPeriod } = schema;
  const dates = evaluationDates(policy.movement.evaluate, grain, firstPeriod, lastPeriod);
  const windows = new Map<string, { window: PlainWindow; spans: (WindowSpan | undefined)[] }>();
  for (const metric of policy.metrics) {
    if (!("over" in metric)) continue;
    const window = plainWindow(metric.over);
    windows.set(windowKey(window), { window, spans: [] });
  }
  const rows: (number | undefined)[][] = [];
  for (let period = firstPeriod; period <= lastPeriod; period++) {
    const on = dates.get(period);
    const row = [period, firstDayOf(grain, period), lastDayOf(grain, period), on];
    for (const { window, spans } of windows.values()) {
      const span = window.kind === "lifetime" ? undefined : windowSpan(window, grain, period, on ?? lastDayOf(grain, period) + 1);
      spans.push(span);
      row.push(span?.firstPeriod, span?.lastPeriod, span?.firstDay, span?.lastDay);
    }
    rows.push(row);
  }
  const bounds = ["first period", "last period", "first day", "last day"];
  const names = [
    "calendar period",
    "first day",
    "last day",
    "on day",
    ...[...windows.keys()].flatMap((key) => bounds.map((bound) => `${key} ${bound}`)),
  ];
  return {
    table: { kind: "numbers", names, rows },
    windows: new Map([...windows].map(([key, { window, spans }]) => [key, { key, frame: frameOf(key, window, firstPeriod, spans) }])),
  };
}

interface WindowSpan {
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly firstPeriod: PeriodIndex;
  readonly lastPeriod: PeriodIndex;
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

/** A fixed number of rows where every period gives the same, since an entity's periods have no gaps; otherwise by the table's bounds. */
function frameOf(key: string, window: Window, firstPeriod: PeriodIndex, spans: readonly (WindowSpan | undefined)[]): SqlFrame {
  if (window.kind === "lifetime") return { unit: "ROWS", from: "unbounded" };
  const reach = spans.map((span, index) => {
    const { firstPeriod: from, lastPeriod: to } = present(span, "window");
    return { back: firstPeriod + index - from, lag: firstPeriod + index - to };
  });
  const { back } = present(reach[0], "period");
  if (reach.every((each) => each.back === back && each.lag === 0)) return { unit: "ROWS", from: integer(back) };
  const behind = (bound: string) => binary(column("period"), "-", column(`${key} ${bound}`));
  return { unit: "RANGE", from: behind("first period"), to: behind("last period") };
}
