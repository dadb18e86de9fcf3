/** A thin, typed door to DuckDB: one private database, statements, rows for small answers, columns for large ones. */
import type { DuckDBConnection, DuckDBInstance, DuckDBValue, DuckDBVector } from "@duckdb/node-api";
import { nativeCall } from "../foundation/index.ts";
import { EngineFault } from "./engine-fault.ts";

/** How much DuckDB may take. */
export interface DuckDbOptions {
  /** A new file for tables that are not temporary: packed, and read back from there, so that they need no memory. In memory when absent. */
  readonly file?: string;
  /** Where it spills what does not fit in memory. The caller owns the folder. */
  readonly spillFolder?: string;
  /** For example `2GB`; DuckDB's own default (80 % of memory) when absent. */
  readonly memory?: string;
  readonly threads?: number;
  /** Longest time that a statement of `rows` may run, in seconds, and most rows that it may give; absent: no limit. Beyond: EngineFault `limit`. */
  readonly secondsMax?: number;
  readonly rowsMax?: number;
}

/** A value of a small answer. Whole numbers that fit come as numbers, larger ones as bigint. */
export type SqlValue = string | number | bigint | boolean | null;

/** Up to 2,048 rows of a large answer, by column position. */
export interface ColumnBatch {
  readonly rowCount: number;
  /** The numbers of an INTEGER or DOUBLE column (not BIGINT); `missing` where null. */
  readonly numbers: (column: number, missing: number) => ArrayLike<number>;
  /** The texts of a VARCHAR column; undefined where null. */
  readonly texts: (column: number) => readonly (string | undefined)[];
}

/** An open database. */
export interface DuckDb {
  /** Runs a statement. Rejects with DuckDB's own message. */
  readonly run: (sql: string) => Promise<void>;
  /** A small answer, row by row; with a value for each place `$1`, `$2` in the statement. */
  readonly rows: (
    sql: string,
    parameters?: readonly (string | number)[],
    /** Calls the statement off while it runs: the call then rejects. */
    signal?: AbortSignal,
  ) => Promise<readonly (readonly SqlValue[])[]>;
  /** A large answer, batch by batch, never whole in memory. The batch is only valid during the visit. */
  readonly stream: (sql: string, visit: (batch: ColumnBatch) => void) => Promise<void>;
  /** Column names and types of a query's answer. */
  readonly describe: (query: string) => Promise<readonly { readonly name: string; readonly type: string }[]>;
  /** Appends to a table of one VARCHAR and one INTEGER: each text with its position. */
  readonly appendPositions: (table: string, texts: readonly string[]) => Promise<void>;
  /** Appends to a table of one VARCHAR and one INTEGER: each text with its number. */
  readonly appendNumbers: (table: string, texts: readonly string[], numbers: Int32Array) => Promise<void>;
  /** Appends columns of values to a table, in the order of its columns; `type` as the table has it. */
  readonly appendColumns: (table: string, columns: readonly AppendedColumn[]) => Promise<void>;
  readonly close: () => void;
}

/** Values of one column, of equal number in all. Whole numbers of 64 bits are bigints. */
export interface AppendedColumn {
  readonly type: "BIGINT" | "INTEGER" | "DOUBLE" | "VARCHAR";
  readonly values: readonly (string | number | bigint | null)[];
}

/**
 * Opens a private database; it takes memory from its first statement on. Close it, or that memory stays until the process ends.
 */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDb> {
  const settings: Record<string, string> = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" };
  if (options.spillFolder !== undefined) settings["temp_directory"] = options.spillFolder;
  if (options.memory !== undefined) settings["memory_limit"] = options.memory;
  if (options.threads !== undefined) settings["threads"] = String(options.threads);
  const opened: { readonly instance: DuckDBInstance; readonly connection: DuckDBConnection }[] = [];
  const open = async (): Promise<DuckDBConnection> => {
    // Loaded when it is needed: it takes a tenth of a second.
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await nativeCall(() => DuckDBInstance.create(options.file ?? ":memory:", settings));
    const connection = await nativeCall(() => instance.connect());
    opened.push({ instance, connection });
    // Nobody reads the file again.
    if (options.file !== undefined) await called(connection, () => connection.run("PRAGMA disable_checkpoint_on_shutdown"));
    return connection;
  };
  let opening: Promise<DuckDBConnection> | undefined;
  const connected = () => {
    opening ??= open();
    return opening;
  };
  const rows: DuckDb["rows"] = async (sql, parameters = [], signal) => {
    const connection = await connected();
    const { secondsMax, rowsMax = Number.POSITIVE_INFINITY } = options;
    const read = (until?: AbortSignal) =>
      // One more than may be tells that there are too many.
      unlessCalledOff(connection, until, () => called(connection, () => connection.runAndReadUntil(sql, rowsMax + 1, [...parameters])));
    const answer = await (secondsMax === undefined ? read(signal) : withinTime(secondsMax, signal, read));
    if (answer.currentRowCount > rowsMax) throw new EngineFault("limit", `the statement gives more than ${rowsMax} rows`);
    return answer.getRows().map((row) => row.map(plainValue));
  };
  return {
    run: async (sql) => {
      const connection = await connected();
      await called(connection, () => connection.run(sql));
    },
    rows,
    stream: async (sql, visit) => stream(await connected(), sql, visit),
    describe: async (query) => (await rows(`DESCRIBE ${query}`)).map(([name, type]) => ({ name: String(name), type: String(type) })),
    appendPositions: async (table, texts) => appendNumbers(await connected(), table, texts, (position) => position),
    appendNumbers: async (table, texts, numbers) =>
      appendNumbers(await connected(), table, texts, (position) => numbers[position] as number),
    appendColumns: async (table, columns) => appendColumns(await connected(), table, columns),
    close: () => {
      for (const { instance, connection } of opened.splice(0)) {
        connection.closeSync();
        instance.closeSync();
      }
    },
  };
}

