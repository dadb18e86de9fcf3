/** Dated rates of exchange: checked row by row, frozen under the digest, remarked upon. */
import { join } from "node:path";
import { expect } from "chai";
import { verifyDataset } from "../../data/datasets/index.ts";
import { parseDay, present } from "../../data/foundation/index.ts";
import { importFrom, manifestOf, ndjsonOf, parquetOf, rejectedOf, testFolder, writeFiles } from "./dataset-files.ts";

const head = `dataset: priced
entity: seller
grain: week
currency: BRL
known_at: 2024-03-31
key: [seller_id]
files:
  - path: panel.csv
    holds: panel
    period: week_end
    columns: { gmv: { flow: money } }
`;
const panel = "seller_id,week_end,gmv\na,2024-01-07,100.00\na,2024-01-14,100.00\na,2024-01-21,0.05\n";
const header = "date,base,quote,value";
const rows = ["2023-12-29,BRL,USD,0.2", "2024-01-14,BRL,USD,0.25", "2024-01-15,BRL,USD,0.5", "2024-01-05,BRL,EUR,0.1857"];

/** Each with its code and the column that is named. */
const faults: readonly (readonly [row: string, code: string, column: string])[] = [
  [",BRL,USD,0.2", "bad-date", "date"],
  ["2024-02-30,BRL,USD,0.2", "bad-date", "date"],
  ["2024-04-01,BRL,USD,0.2", "after-known-at", "date"],
  ["2024-01-02,USD,BRL,5", "other-currency", "base"],
  ["2024-01-02,,USD,5", "other-currency", "base"],
  ["2024-01-02,BRL,usd,0.2", "bad-currency", "quote"],
  ["2024-01-02,BRL,,0.2", "bad-currency", "quote"],
  ["2024-01-02,BRL,BRL,1", "bad-currency", "quote"],
  ["2024-01-02,BRL,USD,0", "bad-rate", "value"],
  ["2024-01-02,BRL,USD,-0.2", "bad-rate", "value"],
  ["2024-01-02,BRL,USD,", "bad-rate", "value"],
  ["2024-01-02,BRL,USD,inf", "not-finite", "value"],
  ["2024-01-02,BRL,USD,a fifth", "not-a-number", "value"],
];

const filed = (path: string): string =>
  `${head}  - path: ${path}\n    holds: rates\n    date: date\n    from: base\n    to: quote\n    rate: value\n`;
const csvOf = (lines: readonly string[]): string => `${[header, ...lines].join("\n")}\n`;

