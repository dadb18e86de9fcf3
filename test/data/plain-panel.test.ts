/** Plain panel files are read without DuckDB: what that reading accepts means the same to both, and what it does not accept is left to DuckDB. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readCsvHeader } from "../../data/datasets/csv-records.ts";
import { ImportThreads } from "../../data/datasets/import-threads.ts";
import { verifyDataset } from "../../data/datasets/index.ts";
import { type PlainForm, plainFormOf } from "../../data/datasets/plain/plain-form.ts";
import { readPlainFile } from "../../data/datasets/plain/read-plain-file.ts";
import { readDescriptor } from "../../data/datasets/read-descriptor.ts";
import { present, type RandomStream, randomStream } from "../../data/foundation/index.ts";
import { importFrom, manifestOf, rejectedOf, testFolder, writeFiles } from "./dataset-files.ts";

describe("a plain panel file", () => {
  const folder = testFolder();
  const threads = new ImportThreads();
  after(() => threads.close());

  const measure = { kind: "measure", decimals: 2, missing: 0, least: 0, most: Number.POSITIVE_INFINITY } as const;
  /** The value of one cell beside a key and a date; undefined when the file is not plain. */
  const storedValue = async (cell: string, column: PlainForm["columns"][number], rest = "a,2024-01-07,"): Promise<number | undefined> => {
    const path = join(folder, "cell.csv");
    writeFileSync(path, `key,day,cell\n${rest}${cell}\n`);
    const columns = [{ kind: "key", part: 0 }, { kind: "period" }, column] as const;
    const form: PlainForm = {
      path,
      isGzipped: false,
      delimiter: 44,
      grain: "week",
      periodMax: 3000,
      columns,
      keyParts: 1,
      widths: [column.kind === "count" ? 4 : 8],
      parts: [],
    };
    let value: number | undefined;
    const parsed = await readPlainFile(form, threads, (_, block) => {
      value = block.values[0]?.[0];
    });
    return parsed === undefined ? undefined : value;
  };

  const cells: readonly (readonly [cell: string, stored: number | undefined])[] = [
    ["5", 500],
    ["-0", 0],
    ["007.5", 750],
    ["", 0],
    [" 12.25 ", 1225],
    ['"3"', 300],
    ["3.10000", 310],
    ["1e2", 10_000],
    ["90071992547409.91", 9_007_199_254_740_991],
    ["90071992547409.92", undefined],
    ["0.125", undefined],
    ["-1", undefined],
    ["1_000", undefined],
    ["0x10", undefined],
    [".5", undefined],
    ["5.", undefined],
    ["1,5", undefined],
    ["NaN", undefined],
    ["\u00a05", undefined],
    ['"3"4', undefined],
    ['3"4"', undefined],
    ['"3\n"', undefined],
    ["5\t", undefined],
  ];
  for (const [cell, stored] of cells) {
    it(`${stored === undefined ? "leaves" : "reads"} the cell ${JSON.stringify(cell)} ${stored === undefined ? "to DuckDB" : `as ${stored}`}`, async () => {
      expect(await storedValue(cell, { ...measure, value: 0 })).to.equal(stored);
    });
  }

  it("leaves dates that do not exist, keys that are empty and rows of another length to DuckDB", async () => {
    const plain = { ...measure, value: 0 };
    for (const rest of [
      "a,2024-02-30,",
      "a,2024-1-7,",
      "a,20:4-01-07,",
      "a,1899-12-31,",
      "a,2199-12-31,",
      ",2024-01-07,",
      "a,b,2024-01-07,",
      "",
    ])
      expect(await storedValue("1", plain, rest), rest).to.equal(undefined);
    expect(await storedValue("2024-02-29", { kind: "day", value: 0 })).to.equal(19_782);
    expect(await storedValue("2023-02-29", { kind: "day", value: 0 })).to.equal(undefined);
    expect(await storedValue("1e400", { kind: "number", value: 0 })).to.equal(undefined);
    expect(await storedValue("2147483647", { kind: "count", value: 0 })).to.equal(2_147_483_647);
    expect(await storedValue("2147483648", { kind: "count", value: 0 })).to.equal(undefined);
    expect(await storedValue("-1", { kind: "count", value: 0 })).to.equal(undefined);
    expect(await storedValue("", { kind: "count", value: 0 })).to.equal(0);
    expect(await storedValue("-0.1", { kind: "number", value: 0 })).to.equal(-0.1);
  });

  /** Imports the rows twice. A header of two lines is all that makes the second file one for DuckDB: the column is ignored. */
  const bothWays = async (name: string, described: { descriptor: (note: string) => string; columns: string; rows: readonly string[] }) => {
    const results = [];
    for (const [way, note] of [
      ["plain", "note"],
      ["staged", "no\nte"],
    ] as const) {
      const place = join(folder, `${name}-${way}`);
      const header = `"${note}",${described.columns}`;
      writeFiles(place, {
        "panel.csv": `${[header, ...described.rows].join("\n")}\n`,
        "descriptor.yaml": described.descriptor(JSON.stringify(note)),
      });
      results.push(await importFrom(place));
    }
    const [plain, staged] = results;
    return { plain: present(plain, "plain"), staged: present(staged, "staged") };
  };

  const isReadPlainly = async (place: string): Promise<boolean> => {
    const { descriptor: read } = readDescriptor(join(place, "descriptor.yaml"));
    const [file] = present(read, "descriptor").files;
    const path = join(place, "panel.csv");
    const opened = { file: present(file, "file"), path, columns: [], header: await readCsvHeader(path, false) };
    const form = present(plainFormOf(present(read, "descriptor"), opened), "form");
    return (await readPlainFile(form, threads, () => undefined)) !== undefined;
  };

  const columns = "shop,seller,day,orders,late,gmv,rating,weight,opened,region,tier";
  const descriptor = (note: string) =>
    `dataset: odd\nentity: seller\ngrain: week\ncurrency: EUR\nknown_at: 2024-06-30\nkey: [seller, shop]\nfiles:\n  - path: panel.csv\n    holds: panel\n    period: day\n    ignore: [${note}]\n    columns:\n      orders: { flow: count }\n      late: { flow: count, part_of: orders }\n      gmv: { flow: money }\n      rating: { level: share, decimals: 2, carry: 2 periods }\n      weight: { attribute: number }\n      opened: { attribute: day }\n      region: { attribute: text }\n      tier: { assigned_tier: [gold, standard] }\n`;

  it("of odd cells is the same dataset in both readings", async () => {
    const stream = randomStream(7, "odd-cells");
    for (let round = 0; round < 16; round++) {
      const rows = Array.from({ length: 12 }, (_, index) => oddRow(stream, index, round % 4 === 0 ? 0.05 : 0));
      const { plain, staged } = await bothWays(`odd-${round}`, { descriptor, columns, rows });
      const words = rows.join("\n");
      if (round % 4 !== 0) expect(await isReadPlainly(join(folder, `odd-${round}-plain`)), words).to.equal(true);
      expect(plain.codes, words).to.deep.equal(staged.codes);
      if (plain.manifest === undefined) continue;
      expect(plain.manifest, words).to.deep.equal(staged.manifest);
      const described = (entries: ReturnType<typeof rejectedOf>) => entries.map(({ line, ...entry }) => ({ ...entry, line: line ?? 0 }));
      const expected = described(rejectedOf(staged)).map((entry) => ({ ...entry, line: entry.line - 1 }));
      expect(described(rejectedOf(plain)), words).to.deep.equal(expected);
    }
  });

  it("of several megabytes is the same dataset when threads share it, whatever its order and however little memory there is", async () => {
    const stream = randomStream(8, "odd-cells");
    const names = Array.from({ length: 12 }, (_, index) => `m${index}`);
    const rows: string[] = [];
    for (let seller = 0; seller < 3_000; seller++) {
      for (let week = 0; week < 70; week++) {
        if (stream.uniform() < 0.02) continue;
        const day = new Date(Date.UTC(2022, 0, 2 + 7 * week)).toISOString().slice(0, 10);
        rows.push(`,s${String(seller).padStart(5, "0")},${day},${names.map(() => stream.below(300)).join(",")}`);
      }
    }
    const large = {
      columns: `seller,day,${names.join(",")}`,
      descriptor: (note: string) =>
        `dataset: large\nentity: seller\ngrain: week\nknown_at: 2024-06-30\nkey: seller\nfiles:\n  - path: panel.csv\n    holds: panel\n    period: day\n    ignore: [${note}]\n    columns: { ${names.map((name) => `${name}: { flow: count }`).join(", ")} }\n`,
    };
    const { plain, staged } = await bothWays("large", { ...large, rows });
    expect(manifestOf(plain)).to.deep.equal(manifestOf(staged));
    const byWeek = rows.toSorted((a, b) => (a.slice(8) < b.slice(8) ? -1 : 1));
    const place = join(folder, "by-week");
    writeFiles(place, { "panel.csv": `note,${large.columns}\n${byWeek.join("\r\n")}`, "descriptor.yaml": large.descriptor("note") });
    const little = await importFrom(place, { memoryBytes: 3_000_000, chunkRows: 20_000 });
    expect(manifestOf(little).digest).to.equal(manifestOf(plain).digest);
    expect(verifyDataset(present(little.folder, "folder"))).to.deep.equal([]);
    const bad = byWeek.with(150_000, byWeek[150_000]?.replace(/\d+$/, "many") ?? "");
    writeFiles(place, { "panel.csv": `note,${large.columns}\n${bad.join("\n")}\n` });
    const rejected = rejectedOf(await importFrom(place)).map(({ line, found }) => ({ line, found }));
    expect(rejected).to.deep.equal([{ line: 150_002, found: "many" }]);
  });

  it("that repeats a row, or lacks a source in some weeks, is settled as DuckDB's reading settles it", async () => {
    const row = (seller: string, day: string, orders = "1") => `,${seller},x,${day},${orders},0,1.50,,,,,`;
    const repeated = [row("a", "2024-01-07"), row("a", "2024-01-05"), row("b", "2024-01-07"), row("b", "2024-01-07", "2")];
    const twice = await bothWays("twice", {
      descriptor,
      columns: "seller,shop,day,orders,late,gmv,rating,weight,opened,region,tier",
      rows: repeated,
    });
    expect(manifestOf(twice.plain).rejected).to.deep.equal({
      rows: 3,
      reasons: [
        { code: "conflicting-row", count: 2 },
        { code: "duplicate-row", count: 1 },
      ],
    });
    expect(manifestOf(twice.plain)).to.deep.equal(manifestOf(twice.staged));
    const place = join(folder, "absent");
    for (const [way, key] of [
      ["plain", "key"],
      ["staged", "ke\ny"],
    ] as const) {
      writeFiles(join(place, way), {
        "one.csv": `"${key}",day,orders\na,2024-01-07,1\nb,2024-01-07,1\na,2024-01-28,1\n`,
        "two.csv": "key,day,fines\na,2024-01-07,1\nb,2024-01-14,1\nc,2024-01-07,1\n",
        "descriptor.yaml": `dataset: absent\nentity: seller\ngrain: week\nknown_at: 2024-06-30\nkey: key\nfiles:\n  - { path: one.csv, key: [${JSON.stringify(key)}], holds: panel, period: day, columns: { orders: { flow: count } } }\n  - { path: two.csv, holds: panel, period: day, columns: { fines: { flow: count } } }\n`,
      });
    }
    const [plain, staged] = [await importFrom(join(place, "plain")), await importFrom(join(place, "staged"))];
    expect(manifestOf(plain).quality.gaps.sourceAbsentRows).to.be.greaterThan(0);
    expect(manifestOf(plain)).to.deep.equal(manifestOf(staged));
  });
});

