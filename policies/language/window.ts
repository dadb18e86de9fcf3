/** Windows and durations: how they are read and written. */
import { nearestName } from "../../data/foundation/index.ts";
import type { Expression } from "./expression.ts";
import type { Cursor } from "./phrase.ts";
import type { PlainWindow, Window } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import { printConstant } from "./quantity.ts";

const form = "28 days";
const unitWords = ["day", "days", "week", "weeks", "period", "periods", "month", "months", "quarter", "quarters", "year", "years"];
/** A century: longer windows are 'lifetime'. */
const daysMax = 36_525;

/** `28 days`, `4 weeks`, `6 periods`, `3 months`, `2 quarters`, `1 year` or `lifetime`. */
export function readPlainWindow(cursor: Cursor): PlainWindow {
  if (cursor.acceptWord("lifetime") !== undefined) return { kind: "lifetime" };
  const first = cursor.peek();
  if (first.kind !== "number") {
    cursor.fail("bad-window", first, {
      message: `'${first.text}' is not a window`,
      found: first.text,
      expected: "28 days, 12 weeks, 6 periods, 3 months, 1 quarter, 1 year, last 100 orders, lifetime or the name of a window",
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
  switch (window.kind) {
    case "lifetime":
      return "lifetime";
    case "named":
      return window.name;
    case "volume":
      return `last ${printConstant(window.count)} ${printOperand(window.of)}`;
    case "days":
      return counted(window.count, "day");
    case "periods":
      return counted(window.count, "period");
    case "calendar":
      return counted(window.count, window.unit);
  }
}

/** `1 month`, `3 months`. */
function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Sums of measures stand in parentheses beside 'of', 'per' and counts, so that they read as one thing. */
export function printOperand(expression: Expression): string {
  const text = printExpression(expression);
  return expression.kind === "reference" ? text : `(${text})`;
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
