/** Reads one source file into a table of DuckDB: typed cells when the file is clean, cell by cell with the raw text when it is not. */
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type DuckDb, quoteName, quoteText } from "../engines/index.ts";
import { type Diagnostic, diagnose, digestOf, nearestName } from "../foundation/index.ts";
import { type CsvHeader, readCsvHeader } from "./csv-records.ts";
import type { NamedColumn, SourceFile } from "./descriptor.ts";
import { contentOf, copyWithoutMark, foreignContent, hasByteOrderMark } from "./scan-text.ts";

/** A column to be read: cell i becomes `v<i>` (and its raw text `r<i>` when read with care). */
export interface Cell extends NamedColumn {
  readonly type: "number" | "day" | "text";
  /** A quick reading takes the cell as a whole number of 32 bits; one that is not makes it fail, and a careful one follows. */
  readonly isWhole?: boolean;
}

/** A file that stands in a table `name`: columns `key`, `v0`.. and, if `isCareful`, `r0`.. and `malformed`. `rowid` is the row's number from 0. */
export interface StagedFile {
  readonly table: string;
  readonly file: SourceFile;
  readonly cells: readonly Cell[];
  readonly isCareful: boolean;
  /** Where DuckDB lists the CSV records that it could not split into cells. */
  readonly rejectsTable?: string;
}

/** The code of a day that is not one (in `v<i>` of a `day` cell). */
export const badDay = -2_147_483_648;

/** A file whose columns are known and agree with the descriptor. */
export interface OpenedFile {
  readonly file: SourceFile;
  /** Where DuckDB reads it: the file itself, or an unpacked copy. */
  readonly path: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly header?: CsvHeader;
}

/** Opens a file and compares its columns with the descriptor: missing ones are errors, unknown ones warnings. */
export async function openFile(
  db: DuckDb,
  file: SourceFile,
  cells: readonly Cell[],
  workFolder: string,
): Promise<{ opened?: OpenedFile; diagnostics: Diagnostic[] }> {
  const needed: NamedColumn[] = [...file.key, ...cells];
  try {
    const opened = await describeFile(db, file, needed, workFolder);
    const names = opened.columns.map((column) => column.name);
    const diagnostics: Diagnostic[] = [];
    const missing = needed.filter((column) => !names.includes(column.column));
    const known = new Set([...needed.map((column) => column.column), ...file.ignore]);
    const repeated = opened.header?.repeated ?? [];
    const unknown = names.filter((name) => !known.has(name) && !name.includes("\u001f"));
    const reported = new Set<string>();
    for (const { column, place } of missing) {
      if (reported.has(column)) continue;
      reported.add(column);
      const near = nearestName(column, unknown);
      diagnostics.push(
        diagnose("missing-column", { message: `'${file.shownPath}' has no column '${column}'`, place, found: names.join(", "), near }),
      );
    }
    for (const { column, place } of needed) {
      if (!repeated.includes(column) || reported.has(column)) continue;
      reported.add(column);
      const message = `the header of '${file.shownPath}' names '${column}' more than once, so which column is meant is open`;
      diagnostics.push(diagnose("repeated-column", { message, place, found: column }));
    }
    for (const name of unknown) {
      const near = nearestName(
        name,
        missing.map((column) => column.column),
      );
      diagnostics.push(
        diagnose("unknown-column", {
          message: `'${file.shownPath}' has a column '${name}' that is not described`,
          place: file.place,
          found: name,
          near,
        }),
      );
    }
    return reported.size > 0 ? { diagnostics } : { opened, diagnostics };
  } catch (error) {
    const message = `'${file.shownPath}' cannot be read as ${file.format}${openingFault(error)}`;
    return { diagnostics: [diagnose("unreadable-file", { message, place: file.place })] };
  }
}

/** Reads the file into the table; `isCareful` keeps raw texts and what could not be split. */
export async function stageFile(
  db: DuckDb,
  opened: OpenedFile,
  cells: readonly Cell[],
  table: string,
  isCareful: boolean,
): Promise<StagedFile> {
  const { file } = opened;
  const source = sourceOf(opened, cells, table, isCareful);
  const columns = [`${keyExpression(file, source.cell)} AS key`];
  for (const [index, cell] of cells.entries()) {
    columns.push(...source.typed(cell).map((expression, part) => `${expression} AS ${part === 0 ? "v" : "r"}${index}`));
  }
  if (source.malformed !== undefined) columns.push(`${source.malformed} AS malformed`);
  await db.run(`CREATE OR REPLACE TABLE ${table} AS SELECT ${columns.join(", ")} FROM ${source.from}`);
  return { table, file, cells, isCareful, ...(source.rejectsTable === undefined ? {} : { rejectsTable: source.rejectsTable }) };
}

