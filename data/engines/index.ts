/** Query engines: DuckDB, embedded; Trino, distributed. */
export { type ColumnBatch, type DuckDb, openDuckDb, quoteName, quoteText, type SqlValue } from "./duckdb.ts";
export {
  EngineFault,
  type EngineFaultKind,
  type EngineStatement,
  type EngineValue,
  type EngineWatch,
  Trino,
  type TrinoOptions,
} from "./trino.ts";
