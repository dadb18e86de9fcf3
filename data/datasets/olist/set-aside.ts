/** The rows of the original files that found no place: what is said of them, and the list that the dataset keeps. */
import { join } from "node:path";
import { type DuckDb, quoteText } from "../../engines/index.ts";
import { type Diagnostic, diagnose } from "../../foundation/index.ts";
import { visitRecords } from "../csv-records.ts";
import type { OlistFacts } from "./facts.ts";

/** Lists the rows that have no partner in another file, and says how many there are. They join `set_aside`. */
export async function reportUnmatched(db: DuckDb, facts: OlistFacts): Promise<Diagnostic[]> {
  await db.run(`INSERT INTO set_aside SELECT 'olist_order_items_dataset.csv', NULL, source_row, 'source-rows-unmatched', order_id, seller_id,
    'no such order; counted in items and items_without_order in the week of the shipping limit' FROM items ANTI JOIN orders USING (order_id)`);
  await db.run(`INSERT INTO set_aside SELECT 'olist_orders_dataset.csv', NULL, source_row, 'source-rows-unmatched', order_id, NULL,
    'no items, so no seller; status ' || order_status FROM orders ANTI JOIN items USING (order_id)`);
  await db.run(`INSERT INTO set_aside SELECT 'olist_order_reviews_dataset.csv', NULL, source_row, 'source-rows-unmatched', order_id, NULL,
    'no such order' FROM reviews ANTI JOIN orders USING (order_id)`);
  await db.run(`INSERT INTO set_aside SELECT 'olist_order_reviews_dataset.csv', NULL, source_row, 'source-rows-repeated', order_id, NULL,
    'not the first answered review of its order' FROM reviews SEMI JOIN orders USING (order_id) ANTI JOIN first_reviews AS f ON f.source_row = reviews.source_row`);
  return unmatchedRemarks(facts);
}

function unmatchedRemarks(facts: OlistFacts): Diagnostic[] {
  const remarks: Diagnostic[] = [];
  const say = (count: number, message: string, severity: "warning" | "note"): void => {
    if (count > 0) remarks.push(diagnose("source-rows-unmatched", { message: `${count} ${message}`, severity }));
  };
  say(
    facts.itemsWithoutOrder,
    "items belong to no order in the file; they count in items and items_without_order, and in nothing else",
    "warning",
  );
  say(facts.ordersWithoutItems, "orders have no items, so no seller; no panel row shows them", "note");
  say(facts.reviewsWithoutOrder, "reviews belong to no order in the file; they are left out", "note");
  if (facts.limitsAfterLastDay > 0) {
    const message = `${facts.limitsAfterLastDay} shipping limits lie after the last day of the files; these dispatches are not due yet`;
    remarks.push(diagnose("source-limits-ahead", { message }));
  }
  if (facts.reviewsNotFirst > 0) {
    const message = `${facts.reviewsNotFirst} reviews are not the first of their order; the first one counts`;
    remarks.push(diagnose("source-rows-repeated", { message, severity: "note" }));
  }
  return remarks;
}

/** Writes the list as CSV, in the columns that the import reads. Cost: one pass over each file that has rows on it, to find their lines. */
export async function writeSetAside(db: DuckDb, folder: string, path: string): Promise<void> {
  await db.run("CREATE TABLE line_of (file VARCHAR, source_row BIGINT, line BIGINT)");
  const files = await db.rows("SELECT file, rows FROM read_rows SEMI JOIN (FROM set_aside WHERE line IS NULL) USING (file)");
  for (const [file, rows] of files) await locateRows(db, { folder, file: String(file), rows: Number(rows) });
  await db.run(`COPY (
    SELECT file, coalesce(s.line, l.line) AS line, CASE WHEN s.line IS NULL AND l.line IS NULL THEN source_row END AS "row", reason AS code,
      nullif(concat_ws(', ', 'order ' || order_id, 'seller ' || seller_id), '') AS found, detail AS reason
    FROM set_aside AS s LEFT JOIN line_of AS l USING (file, source_row) ORDER BY file, code, line, "row"
  ) TO ${quoteText(path)} (FORMAT csv, HEADER)`);
}

/** Finds the lines on which rows start. Where the count of records is not that of the rows read, a line would be a guess: none is given. */
async function locateRows(db: DuckDb, { folder, file, rows }: { folder: string; file: string; rows: number }): Promise<void> {
  const named = `FROM set_aside WHERE file = ${quoteText(file)}`;
  const unreadable = new Set((await db.rows(`SELECT line ${named} AND line IS NOT NULL`)).map(([line]) => Number(line)));
  const wanted = new Set((await db.rows(`SELECT source_row ${named} AND line IS NULL`)).map(([row]) => Number(row)));
  const found: string[] = [];
  let row = 0;
  await visitRecords(join(folder, file), false, ({ line }) => {
    if (unreadable.has(line)) return;
    row++;
    if (wanted.has(row)) found.push(`(${quoteText(file)}, ${row}, ${line})`);
  });
  if (row !== rows) return;
  for (let start = 0; start < found.length; start += 5_000)
    await db.run(`INSERT INTO line_of VALUES ${found.slice(start, start + 5_000).join(", ")}`);
}
