/** Files of observations that are broken, foreign or oddly written: read where that is sure, else refused with place and cure; never a wrong number unsaid. */
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { type Diagnostic, InputRefused } from "../../data/foundation/index.ts";
import type { Observations } from "../../simulations/experiments/index.ts";
import { parquetOf, testFolder } from "../data/dataset-files.ts";
import { designOf, observed, wholeDesign } from "./designs.ts";

const header = "seller,arm,kept,orders,late,before,region";
const rows = Array.from(
  { length: 60 },
  (_, i) =>
    `s${i},${i % 2 === 0 ? "control" : "gentle"},${i % 3 === 0 ? 1 : 0},${i % 7},${i % 2},${i % 5},${i % 4 === 0 ? "north" : "south"}`,
);
const design = designOf(wholeDesign);
const csvOf = (lines: readonly string[], first = header): string => `${[first, ...lines].join("\n")}\n`;
const csv = csvOf(rows);

/** The rows with one changed: row 9 stands on line 11. */
function changed(change: (cells: string[]) => string[]): string {
  return csvOf(rows.map((row, index) => (index === 9 ? change(row.split(",")).join(",") : row)));
}

function put(column: number, text: string): string {
  return changed((cells) => cells.map((cell, index) => (index === column ? text : cell)));
}

async function refusal(content: string | Buffer, of = design): Promise<readonly Diagnostic[]> {
  try {
    await observed(of, content);
  } catch (error) {
    if (error instanceof InputRefused) return error.diagnostics;
    throw error;
  }
  return [];
}

const placed = ({ code, place }: Diagnostic): string => `${code} ${place?.file}:${place?.line}:${place?.column}`;

function unusedOf({ rejected }: Observations): readonly string[] {
  return rejected.map(({ code, count, examples }) => `${code} ${count} ${examples[0] ?? ""}`);
}

