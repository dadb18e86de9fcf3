/** Labels of a warehouse's own tables, as an import reads them: rows of table `outcomes`, and how many there are. */
import type { OutcomeFile } from "../../data/datasets/index.ts";
import { type DialectName, dialects } from "./dialects.ts";
import {
  all,
  binary,
  call,
  cast,
  choose,
  column,
  integer,
  named,
  over,
  parameter,
  type SqlExpression,
  type SqlSelect,
  type SqlText,
} from "./nodes.ts";
import { keyOf, own, ownSource, textOf } from "./own-columns.ts";
import { inOne, isRead, keysIn, readRows } from "./own-panel.ts";
import { type KeyRange, noRows, type OwnTables } from "./own-tables.ts";
import { outcomeTableColumns } from "./panel-tables.ts";
import { printSql } from "./print-sql.ts";

/** The words of an outcome, and what table `outcomes` has for each. */
export const outcomeWords = [
  ["harmful", 1],
  ["fine", 0],
  ["pending", -1],
] as const;

/** Step `outcomes` of a statement. */
export function outcomesQuery(tables: OwnTables, shard: number, range: KeyRange): SqlSelect {
  if (tables.outcomes.length === 0) return noRows(tables, outcomeTableColumns);
  const order = ["day", "source", "known_day"].map((name) => column(name));
  return {
    kind: "select",
    everything: true,
    columns: [named("shard", integer(shard)), named("position", cast(over(call("row_number"), [column("entity")], order), "INTEGER"))],
    source: { from: labelRows(tables, range), as: "rows" },
  };
}

/** Every label that is read: entity, source, day, known_day, harmful. */
export function labelRows(tables: OwnTables, range: KeyRange): SqlSelect {
  return inOne(
    tables.outcomes.map((file): SqlSelect => {
      const word = textOf(own(file.outcome));
      return {
        kind: "select",
        everything: false,
        columns: [
          named("entity", keyOf(file)),
          named("source", textOf(own(file.source))),
          named("day", call("day number", own(file.date))),
          named("known_day", knownDay(file, tables)),
          named(
            "harmful",
            cast(
              choose(
                outcomeWords.map(([said, code]) => [binary(word, "=", parameter(said)), integer(code)]),
                integer(-1),
              ),
              "INTEGER",
            ),
          ),
        ],
        source: ownSource(file),
        where: all(isRead(file, tables), ...keysIn(file, range)),
      };
    }),
  );
}

/** Its own; else the day that it is about and its source's horizon and lag. */
function knownDay(file: OutcomeFile, { sources }: OwnTables): SqlExpression {
  if (file.known !== undefined) return call("day number", own(file.known));
  const delays = sources.map(({ name, horizonDays, lagDays }) => {
    return [binary(textOf(own(file.source)), "=", parameter(name)), integer(horizonDays + lagDays)] as const;
  });
  const day = call("day number", own(file.date));
  return delays.length === 0 ? day : binary(day, "+", choose(delays, integer(0)));
}

/** How many decided labels of entities in the history were known by the pin, a row a source and day: source, day, labels. There must be a table of labels. */
export function labelCountsInSql(tables: OwnTables, dialect: DialectName): SqlText {
  const seen = tables.histories.flatMap(({ files }) =>
    files.map((file): SqlSelect => ({ ...readRows(tables, { files: [file] }, {}), columns: [named("whose", keyOf(file))] })),
  );
  const entities: SqlSelect = {
    kind: "select",
    everything: false,
    columns: [named("whose", column("whose"))],
    source: { from: inOne(seen), as: "seen" },
    groupBy: [1],
  };
  const result: SqlSelect = {
    kind: "select",
    everything: false,
    columns: [named("source", column("source")), named("day", column("day")), named("labels", call("count", integer(1)))],
    source: { from: labelRows(tables, {}), as: "rows" },
    joins: [{ source: { from: entities, as: "there" }, outer: false, on: binary(column("whose", "there"), "=", column("entity", "rows")) }],
    where: all(binary(column("harmful"), ">=", integer(0)), binary(column("known_day"), "<=", integer(tables.knownAt))),
    groupBy: [1, 2],
  };
  return printSql({ steps: [], result }, dialects[dialect]);
}
