/** One content, many formats: the same dataset, to the byte. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { expect } from "chai";
import { verifyDataset } from "../../data/datasets/index.ts";
import { present } from "../../data/foundation/index.ts";
import { chunkPath } from "../../data/panel/index.ts";
import { importFrom, manifestOf, ndjsonOf, panelOf, parquetOf, testFolder, valuesOf, writeFiles } from "./dataset-files.ts";

const panelCsv = `seller_id,week_end,orders,gmv,due,late,rating,region,tier
b,2024-01-07,5,10.50,5,1,4.25,north,gold
b,2024-01-21,6,20.07,6,0,,south,watch
a,2024-01-14,3,7.10,3,0,4.50,north,standard
é,2024-01-21,1,0.29,1,1,3.99,,gold
`;

function descriptor(file: string): string {
  return `dataset: formats
title: One content in several forms
entity: seller
grain: week
currency: USD
known_at: 2024-03-31
key: [seller_id]
gmv: gmv
orders: orders
files:
  - path: ${file}
    holds: panel
    period: week_end
    columns:
      orders: { flow: count }
      gmv: { flow: money }
      due: { flow: count }
      late: { flow: count, part_of: due }
      rating: { level: number, decimals: 2, carry: 1 period }
      region: { attribute: text }
      tier: { assigned_tier: [gold, standard, watch] }
`;
}

describe("importing one content in several formats", () => {
  const folder = testFolder();
  const shuffled = (csv: string) => {
    const [header = "", ...rows] = csv.trim().split("\n");
    return `${[header, ...rows.reverse()].join("\n")}\n`;
  };
  const forms: Record<string, () => Promise<string | Uint8Array> | string | Uint8Array> = {
    "panel.csv": () => panelCsv,
    "panel.csv.gz": () => panelCsv,
    "windows.csv": () => `\uFEFF${panelCsv.replaceAll("\n", "\r\n")}`,
    "semicolons.csv": () => panelCsv.replaceAll(",", ";"),
    "shuffled.csv": () => shuffled(panelCsv),
    "panel.ndjson": () => ndjsonOf(panelCsv),
    "panel.ndjson.gz": () => ndjsonOf(panelCsv),
    "panel.parquet": () => parquetOf(folder, panelCsv),
    "panel.parquet.gz": () => parquetOf(folder, panelCsv),
    "decimals.parquet": () => parquetOf(folder, panelCsv, { gmv: "DECIMAL(18,2)", orders: "INTEGER" }),
    "floats.parquet": () => parquetOf(folder, panelCsv, { gmv: "FLOAT", rating: "FLOAT" }),
    "texts.parquet": () => parquetOf(folder, panelCsv, { gmv: "VARCHAR", week_end: "TIMESTAMP" }),
  };
  const digests = new Map<string, string>();

  for (const [name, content] of Object.entries(forms)) {
    it(`reads ${name}`, async () => {
      const place = join(folder, name);
      writeFiles(place, { [name]: await content(), "descriptor.yaml": descriptor(name) });
      const result = await importFrom(place);
      const manifest = manifestOf(result);
      digests.set(name, manifest.digest);
      expect(manifest.rejected.rows).to.equal(0);
      expect(manifest.totals).to.deep.equal({ orders: 15, gmv: 37.96, due: 15, late: 2 });
      expect([manifest.entities, manifest.rows, manifest.periods]).to.deep.equal([
        3,
        5,
        { grain: "week", from: "2024-01-07", to: "2024-01-21", count: 3 },
      ]);
      const panel = panelOf(result);
      expect(panel.readChunk(0).entities).to.deep.equal(["a", "b", "é"]);
      expect(valuesOf(panel, "b", "gmv")).to.deep.equal([1050, 0, 2007]);
      expect(valuesOf(panel, "b", "rating")).to.deep.equal([425, 425, undefined]);
      expect(verifyDataset(present(result.folder, "folder"))).to.deep.equal([]);
      expect(typesOf(present(result.folder, "folder"), 0, "orders", "due", "late")).to.deep.equal(["Int32", "Int32", "Int32"]);
    });
  }

  /** How columns of a chunk are stored. */
  const typesOf = (frozen: string, chunk: number, ...names: readonly string[]) => {
    const { fields } = tableFromIPC(readFileSync(chunkPath(frozen, "rows", chunk))).schema;
    return names.map((name) => String(fields.find((field) => field.name === name)?.type));
  };

  for (const name of ["panel.csv", "panel.ndjson", "panel.parquet"]) {
    it(`stores counts in half the bytes, and where one goes beyond them, those of its column in no chunk: ${name}`, async () => {
      const rows = ["seller_id,week_end,orders,gmv,due,late,rating,region,tier", "a,2024-01-07,2147483647,1,1,0,4,north,gold"];
      rows.push("b,2024-01-07,5,1,2147483648,0,4,north,gold", "c,2024-01-07,7,1,4294967296,1,4,north,gold");
      const csv = `${rows.join("\n")}\n`;
      const place = join(folder, `large ${name}`);
      const content = name === "panel.csv" ? csv : name === "panel.ndjson" ? ndjsonOf(csv) : await parquetOf(place, csv);
      writeFiles(place, { [name]: content, "descriptor.yaml": descriptor(name) });
      const result = await importFrom(place, { chunkRows: 1 });
      const panel = panelOf(result);
      for (const chunk of [0, 1, 2])
        expect(typesOf(present(result.folder, "folder"), chunk, "orders", "due", "late")).to.deep.equal(["Int32", "Float64", "Int32"]);
      expect(["a", "b", "c"].map((entity) => valuesOf(panel, entity, "orders"))).to.deep.equal([[2_147_483_647], [5], [7]]);
      expect(["a", "b", "c"].map((entity) => valuesOf(panel, entity, "due"))).to.deep.equal([[1], [2_147_483_648], [4_294_967_296]]);
      expect(verifyDataset(present(result.folder, "folder"))).to.deep.equal([]);
    });
  }

  it("gives all of them one digest", () => {
    expect(digests.size).to.equal(Object.keys(forms).length);
    expect(new Set(digests.values()).size, JSON.stringify([...digests], null, 1)).to.equal(1);
  });

  it("gives the same digest whatever the size of chunks and of memory", async () => {
    const place = join(folder, "chunks");
    writeFiles(place, { "panel.csv": panelCsv, "descriptor.yaml": descriptor("panel.csv") });
    const small = await importFrom(place, { chunkRows: 2, memoryBytes: 1 });
    expect(panelOf(small).chunkCount).to.equal(3);
    expect(manifestOf(small).digest).to.equal(digests.get("panel.csv"));
    expect(verifyDataset(present(small.folder, "folder"))).to.deep.equal([]);
  });

  it("freezes files that any reader of Arrow understands, missing values as nulls", async () => {
    const { folder: frozen } = await importFrom(join(folder, "panel.csv"));
    const table = tableFromIPC(readFileSync(chunkPath(present(frozen, "folder"), "rows", 0)));
    const rows = table.toArray().map((row) => ({ ...row.toJSON() }));
    expect(table.schema.fields.map((field) => `${field.name} ${field.type}`)).to.deep.equal([
      "entity Dictionary<Int32, Utf8>",
      "period_end Date32<DAY>",
      "reported Uint8",
      "assigned_tier Dictionary<Int32, Utf8>",
      "orders Int32",
      "gmv Float64",
      "due Int32",
      "late Int32",
      "rating Float64",
      "region Dictionary<Int32, Utf8>",
    ]);
    expect(rows[3]).to.deep.include({ entity: "b", assigned_tier: "watch", gmv: 2007, rating: null, region: "south" });
    expect(table.schema.fields[5]?.metadata.get("decimals")).to.equal("2");
  });

  it("is one dataset when it comes twice", async () => {
    const place = join(folder, "panel.csv");
    const again = await importFrom(place);
    expect(again.reused).to.equal(true);
    expect(manifestOf(again).digest).to.equal(digests.get("panel.csv"));
  });

  it("is another dataset when a cent differs", async () => {
    const place = join(folder, "cent");
    writeFiles(place, { "panel.csv": panelCsv.replace("0.29", "0.30"), "descriptor.yaml": descriptor("panel.csv") });
    expect(manifestOf(await importFrom(place)).digest).to.not.equal(digests.get("panel.csv"));
  });

  it("refuses a file that is not what its name says", async () => {
    const place = join(folder, "wrong");
    writeFiles(place, { "panel.parquet": panelCsv, "descriptor.yaml": descriptor("panel.parquet") });
    const result = await importFrom(place);
    expect([result.codes, result.manifest, result.registered]).to.deep.equal([["unreadable-file"], undefined, []]);
  });

  it("says which column is missing, and which one may be meant", async () => {
    const place = join(folder, "missing");
    writeFiles(place, { "panel.csv": panelCsv.replace("orders", "order"), "descriptor.yaml": descriptor("panel.csv") });
    const result = await importFrom(place);
    expect(result.codes).to.deep.equal(["missing-column", "unknown-column"]);
    const [missing] = result.diagnostics;
    expect([missing?.near, missing?.place?.line, missing?.place?.column]).to.deep.equal(["order", 15, 7]);
  });
});