interface Source {
  readonly from: string;
  readonly cell: (column: string) => string;
  /** The typed expression of a cell and, when read with care, its raw text. */
  readonly typed: (cell: Cell) => readonly string[];
  readonly malformed?: string;
  readonly rejectsTable?: string;
}

/** Whether a quick reading could hide a cell that does not parse: a Parquet column of another type than the descriptor expects. */
export function mustReadWithCare(opened: OpenedFile, cells: readonly Cell[]): boolean {
  if (opened.file.format !== "parquet") return false;
  const types = new Map(opened.columns.map((column) => [column.name, column.type]));
  return cells.some(
    (cell) =>
      cell.type === "number" && !/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DOUBLE|FLOAT|DECIMAL)/.test(types.get(cell.column) ?? ""),
  );
}

const duckTypes = { number: "DOUBLE", day: "DATE", text: "VARCHAR" } as const;

function sourceOf(opened: OpenedFile, cells: readonly Cell[], table: string, isCareful: boolean): Source {
  const { file, path, columns, header } = opened;
  const raw = (column: string) => `nullif(trim(${quoteName(column)}), '')`;
  if (file.format === "parquet") {
    const types = new Map(columns.map((column) => [column.name, column.type]));
    const cell = (column: string) => `nullif(trim(CAST(${quoteName(column)} AS VARCHAR)), '')`;
    return {
      from: `read_parquet(${quoteText(path)})`,
      cell,
      typed: (each) => {
        const type = types.get(each.column) ?? "VARCHAR";
        const isText = type === "VARCHAR";
        const value = isText ? fromText(each, raw(each.column)) : fromTyped(each, quoteName(each.column), type);
        return isCareful ? [value, isText ? raw(each.column) : cell(each.column)] : [value];
      },
    };
  }
  if (file.format === "ndjson" && isCareful) {
    const cell = (column: string) => `nullif(trim(json ->> ${quoteText(`$."${column.replaceAll('"', '\\"')}"`)}), '')`;
    return {
      from: `read_ndjson_objects(${quoteText(path)}, ignore_errors = true, maximum_object_size = 16777216)`,
      cell,
      typed: (each) => {
        const text = cell(each.column);
        if (each.type !== "number") return [fromText(each, text), text];
        return [`CASE ${text} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE ${fromText(each, text)} END`, text];
      },
      malformed: "(json IS NULL OR json_type(json) <> 'OBJECT')",
    };
  }
  const wanted = new Map<string, string>(file.key.map((column) => [column.column, "VARCHAR"]));
  for (const each of cells) if (!wanted.has(each.column)) wanted.set(each.column, isCareful ? "VARCHAR" : duckTypes[each.type]);
  const typed = (each: Cell): readonly string[] => {
    if (isCareful) return [fromText(each, raw(each.column)), raw(each.column)];
    const type = wanted.get(each.column) ?? "VARCHAR";
    if (each.isWhole === true && type === "DOUBLE") return [wholeNumber(quoteName(each.column))];
    return [type === "VARCHAR" ? fromText(each, raw(each.column)) : fromTyped(each, quoteName(each.column), type)];
  };
  const cell = (column: string) => (wanted.get(column) === "VARCHAR" ? raw(column) : `CAST(${quoteName(column)} AS VARCHAR)`);
  if (file.format === "ndjson") {
    const struct = [...wanted].map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`).join(", ");
    return {
      from: `read_json(${quoteText(path)}, format = 'newline_delimited', columns = {${struct}}, maximum_object_size = 16777216)`,
      cell,
      typed,
    };
  }
  const struct = columns.map(({ name }) => `${quoteText(name)}: ${quoteText(wanted.get(name) ?? "VARCHAR")}`).join(", ");
  const rejectsTable = `${table}_rejects`;
  const careful = isCareful
    ? `, store_rejects = true, rejects_table = '${rejectsTable}', rejects_scan = '${table}_scans', rejects_limit = 0`
    : "";
  const form = `header = true, auto_detect = false, delim = ${quoteText(header?.delimiter ?? ",")}, quote = '"', escape = '"'`;
  return {
    from: `read_csv(${quoteText(path)}, ${form}, columns = {${struct}}${careful})`,
    cell,
    typed,
    ...(isCareful ? { rejectsTable } : {}),
  };
}

function keyExpression(file: SourceFile, cell: (column: string) => string): string {
  return file.key.length === 0 ? "NULL" : file.key.map((column) => cell(column.column)).join(" || chr(31) || ");
}

function fromText(cell: Cell, raw: string): string {
  if (cell.type === "text") return raw;
  // DuckDB would read '1_000' as 1000.
  if (cell.type === "number") return `CASE WHEN NOT contains(${raw}, '_') THEN TRY_CAST(${raw} AS DOUBLE) END`;
  return dayNumber(`coalesce(TRY_CAST(${raw} AS DATE), CAST(TRY_CAST(${raw} AS TIMESTAMP) AS DATE))`, `${raw} IS NOT NULL`);
}

/** A number as INTEGER; the statement fails when it has a fraction or does not fit. DuckDB itself would round, and take `0x10` as 16. */
function wholeNumber(column: string): string {
  const whole = `CAST(${column} AS INTEGER)`;
  return `CASE WHEN ${column} <> ${whole} THEN CAST(error('not a whole number') AS INTEGER) ELSE ${whole} END`;
}

function fromTyped(cell: Cell, column: string, type: string): string {
  if (cell.type === "text") return `nullif(trim(CAST(${column} AS VARCHAR)), '')`;
  if (cell.type === "number") {
    if (type === "INTEGER" || type === "DOUBLE") return column;
    if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL)/.test(type)) return `CAST(${column} AS DOUBLE)`;
    return `TRY_CAST(CAST(${column} AS VARCHAR) AS DOUBLE)`;
  }
  if (type === "DATE" || type.startsWith("TIMESTAMP")) return dayNumber(`TRY_CAST(${column} AS DATE)`, `${column} IS NOT NULL`);
  return `CAST(CASE WHEN ${column} IS NOT NULL THEN ${badDay} END AS INTEGER)`;
}

function dayNumber(date: string, isGiven: string): string {
  const inBounds = `${date} BETWEEN DATE '1900-01-01' AND DATE '2199-12-31'`;
  return `CAST(CASE WHEN ${inBounds} THEN ${date} - DATE '1970-01-01' WHEN ${isGiven} THEN ${badDay} END AS INTEGER)`;
}

async function describeFile(db: DuckDb, file: SourceFile, needed: readonly NamedColumn[], workFolder: string): Promise<OpenedFile> {
  const foreign = file.format === "parquet" ? undefined : await foreignContent(file.path, file.isGzipped);
  if (foreign !== undefined) throw new Error(foreign);
  if (file.format === "csv") {
    const header = await readCsvHeader(file.path, file.isGzipped);
    return { file, path: file.path, header, columns: header.columns.map((name) => ({ name, type: "VARCHAR" })) };
  }
  if (file.format === "parquet") {
    const path = file.isGzipped ? await unpack(file.path, workFolder) : file.path;
    if ((await contentOf(path, false)) !== "parquet") throw new Error("it does not begin as Parquet does");
    return { file, path, columns: await db.describe(`SELECT * FROM read_parquet(${quoteText(path)})`) };
  }
  let path = file.path;
  if (await hasByteOrderMark(file.path, file.isGzipped)) {
    path = copyPath(file.path, workFolder, "ndjson");
    await copyWithoutMark(file.path, file.isGzipped, path);
  }
  const fields = async (limit: string) => {
    const objects = `read_ndjson_objects(${quoteText(path)}, ignore_errors = true, maximum_object_size = 16777216)`;
    const some = `SELECT json FROM ${objects} WHERE json IS NOT NULL${limit}`;
    const keys = `SELECT unnest(json_keys(json)) AS name FROM (${some}) WHERE json_type(json) = 'OBJECT'`;
    return (await db.rows(`SELECT DISTINCT name FROM (${keys}) ORDER BY name`)).map(([name]) => ({ name: String(name), type: "JSON" }));
  };
  const columns = await fields(" LIMIT 20480");
  const isComplete = needed.every((column) => columns.some((each) => each.name === column.column));
  return { file, path, columns: isComplete ? columns : await fields("") };
}

async function unpack(path: string, workFolder: string): Promise<string> {
  const target = copyPath(path, workFolder, "parquet");
  await pipeline(createReadStream(path), createGunzip(), createWriteStream(target));
  return target;
}

/** Where a copy of a source file stands, which DuckDB reads in its place. */
export function copyPath(path: string, workFolder: string, ending: string): string {
  return join(workFolder, `${digestOf(path).slice(0, 24)}.${ending}`);
}

/** Why a file could not be opened, after a colon: our own words, or those that stand for an error of unpacking or of DuckDB. */
function openingFault(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("Z_")) return ": it is not packed as its name says, or damaged";
  if (code === "EACCES" || code === "EPERM") return ": this program may not read it";
  return /^[A-Z][A-Za-z ]* Error: /.test(firstLine(error)) ? "" : `: ${firstLine(error)}`;
}

/** What an error says, in one line. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
