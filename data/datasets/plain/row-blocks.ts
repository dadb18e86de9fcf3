/** The blocks of a plain file, and which of them hold rows of a range of entities. */
import { BlockStore, type KeptBlock, type MemoryRoom } from "../block-store.ts";
import type { BlockShape, RowBlock } from "../row-block.ts";

/** Blocks of one shape, each with the number of the parser that made it. Close it, or the scratch file stays open. */
export class RowBlocks {
  readonly #store: BlockStore;
  readonly #blocks: StoredBlock[] = [];

  constructor(shape: BlockShape, room: MemoryRoom, scratchPath: string) {
    this.#store = new BlockStore(shape, room, scratchPath);
  }

  /** Takes a block; its buffer is not copied when it stays in memory. Throws the system's error when the scratch file cannot be written. */
  add(parser: number, block: RowBlock): void {
    this.#blocks.push({ parser, runs: runsOf(block), kept: this.#store.keep(block) });
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
    for (const stored of this.#blocks) {
      const { least, most } = spanOf(stored, placesOf);
      if (most >= from && least < to) visit(this.#store.show(stored.kept), stored.parser);
    }
  }

  close(): void {
    this.#store.close();
  }
}

interface StoredBlock {
  readonly parser: number;
  readonly kept: KeptBlock;
  /** Its keys, each once for each run of rows; undefined when they are many. */
  readonly runs: Int32Array | undefined;
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
