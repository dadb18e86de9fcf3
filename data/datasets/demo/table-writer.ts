/** A scratch database on disk that rows of numbers are appended to, a vector at a time, so that a million entities fit through a small buffer. */
import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, INTEGER } from "@duckdb/node-api";

/** A database file, to be removed by its maker. The ordinary door to DuckDB is for reading; it has no appender of numbers. */
export interface ScratchDatabase {
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Opens (and makes) the database of this path. It takes at most 1 GB of memory, whatever the number of entities. */
export async function openScratchDatabase(path: string): Promise<ScratchDatabase> {
  const instance = await DuckDBInstance.create(path, { memory_limit: "1GB" });
  const connection = await instance.connect();
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The type of a column: 32-bit integers, or doubles that hold integers up to 2^53. */
export type NumberColumn = "integer" | "double";

/** A table being filled. Numbers only: the SQL that writes the file makes names and texts from codes. */
export interface TableWriter {
  /** Adds a row; one number a column, in order. */
  readonly add: (row: readonly number[]) => void;
  /** Writes what is left. No row may follow. */
  readonly finish: () => void;
}

const vectorRows = 2048;

/** Creates a table and opens it for appending. */
export async function openTableWriter(
  database: ScratchDatabase,
  options: { table: string; columns: Readonly<Record<string, NumberColumn>> },
): Promise<TableWriter> {
  const { table, columns } = options;
  const types = Object.values(columns).map((column) => (column === "integer" ? INTEGER : DOUBLE));
  const declared = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await database.connection.run(`CREATE TABLE ${table} (${declared.join(", ")})`);
  const appender = await database.connection.createAppender(table);
  const buffers = types.map(() => new Float64Array(vectorRows));
  let filled = 0;

  function flush(): void {
    if (filled === 0) return;
    const chunk = DuckDBDataChunk.create(types, filled);
    for (const [position, buffer] of buffers.entries()) {
      const vector = chunk.getColumnVector(position);
      for (let row = 0; row < filled; row++) vector.setItem(row, buffer[row] as number);
      vector.flush();
    }
    appender.appendDataChunk(chunk);
    filled = 0;
  }

  return {
    add: (row) => {
      for (let position = 0; position < row.length; position++) (buffers[position] as Float64Array)[filled] = row[position] as number;
      filled++;
      if (filled === vectorRows) flush();
    },
    finish: () => {
      flush();
      appender.closeSync();
    },
  };
}
