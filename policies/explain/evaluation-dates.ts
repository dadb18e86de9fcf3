/** When a policy is evaluated, found by looking at one day after the other. */
import {
  civilOf,
  type Day,
  daysInMonth,
  firstDayOf,
  type Grain,
  lastDayOf,
  type PeriodIndex,
  weekdayOf,
} from "../../data/foundation/index.ts";
import type { EvaluationCalendar } from "../language/index.ts";

/**
 * The evaluation recorded on a period: the calendar's date among the days of the next period, or undefined. It sees what ended
 * before it, so its result stands on the last period that did.
 *
 * @example
 * evaluationDate({ kind: "every", unit: "week" }, "week", 2826)
 * // => 19786
 */
export function evaluationDate(calendar: EvaluationCalendar, grain: Grain, period: PeriodIndex): Day | undefined {
  for (let day = firstDayOf(grain, period + 1); day <= lastDayOf(grain, period + 1); day++) {
    if (isCalendarDate(calendar, day)) return day;
  }
  return undefined;
}

/**
 * The first of the calendar's dates after a day.
 *
 * @example
 * dateAfter({ kind: "first-weekday", weekday: 0, unit: "quarter" }, 19723)  // after Monday 2024-01-01
 * // => 19814
 */
export function dateAfter(calendar: EvaluationCalendar, day: Day): Day {
  let next = day + 1;
  while (!isCalendarDate(calendar, next)) next++;
  return next;
}

/** Whether a day is one of the calendar's dates. */
export function isCalendarDate(calendar: EvaluationCalendar, day: Day): boolean {
  const { year, month, dayOfMonth } = civilOf(day);
  if (calendar.kind === "weekday") return weekdayOf(day) === calendar.weekday;
  if (calendar.kind === "day-of-month") return dayOfMonth === Math.min(calendar.dayOfMonth, daysInMonth(year, month));
  if (calendar.kind === "first-weekday") {
    return weekdayOf(day) === calendar.weekday && dayOfMonth <= 7 && (calendar.unit === "month" || month % 3 === 1);
  }
  switch (calendar.unit) {
    case "day":
      return true;
    case "week":
      return weekdayOf(day) === 0;
    case "month":
      return dayOfMonth === 1;
    case "quarter":
      return dayOfMonth === 1 && month % 3 === 1;
  }
}
