/** What only the bytes of a text file tell: what it really is, whether its packing is whole, and numbers that DuckDB reads too kindly. */
import { createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { openBytes, Quotes } from "./csv-records.ts";

const [lineFeed, carriageReturn, quote, underscore] = [10, 13, 34, 95];
const blockBytesMax = 4_194_304;

/**
 * Whether a cell of the file is a number but for underscores (`1_000`), which DuckDB would read as 1000. Names such as `seller_1` are none.
 * Reads the whole file, so it throws the error of node:zlib when packed content is cut off or damaged, which DuckDB does not notice.
 * Cost: one pass over the bytes, a search for one of them; meant to run beside DuckDB's own reading.
 */
export async function hasUnderscoredNumber(path: string, isGzipped: boolean): Promise<boolean> {
  let isFound = false;
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of openBytes(path, isGzipped)) {
    if (isFound) {
      if (isGzipped) continue;
      return true;
    }
    const block: Buffer = rest.length === 0 ? (bytes as Buffer) : Buffer.concat([rest, bytes as Buffer]);
    const end = block.lastIndexOf(lineFeed) + 1;
    if (end === 0 && block.length < blockBytesMax) rest = block;
    else {
      isFound = isUnderscoredIn(end === 0 ? block : block.subarray(0, end));
      rest = end === 0 ? Buffer.alloc(0) : block.subarray(end);
    }
  }
  return isFound || isUnderscoredIn(rest);
}

/** What a file holds, by its first bytes. `bytes`: what stands in no text. */
export type Content = "text" | "utf-16le" | "utf-16be" | "gzip" | "zip" | "parquet" | "bytes";

/** What a file holds, by its first bytes, unpacked. */
export async function contentOf(path: string, isGzipped: boolean): Promise<Content> {
  const head = await firstBytes(path, isGzipped);
  const startsWith = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (startsWith(0x1f, 0x8b)) return "gzip";
  if (startsWith(0x50, 0x4b, 3, 4)) return "zip";
  if (startsWith(0x50, 0x41, 0x52, 0x31)) return "parquet";
  const isZeroAt = (from: number) => head.length >= 16 && [0, 2, 4, 6, 8, 10, 12, 14].every((at) => head[from + at] === 0);
  if (startsWith(0xff, 0xfe) || (isZeroAt(1) && !isZeroAt(0))) return "utf-16le";
  if (startsWith(0xfe, 0xff) || (isZeroAt(0) && !isZeroAt(1))) return "utf-16be";
  return head.some((byte) => byte < 9 || (byte > 13 && byte < 32)) ? "bytes" : "text";
}

const foreignWords: Readonly<Record<Exclude<Content, "text">, string>> = {
  gzip: "it looks like gzip; name it with .gz at the end",
  zip: "it looks like a ZIP archive or a spreadsheet; unpack or export it as text",
  parquet: "it looks like Parquet; name it .parquet",
  "utf-16le": "it looks like UTF-16; save it as UTF-8",
  "utf-16be": "it looks like UTF-16; save it as UTF-8",
  bytes: "it holds bytes that stand in no text",
};

/** What a file is that is no UTF-8 text, in words, from its first bytes; undefined when they look like text. */
export async function foreignContent(path: string, isGzipped: boolean): Promise<string | undefined> {
  const content = await contentOf(path, isGzipped);
  return content === "text" ? undefined : foreignWords[content];
}

/** Whether a file starts with the byte-order mark of UTF-8. */
export async function hasByteOrderMark(path: string, isGzipped: boolean): Promise<boolean> {
  const head = await firstBytes(path, isGzipped);
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

/** Writes a file of UTF-16 to `target` as UTF-8, unpacked. Rejects where its bytes are no UTF-16. */
export async function copyAsUtf8(path: string, isGzipped: boolean, from: "utf-16le" | "utf-16be", target: string): Promise<void> {
  const decoder = new TextDecoder(from, { fatal: true });
  const decoded = async function* (source: AsyncIterable<Buffer>) {
    for await (const bytes of source) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  };
  await pipeline(openBytes(path, isGzipped), decoded, createWriteStream(target));
}

/** Writes the file to `target`, unpacked and without its first three bytes. */
export async function copyWithoutMark(path: string, isGzipped: boolean, target: string): Promise<void> {
  let toSkip = 3;
  const skipMark = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const skipped = Math.min(toSkip, chunk.length);
      toSkip -= skipped;
      done(null, chunk.subarray(skipped));
    },
  });
  await pipeline(openBytes(path, isGzipped), skipMark, createWriteStream(target));
}

/**
 * Writes a CSV file to `target`, unpacked, with every line ended by a line feed; line breaks inside quoted cells stay as they are.
 * Gives whether anything was changed. Lines keep their numbers where they ended with a line feed, alone or after a carriage return.
 */
export async function copyWithEvenLines(path: string, isGzipped: boolean, target: string): Promise<boolean> {
  const quotes = new Quotes();
  let isChanged = false;
  let isReturnOpen = false;
  const even = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const out = Buffer.allocUnsafe(chunk.length + 1);
      let length = 0;
      for (const byte of chunk) {
        if (isReturnOpen && byte !== lineFeed) out[length++] = lineFeed;
        quotes.take(byte);
        isReturnOpen = byte === carriageReturn && !quotes.areOpen;
        if (isReturnOpen) isChanged = true;
        else out[length++] = byte;
      }
      done(null, out.subarray(0, length));
    },
  });
  await pipeline(openBytes(path, isGzipped), even, createWriteStream(target));
  return isChanged;
}

/** The first bytes of a file, unpacked: at least 16 unless it is shorter. */
async function firstBytes(path: string, isGzipped: boolean): Promise<Buffer> {
  const stream = openBytes(path, isGzipped);
  let head: Buffer = Buffer.alloc(0);
  try {
    for await (const bytes of stream) {
      head = Buffer.concat([head, (bytes as Buffer).subarray(0, 64)]);
      if (head.length >= 64) break;
    }
  } finally {
    stream.destroy();
  }
  return head;
}

function isUnderscoredIn(block: Buffer): boolean {
  for (let at = block.indexOf(underscore); at >= 0; at = block.indexOf(underscore, at + 1)) {
    if (!isDigit(block[at - 1]) || !isDigit(block[at + 1])) continue;
    let [from, to] = [at - 1, at + 1];
    while (isOfNumber(block[from])) from--;
    while (isOfNumber(block[to])) to++;
    if (isBoundary(block[from]) && isBoundary(block[to])) return true;
  }
  return false;
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 48 && code <= 57;
}

/** Digits, signs, point, exponent, underscore. */
function isOfNumber(code: number | undefined): boolean {
  return isDigit(code) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101 || code === underscore;
}

/** What may stand beside a cell: white space, quotes, the separators of CSV and NDJSON, an end of the block. */
function isBoundary(code: number | undefined): boolean {
  return code === undefined || code <= 32 || [quote, 44, 58, 59, 124, 125].includes(code);
}