describe("a file of observations", () => {
  const folder = testFolder();
  let sound: Observations;
  before(async () => {
    sound = await observed(design, csv);
  });

  const asUtf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  const written: readonly (readonly [string, () => Promise<string | Buffer> | string | Buffer])[] = [
    ["with a mark of byte order", () => `\uFEFF${csv}`],
    ["in UTF-16", () => asUtf16(csv)],
    ["in UTF-16, the other order of bytes", () => asUtf16(csv).swap16()],
    ["in UTF-16 without a mark", () => Buffer.from(csv, "utf16le")],
    ["with semicolons", () => csv.replaceAll(",", ";")],
    ["with tabs", () => csv.replaceAll(",", "\t")],
    ["with CRLF", () => csv.replaceAll("\n", "\r\n")],
    ["with carriage returns alone", () => csv.replaceAll("\n", "\r")],
    ["with line ends that change", () => csv.replace("\n", "\r\n")],
    ["packed by gzip, whatever its name", () => gzipSync(csv)],
    ["in Parquet, whatever its name", async () => Buffer.from(await parquetOf(folder, csv))],
    ["with a comma at every end of a line", () => csv.replaceAll("\n", ",\n")],
    [
      "with names that differ in case alone",
      () =>
        csvOf(
          rows.map((row) => `${row},7`),
          `${header},Kept`,
        ),
    ],
    [
      "with a line break in a cell that is not read",
      () =>
        csvOf(
          rows.map((row) => `${row},"a\nb"`),
          `${header},note`,
        ),
    ],
  ];
  for (const [name, content] of written) {
    it(`gives the same ${name}`, async () => {
      expect(await observed(design, await content())).to.deep.equal(sound);
    });
  }

  const foreign: readonly (readonly [string, string | Buffer, string, RegExp])[] = [
    ["that is empty", "", "unreadable-file observations.csv:1:1", /no header/],
    ["that is a header", csvOf([]), "bad-observations observations.csv:1:1", /a header and no rows/],
    [
      "that is a picture",
      Buffer.from("89504e470d0a1a0a0000000d4948445200000001", "hex"),
      "unreadable-file observations.csv:1:1",
      /neither CSV/,
    ],
    ["that is a ZIP archive", Buffer.from("504b0304140000000800", "hex"), "unreadable-file observations.csv:1:1", /spreadsheet/],
    ["that was cut off when packed", gzipSync(csv).subarray(0, -20), "unreadable-file observations.csv:1:1", /cut off/],
    ["that is damaged Parquet", Buffer.from("PAR1 and nothing more"), "unreadable-file observations.csv:1:1", /damaged Parquet/],
    ["that is a page", "<!doctype html><html>Sign in</html>", "bad-observations observations.csv:1:1", /no header of this table/],
    ["that is JSON", '[{"seller":"s1","arm":"control"}]', "unreadable-file observations.csv:1:1", /is JSON, which is no table/],
    ["that is JSON over many lines", '{\n  "rows": []\n}', "unreadable-file observations.csv:1:1", /is JSON, which is no table/],
    ["with a title above its header", `Report of March\n\n${csv}`, "bad-observations observations.csv:1:1", /no header of this table/],
    ["with a quote left open", put(6, '"south'), "unreadable-file observations.csv:11:19", /is not closed/],
    ["with text behind a closing quote", put(6, '"south"x'), "unreadable-file observations.csv:11:19", /is not closed/],
    [
      "with a quote left open that a later one closes",
      put(6, '"south').replace("s40,", 's40",'),
      "unreadable-file observations.csv:11:1",
      /is not closed/,
    ],
    [
      "with rows swallowed by a cell",
      put(6, '"south').replace(/(s40,.*)\n/, '$1"\n'),
      "bad-observations observations.csv:11:1",
      /over several lines/,
    ],
    ["with a quote left open in its header", `"${csv}`, "unreadable-file observations.csv:1:1", /header is not closed/],
    ["in Latin-1", Buffer.from(put(6, "süd"), "latin1"), "unreadable-file observations.csv:11:19", /UTF-8/],
    [
      "with a header in Latin-1",
      Buffer.from(csvOf(rows, header.replace("region", "größe")), "latin1"),
      "unreadable-file observations.csv:1:1",
      /column 7/,
    ],
    [
      "with a column twice",
      csvOf(
        rows.map((row) => `${row},1`),
        `${header},kept`,
      ),
      "bad-observations observations.csv:1:1",
      /more than once/,
    ],
    ["without a column", csv.replace("orders", "order"), "bad-observations observations.csv:1:1", /no column 'orders'/],
    [
      "whose rows all have a cell too many",
      csvOf(rows.map((row) => `${row},9`)),
      "bad-observations observations.csv:2:1",
      /60 malformed-row \(line 2: 8 cells/,
    ],
    [
      "whose rows all lack cells",
      csvOf(rows.map((row) => row.split(",").slice(0, 4).join(","))),
      "bad-observations observations.csv:2:1",
      /fewer cells/,
    ],
    ["without a unit", csv.replaceAll(/^s\d+/gm, "  "), "bad-observations observations.csv:2:1", /60 no-unit/],
    [
      "with other arms",
      csv.replaceAll(/control|gentle/g, "red"),
      "bad-observations observations.csv:2:1",
      /60 unknown-arm \(line 2: arm red\)/,
    ],
  ];
  for (const [name, content, where, words] of foreign) {
    it(`is refused ${name}`, async () => {
      const [first] = await refusal(content);
      expect(first === undefined ? "" : placed(first)).to.equal(where);
      expect(first?.message).to.match(words);
      expect(`${first?.message} ${first?.cure}`).not.to.match(/Error:|sniff|DuckDB|magic|read_csv/);
    });
  }

  for (const [text, says] of [
    ["1e400", "orders is no number: 1e400"],
    ["1e200", "orders is beyond 1e+100: 1e200"],
    ["NaN", "orders is no number: NaN"],
    ["-Infinity", "orders is no number: -Infinity"],
    ["12 %", "orders is no number: 12 %"],
    ['"1,5"', "orders is no number: 1,5"],
    ["1_000", "orders is no number: 1_000"],
    ["0x10", "orders is no number: 0x10"],
    ["9".repeat(10_000), `orders is no number: ${"9".repeat(60)}…`],
  ] as const) {
    it(`does not take ${text.slice(0, 10)} for a number`, async () => {
      const found = await observed(design, put(3, text));
      expect(unusedOf(found)).to.deep.equal([`bad-number 1 line 11: ${says}`]);
      expect(found.units).to.equal(59);
    });
  }

  it("takes what R and databases write for no value as none", async () => {
    const empty = await observed(design, put(3, ""));
    for (const text of ["NA", "NULL", "null"]) expect(await observed(design, put(3, text)), text).to.deep.equal(empty);
    expect(empty.missing[1]?.reduce((sum, count) => sum + count, 0)).to.equal(1);
  });

  it("does not move cells when a number has a comma, or cells are missing", async () => {
    const comma = await observed(design, put(3, "1,5"));
    expect(unusedOf(comma)).to.deep.equal(["malformed-row 1 line 11: 8 cells, and the header names 7 columns"]);
    expect([comma.rows, comma.units]).to.deep.equal([60, 59]);
    const short = await observed(
      design,
      changed((cells) => cells.slice(0, 4)),
    );
    expect(unusedOf(short)).to.deep.equal(["malformed-row 1 line 11: fewer cells than the 7 columns of the header"]);
  });

  it("names lines behind blank lines, line breaks in cells, stray quotes and rows that were left out", async () => {
    const lines = rows.map((row, index) => `${row},${index === 2 ? '"a\nb"' : index === 4 ? '5" pipe' : "x"}`);
    const odd = [...lines.slice(0, 5), "", "short", ...lines.slice(5), "s99,control,1,many,0,1,north,x"];
    expect(unusedOf(await observed(design, csvOf(odd, `${header},note`)))).to.deep.equal([
      "malformed-row 1 line 9: fewer cells than the 8 columns of the header",
      "bad-number 1 line 65: orders is no number: many",
    ]);
  });

  it("keeps texts of 10,000 characters out of keys, segments and messages", async () => {
    const long = "x".repeat(10_000);
    expect(unusedOf(await observed(design, put(0, long)))).to.deep.equal(["too-long 1 line 11: more than 1024 bytes in seller or region"]);
    expect(unusedOf(await observed(design, put(6, long)))).to.deep.equal(["too-long 1 line 11: more than 1024 bytes in seller or region"]);
    expect(unusedOf(await observed(design, put(1, long)))).to.deep.equal([`unknown-arm 1 line 11: arm ${"x".repeat(60)}…`]);
    const [first] = await refusal(csvOf(rows, `${long},${header.slice(7)}`));
    expect(JSON.stringify(first).length).to.be.below(600);
  });

  it("does not take digits about an underscore for a number where all others are numbers, nor mind them in keys", async () => {
    const underscored = csv.replaceAll(/^s(\d+)/gm, "1_$1");
    expect(unusedOf(await observed(design, underscored))).to.deep.equal([]);
    expect((await observed(design, underscored)).arms).to.deep.equal(sound.arms);
  });

  it("refuses a NUL character, which is not seen in a key, with its line", async () => {
    for (const [column, name] of [
      [0, "seller"],
      [6, "region"],
    ] as const) {
      const [first] = await refusal(put(column, "s\0x"));
      expect(first === undefined ? "" : placed(first)).to.equal("bad-observations observations.csv:11:1");
      expect(first?.message).to.equal(
        `the cell of '${name}' in the row of line 11 holds a NUL character, which is not seen where it is shown`,
      );
      expect(first?.cure).to.match(/^Write the file without NUL characters/);
    }
    // Also where nobody reads it: in a further column, and in numbers, in wide form, in long form and in summaries.
    const noted = csvOf(
      rows.map((row, index) => `${row},${index === 9 ? "a\0b" : "ab"}`),
      `${header},note`,
    );
    const long = csvOf(
      rows.flatMap((row, index) => {
        const [seller, arm, kept, orders, late, before, region] = row.split(",");
        return Object.entries({ kept, orders, late, before }).map((cells, at) =>
          [seller, arm, region, ...cells, index === 9 && at === 0 ? "a\0b" : "ab"].join(","),
        );
      }),
      "seller,arm,region,metric,value,note",
    );
    const summary = ["arm,metric,n,mean,variance,note", "control,kept,50,0.5,0.25,", "gentle,kept,50,0.5,0.25,a\0"].join("\n");
    for (const [text, line, column] of [
      [noted, 11, "note"],
      [put(3, "1\0"), 11, "orders"],
      [long, 38, "note"],
      [summary, 3, "note"],
    ] as const) {
      const [found] = await refusal(text);
      expect(found === undefined ? "" : placed(found), text.slice(0, 40)).to.equal(`bad-observations observations.csv:${line}:1`);
      expect(found?.message).to.equal(
        `the cell of '${column}' in the row of line ${line} holds a NUL character, which is not seen where it is shown`,
      );
    }
    const inParquet = async (text: string) => (await refusal(Buffer.from(await parquetOf(folder, text))))[0]?.message;
    expect(await inParquet(put(0, "s\0x"))).to.include("the cell of 'seller' in row 10 holds a NUL character");
    expect(await inParquet(noted)).to.include("the cell of 'note' in row 10 holds a NUL character");
  });

  it("says in long form what it says in wide form", async () => {
    const long = csvOf(
      rows.flatMap((row) => {
        const [seller, arm, kept, orders, late, before, region] = row.split(",");
        return Object.entries({ kept, orders, late, before }).map((cells) => [seller, arm, region, ...cells].join(","));
      }),
      "seller,arm,region,metric,value",
    );
    const parts = ({ arms, segments, units }: Observations) => ({ arms, segments, units });
    expect(parts(await observed(design, long))).to.deep.equal(parts(sound));
    expect(parts(await observed(design, gzipSync(long.replaceAll(",", ";"))))).to.deep.equal(parts(sound));
    expect(unusedOf(await observed(design, long.replace("s9,gentle,south,orders,2", "s9,gentle,south,orders,2,5")))).to.deep.equal([
      "malformed-row 1 line 39: 6 cells, and the header names 5 columns",
    ]);
    expect(unusedOf(await observed(design, long.replace("s9,gentle,south,orders,2", "\ns9,gentle,south,orders,2_0")))).to.deep.equal([
      "bad-number 4 line 40: orders is no number: 2_0",
    ]);
    for (const [content, where, words] of [
      [long.replace("s9,gentle,south,orders,2", 's9,gentle,"south,orders,2'), "unreadable-file observations.csv:39:11", /is not closed/],
      [long.replace("seller,arm,region", "seller,region"), "bad-observations observations.csv:1:1", /no column 'arm'/],
      [long.replaceAll(",late,", ",lates,"), "bad-observations observations.csv:1:1", /no row of the file has the metric 'late'/],
    ] as const) {
      const [first] = await refusal(content);
      expect(first === undefined ? "" : placed(first)).to.equal(where);
      expect(first?.message).to.match(words);
    }
  });

  it("tells a day that is none from a unit that is empty where spans of units are dealt, and asks for days of the past too", async () => {
    const spans = designOf(
      wholeDesign
        .replace("{ recorded: true }", "{ salt: spans, switchback: { every: 3 days, washout: 1 day } }")
        .replace("arm: arm }", "day: day }")
        .replace("looks: once", "looks: once, start: 2025-03-03, weeks: 4"),
    );
    const dated = csvOf(
      rows.map((row, index) => `${row},${index === 9 ? "soon" : "2025-03-04"}`),
      `${header},day`,
    );
    expect(unusedOf(await observed(spans, dated))).to.deep.equal(["bad-day 1 line 11: day soon"]);
    const past = await observed(spans, dated, { isHistory: true });
    expect([past.units, past.days]).to.deep.equal([59, { first: "2025-03-04", last: "2025-03-04" }]);
    const error: unknown = await observed(spans, csv, { isHistory: true }).catch((thrown: unknown) => thrown);
    expect((error as InputRefused).diagnostics[0]?.message).to.equal("the file has no column 'day', which is read");
  });

  it("takes days as YYYY-MM-DD only", async () => {
    const dated = designOf(wholeDesign.replace("arm: arm }", "arm: arm, day: day }"));
    const of = (day: string) =>
      observed(
        dated,
        csvOf(
          rows.map((row, index) => `${row},${index === 9 ? day : "2025-03-04"}`),
          `${header},day`,
        ),
      );
    for (const day of ["03/04/2025", "25-03-04", "0025-03-04", "2025-02-30", "20250304", "2025-03-04 junk"])
      expect(unusedOf(await of(day)), day).to.deep.equal([`bad-day 1 line 11: day ${day}`]);
    expect(unusedOf(await of(""))).to.deep.equal(["bad-day 1 line 11: day empty"]);
    expect(unusedOf(await of("2025-03-04T23:30:00Z"))).to.deep.equal([]);
  });
});

describe("a file of summaries", () => {
  const plain = designOf(wholeDesign.replace(", cap: 30", "").replace("segments: [region]\n", ""));
  const columns = ["arm", "metric", "n", "mean", "variance", "mean_2", "variance_2", "covariance"];
  const table: readonly (readonly string[])[] = ["control", "gentle"].flatMap((arm) => [
    [arm, "kept", "200", "0.6", "", "", "", ""],
    [arm, "orders", "200", "15", "80", "15", "80", "70"],
    [arm, "late", "200", "7", "40", "15", "80", "40"],
  ]);
  const write = (lines: readonly (readonly string[])[]): string =>
    csvOf(
      lines.map((cells) => cells.join(",")),
      columns.join(","),
    );
  /** One cell of the row about the orders of the control, on line 3. */
  const withCell = (column: string, text: string): string =>
    write(table.map((cells, row) => (row === 1 ? cells.map((cell, at) => (columns[at] === column ? text : cell)) : cells)));

  for (const [column, text, says] of [
    ["n", "-5", "bad-number 1 line 3: n is no whole number from 0 on: -5"],
    ["n", "10.5", "bad-number 1 line 3: n is no whole number from 0 on: 10.5"],
    ["n", "1e20", "bad-number 1 line 3: n is no whole number from 0 on: 1e20"],
    ["mean", "0x10", "bad-number 1 line 3: mean is no number: 0x10"],
    ["mean", "1e400", "bad-number 1 line 3: mean is beyond 1e+100: 1e400"],
    ["variance", "-80", "bad-number 1 line 3: the variance is below 0: -80"],
    ["variance_2", "-80", "bad-number 1 line 3: variance_2 is below 0: -80"],
    ["covariance", "500", "bad-number 1 line 3: no two columns with these variances have the covariance 500"],
    ["metric", "order", "unknown-metric 1 line 3: metric order"],
    ["arm", "", "unknown-arm 1 line 3: arm empty"],
  ] as const) {
    it(`says that ${column} cannot be '${text}'`, async () => {
      expect(unusedOf(await observed(plain, withCell(column, text)))).to.deep.equal([says]);
    });
  }

  it("checks that what is said twice agrees", async () => {
    const one = designOf(
      wholeDesign
        .replace(/ {2}(orders|late): .*\n/g, "")
        .replace("share: kept", "mean: kept")
        .replace("segments: [region]\n", ""),
    );
    const of = async (row: string) =>
      unusedOf(await observed(one, `arm,metric,n,mean,sum,variance,sd,sum_squares\n${row}\ngentle,kept,9,1,,1,,\n`));
    expect(await of("control,kept,200,0.6,500,1,,")).to.deep.equal(["bad-number 1 line 2: the sum 500 is not n times the mean 0.6"]);
    expect(await of("control,kept,200,0.6,,9,2,")).to.deep.equal(["bad-number 1 line 2: the variance 9 is not the square of sd 2"]);
    expect(await of("control,kept,200,0.6,,,-1,")).to.deep.equal(["bad-number 1 line 2: sd is below 0: -1"]);
    expect(await of("control,kept,200,15,,,,10")).to.deep.equal([
      "bad-number 1 line 2: sum_squares is below n times the square of the mean: 10",
    ]);
    expect(await of("control,kept,200,0.6,120,4,2,")).to.deep.equal([]);
  });

  it("counts a row that a later one replaces, and does not read days that are none", async () => {
    const twice = await observed(plain, write([...table, ["control", "kept", "300", "0.1", "", "", "", ""]]));
    expect([twice.duplicates, twice.replaced]).to.deep.equal([0, 1]);
    const dated = write(table)
      .replace(/^/gm, "03/04/2025,")
      .replace("03/04/2025,arm", "day,arm")
      .replace(/03\/04\/2025,$/, "");
    const [first] = await refusal(dated, plain);
    expect(first?.message).to.match(/6 bad-day \(line 2: day 03\/04\/2025\)/);
  });

  it("is refused without a row about a metric, or a column of arms", async () => {
    const found = await refusal(write(table.filter(([, metric]) => metric !== "orders")), plain);
    expect(found.map(({ message }) => message)).to.deep.equal(["no row of the file is about the metric 'orders', which the design names"]);
    const [first] = await refusal(write(table).replace("arm,", "group,"), plain);
    expect(first?.message).to.equal("the file has no column 'arm', which is read");
  });
});
