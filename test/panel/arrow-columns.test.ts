/** Column files as other tools see them: nulls, codes and one schema for all files of a table. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Data, type RecordBatch, RecordBatchReader } from "apache-arrow";
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
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
});
