/**
 * Rows that a warehouse's tables have, as rows of table `panel`: of corrections the one that is known last, of snapshots the one that the rule
 * picks, tables put beside each other, and a row for every period from an entity's first to its last. A gap has flows of 0, levels as long as
 * they are carried, and the attributes stated last.
 */
import type { DatedTable } from "../../data/datasets/index.ts";
import { present } from "../../data/foundation/index.ts";
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
  negative,
  never,
  nothing,
  over,
  overRows,
  parameter,
  type SqlColumn,
  type SqlExpression,
  type SqlJoin,
  type SqlNumbers,
  type SqlSelect,
  type SqlStatement,
} from "./nodes.ts";
import { type KeyedFile, keyOf, type OwnColumn, own, ownColumns, ownSource, periodEndIn, periodIn, selected } from "./own-columns.ts";
import type { KeyRange, OwnTables } from "./own-tables.ts";

/** Steps of which the last is called `panel`. Windows are over the rows of an entity, which therefore meet once. */
export function panelSteps(tables: OwnTables, shard: number, range: KeyRange): SqlStatement["steps"] {
  const columns = tables.histories.flatMap(columnsOf);
  return [
    ...(tables.absences.length === 0 ? [] : [{ name: "own absences", query: absentPeriods(tables) }]),
    { name: "own rows", query: keptRows(tables, columns, range) },
    { name: "own spans", query: rowsWithPeriods(tables) },
    {
      name: "own periods",
      query: {
        kind: "unnest",
        from: "own spans",
        keep: ["entity", "period", ...columns.flatMap(kept).map(({ as }) => as), ...sourcesOf(tables).map(({ as }) => as)],
        fieldsThere: [],
        fields: [],
        beside: [{ list: "periods", as: "at" }],
      },
    },
    { name: "panel", query: panelRows(tables, columns, shard) },
  ];
}

/** The columns of a table, which are those of each of its parts. */
function columnsOf({ files }: DatedTable): readonly OwnColumn[] {
  return ownColumns(present(files[0], "a part"));
}

/** Each period in which some table delivered nothing, with the period in which each that is absent delivers again: the one after all where it never does. */
function absentPeriods({ absences }: OwnTables): SqlNumbers {
  const rows = new Map<number, (number | undefined)[]>();
  for (const [index, runs] of absences.entries())
    for (const { from, to } of runs)
      for (let period = from; period <= to; period++) {
        const row = rows.get(period) ?? [period, ...absences.map(() => undefined)];
        row[index + 1] = to + 1;
        rows.set(period, row);
      }
  return { kind: "numbers", names: ["absent period", ...absences.map((_, index) => afterColumn(index))], rows: [...rows.values()] };
}

function afterColumn(index: number): string {
  return `back ${index}`;
}

/** What a period is looked up by among the absences; nothing where there are none. */
function withAbsences({ absences }: OwnTables, period: SqlExpression): readonly SqlJoin[] {
  const on = binary(column("absent period", "absent"), "=", period);
  return absences.length === 0 ? [] : [{ source: { from: "own absences", as: "absent" }, outer: true, on }];
}

/** Each reported row, with the entity's next, and what it keeps for the periods up to there. */
function keptRows(tables: OwnTables, columns: readonly OwnColumn[], range: KeyRange): SqlSelect {
  return {
    kind: "select",
    everything: false,
    columns: [
      named("entity", column("entity")),
      named("period", column("period")),
      ...columns.flatMap(kept),
      ...sourcesOf(tables),
      named("next", over(call("lead", column("period")), [column("entity")], [column("period")])),
    ],
    source: { from: reportedRows(tables, range), as: "rows" },
  };
}

/** With the periods for which it stands: up to the next, or to where its entity leaves. */
function rowsWithPeriods(tables: OwnTables): SqlSelect {
  const last = binary(call("coalesce", column("next"), leavesAt(tables)), "-", integer(1));
  return {
    kind: "select",
    everything: true,
    columns: [named("periods", call("sequence", column("period"), last))],
    source: { from: "own rows", as: "rows" },
    joins: withAbsences(tables, binary(column("period", "rows"), "+", integer(1))),
  };
}

const soFar = { unit: "ROWS", from: "unbounded" } as const;

