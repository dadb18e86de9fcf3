/** A warehouse's own tables, read as the tables `panel`, `events` and `outcomes` of a policy's SQL: queries in their place. */
import { present } from "../../data/foundation/index.ts";
import { eventFieldNames } from "../../data/panel/index.ts";
import { type DialectName, dialects } from "./dialects.ts";
import {
  all,
  call,
  cast,
  column,
  integer,
  named,
  nothing,
  over,
  parameter,
  type SqlSelect,
  type SqlStatement,
  type SqlText,
} from "./nodes.ts";
import { keyOf, own, ownSource, textOf } from "./own-columns.ts";
import { outcomesQuery } from "./own-outcomes.ts";
import { inOne, isRead, keysIn, panelSteps, readRows } from "./own-panel.ts";
import { type KeyRange, noRows, type OwnTables } from "./own-tables.ts";
import { eventFieldColumn, eventTableColumns } from "./panel-tables.ts";
import { printSql, printSteps } from "./print-sql.ts";

/** Steps `panel`, `events` and `outcomes` of a statement, and those that they are made of; each row has the shard that is asked for. */
export function ownSteps(tables: OwnTables, shard = 0, range: KeyRange = {}): SqlStatement["steps"] {
  return [
    ...panelSteps(tables, shard, range),
    { name: "events", query: eventsQuery(tables, shard, range) },
    { name: "outcomes", query: outcomesQuery(tables, shard, range) },
  ];
}

/** What stands before a statement over `panel`, `events` and `outcomes`. */
export function ownTablesInSql(tables: OwnTables, dialect: DialectName): SqlText {
  return printSteps(ownSteps(tables), dialects[dialect]);
}

/** The periods in which each history delivered anything, each once, and for whom where it says so: history (its position), period, feed (or nothing). */
export function deliveriesInSql(tables: OwnTables, dialect: DialectName): SqlText {
  const queries = tables.histories.flatMap(({ files }, history) =>
    files.map((file): SqlSelect => {
      const feed = file.holds === "snapshots" && file.feed !== undefined ? textOf(own(file.feed)) : parameter("");
      const rows = readRows(tables, { files: [file] }, {});
      const period = present(
        rows.columns.find(({ as }) => as === "period"),
        "a period",
      );
      return { ...rows, columns: [named("history", integer(history)), period, named("feed", call("coalesce", feed, parameter("")))] };
    }),
  );
  const result: SqlSelect = {
    kind: "select",
    everything: false,
    columns: ["history", "period", "feed"].map((name) => named(name, column(name))),
    source: { from: inOne(queries), as: "delivered" },
    groupBy: [1, 2, 3],
  };
  return printSql({ steps: [], result }, dialects[dialect]);
}

function eventsQuery(tables: OwnTables, shard: number, range: KeyRange): SqlSelect {
  const { events } = tables;
  if (events.length === 0) return noRows(tables, eventTableColumns({ events: [] }));
  const names = eventFieldNames({ events: events.flatMap(({ kinds }) => kinds) });
  const rows = events.map((file): SqlSelect => {
    const fields = names.map((name) => {
      const field = file.fields.find((each) => each.name === name);
      return named(eventFieldColumn(name), field === undefined ? cast(nothing, "VARCHAR") : textOf(own(field)));
    });
    return {
      kind: "select",
      everything: false,
      columns: [
        named("entity", keyOf(file)),
        named("kind", textOf(own(file.kind))),
        named("id", textOf(own(file.id))),
        named("known_day", call("day number", own(file.known ?? file.date))),
        named("points", cast(file.points === undefined ? nothing : own(file.points), "DOUBLE")),
        ...fields,
      ],
      source: ownSource(file),
      where: all(isRead(file, tables), ...keysIn(file, range)),
    };
  });
  const order = [column("known_day"), column("id")];
  const place = (...within: readonly string[]) =>
    cast(
      over(
        call("row_number"),
        within.map((name) => column(name)),
        order,
      ),
      "INTEGER",
    );
  return {
    kind: "select",
    everything: true,
    columns: [named("shard", integer(shard)), named("position", place("entity")), named("number", place("entity", "kind"))],
    source: { from: inOne(rows), as: "rows" },
  };
}
