/** Column files as other tools see them: nulls, codes and one schema for all files of a table. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Data,
  Field,
  Float64,
  List,
  type RecordBatch,
  RecordBatchReader,
  Table,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { ColumnMemory } from "../../data/panel/column-memory.ts";
import { type FileColumn, readColumnFile, writeColumnFile } from "../../data/panel/index.ts";

describe("a column file", () => {
  const folder = mkdtempSync(join(tmpdir(), "column-file-"));
  after(() => rmSync(folder, { recursive: true }));

  const columnsOf = (codes: readonly number[], values: readonly number[]): FileColumn[] => [
    { kind: "coded", name: "region", codes: Int32Array.from(codes), values: ["north", "south"] },
    { kind: "float", name: "rating", values: Float64Array.from(values) },
    { kind: "day", name: "opened_on", values: Int32Array.from(codes), missing: -1 },
  ];

  async function written(name: string, columns: readonly FileColumn[], rowCount: number): Promise<string> {
    const path = join(folder, `${name}.arrow`);
    await writeColumnFile(path, rowCount, columns);
    return path;
  }

  function batchOf(path: string): RecordBatch {
    return present([...RecordBatchReader.from(readFileSync(path))][0], "batch");
  }

  it("gives back missing codes, days and numbers", async () => {
    const file = readColumnFile(await written("missing", columnsOf([1, -1, 0, -1], [4.5, Number.NaN, 0, 2]), 4));
    expect([...file.integers("region")]).to.deep.equal([1, -1, 0, -1]);
    expect([...file.floats("rating")]).to.deep.equal([4.5, Number.NaN, 0, 2]);
    expect([...file.integers("opened_on")]).to.deep.equal([1, -1, 0, -1]);
  });

  it("gives whole numbers as they are and as doubles, in memory that is used again, but no codes as doubles", async () => {
    const values = Int32Array.of(0, -5, 2_147_483_647);
    const counts: FileColumn = { kind: "integer", name: "orders", values, metadata: { unit: "count" } };
    const path = await written("counts", [counts, ...columnsOf([0, 1, 0], [1, 2, 3])], 3);
    const memory = new ColumnMemory();
    for (let round = 0; round < 3; round++) {
      const file = readColumnFile(path, memory);
      expect([...file.floats("orders")]).to.deep.equal([...values]);
      expect([...file.floats("rating")]).to.deep.equal([1, 2, 3]);
      expect([...file.integers("orders")]).to.deep.equal([...values]);
      expect(() => file.floats("region")).to.throw("no column 'region' of such values");
      memory.reset();
    }
    expect(batchOf(path).schema.fields[0]?.metadata.get("unit")).to.equal("count");
  });

  it("shows them to others as nulls, and keeps no negative code below a null, which Polars refuses", async () => {
    const path = await written("nulls", columnsOf([1, -1, 0, -1], [4.5, Number.NaN, 0, 2]), 4);
    const [region, rating, day] = batchOf(path).data.children as [Data, Data, Data];
    expect([region.nullCount, rating.nullCount, day.nullCount]).to.deep.equal([2, 1, 2]);
    expect([...(region.values as Int32Array).subarray(0, 4)]).to.deep.equal([1, 0, 0, 0]);
    expect(batchOf(path).getChild("region")?.toJSON()).to.deep.equal(["south", null, "north", null]);
  });

  it("has the schema of its kinds of column, whether or not values are missing", async () => {
    const fieldsOf = (path: string) => batchOf(path).schema.fields.map(({ name, nullable }) => `${name} ${nullable}`);
    const some = fieldsOf(await written("some", columnsOf([1, -1], [1, Number.NaN]), 2));
    expect(fieldsOf(await written("all", columnsOf([1, 0], [1, 2]), 2))).to.deep.equal(some);
  });

  it("may hold nothing but missing values, or nothing", async () => {
    const columns: FileColumn[] = [{ kind: "coded", name: "region", codes: Int32Array.of(-1, -1), values: [] }];
    expect([...readColumnFile(await written("none", columns, 2)).integers("region")]).to.deep.equal([-1, -1]);
    expect(readColumnFile(await written("empty", columnsOf([], []), 0)).rowCount).to.equal(0);
  });

  it("of every kind is read as a library for the whole format reads it", async () => {
    const rows = 1000;
    const numbers = Array.from({ length: rows }, (_, row) => (row * 7919) % 251);
    const texts = numbers.map((number) => (number % 3 === 0 ? "" : `${"é".repeat(number % 4)}${number}`));
    const path = await written(
      "kinds",
      [
        { kind: "text", name: "key", values: texts },
        { kind: "float", name: "amount", values: Float64Array.from(numbers), isComplete: true, metadata: { unit: "money" } },
        { kind: "integer", name: "place", values: Int32Array.from(numbers, (number) => number - 100) },
        { kind: "day", name: "day", values: Int32Array.from(numbers) },
        { kind: "flag", name: "flag", values: Uint8Array.from(numbers) },
        { kind: "sign", name: "sign", values: Int8Array.from(numbers, (number) => (number % 3) - 1) },
        { kind: "coded", name: "word", codes: Int32Array.from(numbers, (number) => (number % 5) - 1), values: ["a", "b", "c", "d"] },
      ],
      rows,
    );
    const library = batchOf(path);
    expect(tableFromIPC(readFileSync(path)).getChild("word")?.toArray()).to.deep.equal(
      numbers.map((number) => [null, "a", "b", "c", "d"][number % 5]),
    );
    const [amount] = library.schema.fields.filter(({ name }) => name === "amount");
    expect([...present(amount, "a field").metadata]).to.deep.equal([["unit", "money"]]);
    expect(library.schema.fields.map(({ type }) => String(type))).to.deep.equal([
      "Utf8",
      "Float64",
      "Int32",
      "Date32<DAY>",
      "Uint8",
      "Int8",
      "Dictionary<Int32, Utf8>",
    ]);
    const valuesOf = (name: string) => {
      const data = present(library.data.children[library.schema.fields.findIndex((field) => field.name === name)], name);
      return [...(data.values as Int32Array).subarray(0, rows)];
    };
    const memory = new ColumnMemory();
    // Twice: memory that was used before holds what was in it.
    for (let time = 0; time < 2; time++) {
      memory.reset();
      const file = readColumnFile(path, memory);
      expect(file.rowCount).to.equal(library.numRows);
      expect(file.names).to.deep.equal(library.schema.fields.map(({ name }) => name));
      expect(file.texts("key")).to.deep.equal(texts);
      expect([...file.floats("amount")]).to.deep.equal(valuesOf("amount"));
      expect([...file.integers("place")]).to.deep.equal(valuesOf("place"));
      expect([...file.integers("day")]).to.deep.equal(valuesOf("day"));
      expect([...file.flags("flag")]).to.deep.equal(valuesOf("flag"));
      expect([...file.signs("sign")]).to.deep.equal(valuesOf("sign"));
      expect([...file.integers("word")]).to.deep.equal(numbers.map((number) => (number % 5) - 1));
    }
  });

  it("that was cut off, or is no column file, says so; so does a column of another kind", async () => {
    const path = await written("whole", columnsOf([1, 0], [1, 2]), 2);
    const bytes = readFileSync(path);
    const cut = join(folder, "cut.arrow");
    for (const length of [0, 5, 9, 40, bytes.length >> 1, bytes.length - 20, bytes.length - 1]) {
      writeFileSync(cut, bytes.subarray(0, length));
      expect(() => readColumnFile(cut), `${length} bytes`).to.throw(/cut\.arrow (is no column file|is damaged)/);
    }
    // Its end is whole, and what stands before it is not where the end says.
    writeFileSync(cut, Buffer.concat([bytes.subarray(0, 8), bytes.subarray(64)]));
    expect(() => readColumnFile(cut).floats("rating")).to.throw(/cut\.arrow /);
    expect(() => readColumnFile(path).floats("region")).to.throw("whole.arrow has no column 'region' of such values");
    expect(() => readColumnFile(path).floats("gone")).to.throw("has no column 'gone'");
  });

  it("of nested columns, or of several batches, is refused", async () => {
    const foreign = join(folder, "foreign.arrow");
    const table = new Table({ list: vectorFromArray([[1], [2, 3]], new List(new Field("item", new Float64()))) });
    writeFileSync(foreign, tableToIPC(table, "file"));
    expect(() => readColumnFile(foreign)).to.throw("foreign.arrow holds 'list', a column of another kind than ours");
    const plain = new Table({ number: vectorFromArray([1, 2], new Float64()) });
    writeFileSync(foreign, tableToIPC(plain.concat(plain), "file"));
    expect(() => readColumnFile(foreign)).to.throw("foreign.arrow holds 2 record batches, not one");
  });
});
