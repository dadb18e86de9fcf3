/** Column files: Apache Arrow IPC files of one record batch, read into typed arrays without a copy a value. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import {
  type Data,
  DataType,
  DateDay,
  Dictionary,
  Field,
  Float64,
  Int8,
  Int32,
  makeData,
  makeVector,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchReader,
  Schema,
  Struct,
  Table,
  Uint8,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { Footer } from "apache-arrow/ipc/metadata/file";
import { present } from "../foundation/index.ts";

/**
 * One column of a column file. `float`: NaN is written as null (and NaN stays in the buffer below it). `day`: days since 1970-01-01.
 * `coded`: dictionary-encoded text; code -1 is null (and 0 stands in the buffer below it: Polars refuses a file with a negative code, null or not).
 *
 * Whether a column may hold nulls depends on its kind, not on its values, so that all files of a table have one schema.
 */
export type FileColumn =
  | {
      readonly kind: "float";
      readonly name: string;
      readonly values: Float64Array;
      readonly metadata?: Readonly<Record<string, string>>;
      /** Known to hold no NaN, so that none is looked for. */
      readonly isComplete?: boolean;
    }
  | { readonly kind: "integer"; readonly name: string; readonly values: Int32Array }
  | { readonly kind: "day"; readonly name: string; readonly values: Int32Array; readonly missing?: number }
  | { readonly kind: "flag"; readonly name: string; readonly values: Uint8Array }
  | { readonly kind: "sign"; readonly name: string; readonly values: Int8Array }
  | { readonly kind: "text"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "coded"; readonly name: string; readonly codes: Int32Array; readonly values: readonly string[] };

/** A column file that was read: typed arrays by column name, texts by name. */
export interface ColumnFile {
  readonly rowCount: number;
  /** Names of its columns, in order. */
  readonly names: readonly string[];
  readonly floats: (name: string) => Float64Array;
  /** `integer`, `day` and the codes of `coded` columns. */
  readonly integers: (name: string) => Int32Array;
  readonly flags: (name: string) => Uint8Array;
  readonly signs: (name: string) => Int8Array;
  readonly texts: (name: string) => string[];
}

/** Writes a column file and brings it to the disk (fsync). Rejects with the system's error when that fails. */
export async function writeColumnFile(path: string, rowCount: number, columns: readonly FileColumn[]): Promise<void> {
  const parts = await columnFileParts(rowCount, columns);
  const file = await open(path, "w");
  try {
    await writeParts(file, parts);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Opens a column file. Cost: what it says of itself and its dictionaries; the bytes of a column are read when it is asked for first. Throws
 * when the file is absent, damaged or not ours. `memory`: what it is read into; fresh memory without it.
 */
export function readColumnFile(path: string, memory?: ColumnMemory): ColumnFile {
  const file = new SparseFile(path, memory);
  const batches = [...RecordBatchReader.from(file.bytes)];
  const batch = present(batches[0], `the record batch of ${path}`);
  const columns = new Map(batch.schema.fields.map((field, index) => [field.name, present(batch.data.children[index], field.name)]));
  const column = (name: string) => {
    const data = present(columns.get(name), `column '${name}' of ${path}`);
    for (const part of [data.values, data.valueOffsets, data.nullBitmap] as unknown[]) file.fill(part);
    return data;
  };
  const array = <T>(name: string, type: new (...args: never[]) => T): T => {
    const values: unknown = column(name).values;
    if (values instanceof type) return values;
    throw new TypeError(`column '${name}' of ${path} holds other values than expected`);
  };
  return {
    rowCount: batch.numRows,
    names: [...columns.keys()],
    floats: (name) => array(name, Float64Array).subarray(0, batch.numRows),
    integers: (name) => withMissingCodes(column(name), array(name, Int32Array).subarray(0, batch.numRows)),
    flags: (name) => array(name, Uint8Array).subarray(0, batch.numRows),
    signs: (name) => array(name, Int8Array).subarray(0, batch.numRows),
    texts: (name) => textsOf(column(name), batch.numRows),
  };
}

/** The bytes of the file one part behind the other; columns stand in it as they are, not copied. */
async function columnFileParts(rowCount: number, columns: readonly FileColumn[]): Promise<Uint8Array[]> {
  const parts = columns.map((column) => arrowColumn(rowCount, column));
  const schema = new Schema(parts.map((part) => part.field));
  const type = new Struct(parts.map((part) => part.field));
  const batch = new RecordBatch(schema, makeData({ type, length: rowCount, nullCount: 0, children: parts.map((part) => part.data) }));
  const bytes: Uint8Array[] = [];
  for await (const part of RecordBatchFileWriter.writeAll(new Table(schema, [batch]))) bytes.push(part as Uint8Array);
  return bytes;
}

/** Writes all parts, however many of them the system takes at once. */
async function writeParts(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let left = [...parts];
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left);
    left = left.flatMap((part) => {
      const done = Math.min(bytesWritten, part.byteLength);
      bytesWritten -= done;
      return done === part.byteLength ? [] : [part.subarray(done)];
    });
  }
}

