/** Query engines: DuckDB, embedded. */
export { type DuckDb, openDuckDb, quoteName, quoteText, type SqlValue } from "./duckdb.ts";
