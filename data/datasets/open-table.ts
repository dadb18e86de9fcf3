/** A table that a user gives, CSV or Parquet: opened by what it holds, not by its name, and read cell by cell as text. */
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type DuckDb, quoteName, quoteText } from "../engines/index.ts";
import { type Diagnostic, diagnose, InputRefused, type Place } from "../foundation/index.ts";
import { openBytes, readCsvHeader, visitReadRecords } from "./csv-records.ts";
import { contentOf, copyAsUtf8, copyWithEvenLines } from "./scan-text.ts";

/** An open table. Rows count from 0, in the file's order. */
export interface OpenTable {
  /** The file's name to show. */
  readonly file: string;
  readonly columns: readonly string[];
  /** Names that several columns bear. */
  readonly repeated: readonly string[];
  /** What SQL reads rows from. */
  readonly from: string;
  /** A column's cell as SQL: text, null where it is empty. The name must be one of `columns`. */
  readonly cell: (column: string) => string;
  /** Columns that hold numbers as they are, as SQL. */
  readonly numbers: ReadonlyMap<string, NumberColumn>;
  /** Rows of Parquet where they lie: what SQL reads them from with their numbers, and the name of the column that has these. */
  readonly inPlace?: { readonly from: string; readonly row: string };
  /** The same rows of a CSV file with such columns taken for numbers. Reading them fails where anything is to be said of a row: read the texts then. */
  readonly asNumbers?: (columns: readonly string[]) => Promise<OpenTable | undefined>;
  /**
   * After the rows were read: records that have more or fewer cells than the header, which are not among the rows. @throws InputRefused
   * `unreadable-file` where a quote is left open or a cell is no UTF-8: how many rows that costs, nobody can tell.
   */
  readonly unsplit: () => Promise<readonly UnsplitRecord[]>;
  /** Whether a NUL stands anywhere in a text, also where nobody reads it: of a CSV file other programs may find other rows after such a sign. Cost: a pass over the bytes; of Parquet over the columns of texts but those that were looked at already. */
  readonly holdsNul: (butIn?: readonly string[]) => Promise<boolean>;
  /** Where rows stand. `count`: all rows that were read. Cost: a pass over the bytes of a CSV file. */
  readonly placesOf: (rows: readonly number[], count: number) => Promise<ReadonlyMap<number, RowPlace>>;
}

/** A column of numbers. */
export interface NumberColumn {
  readonly sql: string;
  /** Nothing but whole numbers. */
  readonly isWhole: boolean;
}

/** The line on which a row starts; the row's number from 1 in a file without lines. */
export interface RowPlace {
  readonly word: "line" | "row";
  readonly number: number;
}

/** A record that is no row, and why. */
export interface UnsplitRecord {
  readonly line: number;
  readonly reason: string;
}

/** Where the table lies, what to call it, and a folder of the caller's for copies that are easier to read. */
export interface TableFile {
  readonly path: string;
  readonly shownPath: string;
  readonly workFolder: string;
}

/**
 * Opens a table. Packed files are unpacked, UTF-16 is read, a delimiter is one of `, ; tab |`. @throws InputRefused `unreadable-file` for what
 * is neither CSV nor Parquet.
 */
export async function openTable(db: DuckDb, file: TableFile): Promise<OpenTable> {
  const { shownPath } = file;
  let path = file.path;
  let content = await contentOf(path, false);
  if (content === "gzip") {
    path = await copied(file, "unpacked", (target) => pipeline(createReadStream(file.path), createGunzip(), createWriteStream(target)));
    content = await contentOf(path, false);
  }
  if (content === "parquet") return await openParquet(db, path, shownPath);
  if (content === "zip") throw refused(shownPath, "is a ZIP archive or a spreadsheet", "Unpack it, or export the sheet as CSV.");
  if (content === "bytes" || content === "gzip")
    throw refused(shownPath, "is neither CSV nor Parquet: it holds bytes that stand in no text");
  if (/\.parquet$/i.test(shownPath))
    throw refused(shownPath, "is no Parquet file: it looks like text", "Name it .csv when it is CSV, or write it anew as Parquet.");
  if (content !== "text") {
    const [from, encoding] = [path, content];
    path = await copied(file, "text", (target) => copyAsUtf8(from, false, encoding, target));
  }
  if (await hasOldLineEnds(path)) path = await evened(file, path);
  return await openCsv(db, path, shownPath);
}

