/** Stages every file and leaves out the rows that fail a check; what is left is a relation of good rows for each file. */

import { type DuckDb, quoteText } from "../engines/index.ts";
import { type Diagnostic, diagnose, hasErrors, InputRefused } from "../foundation/index.ts";
import { visitReadRecords } from "./csv-records.ts";
import type { DatasetDescriptor, SourceFile } from "./descriptor.ts";
import type { ImportThreads } from "./import-threads.ts";
import { openQuote, placeOfByte, runsOverLines } from "./open-table.ts";
import { type PlainPanel, readPlainPanel } from "./plain/plain-panel.ts";
import type { RejectLog } from "./reject-log.ts";
import { cellIndex, cellsOf, checksOf, periodSql, type RowCheck, textsOf } from "./row-checks.ts";
import { copyWithEvenLines, hasUnderscoredNumber } from "./scan-text.ts";
import { copyPath, firstLine, mustReadWithCare, type OpenedFile, openFile, type StagedFile, stageFile } from "./stage-file.ts";

/** A staged file and its good rows: relation `good` has `row`, `key`, `v0`.., and `period` where the file is dated. */
export interface CheckedFile {
  readonly file: SourceFile;
  readonly staged: StagedFile;
  readonly good: string;
  /** Table of one column `row`: the rows that are left out. More may be added while rows are compared with each other. */
  readonly rejects: string;
}

/** What checking needs. */
export interface CheckContext {
  readonly db: DuckDb;
  readonly descriptor: DatasetDescriptor;
  readonly log: RejectLog;
  readonly workFolder: string;
  /** What reads a plain panel, and bytes for its blocks; without them every file goes to DuckDB. */
  readonly plainly?: { readonly threads: ImportThreads; readonly memoryBytes: number };
  readonly onFile: (done: number, total: number) => void;
}

