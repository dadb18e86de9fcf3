/** Windows in words. */
import { unreachable } from "../../data/foundation/index.ts";
import type { PlainWindow } from "../language/index.ts";

/**
 * A plain window as a sentence part.
 *
 * @example
 * [sayPlainWindow({ kind: "calendar", unit: "month", count: 3 }), sayPlainWindow({ kind: "days", count: 1 })]
 * // => ["the last 3 months", "the last day"]
 */
export function sayPlainWindow(window: PlainWindow): string {
  switch (window.kind) {
    case "days":
      return lastOf(window.count, "day");
    case "periods":
      return lastOf(window.count, "period");
    case "calendar":
      return lastOf(window.count, window.unit);
    case "lifetime":
      return "the whole time";
    default:
      return unreachable(window);
  }
}

function lastOf(count: number, unit: string): string {
  return count === 1 ? `the last ${unit}` : `the last ${count} ${unit}s`;
}
