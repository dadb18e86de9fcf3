/**
 * Columns as an Apache Arrow IPC file of one record batch, as bytes one part behind the other. Written by hand, as it is read: what is known to be
 * flat, complete and in memory needs no library, which takes longer to load than a chunk takes to write.
 * Source: Apache Arrow, `format/File.fbs`, `Message.fbs`, `Schema.fbs`, and the text on the IPC format.
 */
import type { FileColumn } from "./file-column.ts";
import { type FlatField, type FlatTableForm, flatBytes } from "./flat-tables.ts";

/** A column as the format has it: what it is, and its bytes. */
interface ArrowColumn {
  readonly field: FlatTableForm;
  readonly nullCount: number;
  readonly buffers: readonly Uint8Array[];
  readonly dictionary?: { readonly length: number; readonly buffers: readonly Uint8Array[] };
}

/** Where a message stands: its place, the bytes of its head, and those of its body. */
interface Block {
  readonly offset: number;
  readonly head: number;
  readonly body: number;
}

/** The parts of the file; columns stand in it as they are, not copied. */
export function columnFileParts(rowCount: number, columns: readonly FileColumn[]): Uint8Array[] {
  const made = columns.map((column, index) => arrowColumn(rowCount, column, index));
  const schema: FlatTableForm = { fields: [undefined, { tables: made.map(({ field }) => field) }] };
  const file = new FileParts();
  file.add(new TextEncoder().encode("ARROW1\0\0"));
  file.message(headers.schema, schema, []);
  const dictionaries: Block[] = [];
  for (const [index, { dictionary }] of made.entries()) {
    if (dictionary === undefined) continue;
    const batch = batchOf(dictionary.length, [{ nullCount: 0, buffers: dictionary.buffers }]);
    dictionaries.push(file.message(headers.dictionaryBatch, { fields: [long(index), { table: batch }] }, dictionary.buffers));
  }
  const batch = file.message(
    headers.recordBatch,
    batchOf(rowCount, made),
    made.flatMap(({ buffers }) => buffers),
  );
  file.add(new Uint8Array(Int32Array.of(-1, 0).buffer));
  const footer = flatBytes({ fields: [version, { table: schema }, blocksOf(dictionaries), blocksOf([batch])] });
  file.add(footer);
  file.add(new Uint8Array(Int32Array.of(footer.length).buffer));
  file.add(new TextEncoder().encode("ARROW1"));
  return file.parts;
}

/** Numbers of the union `MessageHeader`, and the version of the format. */
const headers = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;
const version: FlatField = { bytes: 2, value: 4 };

class FileParts {
  readonly parts: Uint8Array[] = [];
  #length = 0;

  add(part: Uint8Array): void {
    if (part.length > 0) this.parts.push(part);
    this.#length += part.length;
  }

  /** A message: four bytes of ones, the length of its head, the head, the body. */
  message(headerType: number, header: FlatTableForm, buffers: readonly Uint8Array[]): Block {
    const offset = this.#length;
    const body = buffers.reduce((sum, { length }) => sum + padded(length), 0);
    const head = flatBytes({ fields: [version, { bytes: 1, value: headerType }, { table: header }, long(body)] });
    this.add(new Uint8Array(Int32Array.of(-1, head.length).buffer));
    this.add(head);
    for (const buffer of buffers) {
      this.add(buffer);
      this.add(new Uint8Array(padded(buffer.length) - buffer.length));
    }
    return { offset, head: head.length + 8, body };
  }
}

function batchOf(length: number, columns: readonly Pick<ArrowColumn, "nullCount" | "buffers">[]): FlatTableForm {
  const nodes = columns.flatMap(({ nullCount }) => [length, nullCount]);
  const places: number[] = [];
  let offset = 0;
  for (const buffer of columns.flatMap(({ buffers }) => buffers)) {
    places.push(offset, buffer.length);
    offset += padded(buffer.length);
  }
  return { fields: [long(length), words(nodes, 2), words(places, 2)] };
}

function blocksOf(blocks: readonly Block[]): FlatField {
  const all = blocks.flatMap(({ offset, head, body }) => [offset, head, body]);
  return words(all, 3);
}

function words(values: readonly number[], wordsEach: number): FlatField {
  return { words: BigInt64Array.from(values, BigInt), wordsEach };
}

function long(value: number): FlatField {
  return { bytes: 8, value };
}

/** Parts of a body begin at multiples of eight. */
function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}

