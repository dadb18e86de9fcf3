/** Every reason for which a row is left out, and that it is found at the right line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { verifyDataset } from "../../data/datasets/index.ts";
import { present } from "../../data/foundation/index.ts";
import { importFrom, manifestOf, ndjsonOf, parquetOf, rejectedOf, testFolder, writeFiles } from "./dataset-files.ts";

const head = `dataset: rejects
entity: seller
grain: week
currency: USD
known_at: 2024-03-31
key: [seller_id]
`;
const columns = `    columns:
      orders: { flow: count }
      gmv: { flow: money }
      due: { flow: count }
      late: { flow: count, part_of: due }
      rating: { level: number, decimals: 2 }
      shown: { level: share, decimals: 4 }
      opened: { attribute: day }
      tier: { assigned_tier: [gold, standard] }
`;
const header = "seller_id,week_end,orders,gmv,due,late,rating,shown,opened,tier";
const good = "a,2024-01-07,5,10.50,5,1,4.25,0.5,2020-01-01,gold";

/** Each row is the good one with one cell changed: what is changed, code, column that is named. */
const faults: readonly (readonly [row: string, code: string, column: string])[] = [
  [",2024-01-14,5,10.50,5,1,4.25,0.5,2020-01-01,gold", "missing-entity-key", "seller_id"],
  ["b,,5,10.50,5,1,4.25,0.5,2020-01-01,gold", "bad-date", "week_end"],
  ["b,2024-02-30,5,10.50,5,1,4.25,0.5,2020-01-01,gold", "bad-date", "week_end"],
  ["b,9999-12-31,5,10.50,5,1,4.25,0.5,2020-01-01,gold", "bad-date", "week_end"],
  ["b,2024-05-05,5,10.50,5,1,4.25,0.5,2020-01-01,gold", "after-known-at", "week_end"],
  ["b,2024-01-14,five,10.50,5,1,4.25,0.5,2020-01-01,gold", "not-a-number", "orders"],
  ["b,2024-01-14,-1,10.50,5,1,4.25,0.5,2020-01-01,gold", "negative-value", "orders"],
  ["b,2024-01-14,1.5,10.50,5,1,4.25,0.5,2020-01-01,gold", "not-whole", "orders"],
  ["b,2024-01-14,5,10.505,5,1,4.25,0.5,2020-01-01,gold", "too-many-decimals", "gmv"],
  ["b,2024-01-14,5,inf,5,1,4.25,0.5,2020-01-01,gold", "not-finite", "gmv"],
  ["b,2024-01-14,5,NaN,5,1,4.25,0.5,2020-01-01,gold", "not-finite", "gmv"],
  ["b,2024-01-14,5,99999999999999.5,5,1,4.25,0.5,2020-01-01,gold", "too-large", "gmv"],
  ["b,2024-01-14,5,10.50,5,6,4.25,0.5,2020-01-01,gold", "part-above-whole", "late"],
  ["b,2024-01-14,5,10.50,,1,4.25,0.5,2020-01-01,gold", "part-above-whole", "late"],
  ["b,2024-01-14,5,10.50,5,1,4.257,0.5,2020-01-01,gold", "too-many-decimals", "rating"],
  ["b,2024-01-14,5,10.50,5,1,4.25,1.5,2020-01-01,gold", "share-above-one", "shown"],
  ["b,2024-01-14,5,10.50,5,1,4.25,0.5,yesterday,gold", "bad-date", "opened"],
  ["b,2024-01-14,5,10.50,5,1,4.25,0.5,2020-01-01,silver", "unknown-assigned-tier", "tier"],
];