/** The files that stand in DuckDB and, when the history is plain, the panel, which does not. */
export interface CheckedFiles {
  readonly files: readonly CheckedFile[];
  readonly plain?: PlainPanel;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks all files in the descriptor's order. Without errors every file is there, in one of two forms. */
export async function checkFiles(context: CheckContext): Promise<CheckedFiles> {
  const { db, descriptor, workFolder, plainly, onFile } = context;
  const diagnostics: Diagnostic[] = [];
  const opened: OpenedFile[] = [];
  for (const file of descriptor.files) {
    const result = await openFile(db, file, cellsOf(file), workFolder);
    diagnostics.push(...result.diagnostics);
    if (result.opened !== undefined) opened.push(result.opened);
  }
  if (hasErrors(diagnostics)) return { files: [], diagnostics };
  const files: CheckedFile[] = [];
  const dated = opened.filter(({ file }) => file.holds === "panel" || file.holds === "snapshots");
  const onPlain = (done: number) => onFile(done, opened.length);
  const plain = plainly === undefined ? undefined : await readPlainPanel({ ...plainly, descriptor, workFolder, onFile: onPlain }, dated);
  // What the blocks take, DuckDB must leave.
  if (plain !== undefined && dated.length < opened.length) await limitMemory(db, plainly?.memoryBytes ?? 0);
  for (const [index, each] of opened.entries()) {
    if (plain !== undefined && dated.includes(each)) continue;
    onFile(index, opened.length);
    try {
      files.push(await checkFile(context, each, `source_${index}`));
    } catch (error) {
      if (error instanceof InputRefused) return { files: [], diagnostics: [...diagnostics, ...error.diagnostics] };
      if (!isOfContent(error)) throw error;
      const message = `'${each.file.shownPath}' cannot be read as ${each.file.format} to its end${wordsOf(error)}`;
      return { files: [], diagnostics: [...diagnostics, diagnose("unreadable-file", { message, place: each.file.place })] };
    }
  }
  onFile(opened.length, opened.length);
  return { files, diagnostics, ...(plain === undefined ? {} : { plain }) };
}

/** Lets DuckDB take so much from now on, or the least with which it works. */
export async function limitMemory(db: DuckDb, bytes: number): Promise<void> {
  await db.run(`SET memory_limit = '${memoryWords(bytes)}'`);
}

/** A limit of memory as DuckDB writes it. */
export function memoryWords(bytes: number): string {
  return `${Math.ceil(Math.max(duckDbBytesMin, bytes) / 1_000_000)}MB`;
}

const duckDbBytesMin = 128 * 1024 ** 2;

async function checkFile(context: CheckContext, opened: OpenedFile, table: string): Promise<CheckedFile> {
  const { db, descriptor } = context;
  const { file } = opened;
  const cells = cellsOf(file);
  const checks = checksOf(descriptor, file);
  const isText = file.format !== "parquet";
  const [quick, underscored] = await Promise.allSettled([
    mustReadWithCare(opened, cells) ? undefined : readQuickly(db, opened, table, checks),
    isText ? hasUnderscoredNumber(file.path, file.isGzipped) : false,
  ]);
  for (const result of [quick, underscored]) if (result.status === "rejected") throw result.reason;
  const mustAgain = underscored.status === "fulfilled" && underscored.value;
  let staged = quick.status === "rejected" || mustAgain ? undefined : quick.value;
  if (staged !== undefined) await refuseSwallowedRows(db, opened, table);
  const rejects = `${table}_left_out`;
  await db.run(`CREATE OR REPLACE TEMP TABLE ${rejects} ("row" BIGINT)`);
  if (staged === undefined) {
    try {
      staged = await stageFile(db, opened, cells, table, true);
    } catch (error) {
      const evened = await withEvenLines(context, opened, error);
      if (evened === undefined) throw error;
      return checkFile(context, evened, table);
    }
    await refuseOpenQuote(db, opened, staged);
    await refuseSwallowedRows(db, opened, table);
    await logUnsplit(context, staged);
    await logFaults(context, staged, checks, rejects);
    const [count] = (await db.rows(`SELECT count(*) FROM ${table}`))[0] ?? [];
    context.log.setReadable(file, Number(count));
  }
  const checked: CheckedFile = { file, staged, good: `${table}_good`, rejects };
  await showGoodRows(context, checked);
  return checked;
}

/** A quote that is left open makes one record of the rows up to the next quote: how many are lost, nobody can tell. @throws InputRefused. */
async function refuseOpenQuote(db: DuckDb, { file, path }: OpenedFile, { rejectsTable }: StagedFile): Promise<void> {
  if (rejectsTable === undefined) return;
  const [open] = await db.rows(
    `SELECT error_type::VARCHAR, line_byte_position - 1, byte_position - 1, column_name FROM ${rejectsTable} WHERE ${runsOverLines} ORDER BY line_byte_position, error_type <> 'UNQUOTED VALUE', column_idx LIMIT 1`,
  );
  if (open === undefined) return;
  const [kind, start, cell, column] = open;
  const isOfCell = kind === "UNQUOTED VALUE";
  const byte = Number(isOfCell ? cell : start);
  const place = { file: file.shownPath, ...(await placeOfByte(path, file.isGzipped && path === file.path, byte)) };
  throw new InputRefused([openQuote(isOfCell ? String(column ?? "") : undefined, place)]);
}

/** The same where a later quote happens to close it, so that what comes out looks like a row: its text then holds whole rows. @throws InputRefused. */
async function refuseSwallowedRows(db: DuckDb, { file, path, header }: OpenedFile, table: string): Promise<void> {
  if (header === undefined || header.columns.length < 3) return;
  const texts = textsOf(file);
  if (texts.length === 0) return;
  const many = texts.map(({ text }) => `contains(${text}, chr(10))`).join(" OR ");
  const delimiter = header.delimiter === "|" ? "[|]" : header.delimiter;
  const whole = quoteText(`\n([^\n${header.delimiter}]*${delimiter}){${header.columns.length - 1}}`);
  const which = texts.map(({ text }, index) => `WHEN regexp_matches(${text}, ${whole}) THEN ${index}`).join(" ");
  const [found] = await db.rows(
    `SELECT "row", place FROM (SELECT rowid AS "row", CASE ${which} END AS place FROM ${table} WHERE ${many}) WHERE place IS NOT NULL ORDER BY "row" LIMIT 1`,
  );
  if (found === undefined) return;
  let line = 1;
  await visitReadRecords(path, file.isGzipped && path === file.path, [], (record) => {
    if (record.kind === "row" && record.row === Number(found[0])) line = record.line;
  });
  throw new InputRefused([openQuote(texts[Number(found[1])]?.column ?? "", { file: file.shownPath, line, column: 1 })]);
}

/** DuckDB reads no CSV whose line ends change: the file with even ones, in the place of one that it could not read; undefined when that is not why. */
async function withEvenLines({ log, workFolder }: CheckContext, opened: OpenedFile, error: unknown): Promise<OpenedFile | undefined> {
  const { file, path } = opened;
  if (file.format !== "csv" || path !== file.path || !firstLine(error).includes("invalid state")) return undefined;
  const target = copyPath(path, workFolder, "csv");
  if (!(await copyWithEvenLines(path, file.isGzipped, target))) return undefined;
  log.readFrom(file, target);
  return { ...opened, path: target };
}

/** Defines the relation of good rows anew, from the rows that are left out by now. */
async function showGoodRows({ db, descriptor }: CheckContext, { file, staged, good, rejects }: CheckedFile): Promise<void> {
  const isDated = file.holds === "panel" || file.holds === "snapshots";
  const period = isDated ? `, ${periodSql(descriptor.grain, `v${cellIndex(file, file.date)}`)} AS period` : "";
  const [count] = (await db.rows(`SELECT count(*) FROM ${rejects}`))[0] ?? [];
  const filter = count === 0 ? "" : ` WHERE rowid NOT IN (SELECT "row" FROM ${rejects})`;
  await db.run(`CREATE OR REPLACE TEMP VIEW ${good} AS SELECT rowid AS "row", *${period} FROM ${staged.table}${filter}`);
}

/** Leaves more rows out: `query` gives `row` and `found` of each, in any order. */
export async function rejectMore(
  context: CheckContext,
  checked: CheckedFile,
  query: string,
  entry: { code: RowCheck["code"]; column: string; reason: string },
): Promise<number> {
  const { db, log } = context;
  const rows: number[] = [];
  await db.stream(`SELECT CAST("row" AS DOUBLE), CAST(found AS VARCHAR) FROM (${query})`, (batch) => {
    const numbers = batch.numbers(0, -1);
    const found = batch.texts(1);
    for (let i = 0; i < batch.rowCount; i++) {
      rows.push(numbers[i] as number);
      const text = found[i];
      const reason = text === undefined ? entry.reason : `'${text}' ${entry.reason}`;
      log.add(checked.file, {
        row: numbers[i] as number,
        code: entry.code,
        column: entry.column,
        ...(text === undefined ? {} : { found: text }),
        reason,
      });
    }
  });
  if (rows.length === 0) return 0;
  for (let start = 0; start < rows.length; start += 50_000) {
    const values = rows.slice(start, start + 50_000).map((row) => `(${row})`);
    await db.run(`INSERT INTO ${checked.rejects} VALUES ${values.join(", ")}`);
  }
  await showGoodRows(context, checked);
  return rows.length;
}

/** What takes back all that is left out of these files from now on. */
export async function markLeftOut(context: CheckContext, files: readonly CheckedFile[]): Promise<() => Promise<void>> {
  const takeBack = context.log.mark();
  const counts: number[] = [];
  for (const { rejects } of files) counts.push(Number((await context.db.rows(`SELECT count(*) FROM ${rejects}`))[0]?.[0]));
  return async () => {
    takeBack();
    for (const [index, checked] of files.entries()) {
      await context.db.run(`DELETE FROM ${checked.rejects} WHERE rowid >= ${counts[index]}`);
      await showGoodRows(context, checked);
    }
  };
}

/** Reads with typed cells; undefined as soon as anything is wrong, so that a careful reading finds out what. */
async function readQuickly(db: DuckDb, opened: OpenedFile, table: string, checks: readonly RowCheck[]): Promise<StagedFile | undefined> {
  try {
    const staged = await stageFile(db, opened, cellsOf(opened.file), table, false);
    const faults = checks.filter((check) => check.isOnlyCareful !== true && check.fault !== "malformed").map((check) => check.fault);
    const [count] = (await db.rows(`SELECT count(*) FROM ${table} WHERE ${faults.join(" OR ")}`))[0] ?? [];
    return count === 0 ? staged : undefined;
  } catch (error) {
    if (isResourceFault(error)) throw error;
    return undefined;
  }
}

function isResourceFault(error: unknown): boolean {
  const words =
    /No space left|Out of Memory|could not allocate|Permission denied|failed to write|Could not write|failed to offload|Cannot create/i;
  return error instanceof Error && words.test(error.message);
}

/** What a person can make of an error of reading, after a colon; DuckDB's own words speak of its settings. */
function wordsOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("Z_") ? ": its packing is damaged or cut off" : "";
}

