/** Dates that come again: how evaluation calendars and the dates of ledgers are read and written. */
import type { Cursor } from "./phrase.ts";
import type { EvaluationCalendar } from "./policy.ts";

/** Names of weekdays, Monday first. */
export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const weekdayNames: readonly string[] = weekdays;
const units = ["day", "week", "month", "quarter"] as const;
const forms = "every week, every Monday, day 20 of month or first Monday of quarter";

/** `every day`, `week`, `month`, `quarter`; `every Monday`; `day 20 of month`; `first Monday of month` or `quarter`. */
export function readCalendar(cursor: Cursor): EvaluationCalendar {
  if (cursor.acceptWord("every") === undefined) {
    const dates = cursor.atWord("day") || cursor.atWord("first") ? readCalendarDates(cursor) : undefined;
    if (dates !== undefined) return dates;
    cursor.expectWord(["every", "day", "first"], forms);
  }
  const name = cursor.expectWord([...units, ...weekdays], "every week");
  cursor.expectEnd(forms);
  const unit = units.find((candidate) => candidate === name);
  return unit === undefined ? { kind: "weekday", weekday: weekdayNames.indexOf(name) } : { kind: "every", unit };
}

/** The same without `every`, as ledgers say it: `Monday`, `day`, `day 20 of month`, `first Monday of quarter`. Undefined when it is none. */
export function readCalendarDates(cursor: Cursor): EvaluationCalendar | undefined {
  const weekday = cursor.acceptWord(...weekdays);
  if (weekday !== undefined) return { kind: "weekday", weekday: weekdayNames.indexOf(weekday) };
  if (cursor.acceptWord("first") !== undefined) {
    const form = "first Monday of quarter";
    const name = cursor.expectWord([...weekdays], form);
    cursor.expectWord(["of"], form);
    const unit = cursor.expectWord(["month", "quarter"], form) === "month" ? "month" : "quarter";
    return { kind: "first-weekday", weekday: weekdayNames.indexOf(name), unit };
  }
  if (cursor.acceptWord("day") !== undefined) return cursor.peek().kind === "end" ? { kind: "every", unit: "day" } : readDayOf(cursor);
  const unit = cursor.acceptWord("week", "month", "quarter");
  return unit === undefined ? undefined : { kind: "every", unit: unit === "week" ? "week" : unit === "month" ? "month" : "quarter" };
}

/** After `day`: `20 of month`, `1 of quarter`. The first day is what `every month` and `every quarter` say. */
function readDayOf(cursor: Cursor): EvaluationCalendar {
  const form = "day 20 of month";
  const token = cursor.peek();
  const dayOfMonth = cursor.expectCount("a day of the month", form);
  if (dayOfMonth > 31) cursor.fail("out-of-range", token, { message: "a day of the month lies from 1 to 31", found: token.text });
  cursor.expectWord(["of"], form);
  const unitAt = cursor.peek();
  if (cursor.expectWord(["month", "quarter"], form) === "month")
    return dayOfMonth === 1 ? { kind: "every", unit: "month" } : { kind: "day-of-month", dayOfMonth };
  if (dayOfMonth !== 1) {
    cursor.fail("bad-form", unitAt, {
      message: "of a quarter only day 1 can be named",
      found: `day ${dayOfMonth} of quarter`,
      expected: "day 1 of quarter",
      cure: "Write 'day 1 of quarter', or a day of the month.",
    });
  }
  return { kind: "every", unit: "quarter" };
}

/** The dates as a sentence names them: `each Monday`, `day 20 of each month`, `the first Monday of each quarter`. */
export function datesInWords(calendar: EvaluationCalendar): string {
  switch (calendar.kind) {
    case "every":
      return calendar.unit === "day" ? "each day" : `the first day of each ${calendar.unit}`;
    case "weekday":
      return `each ${weekdayNames[calendar.weekday] ?? ""}`;
    case "day-of-month":
      return `day ${calendar.dayOfMonth} of each month`;
    case "first-weekday":
      return `the first ${weekdayNames[calendar.weekday] ?? ""} of each ${calendar.unit}`;
  }
}

/** How an evaluation calendar is written. */
export function printCalendar(calendar: EvaluationCalendar): string {
  return calendar.kind === "every" || calendar.kind === "weekday" ? `every ${printDates(calendar)}` : printDates(calendar);
}

/** The same as ledgers write it, without `every`. */
export function printDates(calendar: EvaluationCalendar): string {
  switch (calendar.kind) {
    case "every":
      return calendar.unit;
    case "weekday":
      return weekdayNames[calendar.weekday] ?? "";
    case "day-of-month":
      return `day ${calendar.dayOfMonth} of month`;
    case "first-weekday":
      return `first ${weekdayNames[calendar.weekday] ?? ""} of ${calendar.unit}`;
  }
}
