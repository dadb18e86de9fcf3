/** How windows of days and evaluation calendars fit the periods of a panel. */
import { daysInMonth, type Grain } from "../../data/foundation/index.ts";
import type { EvaluationCalendar } from "./policy.ts";

/** Whole periods inside a window of days that ends at a period's end: the fewest and the most, over the calendar. */
export function wholePeriods(grain: Grain, days: number): { readonly least: number; readonly most: number; readonly exact: boolean } {
  if (grain === "day") return { least: days, most: days, exact: true };
  if (grain === "week") return { least: Math.floor(days / 7), most: Math.floor(days / 7), exact: days % 7 === 0 };
  // Months: walk back from every month end of a four-year cycle.
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let end = 0; end < 48; end++) {
    let left = days;
    let count = 0;
    for (let month = end; left >= monthDays(month); month--) {
      left -= monthDays(month);
      count++;
    }
    least = Math.min(least, count);
    most = Math.max(most, count);
  }
  return { least, most, exact: false };
}

/** Days of the month that many months after January of a leap year; negative counts back. */
function monthDays(index: number): number {
  const month = ((index % 12) + 12) % 12;
  const year = 2024 + Math.floor(index / 12);
  return daysInMonth(year, month + 1);
}

/** Whether at most one evaluation falls on each row. */
export function evaluationsFit(grain: Grain, evaluate: EvaluationCalendar): boolean {
  if (grain === "day") return true;
  if (evaluate.kind === "every" && evaluate.unit === "day") return false;
  if (grain === "week") return true;
  return evaluate.kind !== "weekday" && (evaluate.kind !== "every" || evaluate.unit !== "week");
}
