/** Reads column files: Apache Arrow IPC files of one record batch, into typed arrays without a copy a value. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ArrowFault, type ArrowHead, type ByteRange, type ColumnPlace, readArrowHead } from "./arrow-head.ts";
import type { ColumnMemory } from "./column-memory.ts";

/** A column file that was read: typed arrays by column name, texts by name. */
export interface ColumnFile {
  readonly rowCount: number;
  /** Names of its columns, in order. */
  readonly names: readonly string[];
  /** Also `integer` columns, widened. */
  readonly floats: (name: string) => Float64Array;
  /** `integer`, `day` and the codes of `coded` columns. */
  readonly integers: (name: string) => Int32Array;
  readonly flags: (name: string) => Uint8Array;
  readonly signs: (name: string) => Int8Array;
  readonly texts: (name: string) => string[];
}

/**
 * Opens a column file. Cost: what it says of itself; the bytes of a column are read when it is asked for, each time anew; dictionaries never are.
 * Throws when the file is absent, damaged or not ours. `memory`: what it is read into; fresh memory without it.
 */
export function readColumnFile(path: string, memory?: ColumnMemory): ColumnFile {
  const { rowCount, columns } = headOf(path);
  const fill = (range: ByteRange | undefined): Uint8Array => {
    const { from, to } = range ?? { from: 0, to: 0 };
    const bytes = memory?.take(to - from) ?? new Uint8Array(to - from);
    if (to > from) withFile(path, (file) => readInto(file, from, bytes));
    return bytes;
  };
  const column = (name: string, type: ColumnPlace["type"]): ColumnPlace => {
    const found = columns.get(name);
    if (found?.type === type) return found;
    throw new TypeError(`${path} has no column '${name}' of such values`);
  };
  const values = (name: string, type: ColumnPlace["type"], bytes: number): ArrayBufferLike => {
    const read = fill(column(name, type).buffers[1]);
    if (read.length < rowCount * bytes) throw new Error(`${path} is damaged: column '${name}' is short of values`);
    return read.buffer;
  };
  const isNarrow = (name: string) => columns.get(name)?.type === "int32" && columns.get(name)?.isCoded === false;
  const widened = (whole: ArrayBufferLike) => {
    const { buffer } = memory?.take(rowCount * 8) ?? new Uint8Array(rowCount * 8);
    const floats = new Float64Array(buffer, 0, rowCount);
    floats.set(new Int32Array(whole, 0, rowCount));
    return floats;
  };
  return {
    rowCount,
    names: [...columns.keys()],
    floats: (name) => (isNarrow(name) ? widened(values(name, "int32", 4)) : new Float64Array(values(name, "float64", 8), 0, rowCount)),
    integers: (name) => {
      const codes = new Int32Array(values(name, "int32", 4), 0, rowCount);
      const { isCoded, nullCount, buffers } = column(name, "int32");
      return isCoded && nullCount > 0 ? withMissingCodes(codes, fill(buffers[0])) : codes;
    },
    flags: (name) => new Uint8Array(values(name, "uint8", 1), 0, rowCount),
    signs: (name) => new Int8Array(values(name, "int8", 1), 0, rowCount),
    texts: (name) => {
      const [, offsets, bytes] = column(name, "utf8").buffers;
      if (rowCount === 0) return [];
      return textsOf(new Int32Array(fill(offsets).buffer, 0, rowCount + 1), fill(bytes));
    },
  };
}

function headOf(path: string): ArrowHead {
  return withFile(path, (file) => {
    const { size } = fstatSync(file);
    return readArrowHead(size, ({ from, to }) => {
      if (from < 0 || from > to || to > size) throw new ArrowFault(endedEarly);
      const bytes = new Uint8Array(to - from);
      readInto(file, from, bytes);
      return bytes;
    });
  });
}

function withFile<Result>(path: string, work: (file: number) => Result): Result {
  const file = openSync(path, "r");
  try {
    return work(file);
  } catch (error) {
    if (error instanceof ArrowFault) throw new Error(`${path} ${error.message}`, { cause: error });
    if (error instanceof RangeError) throw new Error(`${path} is damaged: its parts do not fit together`, { cause: error });
    throw error;
  } finally {
    closeSync(file);
  }
}

function readInto(file: number, from: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(file, bytes, done, bytes.length - done, from + done);
    if (count === 0) throw new ArrowFault(endedEarly);
    done += count;
  }
}

const endedEarly = "is damaged: it ends early";

/** The codes of a column that was read, -1 where it is null. */
function withMissingCodes(codes: Int32Array, bitmap: Uint8Array): Int32Array {
  return codes.map((code, row) => (((bitmap[row >> 3] as number) >> (row & 7)) & 1 ? code : -1));
}

/** Decodes all texts of a column at once; slices of one string where every character is one byte. */
function textsOf(offsets: Int32Array, bytes: Uint8Array): string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rowCount = offsets.length - 1;
  const last = offsets[rowCount] as number;
  const whole = view.toString("utf8", 0, last);
  const isAscii = whole.length === last;
  return Array.from({ length: rowCount }, (_, row) => {
    const [start, end] = [offsets[row] as number, offsets[row + 1] as number];
    return isAscii ? whole.slice(start, end) : view.toString("utf8", start, end);
  });
}
