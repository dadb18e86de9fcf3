/** When a policy is evaluated on a panel, and which periods and days each window then covers: one small table a compilation. */
import {
  addMonths,
  civilOf,
  type Day,
  daysInMonth,
  firstDayOf,
  invariant,
  lastDayOf,
  type PeriodIndex,
  periodCount,
  periodOf,
  weekdayOf,
} from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { EvaluationCalendar, PlainWindow } from "../language/checked/index.ts";

/** Stands in `evaluationDay` for a period on which no evaluation is recorded. */
export const NEVER = -2_147_483_648;

/** Evaluation dates by period of the panel, counted from its first. */
export interface EvaluationPlan {
  readonly schema: PanelSchema;
  readonly periods: number;
  /** The evaluation date recorded on each period, NEVER when there is none. */
  readonly evaluationDay: Int32Array;
  /** The days that a period begins and ends with. An evaluation knows what was known by the last day of its period. */
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  /** Every period is evaluated. */
  readonly always: boolean;
}

/** What a window covers when it is read on a period. Periods count from the panel's first and may lie outside the panel. */
export interface WindowTable {
  /** Set when the window is the last so many periods, whatever the period. */
  readonly length?: number;
  /** From the entity's first period. */
  readonly lifetime: boolean;
  readonly firstPeriod: Int32Array;
  readonly lastPeriod: Int32Array;
  /** Days for facts that are dated by the day: both inside. A lifetime's first day is read on the entity's first period. */
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
}

/** Days from `from` on and before `before`; an absent end is open. */
export interface DaySpan {
  readonly from?: Day;
  readonly before?: Day;
}

/** Fixes the evaluation date of every period: the date in (its last day, the next period's last day]. Dates outside the span are none. */
export function evaluationPlan(
  schema: PanelSchema,
  calendar: EvaluationCalendar,
  { from = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY }: DaySpan = {},
): EvaluationPlan {
  const periods = periodCount(schema.firstPeriod, schema.lastPeriod);
  const evaluationDay = new Int32Array(periods).fill(NEVER);
  for (let index = 0; index < periods; index++) {
    const period = schema.firstPeriod + index;
    const until = lastDayOf(schema.grain, period + 1);
    for (let day = lastDayOf(schema.grain, period) + 1; day <= until; day++) {
      if (day < from || day >= before || !isEvaluationDate(calendar, day)) continue;
      invariant(evaluationDay[index] === NEVER, `two evaluations fall on one ${schema.grain}`);
      evaluationDay[index] = day;
    }
  }
  const firstDay = Int32Array.from({ length: periods }, (_, index) => firstDayOf(schema.grain, schema.firstPeriod + index));
  const lastDay = Int32Array.from({ length: periods }, (_, index) => lastDayOf(schema.grain, schema.firstPeriod + index));
  return { schema, periods, evaluationDay, firstDay, lastDay, always: !evaluationDay.includes(NEVER) };
}

/** 1 where the evaluation of a period falls on a date of the calendar, else 0. */
export function isOnCalendar({ evaluationDay }: EvaluationPlan, calendar: EvaluationCalendar): Int32Array {
  return evaluationDay.map((day) => (day !== NEVER && isEvaluationDate(calendar, day) ? 1 : 0));
}

/** The calendar's first date after the evaluation of each period; NEVER where there is no evaluation. */
export function nextOnCalendar({ evaluationDay }: EvaluationPlan, calendar: EvaluationCalendar): Int32Array {
  return evaluationDay.map((on) => {
    if (on === NEVER) return NEVER;
    let day = on + 1;
    while (!isEvaluationDate(calendar, day)) day++;
    return day;
  });
}

