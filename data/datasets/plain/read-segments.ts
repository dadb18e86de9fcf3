/** Reads pieces of a plain file into blocks: what one thread does. */
import { isUtf8 } from "node:buffer";
import { readSync } from "node:fs";
import { openBytes } from "../csv-records.ts";
import { type BlockShape, type RowBlock, rowBlock } from "../row-block.ts";
import { type ParsedCodes, plainShape, RowParser } from "./parse-rows.ts";
import type { PlainForm } from "./plain-form.ts";

/** Bytes of a piece, and how much longer its last record may make it. */
export const segmentBytes = 4_194_304;
const slackBytes = 1_048_576;

/** A parser with its buffers. Blocks are given away when they are full, and what is left at the end. */
export class SegmentReader {
  readonly #parser: RowParser;
  readonly #shape: BlockShape;
  readonly #give: (block: RowBlock) => void;
  #block: RowBlock;

  constructor(form: PlainForm, give: (block: RowBlock) => void) {
    this.#parser = new RowParser(form, segmentBytes + 2 * slackBytes);
    this.#shape = plainShape(form.widths);
    this.#give = give;
    this.#block = rowBlock(this.#shape);
  }

  /** Reads the records that begin from `from` to `to` - 1 of an open file of `size` bytes. False: something is not plain. */
  readSegment(file: number, from: number, to: number, size: number): boolean {
    // From one byte earlier, to see whether a record begins at `from`.
    const start = Math.max(0, from - 1);
    const buffer = this.#parser.text;
    let length = 0;
    const wanted = Math.min(size - start, to - start + slackBytes);
    while (length < wanted) {
      const count = readSync(file, buffer, length, wanted - length, start + length);
      if (count === 0) return false;
      length += count;
    }
    if (start + length === size && buffer[length - 1] !== lineFeed) buffer[length++] = lineFeed;
    const first = from === 0 ? 0 : buffer.indexOf(lineFeed) + 1;
    const end = buffer.indexOf(lineFeed, to - start - 1) + 1;
    // A record longer than the slack, or one that holds the whole segment.
    if ((first === 0 && from > 0) || end === 0 || end > length) return false;
    return first >= end || this.#parse(first, end);
  }

  /** Reads a packed file whole, behind its header line of `headerBytes`. Rejects with the error of node:zlib when it is damaged. */
  async readPacked(path: string, headerBytes: number): Promise<boolean> {
    let [toSkip, rest] = [headerBytes, 0];
    const buffer = this.#parser.text;
    for await (const chunk of openBytes(path, true)) {
      let bytes = chunk as Uint8Array;
      bytes = bytes.subarray(Math.min(toSkip, bytes.length));
      toSkip -= (chunk as Uint8Array).length - bytes.length;
      if (rest + bytes.length >= buffer.length) return false;
      buffer.set(bytes, rest);
      const length = rest + bytes.length;
      const end = buffer.subarray(0, length).lastIndexOf(lineFeed) + 1;
      if (end > 0 && !this.#parse(0, end)) return false;
      buffer.copyWithin(0, end, length);
      rest = length - end;
    }
    if (rest === 0) return true;
    buffer[rest] = lineFeed;
    return this.#parse(0, rest + 1);
  }

  /** Gives the last block away; what the codes in all of them mean. */
  finish(): ParsedCodes {
    if (this.#block.rows > 0) this.#give(this.#block);
    return this.#parser.finish();
  }

  #parse(start: number, end: number): boolean {
    if (!isUtf8(this.#parser.text.subarray(start, end))) return false;
    for (let at = start; at < end; ) {
      at = this.#parser.parse(at, end, this.#block);
      if (at < 0) return false;
      if (this.#block.rows < this.#shape.rowsMax) continue;
      this.#give(this.#block);
      this.#block = rowBlock(this.#shape);
    }
    return true;
  }
}

const lineFeed = 10;
