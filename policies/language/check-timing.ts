/** What depends on the evaluation calendar: dates of ledgers that no evaluation falls on would be dropped silently. */
import { placeOfPart } from "./places.ts";
import type { EvaluationCalendar, Policy } from "./policy.ts";
import type { Problems } from "./problems.ts";
import { printCalendar, printDates } from "./read-calendar.ts";

/** Every date of a ledger's line must be a date of evaluation. */
export function checkTiming({ ledgers, movement }: Omit<Policy, "digest">, problems: Problems): void {
  for (const ledger of ledgers) {
    for (const line of ledger.lines) {
      if (line.kind !== "date" || isWithin(line.each, movement.evaluate)) continue;
      problems.add("calendar-missed", placeOfPart(line.each), {
        message: `'${ledger.name}' has a line for '${printDates(line.each)}', but the policy is evaluated ${printCalendar(movement.evaluate)}`,
        found: printDates(line.each),
        expected: printDates(movement.evaluate),
      });
    }
  }
}

/** Whether every date of the first is a date of the second. */
function isWithin(dates: EvaluationCalendar, evaluations: EvaluationCalendar): boolean {
  if (evaluations.kind === "every" && evaluations.unit === "day") return true;
  if (printDates(dates) === printDates(evaluations)) return true;
  const [own, theirs] = [weekdayOf(dates), weekdayOf(evaluations)];
  if (theirs !== undefined && evaluations.kind !== "first-weekday") return own === theirs;
  if (evaluations.kind === "first-weekday") return dates.kind === "first-weekday" && own === theirs && dates.unit === "quarter";
  const isMonthly = evaluations.kind === "every" && evaluations.unit === "month";
  return isMonthly && dates.kind === "every" && dates.unit === "quarter";
}

/** The weekday that all dates of a calendar fall on; undefined when they fall on several. Weeks begin on Monday. */
function weekdayOf(calendar: EvaluationCalendar): number | undefined {
  if (calendar.kind === "weekday" || calendar.kind === "first-weekday") return calendar.weekday;
  return calendar.kind === "every" && calendar.unit === "week" ? 0 : undefined;
}
