/** Query engines: DuckDB, embedded; Trino, distributed. */
export { type ColumnBatch, type DuckDb, type DuckDbOptions, openDuckDb, quoteName, quoteText, type SqlValue } from "./duckdb.ts";
export { EngineFault, type EngineFaultKind } from "./engine-fault.ts";
export {
  type EngineStatement,
  type EngineValue,
  type EngineWatch,
  Trino,
  type TrinoOptions,
} from "./trino.ts";