/** What a row keeps of a column for the periods for which it stands. */
function kept({ as, role }: OwnColumn): readonly SqlColumn[] {
  const value = column(as);
  const lastKnown = (of: SqlExpression) => overRows(call("last known", of), soFar);
  if (role.kind === "attribute") return [named(as, lastKnown(value))];
  if (carriedPeriods(role) === 0) return [named(as, value)];
  return [named(as, lastKnown(value)), named(sinceColumn(as), lastKnown(choose([[isKnown(value), column("period")]], nothing)))];
}

function carriedPeriods(role: OwnColumn["role"]): number {
  return role.kind === "measure" && role.measure.kind === "level" ? (role.measure.carryPeriods ?? 0) : 0;
}

/** The period in which a level was stated that is carried. */
function sinceColumn(name: string): string {
  return `since ${name}`;
}

/** One for each table where there are several: whether the entity has any row in it. */
function sourcesOf({ histories, absences }: OwnTables): readonly SqlColumn[] {
  if (histories.length === 1 || absences.length === 0) return [];
  return histories.map((_, index) => named(sourceColumn(index), over(call("max", column(sourceColumn(index))), [column("entity")])));
}

function sourceColumn(index: number): string {
  return `in table ${index}`;
}

/** The period after the last one of an entity whose last row is at hand: it has not left as long as none of its tables delivers anything. */
function leavesAt(tables: OwnTables): SqlExpression {
  const { histories, absences } = tables;
  const next = binary(column("period"), "+", integer(1));
  const [only, ...others] = absences.map((_, index) => call("coalesce", column(afterColumn(index)), next));
  if (only === undefined) return next;
  if (histories.length === 1) return only;
  const afterAll = integer(tables.lastPeriod + 1);
  return call("least", ...[only, ...others].map((after, index) => choose([[isKnown(column(sourceColumn(index))), after]], afterAll)));
}

/** One row an entity and period that any table reports. */
function reportedRows(tables: OwnTables, range: KeyRange): SqlSelect {
  const { histories } = tables;
  const [only, ...others] = histories;
  if (others.length === 0) return chosenRows(tables, present(only, "a table"), range);
  const flags = histories.map((_, index) => index);
  const queries = histories.map((table, at): SqlSelect => {
    const columns = histories.flatMap((each) =>
      columnsOf(each).map(({ as, type }) => named(as, each === table ? column(as) : cast(nothing, type))),
    );
    const sources = flags.map((index) => named(sourceColumn(index), index === at ? integer(1) : cast(nothing, "INTEGER")));
    return {
      kind: "select",
      everything: false,
      columns: [named("entity", column("entity")), named("period", column("period")), ...columns, ...sources],
      source: { from: chosenRows(tables, table, range), as: "rows" },
    };
  });
  const names = [...histories.flatMap((table) => columnsOf(table).map(({ as }) => as)), ...flags.map(sourceColumn)];
  return {
    kind: "select",
    everything: false,
    columns: [
      named("entity", column("entity")),
      named("period", column("period")),
      ...names.map((name) => named(name, call("max", column(name)))),
    ],
    source: { from: { kind: "union", queries }, as: "tables" },
    groupBy: [1, 2],
  };
}

/** Of several rows of one entity and period the one that the table's rule picks, whole. */
function chosenRows(tables: OwnTables, table: DatedTable, range: KeyRange): SqlSelect {
  const { choice } = table;
  const all = readRows(tables, table, range);
  if (choice === undefined) return all;
  const known = column("known");
  const order = [column("period"), choice === "last" ? known : negative(known)];
  const next = over(call("lead", column("period")), [column("entity")], order);
  const names = ["entity", "period", ...columnsOf(table).map(({ as }) => as)];
  return {
    kind: "select",
    everything: false,
    columns: names.map((name) => named(name, column(name))),
    source: {
      from: { kind: "select", everything: true, columns: [named("next", next)], source: { from: all, as: "rows" } },
      as: "rows",
    },
    where: any(isNull(column("next")), binary(column("next"), "<>", column("period"))),
  };
}

/** All rows of a table that are read: entity, period, where one of several is picked the day on which it was known, and its columns. */
export function readRows(tables: OwnTables, { files, choice }: DatedTable, range: KeyRange): SqlSelect {
  const queries = files.map((file): SqlSelect => {
    const known = choice === undefined ? [] : [named("known", knownDay(file, tables))];
    return {
      kind: "select",
      everything: false,
      columns: [
        named("entity", keyOf(file)),
        named("period", periodIn(tables.grain, own(file.date))),
        ...known,
        ...selected(ownColumns(file)),
      ],
      source: ownSource(file),
      where: all(isRead(file, tables), ...keysIn(file, range)),
    };
  });
  return inOne(queries);
}

