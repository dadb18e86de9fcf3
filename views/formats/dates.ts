/** How days and periods are written. Input is ISO `YYYY-MM-DD`; what is not a date is printed as it came. */
import { civilOf, parseDay } from "../../data/foundation/index.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/**
 * A day for people.
 *
 * @example
 * formatDate("2025-09-28")
 * // => "28\u00a0Sep\u00a02025"
 */
export function formatDate(iso: string): string {
  const day = parseDay(iso);
  if (day === undefined) return iso;
  const { year, month, dayOfMonth } = civilOf(day);
  return `${dayOfMonth}\u00a0${months[month - 1] ?? ""}\u00a0${year}`;
}

/**
 * A sentence with its days for people.
 *
 * @example
 * datesInWords("Complete up to 2018-08-26.")
 * // => "Complete up to 26\u00a0Aug\u00a02018."
 */
export function datesInWords(sentence: string): string {
  return sentence.replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, formatDate);
}

/** A short tick: `Oct`, or `Jan ’25` in January. */
export function formatMonthTick(iso: string): string {
  const day = parseDay(iso);
  if (day === undefined) return iso;
  const { year, month } = civilOf(day);
  return month === 1 ? `Jan ’${String(year).slice(2)}` : (months[month - 1] ?? "");
}

/**
 * Where ticks go on an axis of periods: the first period that ends in a month, every so many months so that at most `most` remain.
 *
 * @example
 * monthTicks(["2025-01-05", "2025-01-12", "2025-02-02", "2025-02-09", "2025-03-02"], 2)
 * // => [0, 4]
 */
export function monthTicks(periods: readonly string[], most: number): readonly number[] {
  const starts: { readonly index: number; readonly month: number }[] = [];
  let previous: string | undefined;
  for (const [index, period] of periods.entries()) {
    const month = period.slice(0, 7);
    if (month !== previous) starts.push({ index, month: Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7)) - 1 });
    previous = month;
  }
  const steps = [1, 2, 3, 6, 12, 24, 60, 120];
  const first = starts[0]?.month ?? 0;
  for (const step of steps) {
    const kept = starts.filter(({ month }) => (step > 2 ? month % step === 0 : (month - first) % step === 0));
    if (kept.length <= most && kept.length > 0)
      return spread(
        kept.map(({ index }) => index),
        periods.length,
      );
  }
  return [0];
}

/** Without a first tick that stands too close to the second: a month that the range only begins in. */
function spread(ticks: readonly number[], length: number): readonly number[] {
  const [first = 0, second = length] = ticks;
  return ticks.length > 1 && second - first < length * 0.06 ? ticks.slice(1) : ticks;
}