describe("rows that are left out", () => {
  const folder = testFolder();
  const descriptor = (file: string) => `${head}files:\n  - path: ${file}\n    holds: panel\n    period: week_end\n${columns}`;
  const csv = `${[header, good, ...faults.map(([row]) => row), "b,2024-01-14,5,0.07,,,,,,"].join("\n")}\n`;

  it("are found in CSV, each with its line, column and reason", async () => {
    const place = join(folder, "csv");
    writeFiles(place, { "panel.csv": csv, "descriptor.yaml": descriptor("panel.csv") });
    const result = await importFrom(place);
    const found = rejectedOf(result).map((entry) => [entry.file, entry.line, entry.code, entry.column]);
    expect(found).to.deep.equal(faults.map(([, code, column], index) => ["panel.csv", index + 3, code, column]));
    expect(manifestOf(result).rejected.rows).to.equal(faults.length);
    expect(result.codes).to.include("rows-rejected");
    expect(manifestOf(result).totals).to.deep.equal({ orders: 10, gmv: 10.57, due: 5, late: 1 });
  });

  it("are found in NDJSON, by line", async () => {
    const place = join(folder, "ndjson");
    writeFiles(place, { "panel.ndjson": `\n${ndjsonOf(csv)}not json\n[1]\n`, "descriptor.yaml": descriptor("panel.ndjson") });
    const found = rejectedOf(await importFrom(place)).map((entry) => [entry.line, entry.code, entry.column]);
    const last = faults.length + 4;
    expect(found).to.deep.equal([
      ...faults.map(([, code, column], index) => [index + 3, code, column]),
      [last, "malformed-row", undefined],
      [last + 1, "malformed-row", undefined],
    ]);
  });

  it("are found in Parquet, by row", async () => {
    const place = join(folder, "parquet");
    const texts = { week_end: "VARCHAR", orders: "VARCHAR", gmv: "DOUBLE", opened: "VARCHAR" };
    writeFiles(place, { "panel.parquet": await parquetOf(place, csv, texts), "descriptor.yaml": descriptor("panel.parquet") });
    const found = rejectedOf(await importFrom(place)).map((entry) => [entry.row, entry.code, entry.column]);
    expect(found).to.deep.equal(faults.map(([, code, column], index) => [index + 2, code, column]));
  });

  it("names the right line behind quoted line breaks, blank lines and records that cannot be split", async () => {
    for (const [name, newline] of [
      ["unix", "\n"],
      ["windows", "\r\n"],
    ] as const) {
      const place = join(folder, name);
      const rows = [
        "seller_id,week_end,orders,note",
        'a,2024-01-07,1,"two\nlines"',
        "",
        "b,2024-01-07",
        "c,2024-01-07,x,",
        "d,2024-01-07,1,2,3",
        "e,2024-01-07,-1,",
        "f,2024-01-07,2,",
      ];
      const yaml = `${head}files:\n  - path: p.csv.gz\n    holds: panel\n    period: week_end\n    columns: { orders: { flow: count } }\n    ignore: note\n`;
      writeFiles(place, { "p.csv.gz": rows.join("\n").replaceAll("\n", newline), "descriptor.yaml": yaml });
      const result = await importFrom(place);
      expect(
        rejectedOf(result).map((entry) => [entry.line, entry.code]),
        name,
      ).to.deep.equal([
        [5, "malformed-row"],
        [6, "not-a-number"],
        [7, "malformed-row"],
        [8, "negative-value"],
      ]);
      expect(manifestOf(result).totals).to.deep.equal({ orders: 3 });
    }
  });

  it("are all but one of the rows of one entity and period that say the same, and all that do not, also over two files", async () => {
    const place = join(folder, "duplicates");
    const file = (path: string) => `  - path: ${path}\n    holds: panel\n    period: week_end\n    columns: { orders: { flow: count } }\n`;
    writeFiles(place, {
      "one.csv": "seller_id,week_end,orders\na,2024-01-07,1\nb,2024-01-07,2\na,2024-01-05,1\n",
      "two.csv": "seller_id,week_end,orders\nc,2024-01-07,8\nb,2024-01-07,16\n",
      "descriptor.yaml": `${head}files:\n${file("one.csv")}${file("two.csv")}`,
    });
    const result = await importFrom(place);
    expect(rejectedOf(result).map((entry) => [entry.file, entry.line, entry.code])).to.deep.equal([
      ["one.csv", 3, "conflicting-row"],
      ["one.csv", 4, "duplicate-row"],
      ["two.csv", 3, "conflicting-row"],
    ]);
    expect(manifestOf(result).totals).to.deep.equal({ orders: 9 });
  });

  it("are events and labels that say what cannot be", async () => {
    const place = join(folder, "facts");
    writeFiles(place, {
      "panel.csv": "seller_id,week_end,orders\na,2024-01-07,1\na,2024-01-14,2\n",
      "events.csv": [
        "seller_id,id,day,known,kind,points",
        "a,e1,2024-01-08,2024-01-09,violation,2",
        "a,e1,2024-01-08,2024-01-09,violation,2",
        "a,e2,2024-01-08,2024-01-07,violation,2",
        "a,e3,2024-01-08,2024-01-09,violent,2",
        "a,,2024-01-08,2024-01-09,violation,2",
        "z,e4,2024-01-08,2024-01-09,violation,2",
        "a,e5,2024-01-08,2024-04-09,violation,2",
        "a,e6,2024-01-08,2024-01-09,violation,many",
      ].join("\n"),
      "labels.csv": [
        "seller_id,day,source,outcome,known,p",
        "a,2024-01-07,audit,fine,2024-01-20,0.1",
        "a,2024-01-08,audit,fine,2024-01-20,0.1",
        "a,2024-01-14,audits,fine,2024-01-20,0.1",
        "a,2024-01-14,audit,good,2024-01-20,0.1",
        "a,2024-01-14,audit,fine,2024-01-20,0",
        "a,2024-01-07,audit,harmful,2024-01-20,0.1",
      ].join("\n"),
      "sellers.csv": "seller_id,state\na,X\ny,Y\na,Z\n",
      "descriptor.yaml": `${head}files:
  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }
  - { path: events.csv, holds: events, id: id, day: day, known_at: known, kind: kind, points: points, kinds: { violation: Violation } }
  - { path: labels.csv, holds: outcomes, day: day, source: source, outcome: outcome, known_at: known, probability: p }
  - { path: sellers.csv, holds: entities, columns: { state: { attribute: text } } }
outcomes:
  audit: { kind: state, role: audit, definition: Found bad by an audit. }
`,
    });
    const found = rejectedOf(await importFrom(place)).map((entry) => `${entry.file}:${entry.line} ${entry.code}`);
    expect(found).to.deep.equal([
      "events.csv:3 duplicate-row",
      "events.csv:4 known-too-early",
      "events.csv:5 unknown-kind",
      "events.csv:6 missing-entity-key",
      "events.csv:7 entity-without-rows",
      "events.csv:8 after-known-at",
      "events.csv:9 not-a-number",
      "labels.csv:2 conflicting-row",
      "labels.csv:3 not-a-period-end",
      "labels.csv:4 unknown-source",
      "labels.csv:5 unknown-outcome",
      "labels.csv:6 bad-probability",
      "labels.csv:7 conflicting-row",
      "sellers.csv:2 conflicting-row",
      "sellers.csv:3 entity-without-rows",
      "sellers.csv:4 conflicting-row",
    ]);
  });

  it("stop the import only when nothing is left", async () => {
    const place = join(folder, "nothing");
    writeFiles(place, {
      "panel.csv": "seller_id,week_end,orders\na,2024-01-07,-1\n",
      "descriptor.yaml": `${head}files:\n  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }\n`,
    });
    const result = await importFrom(place);
    expect(result.codes).to.deep.equal(["nothing-left"]);
    expect(result.diagnostics[0]?.message).to.include("1 negative-value");
    expect(result.diagnostics[0]?.place?.line, "the line that names the file").to.be.greaterThan(1);
  });
});

