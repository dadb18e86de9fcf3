/** Days, weeks, months and periods as integers. The only place where calendar arithmetic is done. */
import { invariant } from "./invariant.ts";

/** A calendar day: days since 1970-01-01, which is day 0. Proleptic Gregorian, no time zone. */
export type Day = number;

/** The length of a panel's periods. Weeks run from Monday to Sunday (ISO 8601). */
export type Grain = "day" | "week" | "month";

/** A period of a grain: consecutive integers. Day grain: the day; week: whole weeks since Monday 1969-12-29; month: 12 * year + month - 1. */
export type PeriodIndex = number;

/** A day as year, month 1-12 and day of month. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

/**
 * Reads `YYYY-MM-DD`; anything else, or a day that does not exist, is undefined.
 *
 * @example
 * parseDay("2024-02-29")
 * // => 19782
 */
export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year, month, dayOfMonth] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month)) return undefined;
  return dayOf({ year, month, dayOfMonth });
}

/**
 * Writes a day as `YYYY-MM-DD`.
 *
 * @example
 * formatDay(0)
 * // => "1970-01-01"
 */
export function formatDay(day: Day): string {
  const { year, month, dayOfMonth } = civilOf(day);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(dayOfMonth).padStart(2, "0")}`;
}

/** The day of a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function dayOf({ year, month, dayOfMonth }: CivilDate): Day {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The civil date of a day. */
export function civilOf(day: Day): CivilDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, dayOfMonth: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1 };
}

/** Days in a month of a year, 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Monday is 0, Sunday 6. */
export function weekdayOf(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

/**
 * The period that holds a day.
 *
 * @example
 * formatDay(lastDayOf("week", periodOf("week", 19782)))
 * // => "2024-03-03"
 */
export function periodOf(grain: Grain, day: Day): PeriodIndex {
  if (grain === "day") return day;
  if (grain === "week") return Math.floor((day + 3) / 7);
  const { year, month } = civilOf(day);
  return year * 12 + month - 1;
}

/** The first day of a period. */
export function firstDayOf(grain: Grain, period: PeriodIndex): Day {
  if (grain === "day") return period;
  if (grain === "week") return period * 7 - 3;
  return dayOf({ year: Math.floor(period / 12), month: (((period % 12) + 12) % 12) + 1, dayOfMonth: 1 });
}

/** The last day of a period: the period's name. */
export function lastDayOf(grain: Grain, period: PeriodIndex): Day {
  return firstDayOf(grain, period + 1) - 1;
}

/** The name of a period: its last day, `YYYY-MM-DD`. */
export function formatPeriod(grain: Grain, period: PeriodIndex): string {
  return formatDay(lastDayOf(grain, period));
}

/**
 * A date some months later; a day of month that does not exist becomes the month's last.
 *
 * @example
 * formatDay(addMonths(19753, 1))  // from 2024-01-31
 * // => "2024-02-29"
 */
export function addMonths(day: Day, months: number): Day {
  const { year, month, dayOfMonth } = civilOf(day);
  const index = year * 12 + month - 1 + months;
  const targetYear = Math.floor(index / 12);
  const targetMonth = index - targetYear * 12 + 1;
  return dayOf({ year: targetYear, month: targetMonth, dayOfMonth: Math.min(dayOfMonth, daysInMonth(targetYear, targetMonth)) });
}

/** How many periods lie in a closed range; `from` at most `to`. */
export function periodCount(from: PeriodIndex, to: PeriodIndex): number {
  invariant(to >= from, `periods run backwards: ${from} to ${to}`);
  return to - from + 1;
}
