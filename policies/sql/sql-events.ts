/** What a policy reads of events -> SQL: an entity's events stand beside each of its rows as one list of records. */
import type { Day } from "../../data/foundation/index.ts";
import { eventFieldNames, type PanelSchema } from "../../data/panel/index.ts";
import { type Expression, type Metric, namesRead, type Policy } from "../language/index.ts";
import {
  all,
  binary,
  call,
  cast,
  choose,
  column,
  field,
  integer,
  isKnown,
  nothing,
  parameter,
  type SqlExpression,
  type SqlField,
  type SqlSelect,
  variable,
} from "./nodes.ts";
import { eventFieldColumn } from "./panel-tables.ts";

/** The column with the list. */
export const eventsColumn = "events so far and to come";

const known = "known_day";

/** Kinds of events that the policy reads anywhere, in code unit order; none: the table `events` is not touched. */
export function kindsRead({ metrics, ledgers, tiers }: Policy, schema: PanelSchema): readonly string[] {
  const kinds = new Set(schema.events.map(({ name }) => name));
  const read = [
    ...metrics.flatMap((metric) => ("event" in metric ? [metric.event] : metric.kind === "since" ? [metric.from] : [])),
    ...ledgers.flatMap(({ lines, takeBack }) => [
      ...lines.flatMap((line) => (line.kind === "event" ? [line.event] : [])),
      ...(takeBack === undefined ? [] : [takeBack.event, takeBack.of]),
    ]),
    ...tiers.flatMap(({ shorten }) => (shorten === undefined ? [] : [shorten.event])),
  ];
  return [...new Set(read)].filter((kind) => kinds.has(kind)).sort();
}

/**
 * The events of those kinds, one row an entity: `event entity` and the list, in the order in which they were known, with the fields that
 * are read.
 */
export function gatheredEvents(
  { kinds, read, shard }: { readonly kinds: readonly string[]; readonly read: ReadonlySet<string>; readonly shard?: number | undefined },
  schema: PanelSchema,
): SqlSelect {
  const text = (name: string): SqlField => ({ name, type: "VARCHAR", value: column(name, "events") });
  const carried: readonly SqlField[] = [
    text("kind"),
    text("id"),
    { name: known, type: "INTEGER", value: column(known, "events") },
    { name: "number", type: "INTEGER", value: column("number", "events") },
    { name: "points", type: "DOUBLE", value: column("points", "events") },
    ...eventFieldNames(schema).map((name) => text(eventFieldColumn(name))),
  ];
  const fields = carried.filter(({ name }) => read.has(name));
  return {
    kind: "select",
    everything: false,
    columns: [
      { as: "event entity", expression: column("entity", "events") },
      { as: eventsColumn, expression: { kind: "gather", record: { kind: "record", fields }, order: column("position", "events") } },
    ],
    source: { from: "events", as: "events" },
    where: all(
      { kind: "in", operand: column("kind", "events"), values: kinds.map(parameter) },
      ...(shard === undefined ? [] : [binary(column("shard", "events"), "=", integer(shard))]),
    ),
    groupBy: [1],
  };
}

/** Which events: of a kind, known within days (both ends inside; absent: from the first on), and for which more holds. */
export interface EventChoice {
  readonly kind: string;
  readonly from?: SqlExpression;
  readonly to: SqlExpression;
  readonly holds?: (event: SqlExpression) => SqlExpression;
}

/** The list of the chosen events. Missing where the entity has none at all. `item`: what an event is called meanwhile. */
export function chosenEvents({ kind, from, to, holds }: EventChoice, item = "event"): SqlExpression {
  const event = variable(item);
  return {
    kind: "filter",
    list: column(eventsColumn),
    item,
    body: all(
      binary(field(event, "kind"), "=", parameter(kind)),
      ...(from === undefined ? [] : [binary(field(event, known), ">=", from)]),
      binary(field(event, known), "<=", to),
      ...(holds === undefined ? [] : [holds(event)]),
    ),
  };
}

/** How many items a list has; 0 for a missing one. */
export function lengthOf(list: SqlExpression): SqlExpression {
  return call("coalesce", call("list length", list), integer(0));
}

/** One value of each event of a list. */
export function eachEvent(list: SqlExpression, name: string): SqlExpression {
  return { kind: "transform", list, item: "each", body: field(variable("each"), name) };
}

/** The days on which the events of a list were known. */
export function knownDays(list: SqlExpression): SqlExpression {
  return eachEvent(list, known);
}

/** A name of the event at hand in an expression. */
export function eventReference(name: string, event: SqlExpression): SqlExpression {
  if (name === "points") return field(event, "points");
  if (name === "number") return cast(field(event, "number"), "DOUBLE");
  return field(event, eventFieldColumn(name));
}

/** Whether an expression reads nothing but the event at hand and parameters. */
export function readsOnlyEvents(expression: Expression): boolean {
  return namesRead(expression, "metric", "score", "condition", "ledger", "attribute", "today", "measure").length === 0;
}

/** The last day that the evaluation of a row sees, and the last that the one before it saw: a day of long ago when there was none. */
export const seenTo = column("last day");
export const seenBefore = call("coalesce", column("seen before"), integer(-10_000_000 satisfies Day));

/** Which days a metric's window holds. */
export interface DaysRead {
  readonly from: SqlExpression;
  readonly to: SqlExpression;
}

/** Events counted, or their different values of a field. Events that nobody could know yet at the evaluation are left out. */
export function sqlEventMetric(
  metric: Extract<Metric, { kind: "count" | "distinct" }>,
  { from, to }: DaysRead,
  where: ((event: SqlExpression) => SqlExpression) | undefined,
): SqlExpression {
  const chosen = (holds?: (event: SqlExpression) => SqlExpression): SqlExpression =>
    chosenEvents({ kind: metric.event, from, to: call("least", to, seenTo), ...(holds === undefined ? {} : { holds }) });
  if (metric.kind === "count") return whenEvaluated(lengthOf(chosen(where)));
  const { field: name } = metric;
  const hasField = (event: SqlExpression) =>
    all(isKnown(field(event, eventFieldColumn(name))), ...(where === undefined ? [] : [where(event)]));
  return whenEvaluated(lengthOf(call("list distinct", eachEvent(chosen(hasField), eventFieldColumn(name)))));
}

/** Days since the latest event of a kind was known. */
export function sqlSinceEvent(kind: string): SqlExpression {
  const latest = call("list max", knownDays(chosenEvents({ kind, to: seenTo })));
  return whenEvaluated(binary(column("on day"), "-", latest));
}

function whenEvaluated(value: SqlExpression): SqlExpression {
  return choose([[isKnown(column("on day")), cast(value, "DOUBLE")]], nothing);
}

/** Whether an event of a list's kind was taken back by one that is seen. */
export function isTakenBack(takeBack: { readonly event: string }, event: SqlExpression): SqlExpression {
  const about = (back: SqlExpression) => binary(field(back, eventFieldColumn("about")), "=", field(event, "id"));
  return binary(lengthOf(chosenEvents({ kind: takeBack.event, to: seenTo, holds: about }, "back")), ">", integer(0));
}