function arrowColumn(rowCount: number, column: FileColumn, index: number): ArrowColumn {
  const { name } = column;
  switch (column.kind) {
    case "float": {
      const nulls = column.isComplete === true ? noNulls : nullsIn(column.values, Number.NaN);
      const field = fieldOf(name, { type: double, isNullable: true, metadata: column.metadata ?? {} });
      return { field, nullCount: nulls.nullCount, buffers: [nulls.bitmap, bytesOf(column.values, rowCount)] };
    }
    case "integer": {
      const field = fieldOf(name, { type: whole(32, true), metadata: column.metadata ?? {} });
      return { field, nullCount: 0, buffers: [none, bytesOf(column.values, rowCount)] };
    }
    case "day": {
      const nulls = nullsIn(column.values, column.missing);
      const field = fieldOf(name, { type: day, isNullable: column.missing !== undefined });
      return { field, nullCount: nulls.nullCount, buffers: [nulls.bitmap, bytesOf(column.values, rowCount)] };
    }
    case "flag":
      return { field: fieldOf(name, { type: whole(8, false) }), nullCount: 0, buffers: [none, bytesOf(column.values, rowCount)] };
    case "sign":
      return { field: fieldOf(name, { type: whole(8, true) }), nullCount: 0, buffers: [none, bytesOf(column.values, rowCount)] };
    case "text":
      return { field: fieldOf(name, { type: utf8 }), nullCount: 0, buffers: textBuffers(column.values) };
    case "coded": {
      const nulls = nullsIn(column.codes, -1);
      const codes = nulls.nullCount === 0 ? column.codes : column.codes.map((code) => Math.max(0, code));
      const values = column.values.length === 0 ? [""] : column.values;
      return {
        field: fieldOf(name, { type: utf8, isNullable: true, dictionary: index }),
        nullCount: nulls.nullCount,
        buffers: [nulls.bitmap, bytesOf(codes, rowCount)],
        dictionary: { length: values.length, buffers: textBuffers(values) },
      };
    }
  }
}

/** A number of the union `Type`, and what the type says of itself. */
interface ArrowType {
  readonly number: number;
  readonly form: FlatTableForm;
}

const double: ArrowType = { number: 3, form: { fields: [{ bytes: 2, value: 2 }] } };
const utf8: ArrowType = { number: 5, form: { fields: [] } };
const day: ArrowType = { number: 8, form: { fields: [{ bytes: 2, value: 0 }] } };

function whole(bits: number, isSigned: boolean): ArrowType {
  return {
    number: 2,
    form: {
      fields: [
        { bytes: 4, value: bits },
        { bytes: 1, value: isSigned ? 1 : 0 },
      ],
    },
  };
}

interface FieldForm {
  readonly type: ArrowType;
  readonly isNullable?: boolean;
  /** The number of its dictionary, whose codes are 32 bits wide. */
  readonly dictionary?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

function fieldOf(name: string, { type, isNullable = false, dictionary, metadata = {} }: FieldForm): FlatTableForm {
  const encoding: FlatField | undefined =
    dictionary === undefined ? undefined : { table: { fields: [long(dictionary), { table: whole(32, true).form }] } };
  const pairs = Object.entries(metadata).map(([key, value]): FlatTableForm => ({ fields: [{ text: key }, { text: value }] }));
  return {
    fields: [
      { text: name },
      { bytes: 1, value: isNullable ? 1 : 0 },
      { bytes: 1, value: type.number },
      { table: type.form },
      encoding,
      { tables: [] },
      pairs.length === 0 ? undefined : { tables: pairs },
    ],
  };
}

const none = new Uint8Array(0);
const noNulls = { nullCount: 0, bitmap: none };

/** The bitmap of values that are not the missing one; none when all are there. */
function nullsIn(values: Float64Array | Int32Array, missing: number | undefined): { nullCount: number; bitmap: Uint8Array } {
  if (missing === undefined || !values.includes(missing)) return noNulls;
  const bitmap = new Uint8Array((values.length + 7) >> 3).fill(255);
  let nullCount = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (value !== missing && !Number.isNaN(value)) continue;
    bitmap[row >> 3] = (bitmap[row >> 3] as number) & ~(1 << (row & 7));
    nullCount++;
  }
  return { nullCount, bitmap };
}

function bytesOf(values: Float64Array | Int32Array | Uint8Array | Int8Array, rowCount: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, rowCount * values.BYTES_PER_ELEMENT);
}

/** Lists that are written more than once, as the entities of a chunk are, with what they became. */
const encoded = new WeakMap<readonly string[], readonly Uint8Array[]>();

/** No nulls, where each text begins, and the texts one behind the other. */
function textBuffers(values: readonly string[]): readonly Uint8Array[] {
  const known = encoded.get(values);
  if (known !== undefined) return known;
  const starts = new Int32Array(values.length + 1);
  const all = values.join("");
  const bytes = Buffer.from(all, "utf8");
  const isAscii = bytes.length === all.length;
  let offset = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as string;
    offset += isAscii ? value.length : Buffer.byteLength(value, "utf8");
    starts[index + 1] = offset;
  }
  const buffers = [none, bytesOf(starts, starts.length), bytes];
  encoded.set(values, buffers);
  return buffers;
}
