/** Files whose content is broken where the header does not show it: a located error, never a crash, never half a file taken for a whole one. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { type Imported, importFrom, manifestOf, ndjsonOf, parquetOf, rejectedOf, testFolder, writeFiles } from "./dataset-files.ts";

const header = "seller_id,week_end,orders,gmv,state";
const rows = Array.from(
  { length: 3000 },
  (_, i) => `s_${i % 300},${weekEnd(Math.floor(i / 300))},${i % 7},${(i * 37) % 1000}.25,S${i % 5}`,
);
const csv = `${[header, ...rows].join("\n")}\n`;

describe("a file with broken content", () => {
  const folder = testFolder();
  const place = (name: string) => join(folder, name);
  const descriptorOf = (path: string) => `dataset: broken
entity: seller
grain: week
currency: USD
known_at: 2024-12-31
key: [seller_id]
files:
  - path: ${path}
    holds: panel
    period: week_end
    columns: { orders: { flow: count }, gmv: { flow: money }, state: { attribute: text } }
`;
  /** The bytes are written as they are; `writeFiles` would pack what ends in `.gz`. */
  const importBytes = (name: string, path: string, bytes: string | Uint8Array): Promise<Imported> => {
    writeFiles(place(name), { "descriptor.yaml": descriptorOf(path) });
    writeFileSync(join(place(name), path), bytes);
    return importFrom(place(name));
  };
  const expectUnreadable = (result: Imported, words: RegExp) => {
    expect(result.codes).to.deep.equal(["unreadable-file"]);
    expect(result.diagnostics[0]?.place).to.include({ line: 8, column: 11 });
    expect(result.diagnostics[0]?.message).to.match(words);
    expect(result.registered).to.deep.equal([]);
  };
  let digest = "";
  before(async () => {
    digest = manifestOf(await importBytes("sound", "panel.csv", csv)).digest;
  });

  for (const [name, change] of [
    ["CRLF first, then LF", (lines: string[]) => lines.map((line, i) => (i < 50 ? `${line}\r\n` : `${line}\n`))],
    ["LF first, then CRLF", (lines: string[]) => lines.map((line, i) => (i < 2000 ? `${line}\n` : `${line}\r\n`))],
    ["one lone carriage return", (lines: string[]) => lines.map((line, i) => (i === 1500 ? `${line}\r` : `${line}\n`))],
  ] as const) {
    it(`is none when only its line ends change: ${name}`, async () => {
      const mixed = change([header, ...rows]).join("");
      expect(manifestOf(await importBytes(name.slice(0, 4), "panel.csv", mixed)).digest).to.equal(digest);
      const packed = await importBytes(`${name.slice(0, 4)} packed`, "panel.csv.gz", gzipSync(mixed));
      expect(manifestOf(packed).digest).to.equal(digest);
    });
  }

  it("names the right line of a rejected row behind line ends that change", async () => {
    const lines = [header, ...rows, 'x,2024-01-07,many,1,"a\r\nb"', 'y,2024-01-07,-1,1,"a\nb"', "z"];
    const result = await importBytes("lines", "panel.csv", lines.map((line, i) => line + (i < 50 ? "\r\n" : "\n")).join(""));
    expect(rejectedOf(result).map((entry) => [entry.line, entry.code])).to.deep.equal([
      [3002, "not-a-number"],
      [3004, "negative-value"],
      [3006, "malformed-row"],
    ]);
  });

  it("is refused when binary junk follows the rows", async () => {
    const junk = Uint8Array.from({ length: 5000 }, (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 255);
    const result = await importBytes("junk", "panel.csv", Buffer.concat([Buffer.from(csv), junk]));
    if (result.manifest === undefined) expectUnreadable(result, /'panel.csv' cannot be read as csv/);
    else expect(result.codes).to.include("rows-rejected");
  });

  it("is refused when the packed content is cut off, even where a row ends, or does not hold its checksum", async () => {
    const packed = gzipSync(csv);
    expectUnreadable(await importBytes("cut", "panel.csv.gz", packed.subarray(0, -400)), /its packing is damaged or cut off/);
    expectUnreadable(await importBytes("tail", "panel.csv.gz", packed.subarray(0, -4)), /its packing is damaged or cut off/);
    const wrong = Buffer.from(packed).fill(0, packed.length - 8);
    expectUnreadable(await importBytes("sum", "panel.csv.gz", wrong), /its packing is damaged or cut off/);
    const lines = gzipSync(ndjsonOf(csv));
    expectUnreadable(await importBytes("lines cut", "panel.ndjson.gz", lines.subarray(0, -100)), /its packing is damaged or cut off/);
  });

  it("is refused when a Parquet column is damaged", async () => {
    const sound = await parquetOf(folder, csv);
    const damaged = Buffer.from(sound);
    for (let i = 4; i < Math.min(4000, damaged.length - 2000); i++) damaged[i] = (damaged[i] ?? 0) ^ 255;
    expectUnreadable(await importBytes("flip", "panel.parquet", damaged), /'panel.parquet' cannot be read as parquet/);
  });

  it("has no dates where a Parquet column of days holds numbers", async () => {
    const result = await importBytes("numbers", "panel.parquet", await parquetOf(folder, csv.replace(/\d{4}-\d\d-\d\d/g, "5")));
    expect(result.diagnostics.map(({ code, message }) => `${code}: ${message}`).join()).to.match(/^nothing-left: .* \d+ bad-date/);
  });

  it("is refused with what it really is", async () => {
    const utf16 = Buffer.from(csv, "utf16le");
    expectUnreadable(await importBytes("utf16", "panel.csv", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])), /looks like UTF-16/);
    expectUnreadable(await importBytes("utf16 bare", "panel.csv", utf16), /looks like UTF-16/);
    expectUnreadable(await importBytes("utf16 big", "panel.ndjson", Buffer.from(ndjsonOf(csv), "utf16le").swap16()), /looks like UTF-16/);
    expectUnreadable(await importBytes("gzip", "panel.csv", gzipSync(csv)), /looks like gzip/);
    expectUnreadable(await importBytes("lines gzip", "panel.ndjson", gzipSync(ndjsonOf(csv))), /looks like gzip/);
    expectUnreadable(await importBytes("columns", "panel.csv", await parquetOf(folder, csv)), /looks like Parquet/);
  });

  it("is none when NDJSON starts with a byte-order mark", async () => {
    expect(manifestOf(await importBytes("mark", "panel.ndjson", `\uFEFF${ndjsonOf(csv)}`)).digest).to.equal(digest);
    const faulty = `\uFEFF${ndjsonOf(csv)}nothing\n`;
    const result = await importBytes("packed mark", "panel.ndjson.gz", gzipSync(faulty));
    expect(rejectedOf(result).map((entry) => [entry.line, entry.code])).to.deep.equal([[3001, "malformed-row"]]);
  });

  it("is refused when the header names a column twice that the descriptor uses", async () => {
    const twice = await importBytes("twice", "panel.csv", csv.replace("week_end", "orders"));
    expect(twice.codes).to.include("repeated-column");
    const keyed = await importBytes("key twice", "panel.csv", csv.replace("state", "seller_id"));
    const repeated = keyed.diagnostics.find((each) => each.code === "repeated-column");
    expect(repeated?.message).to.equal("the header of 'panel.csv' names 'seller_id' more than once, so which column is meant is open");
    expect(repeated?.place).to.include({ line: 6, column: 7 });
    expect(JSON.stringify(keyed.diagnostics)).not.to.include("seller_id_2");
    const unused = await importBytes("unused twice", "panel.csv", `${header},note,note\n${rows.map((row) => `${row},a,b`).join("\n")}\n`);
    expect(unused.diagnostics.map((each) => `${each.code} ${each.found}`)).to.deep.equal(["unknown-column note"]);
  });

  const swap = (at: number, change: (row: string) => string): string =>
    `${[header, ...rows.map((row, index) => (index === at ? change(row) : row))].join("\n")}\n`;
  const opened = (row: string): string => row.replace(/,(S\d)$/, ',"$1');
  for (const [name, content, column] of [
    ["nowhere", swap(10, opened), 26],
    ["by a later quote that leaves a row too wide", swap(10, opened).replace("\ns_40,", '\ns_40",'), 1],
    ["by a later quote, so that the rows between look like a cell", swap(10, opened).replace(/(\ns_40,[^\n]*)/, '$1"'), 1],
  ] as const) {
    it(`is refused where a quote opens that is closed ${name}`, async () => {
      const result = await importBytes(`quote ${column} ${name.length}`, "panel.csv", content);
      expect(result.codes).to.deep.equal(["unreadable-file"]);
      expect(result.diagnostics[0]?.place).to.deep.equal({ file: "panel.csv", line: 12, column });
      expect(result.diagnostics[0]?.message).to.match(/rows after it may be part of it/);
      expect(result.registered).to.deep.equal([]);
    });
  }

  it("loses one row, and says so, when a quote opens in the last row or text follows a closing quote", async () => {
    for (const content of [swap(2999, opened), swap(10, (row) => `${opened(row)}"x`)]) {
      const result = await importBytes(`one row ${content.length}`, "panel.csv", content);
      expect(manifestOf(result).rejected).to.deep.include({ rows: 1, reasons: [{ code: "malformed-row", count: 1 }] });
      expect(rejectedOf(result)[0]?.reason).to.equal("a quote is not closed where its cell ends");
    }
  });

  it("names the line of a rejected row behind a quote within a text", async () => {
    const stray = swap(10, (row) => `${row}" pipe`).replace(/\ns_20,([^,]*),\d/, "\ns_20,$1,many");
    const result = await importBytes("stray", "panel.csv", stray);
    expect(rejectedOf(result).map(({ line, code }) => [line, code])).to.deep.equal([[22, "not-a-number"]]);
  });

  it("sets aside a text with a zero byte", async () => {
    const result = await importBytes(
      "zero",
      "panel.csv",
      swap(10, (row) => `${row}\u0000x`),
    );
    expect(rejectedOf(result).map(({ line, code, reason }) => [line, code, reason])).to.deep.equal([
      [12, "malformed-row", "a text holds a zero byte"],
    ]);
  });

  it("reads a header whose last name is missing", async () => {
    expect(manifestOf(await importBytes("ending comma", "panel.csv", csv.replaceAll("\n", ",\n"))).digest).to.equal(digest);
  });

  it("is said in our own words, not in those of a library", async () => {
    const foreign = /Error:|magic|header check|EACCES|\/tmp/;
    for (const [path, bytes] of [
      ["panel.parquet", csv],
      ["panel.csv.gz", csv],
      ["panel.csv", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")],
    ] as const) {
      const result = await importBytes(`foreign ${path}`, path, bytes);
      expect(result.codes).to.deep.equal(["unreadable-file"]);
      expect(result.diagnostics[0]?.message).not.to.match(foreign);
    }
  });

  it("is described in UTF-16 as in UTF-8, and a descriptor that is no text is said to be none", async () => {
    const folderOf = (name: string, descriptor: Buffer) => {
      writeFiles(place(name), { "panel.csv": csv });
      writeFileSync(join(place(name), "descriptor.yaml"), descriptor);
      return importFrom(place(name));
    };
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(descriptorOf("panel.csv"), "utf16le")]);
    expect(manifestOf(await folderOf("utf-16", utf16)).digest).to.equal(digest);
    const packed = await folderOf("packed descriptor", gzipSync(descriptorOf("panel.csv")));
    expect(packed.codes).to.deep.equal(["hidden-character"]);
    expect(packed.diagnostics[0]?.message).to.match(/no text/);
    const two = await folderOf("two", Buffer.from(`${descriptorOf("panel.csv")}---\na: 1\n`));
    expect(two.diagnostics.map(({ message }) => message)).to.deep.equal([
      "a second document ('---') starts here; a file holds one descriptor",
    ]);
  });
});

