/** Writes frame tables as an Arrow file (IPC file form), which pandas, Polars and DuckDB read. */
import { closeSync, openSync, writeSync } from "node:fs";
import {
  Bool,
  type Data,
  DateDay,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  type TypeMap,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { present } from "../../data/foundation/index.ts";
import type { FrameColumn, FrameTable } from "../../simulations/replay/index.ts";
import { entityName } from "./find-entity.ts";
import type { TableWriter } from "./table-writer.ts";

/** Writes batches to the file as they come, so that memory holds one. */
export function arrowFrameWriter(path: string): TableWriter {
  const file = openSync(path, "w");
  const writer = new StraightFileWriter(file);
  let schema: Schema<TypeMap> | undefined;
  return {
    write: (table) => {
      schema ??= schemaOf(table);
      const children = table.columns.map((column) => dataOf(column, table.rowCount));
      writer.write(new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: table.rowCount, children })));
    },
    close: () => {
      writer.finish();
      closeSync(file);
    },
  };
}

/** The library's writer gathers all bytes until they are read asynchronously; this one puts them down at once. */
class StraightFileWriter extends RecordBatchFileWriter<TypeMap> {
  readonly #file: number;

  constructor(file: number) {
    super();
    this.#file = file;
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started || chunk.byteLength === 0) return this;
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let written = 0; written < bytes.byteLength; ) written += writeSync(this.#file, bytes, written);
    this._position += bytes.byteLength;
    return this;
  }
}

const arrowTypes = {
  text: () => new Utf8(),
  day: () => new DateDay(),
  number: () => new Float64(),
  integer: () => new Int32(),
  flag: () => new Bool(),
  truth: () => new Bool(),
};

/** Kinds whose values may be absent. */
const nullable: readonly FrameColumn["kind"][] = ["text", "number", "truth"];

function schemaOf({ columns }: FrameTable): Schema<TypeMap> {
  return new Schema<TypeMap>(columns.map(({ name, kind }) => new Field(name, arrowTypes[kind](), nullable.includes(kind))));
}

function dataOf(column: FrameColumn, rowCount: number): Data {
  switch (column.kind) {
    case "text": {
      const texts = column.values.map(entityName);
      return present(
        vectorFromArray(
          Array.from(column.codes, (code) => texts[code] ?? null),
          new Utf8(),
        ).data[0],
        column.name,
      );
    }
    case "day":
      return makeData({ type: new DateDay(), length: rowCount, data: Int32Array.from(column.days) });
    case "number": {
      const values = Array.from(column.numbers, (value) => (Number.isNaN(value) ? null : value));
      return present(vectorFromArray(values, new Float64()).data[0], column.name);
    }
    case "integer":
      return makeData({ type: new Int32(), length: rowCount, data: Int32Array.from(column.integers) });
    case "truth": {
      const values = Array.from(column.numbers, (value) => (Number.isNaN(value) ? null : value === 1));
      return present(vectorFromArray(values, new Bool()).data[0], column.name);
    }
    case "flag":
      return makeData({ type: new Bool(), length: rowCount, data: bitsOf(column.flags) });
  }
}

function bitsOf(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(flags.length / 8));
  for (const [index, flag] of flags.entries()) if (flag === 1) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  return bits;
}