/** A row of which any cell may be odd; with this chance it is faulty. */
function oddRow(stream: RandomStream, index: number, faulty: number): string {
  const pick = (usual: string, odd: readonly string[], bad: readonly string[]) => {
    const draw = stream.uniform();
    if (draw < faulty) return bad[stream.below(bad.length)] ?? "";
    return draw < 0.3 ? (odd[stream.below(odd.length)] ?? "") : usual;
  };
  const orders = 3 + stream.below(9);
  return [
    pick("", ["none", '"a ""note"""', "ünwell", '"a, b"'], ['"two\nlines"']),
    pick("x", [" x", '"x"', "x "], [""]),
    pick(`s${index % 4}`, ["Ä", "ä", '"s,1"', '"s""1"', "\u00a0s1", "\u{1f600}", "\uffff"], [" "]),
    pick(
      `2024-0${1 + stream.below(4)}-${10 + stream.below(18)}`,
      ["2024-02-29", '"2024-03-01"'],
      ["2024-02-30", "2025-01-01", "2024-03-01 12:00:00"],
    ),
    pick(String(orders), [`${orders}.0`, `0${orders}`, ` ${orders}`, "1e1", '"9"'], ["-1", "1.5", "many", "1_0", "Infinity"]),
    pick(String(stream.below(3)), ["", '""', " "], ["99"]),
    pick(`${stream.below(999)}.5`, ["", "-0.01", "12.340", "1E-1", "12345678901234"], ["0.001", "9e99", "123456789012345"]),
    pick("0.5", ["", "1", "0", "0.330"], ["1.01", "-0.1"]),
    pick("", ["0.1", "-7e-3", "3"], ["x"]),
    pick("", ["2020-02-29"], ["2021-02-29"]),
    pick("north", ["", " north", "süd", '"n"', "\u3000"], ["no\u0001rth"]),
    pick("gold", ["", "standard "], ["silver"]),
  ].join(",");
}
