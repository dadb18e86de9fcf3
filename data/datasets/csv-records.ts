/** CSV as records: the header of a file, and the line on which a record starts (a quoted cell may hold line breaks). */
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** The names of a file's columns and the sign between them. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** Names that the header holds more than once. Their first column bears the name; `columns` tells the others, and those without a name, by a sign that no file holds. */
  readonly repeated: readonly string[];
}

/** Reads the header: the first record. The delimiter is the one of `, ; tab |` that gives most columns. Throws what is wrong with it, in words. */
export async function readCsvHeader(path: string, isGzipped: boolean): Promise<CsvHeader> {
  let text = "";
  const stream = openBytes(path, isGzipped);
  try {
    for await (const bytes of stream) {
      text += (bytes as Buffer).toString("utf8");
      if (firstRecord(text) !== undefined || text.length > 1_048_576) break;
    }
  } finally {
    stream.destroy();
  }
  const record = (firstRecord(text) ?? text).replace(/^\uFEFF/, "");
  if (record.trim() === "") throw new Error("the file has no header line");
  if (firstRecord(`${record}\n`) === undefined) throw new Error("a quote in the header is not closed");
  let best: CsvHeader = { delimiter: ",", columns: [], repeated: [] };
  for (const delimiter of [",", ";", "\t", "|"]) {
    const columns = splitRecord(record, delimiter);
    if (columns.length > best.columns.length) best = { delimiter, columns, repeated: [] };
  }
  const seen = new Map<string, number>();
  const columns = best.columns.map((name, index) => {
    if (name === "") return `\u001f${index + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}\u001f${count}`;
  });
  const repeated = [...seen].filter(([, count]) => count > 1).map(([name]) => name);
  return { delimiter: best.delimiter, columns, repeated };
}

/** A record's place: where it starts. */
export interface RecordPlace {
  readonly line: number;
  /** The offset of its first byte, unpacked. */
  readonly byte: number;
}

/**
 * Visits the records of a CSV file after its header, in order, empty lines left out. Cost: one pass over the bytes.
 */
export async function visitRecords(path: string, isGzipped: boolean, visit: (place: RecordPlace) => void): Promise<void> {
  let [byte, line, start, startLine] = [0, 1, 0, 1];
  const quotes = new Quotes();
  let isEmpty = true;
  let isHeader = true;
  const endRecord = () => {
    if (!isEmpty) {
      if (!isHeader) visit({ line: startLine, byte: start });
      isHeader = false;
    }
  };
  for await (const chunk of openBytes(path, isGzipped)) {
    const bytes = chunk as Buffer;
    for (let i = 0; i < bytes.length; i++) {
      const code = bytes[i] as number;
      quotes.take(code);
      if (code === 10) {
        line++;
        if (!quotes.areOpen) {
          endRecord();
          isEmpty = true;
          start = byte + i + 1;
          startLine = line;
        }
      } else if (code !== 13) isEmpty = false;
    }
    byte += bytes.length;
  }
  endRecord();
}

/** A record of a CSV file that DuckDB read as a row, counted from 0, or that it could not split and listed under a byte. */
export type ReadRecord =
  | { readonly kind: "row"; readonly row: number; readonly line: number }
  | { readonly kind: "unsplit"; readonly byte: number; readonly line: number };

/**
 * Visits records as DuckDB read them. `unsplit`: the bytes, ascending, under which it lists those that it could not split: where such a record
 * starts, or where a line break or blank line before it does. Gives the number of rows.
 */
export async function visitReadRecords(
  path: string,
  isGzipped: boolean,
  unsplit: readonly number[],
  visit: (record: ReadRecord) => void,
): Promise<number> {
  let [row, next] = [0, 0];
  await visitRecords(path, isGzipped, ({ line, byte }) => {
    const listed = unsplit[next];
    if (listed === undefined || listed > byte) visit({ kind: "row", row: row++, line });
    else {
      visit({ kind: "unsplit", byte: listed, line });
      next++;
    }
  });
  return row;
}

/** Visits the lines of a file that are not blank. */
export async function visitLines(path: string, isGzipped: boolean, visit: (line: number) => void): Promise<void> {
  let line = 1;
  let isBlank = true;
  for await (const chunk of openBytes(path, isGzipped)) {
    for (const code of chunk as Buffer) {
      if (code === 10) {
        if (!isBlank) visit(line);
        line++;
        isBlank = true;
      } else if (code > 32) isBlank = false;
    }
  }
  if (!isBlank) visit(line);
}

/** The bytes of a file, unpacked where it is packed. */
export function openBytes(path: string, isGzipped: boolean): Readable {
  const file = createReadStream(path, { highWaterMark: 1_048_576 });
  if (!isGzipped) return file;
  const unpacked = createGunzip();
  file.on("error", (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

/**
 * Follows the quotes of a CSV text, byte by byte or sign by sign. A quote opens a cell where the cell starts; one within a text (`5" pipe`) is a
 * sign like any other, as DuckDB reads it.
 */
export class Quotes {
  areOpen = false;
  #isStart = true;
  #isJustClosed = false;

  /** Takes the next byte or sign. */
  take(code: number): void {
    if (code === 34) {
      const opens = !this.areOpen && (this.#isStart || this.#isJustClosed);
      this.#isJustClosed = this.areOpen;
      this.areOpen = opens;
      this.#isStart = false;
    } else if (!this.areOpen) {
      this.#isJustClosed = false;
      this.#isStart = isCellEnd(code) || (this.#isStart && isBeforeCell(code));
    }
  }
}

/** Line feed, carriage return, and the delimiters `, ; tab |`. */
function isCellEnd(code: number): boolean {
  return code === 44 || code === 10 || code === 13 || code === 59 || code === 9 || code === 124;
}

/** A space, or the byte-order mark, as a sign or as its bytes. */
function isBeforeCell(code: number): boolean {
  return code === 32 || code === 0xfeff || code === 0xef || code === 0xbb || code === 0xbf;
}

function firstRecord(text: string): string | undefined {
  const quotes = new Quotes();
  for (let i = 0; i < text.length; i++) {
    quotes.take(text.charCodeAt(i));
    if (!quotes.areOpen && (text[i] === "\n" || text[i] === "\r")) {
      const record = text.slice(0, i);
      if (record.trim() !== "") return record;
    }
  }
  return undefined;
}

function splitRecord(record: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < record.length; i++) {
    const sign = record[i] as string;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (record[i + 1] === '"') {
        cell += '"';
        i++;
      } else isQuoted = false;
    } else if (sign === '"') isQuoted = true;
    else if (sign === delimiter) {
      cells.push(cell);
      cell = "";
    } else cell += sign;
  }
  cells.push(cell);
  return cells.map((each) => each.trim());
}