/** Whether an error comes from what a file holds: of unpacking, or of DuckDB while it reads, but for want of room and for faults of our own SQL. */
function isOfContent(error: unknown): boolean {
  if (!(error instanceof Error) || isResourceFault(error)) return false;
  if ("code" in error && typeof error.code === "string") return error.code.startsWith("Z_");
  return /^[A-Z][A-Za-z ]* Error: /.test(error.message) && !/^(Binder|Catalog|Parser|Syntax) Error: /.test(error.message);
}

/** Why a record could not be split, by DuckDB's name for it. */
const unsplitWords: Readonly<Record<string, string>> = {
  "TOO MANY COLUMNS": "more cells than the header has columns",
  "MISSING COLUMNS": "fewer cells than the header has columns",
  "UNQUOTED VALUE": "a quote is not closed where its cell ends",
  "INVALID ENCODING": "a cell is not written in UTF-8",
  "LINE SIZE OVER MAXIMUM": "the row is longer than two million bytes",
};

/** CSV records that could not be split into cells: listed by DuckDB, once for each fault; the first fault counts. */
async function logUnsplit({ db, log }: CheckContext, staged: StagedFile): Promise<void> {
  if (staged.rejectsTable === undefined) return;
  const seen = new Set<number>();
  const rows = await db.rows(
    `SELECT line_byte_position - 1, column_name, error_type::VARCHAR, csv_line FROM ${staged.rejectsTable} ORDER BY line_byte_position, column_idx`,
  );
  for (const [byte, column, kind, text] of rows) {
    const at = Number(byte);
    if (seen.has(at)) continue;
    seen.add(at);
    const reason = unsplitWords[String(kind)] ?? "it cannot be split into cells";
    const found = text === null || text === undefined ? {} : { found: String(text).trim().slice(0, 200) };
    log.add(staged.file, {
      byte: at,
      code: "malformed-row",
      ...(column === null || column === undefined ? {} : { column: String(column) }),
      ...found,
      reason,
    });
  }
}