/** Types of columns that are numbers as they are. Of a DECIMAL or FLOAT the text is the number that is meant. */
const numberTypes = /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)|DOUBLE|BOOLEAN)$/;

/** Types that hold no letters. */
const bareTypes =
  /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DOUBLE|FLOAT|BOOLEAN|DECIMAL\(.*\)|DATE|TIME|TIMESTAMP.*|BLOB|UUID|INTERVAL)$/;

/** The name that DuckDB gives to the numbers of rows in a Parquet file. */
const rowColumn = "file_row_number";

async function openParquet(db: DuckDb, path: string, shownPath: string): Promise<OpenTable> {
  const from = `read_parquet(${quoteText(path)})`;
  const columns = await db.describe(`SELECT * FROM ${from}`).catch(() => {
    throw refused(shownPath, "is a damaged Parquet file");
  });
  return {
    file: shownPath,
    columns: columns.map(({ name }) => name),
    repeated: [],
    from,
    cell: (column) => `CAST(${quoteName(column)} AS VARCHAR)`,
    numbers: new Map(
      columns.flatMap(({ name, type }) => (numberTypes.test(type) ? [[name, { sql: quoteName(name), isWhole: type !== "DOUBLE" }]] : [])),
    ),
    ...(columns.some(({ name }) => name.toLowerCase() === rowColumn)
      ? {}
      : { inPlace: { from: `read_parquet(${quoteText(path)}, ${rowColumn} = true)`, row: rowColumn } }),
    unsplit: async () => [],
    holdsNul: async (butIn = []) => {
      const texts = columns
        .filter(({ name, type }) => !bareTypes.test(type) && !butIn.includes(name))
        .map(({ name }) => `contains(CAST(${quoteName(name)} AS VARCHAR), chr(0))`);
      return texts.length > 0 && (await db.rows(`SELECT 1 FROM ${from} WHERE ${texts.join(" OR ")} LIMIT 1`)).length > 0;
    },
    placesOf: async (rows) => rowNumbers(rows),
  };
}

const rejects = "unsplit_records";

