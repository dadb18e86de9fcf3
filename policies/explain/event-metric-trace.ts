/** Metrics that read events: how many, how many different, how long ago. */
import { formatDay, present } from "../../data/foundation/index.ts";
import { findAttribute } from "../../data/panel/index.ts";
import type { Metric } from "../language/index.ts";
import type { EvaluationPoint, NumberedEvent } from "./evaluation-point.ts";
import { eventsInside, latestEvent } from "./event-selection.ts";
import type { Lookup } from "./expression-nodes.ts";
import { type MetricParts, missingReasons } from "./metric-parts.ts";
import type { EventTrace } from "./trace.ts";
import { chooseWindow } from "./window-choice.ts";

/** Events counted; with `alike`, the most that share a value of the field. */
export function traceCount(metric: Extract<Metric, { kind: "count" }>, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const window = chooseWindow(metric.over, point, lookup);
  if (window === undefined) return { missing: missingReasons.window };
  const counted = eventsInside(metric, window.span, point, lookup);
  const { alike: field } = metric;
  const parts = { window: window.trace, events: counted.map((event) => traceEvent(event, field)) };
  if (field === undefined) return { ...parts, value: counted.length };
  const values = differentValues(counted, field).sort();
  const sizes = values.map((value) => counted.filter((event) => event.fields[field] === value).length);
  const most = Math.max(0, ...sizes);
  const value = values[sizes.indexOf(most)];
  return { ...parts, alike: { field, ...(value === undefined ? {} : { value }) }, value: most };
}

/** How many different values of a field events carry. */
export function traceDistinct(metric: Extract<Metric, { kind: "distinct" }>, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const window = chooseWindow(metric.over, point, lookup);
  if (window === undefined) return { missing: missingReasons.window };
  const counted = eventsInside(metric, window.span, point, lookup);
  const values = differentValues(counted, metric.field);
  const events = counted.map((event) => traceEvent(event, metric.field));
  return { window: window.trace, events, distinct: { field: metric.field, values }, value: values.length };
}

/** Days since a day attribute, or since the latest event of a kind was known. */
export function traceSince(from: string, point: EvaluationPoint): MetricParts {
  const { schema, history, rowIndex, on } = point;
  if (findAttribute(schema, from)?.type === "day") {
    const day = present(history.rows[rowIndex], "row").attributes[from];
    if (typeof day !== "number") return { missing: "the date is not known" };
    if (day > on) return { missing: "the date is not reached" };
    return { window: { from: formatDay(day), to: formatDay(on), periods: 0 }, value: on - day };
  }
  const latest = latestEvent(from, point);
  if (latest === undefined) return { missing: "there was none" };
  const window = { from: formatDay(latest.knownDay), to: formatDay(on), periods: 0 };
  return { window, events: [traceEvent(latest)], value: on - latest.knownDay };
}

function traceEvent({ id, day, knownDay, fields }: NumberedEvent, field?: string): EventTrace {
  const value = field === undefined ? undefined : fields[field];
  return { id, day: formatDay(day), knownOn: formatDay(knownDay), ...(value === undefined ? {} : { value }) };
}

/** In order of first appearance; an event without the field has none. */
function differentValues(events: readonly NumberedEvent[], field: string): string[] {
  return [...new Set(events.map(({ fields }) => fields[field] ?? ""))].filter((value) => value !== "");
}