async function logFaults({ db, log }: CheckContext, staged: StagedFile, all: readonly RowCheck[], rejects: string): Promise<void> {
  const { table } = staged;
  const checks = all.filter((check) => check.fault !== "malformed" || staged.file.format === "ndjson");
  const any = checks.map((check) => check.fault).join(" OR ");
  const which = checks.map((check, index) => `WHEN ${check.fault} THEN ${index}`).join(" ");
  const found = checks.map((check, index) => `WHEN ${index} THEN left(CAST(${check.found} AS VARCHAR), 200)`).join(" ");
  await db.run(`INSERT INTO ${rejects} SELECT rowid FROM ${table} WHERE ${any}`);
  const faulty = `SELECT CAST(rowid AS DOUBLE) AS "row", CASE ${which} END AS fault, * FROM ${table} WHERE ${any}`;
  await db.stream(`SELECT "row", CAST(fault AS INTEGER), CASE fault ${found} END FROM (${faulty}) ORDER BY "row"`, (batch) => {
    const rows = batch.numbers(0, -1);
    const faults = batch.numbers(1, -1);
    const texts = batch.texts(2);
    for (let i = 0; i < batch.rowCount; i++) {
      const check = checks[faults[i] as number];
      if (check === undefined) continue;
      const text = texts[i];
      const reason = text === undefined ? (check.reasonWhenEmpty ?? check.reason) : `'${text}' ${check.reason}`;
      log.add(staged.file, {
        row: rows[i] as number,
        code: check.code,
        column: check.column,
        ...(text === undefined ? {} : { found: text }),
        reason,
      });
    }
  });
}