async function openCsv(db: DuckDb, path: string, shownPath: string): Promise<OpenTable> {
  const { columns, delimiter, repeated } = await readCsvHeader(path, false).catch((error: unknown) => {
    throw refused(shownPath, `cannot be read as CSV: ${error instanceof Error ? error.message : ""}`);
  });
  if (/^(?:\[\s*(?:\{|$)|\{)/.test(columns[0]?.trim() ?? ""))
    throw refused(shownPath, "is JSON, which is no table of rows and cells", "Write it as CSV or Parquet.");
  const unclear = columns.findIndex((name) => name.includes("\uFFFD"));
  if (unclear >= 0) throw refused(shownPath, ...noUtf8(`the name of column ${unclear + 1}`));
  // Columns by position: DuckDB tells no two names apart that differ in case alone.
  const cell = (column: string): string => `c${columns.indexOf(column)}`;
  const form = (numbers: readonly string[]): string => {
    const types = columns.map((name, index) => `'c${index}': '${numbers.includes(name) ? "DOUBLE" : "VARCHAR"}'`).join(", ");
    return `header = true, auto_detect = false, delim = ${quoteText(delimiter)}, quote = '"', escape = '"', columns = {${types}}`;
  };
  const kept = `store_rejects = true, rejects_table = '${rejects}', rejects_scan = 'unsplit_scans', rejects_limit = 0`;
  const bytesOf = async (): Promise<readonly number[]> =>
    (await db.rows(`SELECT DISTINCT line_byte_position - 1 FROM ${rejects} ORDER BY 1`)).map(([byte]) => Number(byte));
  const placesOf = async (rows: readonly number[], count: number, unsplit: readonly number[]): Promise<ReadonlyMap<number, RowPlace>> => {
    const wanted = new Set(rows);
    const places = new Map<number, RowPlace>();
    const seen = await visitReadRecords(path, false, unsplit, (record) => {
      if (record.kind === "row" && wanted.has(record.row)) places.set(record.row, { word: "line", number: record.line });
    });
    return seen === count ? places : rowNumbers(rows);
  };
  const texts = { file: shownPath, columns, repeated, cell, holdsNul: async () => await hasNul(path) };
  return {
    ...texts,
    from: `read_csv(${quoteText(path)}, ${form([])}, ${kept})`,
    numbers: new Map(),
    asNumbers: async (numbers) =>
      (await mustReadTexts(path))
        ? undefined
        : {
            ...texts,
            from: `read_csv(${quoteText(path)}, ${form(numbers)})`,
            numbers: new Map(numbers.map((name) => [name, { sql: cell(name), isWhole: false }])),
            unsplit: async () => [],
            placesOf: async (rows, count) => await placesOf(rows, count, []),
          },
    unsplit: async () => {
      const fatal = `error_type IN ('UNQUOTED VALUE', 'INVALID ENCODING') OR ${runsOverLines}`;
      const [worst] = await db.rows(
        `SELECT error_type::VARCHAR, line_byte_position - 1, byte_position - 1, column_idx FROM ${rejects} WHERE ${fatal} ORDER BY line_byte_position, ${fatalFirst}, column_idx LIMIT 1`,
      );
      if (worst !== undefined) {
        const [kind, start, cell, index] = worst;
        const isOfCell = kind === "UNQUOTED VALUE" || kind === "INVALID ENCODING";
        const place = { file: shownPath, ...(await placeOfByte(path, false, Number(isOfCell ? cell : start))) };
        const name = columns[Number(index) - 1] ?? "";
        throw kind === "INVALID ENCODING"
          ? refused(place, ...noUtf8(`a cell of '${name}'`))
          : new InputRefused([openQuote(isOfCell ? name : undefined, place)]);
      }
      const found = await db.rows(
        `SELECT line_byte_position - 1, max(column_idx), min(error_type::VARCHAR) FROM ${rejects} GROUP BY 1 ORDER BY 1`,
      );
      const lines = new Map<number, number>();
      if (found.length > 0)
        await visitReadRecords(path, false, await bytesOf(), (record) => {
          if (record.kind === "unsplit") lines.set(record.byte, record.line);
        });
      return found.map(([byte, cells, kind]) => ({
        line: lines.get(Number(byte)) ?? 0,
        reason:
          kind === "TOO MANY COLUMNS"
            ? `${Number(cells)} cells, and the header names ${columns.length} columns`
            : kind === "MISSING COLUMNS"
              ? `fewer cells than the ${columns.length} columns of the header`
              : "it cannot be split into cells",
      }));
    },
    placesOf: async (rows, count) => await placesOf(rows, count, await bytesOf()),
  };
}

/** Whether an underscore stands between digits anywhere, as DuckDB would read 1_000 as a number; or a NUL, which is told from the texts. */
async function mustReadTexts(path: string): Promise<boolean> {
  const isDigit = (byte: number | undefined): boolean => byte === undefined || (byte >= 48 && byte <= 57);
  let last: number | undefined;
  for await (const bytes of openBytes(path, false)) {
    const block = bytes as Buffer;
    if (block.includes(0)) return true;
    for (let at = block.indexOf(95); at >= 0; at = block.indexOf(95, at + 1))
      if (isDigit(at === 0 ? last : block[at - 1]) && isDigit(block[at + 1])) return true;
    last = block[block.length - 1];
  }
  return false;
}

async function hasNul(path: string): Promise<boolean> {
  for await (const bytes of openBytes(path, false)) if ((bytes as Buffer).includes(0)) return true;
  return false;
}

function rowNumbers(rows: readonly number[]): ReadonlyMap<number, RowPlace> {
  return new Map(rows.map((row) => [row, { word: "row", number: row + 1 }]));
}

/** Of DuckDB's list of records that it could not split: whether one holds a line break, so that rows of the file may be part of it. */
export const runsOverLines = "contains(trim(csv_line, chr(10) || chr(13)), chr(10))";

/** Faults of a cell before faults of a whole record. */
const fatalFirst = "CASE WHEN error_type IN ('UNQUOTED VALUE', 'INVALID ENCODING') THEN 0 ELSE 1 END";

/** The fault of a quote that is not closed where its cell ends, or somewhere in the record that begins at the place. */
export function openQuote(column: string | undefined, place: Place): Diagnostic {
  const where =
    column === undefined
      ? "the row that begins here runs over several lines and does not fit the header: a quote in it is not closed where its cell ends"
      : `the quote that opens this cell of '${column}' is not closed where the cell ends`;
  return diagnose("unreadable-file", {
    message: `${where}, so that rows after it may be part of it`,
    place,
    cure: "Close the quote, or double each one that belongs to the text.",
  });
}

function noUtf8(what: string): [string, string] {
  return [`${what} is not written in UTF-8`, "Save the file as UTF-8 (spreadsheets call it 'CSV UTF-8')."];
}

/** @throws InputRefused what reading the rows of an open table came to. A fault that is no matter of the file is thrown as it is. */
export function tableFault(error: unknown, shownPath: string): unknown {
  if (!(error instanceof Error) || error instanceof InputRefused) return error;
  if (/^Out of Memory|could not allocate/i.test(error.message))
    return refused(shownPath, "does not fit into memory", "Give summaries, one row an arm and metric, or use a machine with more memory.");
  return /^(Invalid Input|Parameter Not Allowed|IO|Conversion|Invalid) Error: /.test(error.message)
    ? refused(shownPath, "cannot be read to its end as a table of rows and cells")
    : error;
}

function refused(
  place: string | Place,
  what: string,
  cure = "Open the file with a spreadsheet or an editor, and save it anew as CSV in UTF-8.",
): InputRefused {
  const at = typeof place === "string" ? { file: place, line: 1, column: 1 } : place;
  const message = /^(is|cannot|does) /.test(what) ? `'${at.file}' ${what}` : what;
  return new InputRefused([diagnose("unreadable-file", { message, place: at, cure })]);
}

async function copied(file: TableFile, name: string, copy: (target: string) => Promise<void>): Promise<string> {
  const target = join(file.workFolder, name);
  try {
    await copy(target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (/^E[A-Z]+$/.test(code)) throw error;
    throw code.startsWith("Z_")
      ? refused(file.shownPath, "is packed, and its packing is damaged or cut off", "Copy or load it down anew, or give it unpacked.")
      : refused(file.shownPath, "looks like UTF-16 and is not", "Save it as UTF-8.");
  }
  return target;
}

async function evened(file: TableFile, path: string): Promise<string> {
  const target = join(file.workFolder, "even");
  await copyWithEvenLines(path, false, target);
  return target;
}

/** Whether lines end with carriage returns alone, or with different signs, in the first block: DuckDB reads no file whose line ends change. */
async function hasOldLineEnds(path: string): Promise<boolean> {
  for await (const bytes of openBytes(path, false)) {
    const text = bytes as Buffer;
    const returns = text.includes(13);
    return returns && /\r(?!\n)|(?<!\r)\n/.test(text.toString("latin1"));
  }
  return false;
}

/** Line and column of a byte: lines of the file, whatever stands in quotes. */
export async function placeOfByte(
  path: string,
  isGzipped: boolean,
  byte: number,
): Promise<{ readonly line: number; readonly column: number }> {
  let [line, at] = [1, 0];
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of openBytes(path, isGzipped)) {
    const block = (bytes as Buffer).subarray(0, byte - at);
    at += block.length;
    const start = block.lastIndexOf(10) + 1;
    for (let i = block.indexOf(10); i >= 0; i = block.indexOf(10, i + 1)) line++;
    rest = start === 0 ? Buffer.concat([rest, block]) : block.subarray(start);
    if (at >= byte) break;
  }
  return { line, column: rest.toString("utf8").replace(/^\uFEFF/, "").length + 1 };
}