describe("rates of exchange", () => {
  const folder = testFolder();
  let places = 0;
  /** Imports the panel with rates in a file of this name. */
  async function importRates(path: string, content: string | Uint8Array) {
    const place = join(folder, `case-${places++}`);
    writeFiles(place, { "panel.csv": panel, [path]: content, "descriptor.yaml": filed(path) });
    return importFrom(place);
  }

  it("are frozen by currency and day, whatever the order of rows", async () => {
    const result = await importRates("rates.csv", csvOf(rows.toReversed()));
    expect(result.codes).to.deep.equal([]);
    const on = (text: string): number => present(parseDay(text), text);
    expect(manifestOf(result).schema.rates).to.deep.equal([
      { to: "EUR", dated: [{ day: on("2024-01-05"), rate: 0.1857 }] },
      {
        to: "USD",
        dated: [
          { day: on("2023-12-29"), rate: 0.2 },
          { day: on("2024-01-14"), rate: 0.25 },
          { day: on("2024-01-15"), rate: 0.5 },
        ],
      },
    ]);
    expect(verifyDataset(present(result.folder, "a folder"))).to.deep.equal([]);
  });

  it("are remarked upon when they begin late or end early", async () => {
    const late = csvOf(["2024-01-14,BRL,USD,0.25", "2024-01-07,BRL,EUR,0.2", "2024-01-07,BRL,GBP,0.15", "2024-01-15,BRL,GBP,0.16"]);
    expect(manifestOf(await importRates("rates.csv", late)).quality.remarks).to.deep.equal([
      "The last rate to EUR is of 2024-01-07; it stands for all that follows, up to the last period.",
      "Rates to USD begin on 2024-01-14, after the first period: no policy can read amounts in USD.",
      "The last rate to USD is of 2024-01-14; it stands for all that follows, up to the last period.",
    ]);
  });

  it("are part of the identity of the dataset, as content and not as a file", async () => {
    const digestOf = async (path: string, content: string | Uint8Array) => manifestOf(await importRates(path, content)).digest;
    const digest = await digestOf("rates.csv", csvOf(rows));
    expect(await digestOf("rates.csv.gz", csvOf(rows))).to.equal(digest);
    expect(await digestOf("rates.ndjson", ndjsonOf(csvOf(rows)))).to.equal(digest);
    expect(await digestOf("rates.parquet", await parquetOf(folder, csvOf(rows)))).to.equal(digest);
    expect(await digestOf("rates.csv", csvOf(rows).replace("0.25", "0.26"))).not.to.equal(digest);
    expect(await digestOf("rates.csv", csvOf(rows.slice(0, 3)))).not.to.equal(digest);
  });

  it("are left out row by row, each with its line, column and reason", async () => {
    for (const [path, content] of [
      ["rates.csv", csvOf([...rows, ...faults.map(([row]) => row)])],
      ["rates.parquet", await parquetOf(folder, csvOf([...rows, ...faults.map(([row]) => row)]), { date: "VARCHAR", value: "VARCHAR" })],
    ] as const) {
      const result = await importRates(path, content);
      const offset = path.endsWith("csv") ? 2 : 1;
      const found = rejectedOf(result).map((entry) => [entry.line ?? entry.row, entry.code, entry.column]);
      expect(found).to.deep.equal(faults.map(([, code, column], index) => [rows.length + index + offset, code, column]));
      expect(manifestOf(result).schema.rates?.map(({ to, dated }) => [to, dated.length])).to.deep.equal([
        ["EUR", 1],
        ["USD", 3],
      ]);
    }
  });

  it("of one day that agree are one, and of those that do not, none is kept", async () => {
    const result = await importRates("rates.csv", csvOf([...rows, "2024-01-14,BRL,USD,0.25", "2024-01-15,BRL,USD,0.51"]));
    expect(rejectedOf(result).map(({ line, code, column, found }) => [line, code, column, found])).to.deep.equal([
      [4, "conflicting-row", "value", "0.5"],
      [6, "duplicate-row", "value", "0.25"],
      [7, "conflicting-row", "value", "0.51"],
    ]);
    expect(manifestOf(result).schema.rates?.find(({ to }) => to === "USD")?.dated).to.have.length(2);
  });

  it("are refused as a whole without a column, or without a currency that they are from", async () => {
    const lacking = await importRates("rates.csv", csvOf(rows).replace("quote", "other"));
    expect(lacking.diagnostics.filter(({ severity }) => severity === "error").map(({ code, place }) => [code, place?.line])).to.deep.equal([
      ["missing-column", 16],
    ]);
    const place = join(folder, "no-currency");
    const text = filed("rates.csv").replace("currency: BRL\n", "").replace("flow: money", "flow: count");
    writeFiles(place, { "panel.csv": panel, "rates.csv": csvOf(rows), "descriptor.yaml": text });
    const { diagnostics } = await importFrom(place);
    expect(diagnostics.map((fault) => [fault.code, fault.place?.line])).to.deep.equal([["missing-key", 11]]);
    expect(diagnostics[0]?.message).to.include("'rates.csv' holds rates and the dataset has no currency");
  });

  it("are limited in number", async () => {
    const many = Array.from({ length: 401 }, (_, currency) => {
      const to = [0, 1, 2].map((place) => String.fromCharCode(65 + (Math.floor(currency / 26 ** place) % 26))).join("");
      return Array.from(
        { length: 50 },
        (__, index) => `2023-${index < 25 ? "01" : "02"}-${String((index % 25) + 1).padStart(2, "0")},BRL,${to},1`,
      );
    });
    const { manifest, diagnostics } = await importRates("rates.csv", csvOf(many.flat()));
    expect(manifest).to.equal(undefined);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(["limit-exceeded"]);
    expect(diagnostics[0]?.message).to.include("'ratesDeclared'");
  });
});
