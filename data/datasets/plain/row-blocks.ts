/** Keeps the blocks of a file: in memory as long as there is room, then in a scratch file. */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { type RowBlock, rowBlock } from "./parse-rows.ts";
import type { ValueWidth } from "./plain-form.ts";

/** Bytes that all who share it may keep in memory. */
export interface MemoryRoom {
  bytes: number;
}

/** Blocks of one shape, each with the number of the parser that made it. Close it, or the scratch file stays open. */
export class RowBlocks {
  readonly #widths: readonly ValueWidth[];
  readonly #room: MemoryRoom;
  readonly #scratchPath: string;
  readonly #blocks: StoredBlock[] = [];
  #scratch: number | undefined;
  #scratched = 0;

  constructor(widths: readonly ValueWidth[], room: MemoryRoom, scratchPath: string) {
    this.#widths = widths;
    this.#room = room;
    this.#scratchPath = scratchPath;
  }

  /** Takes a block; its buffer is not copied when it stays in memory. Throws the system's error when the scratch file cannot be written. */
  add(parser: number, block: RowBlock): void {
    const size = block.buffer.byteLength;
    const stored = { parser, rows: block.rows, runs: runsOf(block) };
    if (this.#room.bytes >= size) {
      this.#room.bytes -= size;
      this.#blocks.push({ ...stored, block });
      return;
    }
    this.#scratch ??= openSync(this.#scratchPath, "w+");
    const bytes = new Uint8Array(block.buffer);
    for (let done = 0; done < size; ) done += writeSync(this.#scratch, bytes, done, size - done, this.#scratched * size + done);
    this.#blocks.push({ ...stored, position: this.#scratched++ });
  }

  /** How many visits `scan` would make in all, for ranges that begin at these places; the last one ends the last range. */
  visits(placesOf: readonly Int32Array[], starts: readonly number[]): number {
    const rangeOf = (place: number) => starts.findLastIndex((start) => start <= place);
    let visits = 0;
    for (const block of this.#blocks) {
      const { least, most } = spanOf(block, placesOf);
      visits += rangeOf(Math.min(most, (starts.at(-1) ?? 1) - 1)) - rangeOf(least) + 1;
    }
    return visits;
  }

  /** How many blocks there are. */
  get count(): number {
    return this.#blocks.length;
  }

  /**
   * Visits the blocks whose keys may lie from `from` to `to` - 1, where `placesOf` tells the place of each key, by parser. A block is only
   * valid during the visit. Blocks that hold none of these keys are neither read nor visited, where their keys are few enough to tell.
   */
  scan(placesOf: readonly Int32Array[], from: number, to: number, visit: (block: RowBlock, parser: number) => void): void {
    let spare: RowBlock | undefined;
    for (const stored of this.#blocks) {
      const { least, most } = spanOf(stored, placesOf);
      if (most < from || least >= to) continue;
      let { block } = stored;
      if (block === undefined) {
        spare ??= rowBlock(this.#widths);
        block = this.#read(stored.position ?? 0, spare);
      }
      block.rows = stored.rows;
      visit(block, stored.parser);
    }
  }

  close(): void {
    if (this.#scratch !== undefined) closeSync(this.#scratch);
    this.#scratch = undefined;
  }

  #read(position: number, target: RowBlock): RowBlock {
    const bytes = new Uint8Array(target.buffer);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(this.#scratch as number, bytes, done, bytes.length - done, position * bytes.length + done);
      if (count === 0) throw new Error("the scratch file ended early");
      done += count;
    }
    return target;
  }
}

interface StoredBlock {
  readonly parser: number;
  readonly rows: number;
  /** Its keys, each once for each run of rows; undefined when they are many. */
  readonly runs: Int32Array | undefined;
  readonly block?: RowBlock;
  /** Which of the blocks in the scratch file it is. */
  readonly position?: number;
  /** The first and the last place of its keys, once they are known. */
  span?: Span;
}

interface Span {
  readonly least: number;
  readonly most: number;
}

/** More runs of keys than so many are not remembered. */
const runsMax = 2048;

function runsOf({ rows, keys }: RowBlock): Int32Array | undefined {
  const runs = new Int32Array(runsMax);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (count > 0 && keys[row] === runs[count - 1]) continue;
    if (count === runsMax) return undefined;
    runs[count++] = keys[row] as number;
  }
  return runs.slice(0, count);
}

function spanOf(stored: StoredBlock, placesOf: readonly Int32Array[]): Span {
  if (stored.runs === undefined) return { least: 0, most: Number.POSITIVE_INFINITY };
  if (stored.span !== undefined) return stored.span;
  const places = placesOf[stored.parser] as Int32Array;
  let [least, most] = [Number.POSITIVE_INFINITY, -1];
  for (const key of stored.runs) {
    const place = places[key] as number;
    if (place < least) least = place;
    if (place > most) most = place;
  }
  stored.span = { least, most };
  return stored.span;
}