function arrowColumn(length: number, column: FileColumn): { field: Field; data: Data } {
  const { name } = column;
  switch (column.kind) {
    case "float": {
      const nulls = column.isComplete === true ? { nullCount: 0 } : nullBitmap(column.values, Number.NaN);
      const field = new Field(name, new Float64(), true, new Map(Object.entries(column.metadata ?? {})));
      return { field, data: makeData({ type: new Float64(), length, data: column.values, ...nulls }) };
    }
    case "integer":
      return {
        field: new Field(name, new Int32(), false),
        data: makeData({ type: new Int32(), length, data: column.values, nullCount: 0 }),
      };
    case "day": {
      const nulls = nullBitmap(column.values, column.missing);
      return {
        field: new Field(name, new DateDay(), column.missing !== undefined),
        data: makeData({ type: new DateDay(), length, data: column.values, ...nulls }),
      };
    }
    case "flag":
      return {
        field: new Field(name, new Uint8(), false),
        data: makeData({ type: new Uint8(), length, data: column.values, nullCount: 0 }),
      };
    case "sign":
      return { field: new Field(name, new Int8(), false), data: makeData({ type: new Int8(), length, data: column.values, nullCount: 0 }) };
    case "text":
      return { field: new Field(name, new Utf8(), false), data: utf8Data(column.values) };
    case "coded": {
      const type = new Dictionary(new Utf8(), new Int32());
      const nulls = nullBitmap(column.codes, -1);
      const codes = nulls.nullCount === 0 ? column.codes : column.codes.map((code) => Math.max(0, code));
      const dictionary = column.values.length === 0 ? vectorFromArray([""], new Utf8()) : makeVector(utf8Data(column.values));
      return {
        field: new Field(name, type, true),
        data: makeData({ type, length, data: codes, dictionary, ...nulls }),
      };
    }
  }
}

/** The codes of a column that was read, -1 where it is null; other integers as they are. */
function withMissingCodes(data: Data, values: Int32Array): Int32Array {
  if (!DataType.isDictionary(data.type) || data.nullCount === 0) return values;
  const bitmap = data.nullBitmap;
  return values.map((code, row) => (((bitmap[row >> 3] as number) >> (row & 7)) & 1 ? code : -1));
}

/** The bitmap of values that are not the missing one; none when all are there. */
function nullBitmap(values: Float64Array | Int32Array, missing: number | undefined): { nullCount: number; nullBitmap?: Uint8Array } {
  if (missing === undefined || !values.includes(missing)) return { nullCount: 0 };
  const bitmap = new Uint8Array((values.length + 7) >> 3).fill(255);
  let nullCount = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (value !== missing && !Number.isNaN(value)) continue;
    bitmap[row >> 3] = (bitmap[row >> 3] as number) & ~(1 << (row & 7));
    nullCount++;
  }
  return { nullCount, nullBitmap: bitmap };
}

/** Lists that are written more than once, as the entities of a chunk are, with what they became. */
const encoded = new WeakMap<readonly string[], Data<Utf8>>();

function utf8Data(values: readonly string[]): Data<Utf8> {
  const known = encoded.get(values);
  if (known !== undefined) return known;
  const data = encodeUtf8(values);
  encoded.set(values, data);
  return data;
}

