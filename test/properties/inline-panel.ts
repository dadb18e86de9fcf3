/** Random panels as tables written into the statement itself, for an engine in which making tables takes longer than any query. */
import type { EngineStatement } from "../../data/engines/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { EntityHistory } from "../../policies/explain/index.ts";
import { dialects, eventTableColumns, panelTableColumns, type SqlText, type TableColumn } from "../../policies/sql/index.ts";
import { eventRows, panelRows, type TableRow } from "./duckdb-panel.ts";

/** The statement over these histories in place of tables `panel` and `events`. */
export function overHistories({ sql, parameters }: SqlText, schema: PanelSchema, histories: readonly EntityHistory[]): EngineStatement {
  const tables = [
    table("panel", panelTableColumns(schema), histories.flatMap(panelRows)),
    table("events", eventTableColumns(schema), histories.flatMap(eventRows)),
  ];
  return { sql: sql.replace(/^WITH\n/, () => `WITH\n${tables.join(",\n")},\n`), parameters };
}

function table(name: string, columns: readonly TableColumn[], rows: readonly TableRow[]): string {
  const types = dialects.trino.types;
  const cell = (row: TableRow | undefined, { name: column, type }: TableColumn): string => {
    const value = row?.[column];
    return `CAST(${value === undefined || value === null ? "NULL" : literal(value)} AS ${types[type]})`;
  };
  const list = (row: TableRow | undefined) => columns.map((column) => cell(row, column)).join(", ");
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  const given = rows.length === 0 ? `SELECT ${list(undefined)} WHERE false` : `VALUES ${rows.map((row) => `(${list(row)})`).join(", ")}`;
  return `"${name}" (${names}) AS (${given})`;
}

function literal(value: TableRow[string]): string {
  return typeof value === "number" ? `DOUBLE '${value}'` : `'${String(value).replaceAll("'", "''")}'`;
}
