/** Dates of a file as days and periods, each computed when it is first met. */
import { dayOf, daysInMonth, type Grain, type PeriodIndex, periodOf } from "../../foundation/index.ts";

/** Days and periods of dates `YYYY-MM-DD` from 1900 to 2199, each computed when it is first met. */
export class DateTable {
  readonly #grain: Grain;
  readonly #days = new Int32Array(300 * 12 * 31).fill(unknownDate);
  readonly #periods = new Int32Array(300 * 12 * 31);

  constructor(grain: Grain) {
    this.#grain = grain;
  }

  /** Where a date stands in the table; -1 when it is none. */
  indexOf(bytes: Uint8Array, from: number, to: number): number {
    if (to - from !== 10 || bytes[from + 4] !== minus || bytes[from + 7] !== minus) return -1;
    const century = twoDigits(bytes, from);
    const yearOfCentury = twoDigits(bytes, from + 2);
    const month = twoDigits(bytes, from + 5);
    const dayOfMonth = twoDigits(bytes, from + 8);
    if (century < 19 || century > 21 || yearOfCentury < 0 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return -1;
    const index = ((100 * (century - 19) + yearOfCentury) * 12 + month - 1) * 31 + dayOfMonth - 1;
    return this.isDate(index) ? index : -1;
  }

  /** Whether there is a date in this place: not for the 30th of February. */
  isDate(index: number): boolean {
    if (this.#days[index] === unknownDate) {
      const [year, month, dayOfMonth] = [1900 + Math.floor(index / 372), (Math.floor(index / 31) % 12) + 1, (index % 31) + 1];
      const day = dayOfMonth > daysInMonth(year, month) ? noDate : dayOf({ year, month, dayOfMonth });
      this.#days[index] = day;
      if (day !== noDate) this.#periods[index] = periodOf(this.#grain, day);
    }
    return this.#days[index] !== noDate;
  }

  dayOf(index: number): number {
    return this.#days[index] as number;
  }

  periodOf(index: number): PeriodIndex {
    return this.#periods[index] as number;
  }

  /** The periods of the dates that were met. */
  periods(): PeriodIndex[] {
    return [...new Set(this.#periods.filter((_, index) => (this.#days[index] as number) > noDate))];
  }
}

/** A number of two digits; below 0 when they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - zero;
  const ones = (bytes[at + 1] as number) - zero;
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : 10 * tens + ones;
}

const [minus, zero] = [45, 48];
const [unknownDate, noDate] = [-2_147_483_648, -2_147_483_647];
