/** Query engines: DuckDB, embedded. */
export { type ColumnBatch, type DuckDb, type DuckDbOptions, openDuckDb, quoteName, quoteText, type SqlValue } from "./duckdb.ts";
