/** Rows that are not used: counted by reason, the first few named by where they stand in the file. */
import type { OpenTable, RowPlace } from "../../../data/datasets/index.ts";
import type { DuckDb } from "../../../data/engines/index.ts";
import { diagnose, InputRefused } from "../../../data/foundation/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { rejections, textColumns } from "./observation-sql.ts";
import type { RejectedRows } from "./observations.ts";

const examplesMax = 10;

/** How rows were read: in long form each of `observed` is made of several of the file. */
export interface ReadFrom {
  readonly table: OpenTable;
  readonly isInLongForm: boolean;
  readonly hasLog: boolean;
}

/**
 * The rows of the file that are not used, those of long form by the row of `observed` that they are part of, and the records that are none. Cost: a pass over `observed`, and one for the examples of each reason.
 * @throws InputRefused what `OpenTable.unsplit` throws, and `bad-observations` for a cell that runs over lines or holds a NUL, whichever column it is of.
 */
export async function rejectedRows(db: DuckDb, design: ExperimentDesign, read: ReadFrom): Promise<readonly RejectedRows[]> {
  const unsplit = await read.table.unsplit();
  await refuseOpenCells(db, design, read);
  await refuseNul(db, read.table);
  const reasons = rejections(design, read.hasLog);
  const which = `CASE ${reasons.map(({ where }, index) => `WHEN ${where} THEN ${index}`).join(" ")} END`;
  const [counted, from] = read.isInLongForm ? ["sum(file_rows)", "observed JOIN wide_rows USING (line)"] : ["count(*)", "observed"];
  const counts = await db.rows(
    `SELECT ${which} AS reason, ${counted} FROM ${from} GROUP BY reason HAVING reason IS NOT NULL ORDER BY reason`,
  );
  const found: { code: RejectedRows["code"]; count: number; rows: readonly { row: number; text: string }[] }[] = [];
  for (const [index, count] of counts) {
    const { code, example } = reasons[Number(index)] as (typeof reasons)[number];
    const examples = await db.rows(
      `SELECT line, ${example} FROM observed WHERE (${which}) = ${Number(index)} ORDER BY line LIMIT ${examplesMax}`,
    );
    found.push({ code, count: Number(count), rows: examples.map(([row, text]) => ({ row: Number(row), text: String(text) })) });
  }
  const rows = found.flatMap((one) => one.rows.map(({ row }) => row));
  const places = await placesOf(db, read, rows);
  const malformed = unsplit.slice(0, examplesMax).map(({ line, reason }) => `line ${line}: ${reason}`);
  return [
    ...(unsplit.length === 0 ? [] : [{ code: "malformed-row" as const, count: unsplit.length, examples: malformed }]),
    ...found.map((one) => ({
      code: one.code,
      count: one.count,
      examples: one.rows.map(({ row, text }) => `${wordsOf(places.get(row))}: ${text}`),
    })),
  ];
}

/** A quote that is left open swallows rows up to the next one, and what comes out may look like a row; a key with a NUL looks like another one wherever it is shown. */
async function refuseOpenCells(db: DuckDb, design: ExperimentDesign, read: ReadFrom): Promise<void> {
  const texts = textColumns(design);
  const which = texts
    .map(({ column }, index) => `WHEN contains(${column}, chr(10)) OR contains(${column}, chr(0)) THEN ${index}`)
    .join(" ");
  const [first] = await db.rows(
    `SELECT line, place FROM (SELECT line, CASE ${which} END AS place FROM observed) WHERE place IS NOT NULL ORDER BY line LIMIT 1`,
  );
  if (first === undefined) return;
  const [row, at] = first.map(Number) as [number, number];
  const { column, name } = texts[at] as (typeof texts)[number];
  const [[text] = []] = await db.rows(`SELECT ${column} FROM observed WHERE line = ${row} AND contains(${column}, chr(10))`);
  const place = (await placesOf(db, read, [row])).get(row);
  throw text === undefined ? nulCell(read.table, name, place) : openCell(read.table, name, place);
}

/** @throws InputRefused `bad-observations` for the first row with a NUL in any of its cells, read or not. */
export async function refuseNul(db: DuckDb, table: OpenTable): Promise<void> {
  if (!(await table.holdsNul())) return;
  const header = table.columns.findIndex((name) => name.includes("\0"));
  if (header >= 0) throw nulCell(table, `column ${header + 1}`, { word: "line", number: 1 });
  const which = table.columns.map((name, place) => `WHEN contains(${table.cell(name)}, chr(0)) THEN ${place}`).join(" ");
  const cells = await db.rows(`SELECT CASE ${which} END FROM ${table.from}`);
  const row = cells.findIndex(([place]) => place !== null && place !== undefined);
  if (row < 0) return;
  throw nulCell(table, table.columns[Number(cells[row]?.[0])] ?? "", (await table.placesOf([row], cells.length)).get(row));
}

/** The refusal of a cell that holds a line break. */
export function openCell(table: OpenTable, column: string, found: RowPlace | undefined): InputRefused {
  return refusedCell(table, found, {
    message: `the cell of '${column}' in ${rowWords(found)} runs over several lines: a quote in it may be left open, and rows after it part of it`,
    cure: "Close the quote; a cell that is read stands on one line.",
  });
}

/** The refusal of a cell that holds the character NUL. */
export function nulCell(table: OpenTable, column: string, found: RowPlace | undefined): InputRefused {
  return refusedCell(table, found, {
    message: `the cell of '${column}' in ${rowWords(found)} holds a NUL character, which is not seen where it is shown`,
    cure: "Write the file without NUL characters; a file of two bytes a letter (UTF-16) is written anew as UTF-8.",
  });
}

function refusedCell(
  { file }: OpenTable,
  found: RowPlace | undefined,
  words: { readonly message: string; readonly cure: string },
): InputRefused {
  const place = found?.word === "line" ? { place: { file, line: found.number, column: 1 } } : {};
  return new InputRefused([diagnose("bad-observations", { ...words, ...place })]);
}

async function placesOf(db: DuckDb, { table, isInLongForm }: ReadFrom, rows: readonly number[]): Promise<ReadonlyMap<number, RowPlace>> {
  if (rows.length === 0) return new Map();
  const [count] = (await db.rows(`SELECT count(*) FROM ${isInLongForm ? "long_read" : "observed"}`))[0] ?? [];
  return await table.placesOf(rows, Number(count));
}

/** What stands in a cell, as much of it as a message carries. */
export function clippedCell(text: string): string {
  return text === "" ? "empty" : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The row that stands there, in words. */
function rowWords(place: RowPlace | undefined): string {
  return place?.word === "line" ? `the row of ${wordsOf(place)}` : wordsOf(place);
}

/** Where a row stands, in words. */
export function wordsOf(place: RowPlace | undefined): string {
  return place === undefined ? "a row" : `${place.word} ${place.number}`;
}
