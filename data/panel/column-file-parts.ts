/** Columns as an Apache Arrow IPC file of one record batch. Whoever writes one loads this file then: the library takes long to load. */
import {
  type Data,
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
  Schema,
  Struct,
  Table,
  Uint8,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import type { FileColumn } from "./file-column.ts";

/** The bytes of the file one part behind the other; columns stand in it as they are, not copied. */
export async function columnFileParts(rowCount: number, columns: readonly FileColumn[]): Promise<Uint8Array[]> {
  const parts = columns.map((column) => arrowColumn(rowCount, column));
  const schema = new Schema(parts.map((part) => part.field));
  const type = new Struct(parts.map((part) => part.field));
  const batch = new RecordBatch(schema, makeData({ type, length: rowCount, nullCount: 0, children: parts.map((part) => part.data) }));
  const bytes: Uint8Array[] = [];
  for await (const part of RecordBatchFileWriter.writeAll(new Table(schema, [batch]))) bytes.push(part as Uint8Array);
  return bytes;
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
