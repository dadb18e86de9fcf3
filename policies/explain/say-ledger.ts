/** Lines of a ledger, and the calendars they follow, in words. */
import { unreachable } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { EvaluationCalendar, LedgerLine, Policy } from "../language/index.ts";
import { sayExpression } from "./say-expression.ts";

/** What a line adds or deducts, for what, and when. */
export function sayLine(line: LedgerLine, policy: Policy, schema: PanelSchema): string {
  const points = sayExpression(line.amount, policy, schema);
  const when = line.when === undefined ? "" : ` when ${sayExpression(line.when, policy, schema)}`;
  const most = line.atMost === undefined ? "" : `, at most ${sayExpression(line.atMost, policy, schema)} in all`;
  return `${line.sign === 1 ? "adds" : "deducts"} ${points} ${occasionOf(line, policy, schema)}${when}${most}`;
}

/**
 * A calendar as a sentence part.
 *
 * @example
 * [sayCalendar({ kind: "weekday", weekday: 0 }), sayCalendar({ kind: "first-weekday", weekday: 0, unit: "quarter" })]
 * // => ["every Monday", "on the first Monday of every quarter"]
 */
export function sayCalendar(calendar: EvaluationCalendar): string {
  switch (calendar.kind) {
    case "every":
      return `every ${calendar.unit}`;
    case "weekday":
      return `every ${weekdays[calendar.weekday] ?? ""}`;
    case "day-of-month":
      return `on day ${calendar.dayOfMonth} of every month`;
    case "first-weekday":
      return `on the first ${weekdays[calendar.weekday] ?? ""} of every ${calendar.unit}`;
    default:
      return unreachable(calendar);
  }
}

/** An event kind's title. */
export function sayEventKind(kind: string, schema: PanelSchema): string {
  return schema.events.find(({ name }) => name === kind)?.title ?? kind;
}

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

function occasionOf(line: LedgerLine, policy: Policy, schema: PanelSchema): string {
  switch (line.kind) {
    case "date":
      return sayCalendar(line.each);
    case "volume":
      return `for every ${sayExpression(line.count, policy, schema)} of ${sayExpression(line.of, policy, schema)}`;
    case "event": {
      const where = line.where === undefined ? "" : ` where ${sayExpression(line.where, policy, schema)}`;
      return `for every ${sayEventKind(line.event, schema)}${where}`;
    }
    default:
      return unreachable(line);
  }
}