/** Lays a window out over the plan. On periods without evaluation a calendar window is empty: nobody reads it there. */
export function windowTable(plan: EvaluationPlan, window: PlainWindow): WindowTable {
  const { schema, periods } = plan;
  const firstPeriod = new Int32Array(periods);
  const lastPeriod = new Int32Array(periods);
  const firstDay = new Int32Array(periods);
  const lastDay = new Int32Array(periods);
  for (let index = 0; index < periods; index++) {
    const extent = windowExtent(schema, window, schema.firstPeriod + index, plan.evaluationDay[index] ?? NEVER);
    firstPeriod[index] = extent.firstPeriod - schema.firstPeriod;
    lastPeriod[index] = extent.lastPeriod - schema.firstPeriod;
    firstDay[index] = extent.firstDay;
    lastDay[index] = extent.lastDay;
  }
  const lifetime = window.kind === "lifetime";
  const length = 1 - (firstPeriod[0] ?? 0);
  const steady =
    !lifetime && length >= 1 && firstPeriod.every((first, index) => first === index - length + 1 && lastPeriod[index] === index);
  return { ...(steady ? { length } : {}), lifetime, firstPeriod, lastPeriod, firstDay, lastDay };
}

interface Extent {
  readonly firstPeriod: PeriodIndex;
  readonly lastPeriod: PeriodIndex;
  readonly firstDay: Day;
  readonly lastDay: Day;
}

function windowExtent(
  { grain, firstPeriod: panelStart }: PanelSchema,
  window: PlainWindow,
  period: PeriodIndex,
  evaluationDay: Day,
): Extent {
  const lastDay = lastDayOf(grain, period);
  switch (window.kind) {
    case "days":
      return {
        firstPeriod: periodOf(grain, lastDay - window.count) + 1,
        lastPeriod: period,
        firstDay: lastDay - window.count + 1,
        lastDay,
      };
    case "periods": {
      const firstPeriod = period - window.count + 1;
      return { firstPeriod, lastPeriod: period, firstDay: firstDayOf(grain, firstPeriod), lastDay };
    }
    case "lifetime":
      return { firstPeriod: panelStart, lastPeriod: period, firstDay: firstDayOf(grain, period), lastDay };
    case "calendar": {
      if (evaluationDay === NEVER) return { firstPeriod: panelStart, lastPeriod: panelStart - 1, firstDay: NEVER, lastDay: NEVER };
      const months = { month: 1, quarter: 3, year: 12 }[window.unit];
      const unitStart = startOfUnit(evaluationDay, months);
      const firstDay = addMonths(unitStart, -window.count * months);
      const [opening, closing] = [periodOf(grain, firstDay), periodOf(grain, unitStart - 1)];
      return {
        firstPeriod: firstDayOf(grain, opening) < firstDay ? opening + 1 : opening,
        lastPeriod: lastDayOf(grain, closing) >= unitStart ? closing - 1 : closing,
        firstDay,
        // What was known after the row's last day is not seen yet, though its month is over.
        lastDay: Math.min(unitStart - 1, lastDay),
      };
    }
  }
}

/** The first day of the calendar month, quarter or year that holds a day. */
function startOfUnit(day: Day, months: number): Day {
  const { month, dayOfMonth } = civilOf(day);
  return addMonths(day - dayOfMonth + 1, -((month - 1) % months));
}

function isEvaluationDate(calendar: EvaluationCalendar, day: Day): boolean {
  switch (calendar.kind) {
    case "weekday":
      return weekdayOf(day) === calendar.weekday;
    case "day-of-month": {
      const { year, month, dayOfMonth } = civilOf(day);
      return dayOfMonth === Math.min(calendar.dayOfMonth, daysInMonth(year, month));
    }
    case "first-weekday": {
      const { month, dayOfMonth } = civilOf(day);
      return dayOfMonth <= 7 && weekdayOf(day) === calendar.weekday && (calendar.unit === "month" || month % 3 === 1);
    }
    case "every": {
      if (calendar.unit === "day") return true;
      if (calendar.unit === "week") return weekdayOf(day) === 0;
      const { month, dayOfMonth } = civilOf(day);
      return dayOfMonth === 1 && (calendar.unit === "month" || month % 3 === 1);
    }
  }
}
