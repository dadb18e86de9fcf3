/** Keeps blocks of rows: in memory as long as there is room, then in a scratch file. */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { type BlockShape, type RowBlock, rowBlock } from "./row-block.ts";

/** Bytes that all who share it may keep in memory. */
export interface MemoryRoom {
  bytes: number;
}

/** A block that is kept: in memory, or at a position in the scratch file. */
export interface KeptBlock {
  readonly rows: number;
  readonly block?: RowBlock;
  readonly position?: number;
}

/** Blocks of one shape. Close it, or the scratch file stays open. */
export class BlockStore {
  readonly #shape: BlockShape;
  readonly #room: MemoryRoom;
  readonly #scratchPath: string;
  #spare: RowBlock | undefined;
  #scratch: number | undefined;
  #scratched = 0;

  constructor(shape: BlockShape, room: MemoryRoom, scratchPath: string) {
    this.#shape = shape;
    this.#room = room;
    this.#scratchPath = scratchPath;
  }

  /** Keeps a block; its buffer is not copied when it stays in memory. Throws the system's error when the scratch file cannot be written. */
  keep(block: RowBlock): KeptBlock {
    const size = block.buffer.byteLength;
    if (this.#room.bytes >= size) {
      this.#room.bytes -= size;
      return { rows: block.rows, block };
    }
    this.#scratch ??= openSync(this.#scratchPath, "w+");
    const bytes = new Uint8Array(block.buffer);
    for (let done = 0; done < size; ) done += writeSync(this.#scratch, bytes, done, size - done, this.#scratched * size + done);
    return { rows: block.rows, position: this.#scratched++ };
  }

  /** A kept block, valid until the next is shown. */
  show({ rows, block, position }: KeptBlock): RowBlock {
    if (block !== undefined) return block;
    this.#spare ??= rowBlock(this.#shape);
    const shown = this.#read(position ?? 0, this.#spare);
    shown.rows = rows;
    return shown;
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
