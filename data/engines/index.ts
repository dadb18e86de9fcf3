/** Query engines: DuckDB, embedded. */
export { type DuckDb, openDuckDb, quoteName, quoteText } from "./duckdb.ts";
