/** Keeps account of every row that is left out: counts by reason, and the list with file, line, column and words. */
import { open } from "node:fs/promises";
import { type DiagnosticCode, limits } from "../foundation/index.ts";
import type { LeftOutRows } from "../panel/index.ts";
import { visitLines, visitReadRecords } from "./csv-records.ts";
import type { SourceFile } from "./descriptor.ts";

/** A row that is left out. `row` counts the file's readable rows from 0; `byte` is where an unreadable CSV record starts, or where a line break or blank line before it does. */
export interface RejectedRow {
  readonly row?: number;
  readonly byte?: number;
  readonly code: DiagnosticCode;
  readonly column?: string;
  readonly found?: string;
  readonly reason: string;
}

/** One line of `rejected.ndjson` or `set-aside.ndjson`: `line` counts lines of a text file from 1, `row` rows of a Parquet file from 1. */
export interface RejectedEntry {
  readonly file: string;
  readonly line?: number;
  readonly row?: number;
  readonly column?: string;
  readonly code: string;
  readonly found?: string;
  readonly reason: string;
}

/** Counts and lists rejected rows. Memory: the listed rows only. */
export class RejectLog {
  readonly #counts = new Map<string, number>();
  readonly #rows = new Map<SourceFile, RejectedRow[]>();
  readonly #readable = new Map<SourceFile, number>();
  readonly #copies = new Map<SourceFile, string>();
  #total = 0;

  /** Adds one row of a file. */
  add(file: SourceFile, row: RejectedRow): void {
    this.#total++;
    this.#counts.set(row.code, (this.#counts.get(row.code) ?? 0) + 1);
    if (this.#total > limits.rejectedRowsListed.value) return;
    const list = this.#rows.get(file);
    if (list === undefined) this.#rows.set(file, [row]);
    else list.push(row);
  }

  /** What takes back all that is added from now on. */
  mark(): () => void {
    const [total, counts] = [this.#total, new Map(this.#counts)];
    const listed = new Map([...this.#rows].map(([file, { length }]) => [file, length]));
    return () => {
      this.#total = total;
      this.#counts.clear();
      for (const [code, count] of counts) this.#counts.set(code, count);
      for (const [file, rows] of this.#rows) rows.length = listed.get(file) ?? 0;
    };
  }

  /** Says how many readable rows a file has, so that lines are only named where they are certain. */
  setReadable(file: SourceFile, rows: number): void {
    this.#readable.set(file, rows);
  }

  /** Says that rows are those of an unpacked copy of a file, which must still stand when the list is written. */
  readFrom(file: SourceFile, copy: string): void {
    this.#copies.set(file, copy);
  }

  /** The sum and the reasons, most frequent first, then by code. */
  summary(): LeftOutRows {
    const reasons = [...this.#counts].map(([code, count]) => ({ code, count }));
    reasons.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
    return { rows: this.#total, reasons };
  }

  #asRead(file: SourceFile): SourceFile {
    const copy = this.#copies.get(file);
    return copy === undefined ? file : { ...file, path: copy, isGzipped: false };
  }

  /** Writes the list: files in the descriptor's order, rows in the file's order. Cost: one more pass over each text file that has any. */
  async write(path: string, files: readonly SourceFile[]): Promise<void> {
    const target = await open(path, "w");
    try {
      for (const file of files) {
        const rows = this.#rows.get(file);
        if (rows === undefined) continue;
        const entries = await locate(this.#asRead(file), rows, this.#readable.get(file));
        for (let start = 0; start < entries.length; start += 10_000) {
          const lines = entries.slice(start, start + 10_000).map((entry) => `${JSON.stringify(entry)}\n`);
          await target.write(lines.join(""));
        }
      }
      await target.sync();
    } finally {
      await target.close();
    }
  }
}

async function locate(file: SourceFile, rows: readonly RejectedRow[], readable: number | undefined): Promise<RejectedEntry[]> {
  const lineOfRow = new Map<number, number>();
  const lineOfByte = new Map<number, number>();
  const wanted = new Set(rows.map((row) => row.row).filter((row) => row !== undefined));
  const bytes = rows.map((row) => row.byte).filter((byte) => byte !== undefined);
  bytes.sort((a, b) => a - b);
  let count = 0;
  if (file.format === "csv") {
    count = await visitReadRecords(file.path, file.isGzipped, bytes, (record) => {
      if (record.kind === "unsplit") lineOfByte.set(record.byte, record.line);
      else if (wanted.has(record.row)) lineOfRow.set(record.row, record.line);
    });
  } else if (file.format === "ndjson") {
    await visitLines(file.path, file.isGzipped, (line) => {
      if (wanted.has(count)) lineOfRow.set(count, line);
      count++;
    });
  }
  if (readable !== undefined && readable !== count) lineOfRow.clear();
  const entries = rows.map((row): RejectedEntry => {
    const line = row.byte === undefined ? lineOfRow.get(row.row ?? -1) : lineOfByte.get(row.byte);
    return {
      file: file.shownPath,
      ...(line !== undefined ? { line } : row.row === undefined ? {} : { row: row.row + 1 }),
      ...(row.column === undefined || row.column === "" ? {} : { column: row.column }),
      code: row.code,
      ...(row.found === undefined ? {} : { found: row.found }),
      reason: row.reason,
    };
  });
  return entries.sort((a, b) => (a.line ?? a.row ?? 0) - (b.line ?? b.row ?? 0));
}
