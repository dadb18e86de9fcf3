/** Tables that a warehouse has of its own, read as the tables `panel` and `events` of a policy's SQL: queries in their place. */
import type { ColumnRole, DatasetDescriptor, EntityFile, EventFile, PanelFile } from "../../data/datasets/index.ts";
import { type Grain, type PeriodIndex, periodOf, unreachable } from "../../data/foundation/index.ts";
import { type DialectName, dialects } from "./dialects.ts";
import {
  all,
  any,
  binary,
  call,
  cast,
  choose,
  column,
  integer,
  isKnown,
  isNull,
  named,
  nothing,
  parameter,
  type SqlColumn,
  type SqlExpression,
  type SqlSelect,
  type SqlStatement,
  type SqlText,
} from "./nodes.ts";
import { attributeColumn, eventFieldColumn, measureColumn } from "./panel-tables.ts";
import { printSql, printSteps } from "./print-sql.ts";

/** The tables, by what they hold; each name is that of a table, with its schema and catalogue before it where it needs them. */
export interface OwnTables {
  readonly panel: PanelFile;
  readonly entities?: EntityFile;
  readonly events?: EventFile;
  readonly grain: Grain;
  /** The last period of which something was known: what begins later is not read. */
  readonly lastPeriod: PeriodIndex;
  readonly knownAt: number;
}

/** Keys of one shard, of the lowest (absent: from the first on) up to where the next begins (absent: to the last). */
export interface KeyRange {
  readonly from?: string;
  readonly before?: string;
}

/** Between the columns of a key that has several. */
const keySeparator = "\u001f";

/** The tables of a descriptor. Files that it may not have are those that `ownFaults` refuses. */
export function ownTablesOf({ files, grain, knownAt }: DatasetDescriptor): OwnTables | undefined {
  const panel = files.find((file) => file.holds === "panel");
  const entities = files.find((file) => file.holds === "entities");
  const events = files.find((file) => file.holds === "events");
  if (panel === undefined) return undefined;
  return {
    panel,
    ...(entities === undefined ? {} : { entities }),
    ...(events === undefined ? {} : { events }),
    grain,
    lastPeriod: periodOf(grain, knownAt),
    knownAt,
  };
}

/** Steps `panel` and `events` of a statement; each row has the shard that is asked for. */
export function ownSteps(tables: OwnTables, shard = 0, range: KeyRange = {}): SqlStatement["steps"] {
  return [
    { name: "panel", query: panelQuery(tables, shard, range) },
    { name: "events", query: eventsQuery(tables, shard, range) },
  ];
}

/** What stands before a statement over `panel` and `events`. */
export function ownTablesInSql(tables: OwnTables, dialect: DialectName): SqlText {
  return printSteps(ownSteps(tables), dialects[dialect]);
}

/** The names of a table, the last its own. */
export function tableNames(table: string): readonly string[] {
  return table.split(".");
}

function panelQuery(tables: OwnTables, shard: number, range: KeyRange): SqlSelect {
  const { panel, entities, grain, lastPeriod } = tables;
  const period = periodIn(grain, column(panel.date.column, "own"));
  const joined = entities === undefined ? [] : [{ source: sourceOf(entities, "each"), outer: true, on: sameKey(panel, entities) }];
  return {
    kind: "select",
    everything: false,
    columns: [
      named("shard", integer(shard)),
      named("entity", keyIn(panel, "own")),
      named("period", period),
      ...panel.columns.flatMap((each) => columnsOf(each, "own")),
      ...(entities?.columns ?? []).flatMap((each) => columnsOf(each, "each")),
    ],
    source: sourceOf(panel, "own"),
    joins: joined,
    // What has no period is read, and found to have none.
    where: all(
      any(isNull(column(panel.date.column, "own")), binary(period, "<=", integer(lastPeriod))),
      ...keysIn(keyIn(panel, "own"), range),
    ),
  };
}

function columnsOf(role: ColumnRole, table: string): readonly SqlColumn[] {
  const value = column(role.column, table);
  if (role.kind === "measure") {
    const { kind, name, decimals } = role.measure;
    const stored = storedIn(value, decimals);
    return [named(measureColumn(name), kind === "flow" ? call("coalesce", stored, integer(0)) : stored)];
  }
  if (role.kind === "assigned_tier") return [];
  return [named(attributeColumn(role.name), attributeIn(role.type, value))];
}

function attributeIn(type: "text" | "day" | "number", value: SqlExpression): SqlExpression {
  switch (type) {
    case "text":
      return textIn(value);
    case "day":
      return call("day number", value);
    case "number":
      return cast(value, "DOUBLE");
    default:
      return unreachable(type);
  }
}

function textIn(value: SqlExpression): SqlExpression {
  return call("nullif", cast(value, "VARCHAR"), parameter(""));
}

/** In smallest units: the nearest whole number, which `isUnfit` holds against the value. */
function storedIn(value: SqlExpression, decimals: number): SqlExpression {
  const doubled = binary(binary(cast(value, "DOUBLE"), "*", integer(2 * 10 ** decimals)), "+", integer(1));
  return cast(call("floor", binary(doubled, "/", cast(integer(2), "DOUBLE"))), "BIGINT");
}

