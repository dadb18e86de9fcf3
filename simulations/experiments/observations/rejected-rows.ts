/** Rows that are not used: counted by reason, the first few named by where they stand in the file. */
import type { OpenTable, RowPlace } from "../../../data/datasets/index.ts";
import type { DuckDb } from "../../../data/engines/index.ts";
import { diagnose, InputRefused } from "../../../data/foundation/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { rejections, textColumns } from "./observation-sql.ts";
import type { RejectedRows } from "./observations.ts";

const examplesMax = 10;

/** How rows were read. `counted`: the table that has a row for each of the file. */
export interface ReadFrom {
  readonly table: OpenTable;
  readonly counted: string;
  readonly hasLog: boolean;
}

/**
 * The rows of `observed` that are not used, and the records that are none. Cost: a pass over `observed`, and one for the examples of each reason.
 * @throws InputRefused what `OpenTable.unsplit` throws, and `bad-observations` for a cell that runs over lines.
 */
export async function rejectedRows(db: DuckDb, design: ExperimentDesign, read: ReadFrom): Promise<readonly RejectedRows[]> {
  const unsplit = await read.table.unsplit();
  await refuseOpenCells(db, design, read);
  const reasons = rejections(design, read.hasLog);
  const which = `CASE ${reasons.map(({ where }, index) => `WHEN ${where} THEN ${index}`).join(" ")} END`;
  const counts = await db.rows(
    `SELECT ${which} AS reason, count(*) FROM observed GROUP BY reason HAVING reason IS NOT NULL ORDER BY reason`,
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

/** A quote that is left open swallows rows up to the next one, and what comes out may look like a row. */
async function refuseOpenCells(db: DuckDb, design: ExperimentDesign, read: ReadFrom): Promise<void> {
  const texts = textColumns(design);
  const which = texts.map(({ column }, index) => `WHEN contains(${column}, chr(10)) THEN ${index}`).join(" ");
  const [first] = await db.rows(
    `SELECT line, place FROM (SELECT line, CASE ${which} END AS place FROM observed) WHERE place IS NOT NULL ORDER BY line LIMIT 1`,
  );
  if (first === undefined) return;
  const [row, at] = first.map(Number) as [number, number];
  throw openCell(read.table, texts[at]?.name ?? "", (await placesOf(db, read, [row])).get(row));
}

/** The refusal of a cell that holds a line break. */
export function openCell({ file }: OpenTable, column: string, found: RowPlace | undefined): InputRefused {
  return new InputRefused([
    diagnose("bad-observations", {
      message: `the cell of '${column}' in the row of ${wordsOf(found)} runs over several lines: a quote in it may be left open, and rows after it part of it`,
      ...(found?.word === "line" ? { place: { file, line: found.number, column: 1 } } : {}),
      cure: "Close the quote; a cell that is read stands on one line.",
    }),
  ]);
}

async function placesOf(db: DuckDb, { table, counted }: ReadFrom, rows: readonly number[]): Promise<ReadonlyMap<number, RowPlace>> {
  if (rows.length === 0) return new Map();
  const [count] = (await db.rows(`SELECT count(*) FROM ${counted}`))[0] ?? [];
  return await table.placesOf(rows, Number(count));
}

/** Where a row stands, in words. */
export function wordsOf(place: RowPlace | undefined): string {
  return place === undefined ? "a row" : `${place.word} ${place.number}`;
}
