/** Windows and durations: how they are read and written. */
import { nearestName } from "../../data/foundation/index.ts";
import type { Cursor } from "./phrase.ts";
import type { Window } from "./policy.ts";

const form = "28 days";
const unitWords = ["day", "days", "week", "weeks", "period", "periods", "month", "months", "quarter", "quarters", "year", "years"];
/** A century: longer windows are 'lifetime'. */
const daysMax = 36_525;

/** `28 days`, `4 weeks`, `6 periods`, `3 months`, `2 quarters`, `1 year` or `lifetime`. */
export function readWindow(cursor: Cursor): Window {
  if (cursor.acceptWord("lifetime") !== undefined) return { kind: "lifetime" };
  const first = cursor.peek();
  if (first.kind !== "number") {
    cursor.fail("bad-window", first, {
      message: `'${first.text}' is not a window`,
      found: first.text,
      expected: "28 days, 12 weeks, 6 periods, 3 months, 1 quarter, 1 year or lifetime",
    });
  }
  if (first.text.includes(".") || Number(first.text) < 1) {
    cursor.fail("bad-window", first, { message: "a window counts whole units, from 1", found: first.text });
  }
  const count = cursor.expectCount("a window", form);
  const unit = cursor.peek();
  if (unit.kind !== "word" || !unitWords.includes(unit.text)) {
    cursor.fail("bad-window", unit, {
      message: unit.kind === "end" ? "a window needs its unit" : `'${unit.text}' is not a unit of a window`,
      found: unit.text,
      expected: form,
      near: nearestName(unit.text, unitWords),
    });
  }
  cursor.next();
  const singular = unit.text.replace(/s$/, "");
  const days = count * (singular === "week" ? 7 : singular === "month" ? 28 : singular === "quarter" ? 90 : singular === "year" ? 365 : 1);
  if (days > daysMax)
    cursor.fail("bad-window", first, {
      message: "a window is at most a century long",
      found: `${first.text} ${unit.text}`,
      cure: "Write 'lifetime' to read everything.",
    });
  if (singular === "day" || singular === "week") return { kind: "days", count: days };
  if (singular === "period") return { kind: "periods", count };
  return { kind: "calendar", unit: singular === "month" ? "month" : singular === "quarter" ? "quarter" : "year", count };
}

/** How a window is written. */
export function printWindow(window: Window): string {
  if (window.kind === "lifetime") return "lifetime";
  const unit = window.kind === "days" ? "day" : window.kind === "periods" ? "period" : window.unit;
  return `${window.count} ${unit}${window.count === 1 ? "" : "s"}`;
}

/** `28 days` or `4 weeks`, in days. */
export function readDuration(cursor: Cursor): number {
  const first = cursor.peek();
  const count = cursor.expectCount("a duration", form);
  const unit = cursor.expectWord(["day", "days", "week", "weeks"], form);
  const days = unit.startsWith("week") ? count * 7 : count;
  if (days > daysMax) cursor.fail("out-of-range", first, { message: "a duration is at most a century long", found: `${count} ${unit}` });
  return days;
}