/**
 * A name as SQL writes it.
 *
 * @example
 * quoteName('late "days"')
 * // => '"late ""days"""'
 */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A text as SQL writes it.
 *
 * @example
 * quoteText("it's")
 * // => "'it''s'"
 */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Of a statement, which is called off where its thread is to end. */
async function called<Answer>(connection: DuckDBConnection, call: () => Promise<Answer>): Promise<Answer> {
  return await nativeCall(call, () => connection.interrupt());
}

const askAgainMilliseconds = 50;

/** A statement that has not begun yet forgets that it was to stop: it is told until it has ended. */
async function unlessCalledOff<Answer>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<Answer>,
): Promise<Answer> {
  signal?.throwIfAborted();
  let asking: NodeJS.Timeout | undefined;
  const callOff = () => {
    connection.interrupt();
    asking = setInterval(() => connection.interrupt(), askAgainMilliseconds);
  };
  signal?.addEventListener("abort", callOff, { once: true });
  try {
    return await work();
  } finally {
    signal?.removeEventListener("abort", callOff);
    clearInterval(asking);
  }
}

/** Errors: EngineFault `limit` when the time is up and nobody had called it off. */
async function withinTime<Answer>(
  secondsMax: number,
  signal: AbortSignal | undefined,
  work: (until: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const over = AbortSignal.timeout(secondsMax * 1000);
  try {
    return await work(signal === undefined ? over : AbortSignal.any([signal, over]));
  } catch (error) {
    if (!over.aborted || signal?.aborted === true) throw error;
    throw new EngineFault("limit", `the statement ran for more than ${secondsMax} seconds`);
  }
}

async function stream(connection: DuckDBConnection, sql: string, visit: (batch: ColumnBatch) => void): Promise<void> {
  const result = await called(connection, () => connection.stream(sql));
  for (;;) {
    const chunk = await called(connection, () => result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    const { rowCount } = chunk;
    visit({
      rowCount,
      numbers: (column, missing) => numbersOf(chunk.getColumnVector(column), rowCount, missing),
      texts: (column) => chunk.getColumnValues(column).map((value) => (value === null ? undefined : String(value))),
    });
  }
}

/** What a fixed-width vector is made of: the door's one look behind the library's types. */
interface FixedWidthVector {
  readonly items: unknown;
  readonly validity: { readonly data?: unknown; itemValid(index: number): boolean };
}

function numbersOf(vector: DuckDBVector, rowCount: number, missing: number): ArrayLike<number> {
  const { items, validity } = vector as unknown as FixedWidthVector;
  if (!isNumberArray(items)) throw new TypeError("a column of numbers was expected");
  if (validity.data === null || validity.data === undefined) return items;
  const copy = new Float64Array(items);
  for (let row = 0; row < rowCount; row++) if (!validity.itemValid(row)) copy[row] = missing;
  return copy;
}

function isNumberArray(items: unknown): items is Float64Array | Int32Array | Uint8Array {
  return (
    ArrayBuffer.isView(items) && !(items instanceof BigInt64Array) && !(items instanceof BigUint64Array) && !(items instanceof DataView)
  );
}

async function appendNumbers(
  connection: DuckDBConnection,
  table: string,
  texts: readonly string[],
  numberAt: (position: number) => number,
): Promise<void> {
  const appender = await called(connection, () => connection.createAppender(table));
  for (const [position, text] of texts.entries()) {
    appender.appendVarchar(text);
    appender.appendInteger(numberAt(position));
    appender.endRow();
  }
  appender.closeSync();
}

/** In groups of 2,048, as the database keeps them. */
async function appendColumns(connection: DuckDBConnection, table: string, columns: readonly AppendedColumn[]): Promise<void> {
  const { BIGINT, DOUBLE, DuckDBDataChunk, INTEGER, VARCHAR } = await import("@duckdb/node-api");
  const types = { BIGINT, DOUBLE, INTEGER, VARCHAR };
  const appender = await called(connection, () => connection.createAppender(table));
  const rowCount = columns[0]?.values.length ?? 0;
  for (let begin = 0; begin < rowCount; begin += 2048) {
    const chunk = DuckDBDataChunk.create(
      columns.map(({ type }) => types[type]),
      Math.min(2048, rowCount - begin),
    );
    for (const [index, { values }] of columns.entries()) chunk.setColumnValues(index, values.slice(begin, begin + 2048));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

function plainValue(value: DuckDBValue): SqlValue {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value.toString();
}
