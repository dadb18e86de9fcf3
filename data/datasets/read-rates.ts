/** The rates of exchange that files declare, from their good rows. */
import type { DuckDb } from "../engines/index.ts";
import type { RateTable } from "../panel/index.ts";
import type { CheckedFile } from "./check-files.ts";
import { cellIndex } from "./row-checks.ts";

/** One table for each currency, in code unit order; within it by day. Rows that repeat or contradict each other are left out by now. */
export async function readRates(db: DuckDb, files: readonly CheckedFile[]): Promise<readonly RateTable[]> {
  const parts = files.flatMap(({ file, good }) =>
    file.holds === "rates"
      ? [
          `SELECT v${cellIndex(file, file.to)} AS "to", v${cellIndex(file, file.date)} AS day, v${cellIndex(file, file.rate)} AS rate FROM ${good}`,
        ]
      : [],
  );
  if (parts.length === 0) return [];
  const tables = new Map<string, { day: number; rate: number }[]>();
  for (const [to, day, rate] of await db.rows(`SELECT * FROM (${parts.join(" UNION ALL ")}) ORDER BY "to", day`)) {
    const dated = tables.get(String(to)) ?? [];
    dated.push({ day: Number(day), rate: Number(rate) });
    tables.set(String(to), dated);
  }
  return [...tables].map(([to, dated]) => ({ to, dated }));
}
