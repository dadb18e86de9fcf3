/**
 * What an Arrow IPC file says of itself: where the bytes of its columns stand. Read by hand, because a library for the whole format takes longer
 * to load than a chunk takes to replay. Of the format it knows what we write: one record batch, uncompressed, flat columns.
 * Source: Apache Arrow, `format/File.fbs`, `Message.fbs`, `Schema.fbs`; FlatBuffers binary format.
 */

/** What is wrong with a file, said after its name. */
export class ArrowFault extends Error {}

/** A stretch of bytes of a file. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** A column of the record batch. */
export interface ColumnPlace {
  /** `int32` are whole numbers, days, and codes into a dictionary; `other` is nothing of ours. */
  readonly type: "float64" | "int32" | "int8" | "uint8" | "utf8" | "other";
  readonly isCoded: boolean;
  readonly nullCount: number;
  /** Which rows are not null (empty when none is), then the values; of texts: where each begins, then their bytes. */
  readonly buffers: readonly ByteRange[];
}

/** The record batch of a file. */
export interface ArrowHead {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, ColumnPlace>;
}

/** Gives so many bytes of the file from a place on. */
export type ReadBytes = (range: ByteRange) => Uint8Array;

/** Reads the head of a file of so many bytes. Throws ArrowFault, or RangeError where a place lies outside the bytes. */
export function readArrowHead(size: number, read: ReadBytes): ArrowHead {
  if (size < tailBytes + magic.length || !isMagic(read({ from: 0, to: magic.length }))) throw new ArrowFault("is no column file");
  const tail = read({ from: size - tailBytes, to: size });
  if (!isMagic(tail.subarray(4))) throw new ArrowFault("is damaged: its end is missing");
  const footerBytes = viewOf(tail).getInt32(0, true);
  const footerStart = size - tailBytes - footerBytes;
  if (footerBytes <= 0 || footerStart < magic.length) throw new ArrowFault("is damaged: it has no footer");
  const footer = rootOf(read({ from: footerStart, to: size - tailBytes }), 0);
  const fields = required(footer.table(1), "a schema").tables(1);
  const blocks = required(footer.structs(3, 24), "a list of record batches");
  const [block] = blocks;
  if (block === undefined || blocks.length > 1) throw new ArrowFault(`holds ${blocks.length} record batches, not one`);
  const start = int64(block, 0);
  const bodyStart = start + block.getInt32(8, true);
  // A message begins with four bytes of ones and its length.
  const message = rootOf(read({ from: start, to: bodyStart }), 8);
  return batchOf(required(message.table(2), "a record batch"), fields, bodyStart);
}

const magic = "ARROW1";
/** The length of the footer, and the same letters as at the beginning. */
const tailBytes = 4 + magic.length;

function isMagic(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes) === magic;
}

function batchOf(batch: FlatTable, fields: readonly FlatTable[], bodyStart: number): ArrowHead {
  if (batch.table(3) !== undefined) throw new ArrowFault("is compressed");
  const nodes = required(batch.structs(1, 16), "counts");
  const buffers = required(batch.structs(2, 16), "buffers").map((view) => {
    const from = bodyStart + int64(view, 0);
    return { from, to: from + int64(view, 8) };
  });
  const columns = new Map<string, ColumnPlace>();
  let used = 0;
  for (const [index, field] of fields.entries()) {
    const encoding = field.table(4);
    const type = encoding === undefined ? typeOf(field.byte(2), field.table(3)) : codeType(encoding.table(1));
    if (type === "other") throw new ArrowFault(`holds '${field.text(0)}', a column of another kind than ours`);
    const count = type === "utf8" ? 3 : 2;
    const nullCount = int64(required(nodes[index], "a column's counts"), 8);
    columns.set(field.text(0), { type, isCoded: encoding !== undefined, nullCount, buffers: buffers.slice(used, used + count) });
    used += count;
  }
  return { rowCount: batch.int64(0), columns };
}

/** Numbers of the union `Type` in Schema.fbs. */
const typeNumbers = { int: 2, float: 3, utf8: 5, date: 8 } as const;

function typeOf(number: number, type: FlatTable | undefined): ColumnPlace["type"] {
  if (number === typeNumbers.utf8) return "utf8";
  if (number === typeNumbers.float) return type?.int16(0) === 2 ? "float64" : "other";
  // Days are the unit 0; the default is 1.
  if (number === typeNumbers.date) return type?.int16(0, 1) === 0 ? "int32" : "other";
  return number === typeNumbers.int ? codeType(type) : "other";
}

/** A type of whole numbers; a dictionary's codes are 32 bits wide unless it says otherwise. */
function codeType(type: FlatTable | undefined): ColumnPlace["type"] {
  if (type === undefined) return "int32";
  const name = `${type.byte(1) === 0 ? "uint" : "int"}${type.int32(0)}`;
  return name === "int32" || name === "int8" || name === "uint8" ? name : "other";
}

/** A table in FlatBuffers: its fields by number, absent ones as the format's default. */
class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  byte(field: number): number {
    const at = this.#place(field);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  int16(field: number, absent = 0): number {
    const at = this.#place(field);
    return at === undefined ? absent : this.#view.getInt16(at, true);
  }

  int32(field: number): number {
    const at = this.#place(field);
    return at === undefined ? 0 : this.#view.getInt32(at, true);
  }

  int64(field: number): number {
    const at = this.#place(field);
    return at === undefined ? 0 : int64(this.#view, at);
  }

  text(field: number): string {
    const at = this.#target(field);
    if (at === undefined) return "";
    return new TextDecoder().decode(bytesOf(this.#view, at + 4, this.#view.getUint32(at, true)));
  }

  table(field: number): FlatTable | undefined {
    const at = this.#target(field);
    return at === undefined ? undefined : new FlatTable(this.#view, at);
  }

  tables(field: number): readonly FlatTable[] {
    return (this.structs(field, 4) ?? []).map((view) => {
      const at = view.byteOffset - this.#view.byteOffset;
      return new FlatTable(this.#view, at + view.getUint32(0, true));
    });
  }

  /** A list of structs of so many bytes. */
  structs(field: number, bytes: number): readonly DataView[] | undefined {
    const at = this.#target(field);
    if (at === undefined) return undefined;
    const count = this.#view.getUint32(at, true);
    return Array.from({ length: count }, (_, index) => viewOf(bytesOf(this.#view, at + 4 + index * bytes, bytes)));
  }

  #target(field: number): number | undefined {
    const at = this.#place(field);
    return at === undefined ? undefined : at + this.#view.getUint32(at, true);
  }

  #place(field: number): number | undefined {
    const layout = this.#at - this.#view.getInt32(this.#at, true);
    const slot = 4 + 2 * field;
    const offset = slot < this.#view.getUint16(layout, true) ? this.#view.getUint16(layout + slot, true) : 0;
    return offset === 0 ? undefined : this.#at + offset;
  }
}

function rootOf(bytes: Uint8Array, from: number): FlatTable {
  const view = viewOf(bytes);
  return new FlatTable(view, from + view.getUint32(from, true));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(view: DataView, from: number, bytes: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + from, bytes);
}

function int64(view: DataView, at: number): number {
  return Number(view.getBigInt64(at, true));
}

function required<Part>(part: Part | undefined, name: string): Part {
  if (part === undefined) throw new ArrowFault(`is damaged: it lacks ${name}`);
  return part;
}