/** Whether a value has more decimals than it may. A whole number below 2^53 over a power of ten is the double nearest to that decimal. */
function isUnfit(value: SqlExpression, decimals: number): SqlExpression {
  const again = binary(cast(storedIn(value, decimals), "DOUBLE"), "/", cast(integer(10 ** decimals), "DOUBLE"));
  return all(isKnown(value), binary(again, "<>", cast(value, "DOUBLE")));
}

function eventsQuery({ panel, events, knownAt }: OwnTables, shard: number, range: KeyRange): SqlSelect {
  if (events === undefined) return noEvents(panel);
  const known = call("day number", column((events.known ?? events.date).column, "own"));
  const rows: SqlSelect = {
    kind: "select",
    everything: false,
    columns: [
      named("entity", keyIn(events, "own")),
      named("kind", cast(column(events.kind.column, "own"), "VARCHAR")),
      named("id", cast(column(events.id.column, "own"), "VARCHAR")),
      named("known_day", known),
      named("points", events.points === undefined ? cast(nothing, "DOUBLE") : cast(column(events.points.column, "own"), "DOUBLE")),
      ...events.fields.map(({ name, column: from }) => named(eventFieldColumn(name), textIn(column(from, "own")))),
    ],
    source: sourceOf(events, "own"),
    where: all(any(isNull(known), binary(known, "<=", integer(knownAt))), ...keysIn(keyIn(events, "own"), range)),
  };
  const order = [column("known_day"), column("id")];
  return {
    kind: "select",
    everything: true,
    columns: [
      named("shard", integer(shard)),
      named("position", { kind: "numbered", within: [column("entity")], order }),
      named("number", { kind: "numbered", within: [column("entity"), column("kind")], order }),
    ],
    source: { from: rows, as: "rows" },
  };
}

/** A table of no row, with the columns that every events table has. */
function noEvents(panel: PanelFile): SqlSelect {
  const text = (name: string) => named(name, cast(nothing, "VARCHAR"));
  const whole = (name: string) => named(name, cast(nothing, "INTEGER"));
  return {
    kind: "select",
    everything: false,
    columns: [
      ...["entity", "kind", "id"].map(text),
      ...["shard", "known_day", "position", "number"].map(whole),
      named("points", cast(nothing, "DOUBLE")),
    ],
    source: sourceOf(panel, "own"),
    where: binary(integer(1), "=", integer(0)),
  };
}

/** A statement that counts all rows, and for each measure and attribute of the panel's table its values with more decimals than declared, or none. */
export function unfitValuesInSql({ panel }: OwnTables, dialect: DialectName): SqlText {
  const counted = (claim: SqlExpression) => call("count", choose([[claim, integer(1)]], nothing));
  const counts = panel.columns.flatMap((role) => {
    if (role.kind === "measure") return [counted(isUnfit(column(role.column, "own"), role.measure.decimals))];
    return role.kind === "attribute" ? [counted(isNull(column(role.column, "own")))] : [];
  });
  const columns = [call("count", integer(1)), ...counts].map((count, index) => named(`count ${index}`, count));
  return printSql({ steps: [], result: { kind: "select", everything: false, columns, source: sourceOf(panel, "own") } }, dialects[dialect]);
}

function sourceOf({ path }: { readonly path: string }, as: string): SqlSelect["source"] {
  return { from: tableNames(path), as };
}

interface Keyed {
  readonly key: readonly { readonly column: string }[];
}

function keyIn({ key }: Keyed, table: string): SqlExpression {
  const parts = key.map((each) => cast(column(each.column, table), "VARCHAR"));
  return parts.reduce((before, part) => binary(binary(before, "||", parameter(keySeparator)), "||", part));
}

function sameKey(own: Keyed, each: Keyed): SqlExpression {
  return binary(keyIn(own, "own"), "=", keyIn(each, "each"));
}

function keysIn(key: SqlExpression, { from, before }: KeyRange): readonly SqlExpression[] {
  return [
    ...(from === undefined ? [] : [binary(key, ">=", parameter(from))]),
    ...(before === undefined ? [] : [binary(key, "<", parameter(before))]),
  ];
}

/** Whole division is that of numbers of 0 or more: weeks are counted from long before 1970. */
const weeksBefore = 10_000;

function periodIn(grain: Grain, date: SqlExpression): SqlExpression {
  switch (grain) {
    case "day":
      return call("day number", date);
    case "week": {
      const days = binary(call("day number", date), "+", integer(3 + 7 * weeksBefore));
      return binary(cast(binary(days, "div", integer(7)), "INTEGER"), "-", integer(weeksBefore));
    }
    case "month": {
      const months = binary(binary(call("year", date), "*", integer(12)), "+", call("month", date));
      return cast(binary(months, "-", integer(1)), "INTEGER");
    }
    default:
      return unreachable(grain);
  }
}
