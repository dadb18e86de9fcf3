/** Numbers and dates as people read them in an account: grouped, with units, dates with the month's name. */
import { civilOf, type Day, parseDay } from "../../data/foundation/index.ts";
import type { ValueUnit } from "../language/index.ts";

const NO_BREAK_SPACE = "\u00a0";
const MINUS = "\u2212";

/** What a number counts in; money in another currency than the panel's names it. */
export type SaidUnit = ValueUnit | ForeignMoney;

const foreign = "money in ";
type ForeignMoney = `${typeof foreign}${string}`;

/** The unit of what may tell its currency. */
export function saidUnit(
  { unit, currency }: { readonly unit: ValueUnit; readonly currency?: string | undefined },
  schema: { readonly currency?: string | undefined },
): SaidUnit {
  return unit !== "money" || currency === undefined || currency === schema.currency ? unit : `${foreign}${currency}`;
}

function isForeign(unit: SaidUnit): unit is ForeignMoney {
  return unit.startsWith(foreign);
}

/**
 * A number with its unit. Shares as percentages; money comes in minor units and is shown in major ones with its currency;
 * a date comes as a day number.
 *
 * @example
 * [sayNumber(12400, "count"), sayNumber(0.0312, "share"), sayNumber(123456, "money", "BRL"), sayNumber(1, "days")]
 * // => ["12,400", "3.12\u00a0%", "1,234.56\u00a0BRL", "1\u00a0day"]
 */
export function sayNumber(value: number, unit: SaidUnit, currency?: string): string {
  if (isForeign(unit)) return sayNumber(value, "money", unit.slice(foreign.length));
  switch (unit) {
    case "share":
      return `${groupDigits(value * 100, 2)}${NO_BREAK_SPACE}%`;
    case "money":
      return `${groupDigits(value / 100, 2, 2)}${currency === undefined ? "" : NO_BREAK_SPACE + currency}`;
    case "days":
    case "hours":
    case "points":
      return `${groupDigits(value, 2)}${NO_BREAK_SPACE}${Math.abs(value) === 1 ? unit.slice(0, -1) : unit}`;
    case "date":
      return sayDay(value);
    case "count":
    case "number":
      return groupDigits(value, 2);
  }
}

/**
 * Said numbers that stand in one sentence or column, each with as many decimals as the one that has most. What begins with no number stays.
 *
 * @example
 * sayAlike(["68", "60.3", "not known", "8.89\u00a0% (77 of 866)"])
 * // => ["68.00", "60.30", "not known", "8.89\u00a0% (77 of 866)"]
 */
export function sayAlike(said: readonly string[]): readonly string[] {
  const leading = /^\u2212?[\d,]+(?:\.(\d+))?/;
  const decimalsOf = (text: string): number => leading.exec(text)?.[1]?.length ?? 0;
  const most = Math.max(0, ...said.map(decimalsOf));
  return said.map((text) => {
    const own = decimalsOf(text);
    return text.replace(leading, (number) => (own === most ? number : `${number}${own === 0 ? "." : ""}${"0".repeat(most - own)}`));
  });
}

/**
 * A day with the month's name.
 *
 * @example
 * sayDay(20359)
 * // => "28\u00a0Sep\u00a02025"
 */
export function sayDay(day: Day): string {
  const { year, month, dayOfMonth } = civilOf(day);
  return `${dayOfMonth}${NO_BREAK_SPACE}${monthNames[month - 1] ?? ""}${NO_BREAK_SPACE}${year}`;
}

/** A date `YYYY-MM-DD` as `sayDay` writes it. */
export function sayDate(date: string): string {
  const day = parseDay(date);
  return day === undefined ? date : sayDay(day);
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** At most `most` decimals, trailing zeros beyond `least` dropped; thousands apart by commas. */
function groupDigits(value: number, most: number, least = 0): string {
  if (!(Math.abs(value) < 1e21)) return huge(value);
  const [whole = "0", decimals = ""] = Math.abs(value).toFixed(most).split(".");
  const kept = decimals.replace(/0+$/, "").padEnd(least, "0");
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (kept === "" ? "" : `.${kept}`);
  return value < 0 && /[1-9]/.test(digits) ? MINUS + digits : digits;
}

/** A number that nobody reads digit by digit: three of them and the power of ten. */
function huge(value: number): string {
  const sign = value < 0 ? MINUS : "";
  if (!Number.isFinite(value)) return `${sign}more than 10^308`;
  const [digits = "", power = ""] = Math.abs(value).toExponential(2).split("e+");
  return `${sign}${digits} \u00d7 10^${power}`;
}
