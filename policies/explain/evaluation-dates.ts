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
    if (isEvaluationDate(calendar, day)) return day;
  }
  return undefined;
}

function isEvaluationDate(calendar: EvaluationCalendar, day: Day): boolean {
  const { year, month, dayOfMonth } = civilOf(day);
  if (calendar.kind === "weekday") return weekdayOf(day) === calendar.weekday;
  if (calendar.kind === "day-of-month") return dayOfMonth === Math.min(calendar.dayOfMonth, daysInMonth(year, month));
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