/** The rows of all queries. */
export function inOne(queries: readonly SqlSelect[]): SqlSelect {
  const [only, ...others] = queries;
  if (only !== undefined && others.length === 0) return only;
  return { kind: "select", everything: true, columns: [], source: { from: { kind: "union", queries }, as: "parts" } };
}

function knownDay(file: DatedTable["files"][number], { grain }: OwnTables): SqlExpression {
  if (file.holds === "snapshots") return call("day number", own(file.date));
  return file.known === undefined ? periodEndIn(grain, own(file.date)) : call("day number", own(file.known));
}

/** Whether a row was known on the known-at day, and is about a period that had begun. */
export function isRead(file: KeyedFile, { grain, lastPeriod, knownAt }: OwnTables): SqlExpression {
  const byThen = (day: SqlExpression) => binary(call("day number", day), "<=", integer(knownAt));
  if (file.holds === "entities") return all();
  if (file.holds === "snapshots") return byThen(own(file.date));
  if (file.holds === "events" || file.holds === "outcomes") return byThen(own(file.known ?? file.date));
  const begun = binary(periodIn(grain, own(file.date)), "<=", integer(lastPeriod));
  return file.known === undefined ? begun : all(begun, byThen(own(file.known)));
}

/** Whether a row is of the keys that are asked for. */
export function keysIn(file: KeyedFile, { from, before }: KeyRange): readonly SqlExpression[] {
  const key = keyOf(file);
  return [
    ...(from === undefined ? [] : [binary(key, ">=", parameter(from))]),
    ...(before === undefined ? [] : [binary(key, "<", parameter(before))]),
  ];
}

/** A row a period, with the fixed attributes of its entity. */
function panelRows(tables: OwnTables, columns: readonly OwnColumn[], shard: number): SqlSelect {
  const at = column("at", "rows");
  const absent = withAbsences(tables, at);
  const isReported = binary(at, "=", column("period", "rows"));
  const joins = tables.entities.map((files, index) => {
    const described = files.map(
      (file): SqlSelect => ({
        kind: "select",
        everything: false,
        columns: [named("key", keyOf(file)), ...selected(ownColumns(file))],
        source: ownSource(file),
      }),
    );
    const as = `described ${index}`;
    return { source: { from: inOne(described), as }, outer: true, on: binary(column("entity", "rows"), "=", column("key", as)) };
  });
  const fixed = tables.entities.flatMap((files, index) =>
    ownColumns(present(files[0], "a part")).map(({ as }) => named(as, column(as, `described ${index}`))),
  );
  return {
    kind: "select",
    everything: false,
    columns: [
      named("shard", integer(shard)),
      named("entity", column("entity", "rows")),
      named("period", cast(at, "INTEGER")),
      named(
        "reported",
        choose(
          [
            [isReported, integer(1)],
            [isAbsent(tables), integer(2)],
          ],
          integer(0),
        ),
      ),
      ...columns.map((each) => named(each.as, valueAt(each, at, isReported))),
      ...fixed,
    ],
    source: { from: "own periods", as: "rows" },
    joins: [...absent, ...joins],
  };
}

/** Whether no table of the entity delivered anything in the period. */
function isAbsent({ histories, absences }: OwnTables): SqlExpression {
  const gone = absences.map((_, index) => isKnown(column(afterColumn(index), "absent")));
  if (gone.length === 0) return never;
  if (histories.length === 1) return all(...gone);
  return all(...gone.map((claim, index) => any(isNull(column(sourceColumn(index), "rows")), claim)));
}

function valueAt({ as, role }: OwnColumn, at: SqlExpression, isReported: SqlExpression): SqlExpression {
  const value = column(as, "rows");
  if (role.kind === "attribute") return value;
  if (role.kind === "measure" && role.measure.kind === "flow") return choose([[all(isReported, isKnown(value)), value]], integer(0));
  const periods = carriedPeriods(role);
  const isKept = periods === 0 ? isReported : binary(binary(at, "-", column(sinceColumn(as), "rows")), "<=", integer(periods));
  return choose([[isKept, value]], nothing);
}