function encodeUtf8(values: readonly string[]): Data<Utf8> {
  const valueOffsets = new Int32Array(values.length + 1);
  const whole = values.join("");
  const bytes = Buffer.from(whole, "utf8");
  const isAscii = bytes.length === whole.length;
  let offset = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as string;
    offset += isAscii ? value.length : Buffer.byteLength(value, "utf8");
    valueOffsets[index + 1] = offset;
  }
  return makeData({ type: new Utf8(), length: values.length, nullCount: 0, valueOffsets, data: bytes });
}

/** Decodes all texts of a column at once; slices of one string where every character is one byte. */
function textsOf(data: Data, rowCount: number): string[] {
  const offsets: Int32Array = data.valueOffsets;
  const bytes: Uint8Array = data.values;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = offsets[rowCount] ?? 0;
  const whole = view.toString("utf8", 0, last);
  const isAscii = whole.length === last;
  return Array.from({ length: rowCount }, (_, row) => {
    const [start, end] = [offsets[row] as number, offsets[row + 1] as number];
    return isAscii ? whole.slice(start, end) : view.toString("utf8", start, end);
  });
}

/** Memory that files are read into again and again: the system need not give and clear it anew each time. */
export class ColumnMemory {
  readonly #free: ArrayBuffer[] = [];
  readonly #used: ArrayBuffer[] = [];

  /** So many bytes, with whatever was in them. */
  take(bytes: number): Uint8Array {
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    // A little more than is asked for, since files of a table differ a little in size.
    const buffer = at < 0 ? new ArrayBuffer(bytes + (bytes >> 4)) : present(this.#free.splice(at, 1)[0], "memory");
    this.#used.push(buffer);
    return new Uint8Array(buffer, 0, bytes);
  }

  /** Gives up everything that was read. */
  reset(): void {
    this.#free.push(...this.#used.splice(0));
    this.#free.sort((a, b) => a.byteLength - b.byteLength);
  }
}

/** A file's bytes in memory of our own, so that every typed array inside is aligned; each stretch is read when it is needed. */
class SparseFile {
  /** Where nothing was read yet there is nothing of the file: in fresh memory zeros, which the system does not give before they are written to. */
  readonly bytes: Uint8Array;
  readonly #path: string;
  readonly #filled = new Set<number>();

  /** Reads what the file says of itself: its footer, the heads of its batches, and dictionaries whole. */
  constructor(path: string, memory?: ColumnMemory) {
    this.#path = path;
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      this.bytes = memory?.take(size) ?? new Uint8Array(size);
      if (size < TAIL + MAGIC.length) throw new Error(`${path} is no column file`);
      this.#read(file, 0, MAGIC.length);
      this.#read(file, size - TAIL, size);
      const footerLength = new DataView(this.bytes.buffer).getInt32(size - TAIL, true);
      const footerStart = size - TAIL - footerLength;
      if (footerLength <= 0 || footerStart < MAGIC.length) throw new Error(`${path} is damaged: it has no footer`);
      this.#read(file, footerStart, size - TAIL);
      const footer = Footer.decode(this.bytes.subarray(footerStart, size - TAIL));
      for (const { offset, metaDataLength } of footer.recordBatches()) this.#read(file, offset, offset + metaDataLength);
      for (const { offset, metaDataLength, bodyLength } of footer.dictionaryBatches())
        this.#read(file, offset, offset + metaDataLength + bodyLength);
    } finally {
      closeSync(file);
    }
  }

  /** Reads the bytes under a view of them. */
  fill(view: unknown): void {
    if (!ArrayBuffer.isView(view) || view.buffer !== this.bytes.buffer || view.byteLength === 0 || this.#filled.has(view.byteOffset))
      return;
    const file = openSync(this.#path, "r");
    try {
      this.#read(file, view.byteOffset, view.byteOffset + view.byteLength);
    } finally {
      closeSync(file);
    }
    this.#filled.add(view.byteOffset);
  }

  #read(file: number, from: number, to: number): void {
    if (from < 0 || to > this.bytes.length) throw new Error(`${this.#path} is damaged: it ends before byte ${to}`);
    for (let position = from; position < to; ) {
      const count = readSync(file, this.bytes, position, to - position, position);
      if (count === 0) throw new Error(`${this.#path} ended early`);
      position += count;
    }
  }
}

/** What a file of the format begins with, and the length of its footer with the same at its end. */
const MAGIC = "ARROW1";
const TAIL = 4 + MAGIC.length;
