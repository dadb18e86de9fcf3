/** Rows that an importer could not place: a descriptor hands their list over, the dataset keeps it beside the rows that a check left out. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { type DuckDb, quoteName, quoteText } from "../engines/index.ts";
import { type Diagnostic, diagnose, nearestName } from "../foundation/index.ts";
import type { LeftOutRows } from "../panel/index.ts";
import { readCsvHeader } from "./csv-records.ts";
import type { DatasetDescriptor } from "./descriptor.ts";
import type { RejectedEntry } from "./reject-log.ts";

const needed = ["file", "code", "reason"] as const;
const optional = ["line", "row", "column", "found"] as const;

/**
 * Reads the list into the table `set_aside`: CSV with the columns `file`, `code` and `reason`, and where there are any `line`, `row`,
 * `column` and `found`, all as in `rejected.ndjson`. Errors: `missing-column`, `unreadable-file`. Other columns: `unknown-column`.
 */
export async function stageSetAside(db: DuckDb, { setAside }: DatasetDescriptor): Promise<readonly Diagnostic[]> {
  if (setAside === undefined) return [];
  const { path, shownPath, place } = setAside;
  try {
    const { columns, delimiter } = await readCsvHeader(path, false);
    const known: readonly string[] = [...needed, ...optional];
    const unknown = columns.filter((name) => !known.includes(name) && !name.includes("\u001f"));
    const missing = needed.filter((name) => !columns.includes(name));
    const faults = missing.map((name) => {
      const near = nearestName(name, unknown);
      return diagnose("missing-column", { message: `'${shownPath}' has no column '${name}'`, place, found: columns.join(", "), near });
    });
    if (faults.length > 0) return faults;
    const cells = known.map((name) => `${columns.includes(name) ? `nullif(trim(${quoteName(name)}), '')` : "NULL"} AS ${quoteName(name)}`);
    const types = columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(", ");
    const source = `read_csv(${quoteText(path)}, header = true, auto_detect = false, delim = ${quoteText(delimiter)}, quote = '"', escape = '"',
      columns = {${types}}, parallel = false)`;
    await db.run(`CREATE TEMP TABLE set_aside AS SELECT row_number() OVER () AS position, ${cells.join(", ")} FROM ${source}`);
    return unknown.map((name) =>
      diagnose("unknown-column", { message: `'${shownPath}' has a column '${name}' that is not kept`, place, found: name }),
    );
  } catch (error) {
    const words = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
    return [diagnose("unreadable-file", { message: `'${shownPath}' cannot be read as CSV: ${words}`, place })];
  }
}

/** Writes the list to `path` in the form of `rejected.ndjson`, in its own order, and counts it by code. Cost: a batch of rows in memory. */
export async function writeSetAside(db: DuckDb, path: string): Promise<LeftOutRows> {
  const counts = await db.rows(
    `SELECT coalesce(code, 'unknown') AS cause, count(*) AS n FROM set_aside GROUP BY cause ORDER BY n DESC, cause`,
  );
  const reasons = counts.map(([code, count]) => ({ code: String(code), count: Number(count) }));
  const file = openSync(path, "w");
  try {
    const query = `SELECT coalesce(file, ''), coalesce(code, 'unknown'), coalesce(reason, ''), line, "row", "column", found FROM set_aside ORDER BY position`;
    await db.stream(query, (batch) => {
      const cells = Array.from({ length: 7 }, (_, column) => batch.texts(column));
      const lines = Array.from({ length: batch.rowCount }, (_, row) => `${JSON.stringify(entryOf(cells.map((texts) => texts[row])))}\n`);
      writeSync(file, lines.join(""));
    });
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { rows: reasons.reduce((sum, { count }) => sum + count, 0), reasons };
}

function entryOf([file = "", code = "", reason = "", line, row, column, found]: readonly (string | undefined)[]): RejectedEntry {
  return {
    file,
    ...(isNumber(line) ? { line: Number(line) } : {}),
    ...(isNumber(row) ? { row: Number(row) } : {}),
    ...(column === undefined ? {} : { column }),
    code,
    ...(found === undefined ? {} : { found }),
    reason,
  };
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}
