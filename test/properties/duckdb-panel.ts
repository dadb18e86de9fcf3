/** Loads random panels into DuckDB's two tables and runs a policy's SQL over them. */
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { byCodePoints } from "../../data/foundation/index.ts";
import type { OutcomeFact, PanelSchema, PlainPanel } from "../../data/panel/index.ts";
import type { EntityHistory } from "../../policies/explain/index.ts";
import {
  assignedColumn,
  attributeColumn,
  eventFieldColumn,
  eventTableColumns,
  measureColumn,
  outcomeTableColumns,
  panelTableColumns,
  type SqlText,
  type TableColumn,
} from "../../policies/sql/index.ts";

/** Opens a database in memory, on one thread: random panels are tiny. */
export async function openDatabase(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  return instance.connect();
}

/** Replaces tables `panel` and `events` with these histories, and `outcomes` with the labels of a plain panel, whose rows have the tiers really assigned. */
export async function loadHistories(
  connection: DuckDBConnection,
  schema: PanelSchema,
  histories: readonly EntityHistory[],
  { rows = [], outcomes = [] }: Partial<Pick<PlainPanel, "rows" | "outcomes">> = {},
): Promise<void> {
  const [panel, events] = [panelTableColumns(schema), eventTableColumns(schema)];
  await connection.run(createTable("panel", panel));
  await connection.run(createTable("events", events));
  await connection.run(createTable("outcomes", outcomeTableColumns));
  const assigned = new Map(rows.map(({ entity, period, assignedTier }) => [`${period} ${entity}`, assignedTier]));
  const withAssigned = (row: TableRow): TableRow => ({ ...row, [assignedColumn]: assigned.get(`${row["period"]} ${row["entity"]}`) });
  await append(connection, "panel", panel, histories.flatMap(panelRows).map(withAssigned));
  await append(connection, "outcomes", outcomeTableColumns, outcomeRows(outcomes));
  await append(connection, "events", events, histories.flatMap(eventRows));
}

/** A row by column; absent is missing. */
export type TableRow = Readonly<Record<string, string | number | undefined>>;

/** An entity's history as rows. */
export function panelRows({ entity, rows }: EntityHistory): readonly TableRow[] {
  return rows.map(({ period, measures, attributes }) => {
    const row: Record<string, string | number | undefined> = { entity, period };
    for (const [name, value] of Object.entries(measures)) row[measureColumn(name)] = value;
    for (const [name, value] of Object.entries(attributes)) row[attributeColumn(name)] = value;
    return row;
  });
}

/** An entity's events as rows, numbered in the order in which they were known. */
export function eventRows({ entity, events }: EntityHistory): readonly TableRow[] {
  const counts = new Map<string, number>();
  return events
    .toSorted((a, b) => a.knownDay - b.knownDay || byCodePoints(a.id, b.id))
    .map(({ kind, id, knownDay, points, fields }, index) => {
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      const row: Record<string, string | number | undefined> = {
        entity,
        position: index + 1,
        kind,
        id,
        known_day: knownDay,
        number,
        points,
      };
      for (const [name, text] of Object.entries(fields)) row[eventFieldColumn(name)] = text === "" ? undefined : text;
      return row;
    });
}

/** Labels as rows, those of an entity in the order in which they were known. */
function outcomeRows(facts: readonly OutcomeFact[]): readonly TableRow[] {
  const counts = new Map<string, number>();
  return facts
    .toSorted((a, b) => a.knownDay - b.knownDay)
    .map(({ entity, source, day, knownDay, harmful }) => {
      const position = (counts.get(entity) ?? 0) + 1;
      counts.set(entity, position);
      return { entity, position, source, day, known_day: knownDay, harmful };
    });
}

/** The statement's rows, by entity and period. */
export async function runSql(
  connection: DuckDBConnection,
  { sql, parameters }: SqlText,
): Promise<ReadonlyMap<string, Readonly<Record<string, DuckDBValue>>>> {
  const reader = await connection.runAndReadAll(sql, [...parameters]);
  return new Map(reader.getRowObjects().map((row) => [`${String(row["entity"])} ${String(row["period"])}`, row]));
}

function createTable(name: string, columns: readonly TableColumn[]): string {
  return `CREATE OR REPLACE TABLE ${name} (${columns.map((column) => `"${column.name}" ${column.type}`).join(", ")})`;
}

async function append(
  connection: DuckDBConnection,
  table: string,
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
): Promise<void> {
  const appender = await connection.createAppender(table);
  for (const row of rows) {
    for (const { name, type } of columns) {
      const value = row[name];
      if (value === undefined) appender.appendNull();
      else if (type === "VARCHAR") appender.appendVarchar(String(value));
      else if (type === "INTEGER") appender.appendInteger(Number(value));
      else if (type === "BIGINT") appender.appendBigInt(BigInt(Number(value)));
      else appender.appendDouble(Number(value));
    }
    appender.endRow();
  }
  appender.closeSync();
}