describe("rows that an importer set aside", () => {
  const folder = testFolder();
  const written = (place: string, list: string) => {
    writeFiles(join(folder, place), {
      "panel.csv": "seller_id,week_end,orders\na,2024-01-07,1\nb,2024-01-07,-1\n",
      "aside.csv": list,
      "descriptor.yaml": `${head}set_aside: aside.csv\nfiles:\n  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }\n`,
    });
    return join(folder, place);
  };
  const list =
    'file,line,code,reason,found\nraw.csv,3,no-order,"of no order, kept",o1\nraw.csv,9,no-order,of no order,\nother.csv,,twice,said twice,x\n';

  it("are kept with the dataset and counted by reason, apart from those that failed a check", async () => {
    const result = await importFrom(written("kept", list));
    const { rejected, setAside } = manifestOf(result);
    expect(rejected).to.deep.equal({ rows: 1, reasons: [{ code: "negative-value", count: 1 }] });
    expect(setAside).to.deep.equal({
      rows: 3,
      reasons: [
        { code: "no-order", count: 2 },
        { code: "twice", count: 1 },
      ],
    });
    const lines = readFileSync(join(present(result.folder, "folder"), "set-aside.ndjson"), "utf8")
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).to.deep.equal([
      { file: "raw.csv", line: 3, code: "no-order", found: "o1", reason: "of no order, kept" },
      { file: "raw.csv", line: 9, code: "no-order", reason: "of no order" },
      { file: "other.csv", code: "twice", found: "x", reason: "said twice" },
    ]);
    expect(verifyDataset(present(result.folder, "folder"))).to.deep.equal([]);
  });

  it("need a file, a code and a reason", async () => {
    const result = await importFrom(written("short", "file,line,cause,code\nraw.csv,3,none,x\n"));
    expect(result.codes).to.deep.equal(["missing-column"]);
    expect(result.diagnostics[0]).to.deep.include({ message: "'aside.csv' has no column 'reason'" });
    expect(result.diagnostics[0]?.place).to.include({ line: 7, column: 12 });
  });
});