describe("numbers that DuckDB would read too kindly", () => {
  const folder = testFolder();
  const descriptor = (path: string) => `dataset: kind
entity: seller
grain: week
currency: USD
known_at: 2024-12-31
key: [seller_id]
files:
  - path: ${path}
    holds: panel
    period: week_end
    columns: { orders: { flow: count }, gmv: { flow: money } }
`;
  /** Each alone beside sound rows, so that nothing else sends the file to the careful reading. */
  const cells: readonly (readonly [orders: string, gmv: string, code: string, column: string])[] = [
    ["1.5", "1", "not-whole", "orders"],
    ["1.4", "1", "not-whole", "orders"],
    ["0.0001", "1", "not-whole", "orders"],
    ["1_000", "1", "not-a-number", "orders"],
    ["1", "1_000.50", "not-a-number", "gmv"],
    ["0x10", "1", "not-a-number", "orders"],
    ["1", "1.005", "too-many-decimals", "gmv"],
  ];

  for (const [index, [orders, gmv, code, column]] of cells.entries()) {
    it(`are rejected: orders ${orders}, gmv ${gmv}`, async () => {
      const csv = `seller_id,week_end,orders,gmv\ns_1,2024-01-07,2,1.50\ns_2,2024-01-07,${orders},${gmv}\n2024_b,2024-01-07,1e3,\n`;
      for (const path of [`${index}.csv`, `${index}.csv.gz`, `${index}.ndjson`, `${index}.parquet`]) {
        const content = path.endsWith(".parquet")
          ? await parquetOf(folder, csv, { orders: "VARCHAR", gmv: "VARCHAR" })
          : path.endsWith(".ndjson")
            ? ndjsonOf(csv)
            : csv;
        writeFiles(join(folder, path), { [path]: content, "descriptor.yaml": descriptor(path) });
        const result = await importFrom(join(folder, path));
        expect(
          rejectedOf(result).map((entry) => [entry.line ?? entry.row, entry.code, entry.column]),
          path,
        ).to.deep.equal([[path.endsWith(".csv") || path.endsWith(".gz") ? 3 : 2, code, column]]);
        expect(manifestOf(result).totals, path).to.deep.equal({ orders: 1002, gmv: 1.5 });
      }
    });
  }

  it("leave names with underscores alone", async () => {
    const csv = "seller_id,week_end,orders,gmv\n2024_001,2024-01-07,2,1.50\ns1_2,2024-01-07,3,\n";
    writeFiles(join(folder, "names"), { "names.csv": csv, "descriptor.yaml": descriptor("names.csv") });
    expect(manifestOf(await importFrom(join(folder, "names"))).totals).to.deep.equal({ orders: 5, gmv: 1.5 });
  });

  it("are as few as keys beyond the limit of their length", async () => {
    const csv = `seller_id,week_end,orders,gmv\na,2024-01-07,1,1\n${"z".repeat(100_000)},2024-01-07,1,1\n`;
    for (const path of ["long.csv", "long.ndjson"]) {
      writeFiles(join(folder, path), { [path]: path === "long.csv" ? csv : ndjsonOf(csv), "descriptor.yaml": descriptor(path) });
      const result = await importFrom(join(folder, path));
      expect(rejectedOf(result).map((entry) => [entry.code, entry.column])).to.deep.equal([["key-too-long", "seller_id"]]);
      expect(readFileSync(join(result.folder ?? "", "rejected.ndjson"), "utf8").length).to.be.below(400);
    }
  });
});

function weekEnd(week: number): string {
  return new Date(Date.UTC(2024, 0, 7 + 7 * week)).toISOString().slice(0, 10);
}
