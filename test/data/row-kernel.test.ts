/** The kernel of a plain file's rows: it reads every usual row for what it says, and stops before every other. */
import { expect } from "chai";
import type { PlainColumn, PlainForm } from "../../data/datasets/plain/plain-form.ts";
import { kernelRows, type RowKernel, rowKernel } from "../../data/datasets/plain/row-kernel.ts";
import { present, type RandomStream, randomStream } from "../../data/foundation/index.ts";

/** A cell as it is written, and what it says: undefined where the kernel is to leave it. */
interface Cell {
  readonly text: string;
  readonly says: number | string | undefined;
}

const form = (columns: readonly PlainColumn[], more: Partial<PlainForm> = {}): PlainForm => ({
  path: "",
  isGzipped: false,
  delimiter: 44,
  grain: "week",
  periodMax: 10_000,
  columns,
  keyParts: columns.filter(({ kind }) => kind === "key").length,
  widths: columns.flatMap((column) => ("value" in column ? [column.kind === "count" ? (4 as const) : (8 as const)] : [])),
  parts: [],
  ...more,
});
const count = (value: number): PlainColumn => ({ kind: "count", value });
const measure = (value: number, decimals: number, bounds: { least?: number; most?: number; missing?: number } = {}): PlainColumn => ({
  kind: "measure",
  value,
  decimals,
  missing: 0,
  least: Number.NEGATIVE_INFINITY,
  most: Number.POSITIVE_INFINITY,
  ...bounds,
});

/** What the kernel reads of a text: for each row what each column says, until it stops. */
function readAll(kernel: RowKernel, { columns, delimiter }: PlainForm, text: string): { rows: (number | string)[][]; at: number } {
  const bytes = Buffer.from(text);
  kernel.text.fill(delimiter).set(bytes);
  const rows: (number | string)[][] = [];
  const keys = columns.map(() => "");
  for (let at = 0; ; ) {
    const read = kernel.run(at, bytes.length, kernelRows);
    for (let row = 0; row < read.rows; row++)
      rows.push(
        columns.map(({ kind }, column) => {
          const [numbers, found] = [kernel.numbers[column], kernel.found[column]];
          if (kind === "period") return kernel.dates[row] as number;
          if (numbers !== undefined) return numbers[row] as number;
          if (found === undefined) return "";
          if ((found.from[row] as number) >= 0) keys[column] = bytes.toString("utf8", found.from[row], found.to[row]);
          return present(keys[column], "a text");
        }),
      );
    at = read.at;
    if (read.rows < kernelRows) return { rows, at };
  }
}

const dateIndex = (year: number, month: number, day: number) => ((year - 1900) * 12 + month - 1) * 31 + day - 1;
const two = (number: number) => String(number).padStart(2, "0");

/** A cell of a column; with this chance one that is left. */
function cellOf({ kind, ...column }: PlainColumn, stream: RandomStream, unusual: number): Cell {
  const pick = <T>(list: readonly T[]): T => present(list[stream.below(list.length)], "a choice");
  const digits = (most: number) => Array.from({ length: 1 + stream.below(most) }, () => stream.below(10)).join("");
  const isUnusual = stream.uniform() < unusual;
  const left = (...texts: readonly string[]): Cell => ({ text: pick(texts), says: undefined });
  const quoted = (text: string, says: number | string): Cell => ({ text: stream.uniform() < 0.2 ? `"${text}"` : text, says });
  if (kind === "count") {
    const text = stream.uniform() < 0.1 ? "" : digits(7);
    return isUnusual ? left("-1", "12345678", "1.0", " 1", "1 ", '"1"', "x", "\u0001") : { text, says: Number(text) };
  }
  if (kind === "measure") {
    const { decimals, least, missing } = column as PlainColumn & { kind: "measure" };
    if (isUnusual) return left(`1.${"1".repeat(decimals + 1)}`, "5.", ".5", "-", "1e2", "1234567890123456", '"1"', "+1", "--1", "12:");
    if (stream.uniform() < 0.1) return { text: "", says: missing };
    const [sign, whole, fraction] = [least < 0 ? pick(["", "-"]) : "", digits(15 - decimals), decimals > 0 ? digits(decimals) : ""];
    const number = Number(`${sign}${whole}${fraction.padEnd(decimals, "0")}`) + 0;
    return { text: `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`, says: number };
  }
  if (kind === "period") {
    const [year, month, day] = [1900 + stream.below(300), 1 + stream.below(12), 1 + stream.below(31)];
    return isUnusual ? left(...unusualDates) : quoted(`${year}-${two(month)}-${two(day)}`, dateIndex(year, month, day));
  }
  if (isUnusual) return left('a"b', '"a""b"', "a\u0001", '"a', '"a"b', "a\tb");
  if (kind === "number") {
    const text = digits(4);
    return { text, says: text };
  }
  const text = pick(["a", "ab", "abc", "seller-0001", "seller-00012", "ä😀", "x".repeat(56), "x".repeat(57), "x".repeat(80), " a "]);
  return quoted(text, kind === "ignored" ? "" : text);
}

const unusualDates = [
  "",
  "2024-1-07",
  "2024/01/07",
  "1899-12-31",
  "2200-01-01",
  "2024-13-01",
  "2024-00-10",
  "2024-01-32",
  "2024-01-00",
  "2024-01-07 ",
];

describe("the kernel of a plain file's rows", () => {
  it("reads what usual rows say and stops before the first other, whatever the columns, their order, delimiter and line ends", () => {
    const stream = randomStream(31, "row-kernel");
    const kinds: readonly PlainColumn[] = [
      count(0),
      measure(1, 2),
      measure(2, 0, { least: 0 }),
      measure(3, 6, { missing: Number.NaN }),
      count(4),
    ];
    const others: readonly PlainColumn[] = [
      { kind: "period" },
      { kind: "ignored" },
      { kind: "text", value: 5 },
      { kind: "number", value: 6 },
    ];
    let [read, stops] = [0, 0];
    for (let round = 0; round < 60; round++) {
      const keys: readonly PlainColumn[] = Array.from({ length: 1 + (round % 2) }, (_, part) => ({ kind: "key", part }));
      const columns = [...keys, ...kinds, ...others].map((column) => ({ column, at: stream.uniform() })).sort((a, b) => a.at - b.at);
      const delimiter = [44, 59, 9][round % 3] as number;
      const made = form(
        columns.map(({ column }) => column),
        { delimiter, widths: [4, 8, 8, 8, 4, 8, 8] },
      );
      const lineEnd = round % 4 === 0 ? "\r\n" : "\n";
      const rows = Array.from({ length: round === 0 ? 5000 : 200 }, () =>
        made.columns.map((column) => cellOf(column, stream, round % 5 === 0 ? 0 : 0.0005)),
      );
      const lines = rows.map((cells) => cells.map(({ text }) => text).join(String.fromCharCode(delimiter)) + lineEnd);
      const isOf = (text: string) => text.includes(String.fromCharCode(delimiter));
      const first = rows.findIndex((cells) => cells.some(({ says, text }) => says === undefined || isOf(text)));
      const usual = first < 0 ? rows : rows.slice(0, first);
      const text = lines.join("");
      const found = readAll(rowKernel(made, Buffer.byteLength(text)), made, text);
      expect(found.rows).to.deep.equal(usual.map((cells) => cells.map(({ says }) => says)));
      expect(found.at).to.equal(Buffer.byteLength(lines.slice(0, usual.length).join("")));
      read += usual.length;
      if (first >= 0) stops++;
    }
    expect(read).to.be.greaterThan(10_000);
    expect(stops).to.be.greaterThan(10);
  });

  it("stops before every kind of unusual cell, in any column", () => {
    const stream = randomStream(32, "row-kernel");
    const columns: readonly PlainColumn[] = [
      { kind: "key", part: 0 },
      { kind: "period" },
      count(0),
      measure(1, 2),
      { kind: "number", value: 2 },
    ];
    for (let round = 0; round < 600; round++) {
      const at = round % columns.length;
      const made = form([...columns.slice(at), ...columns.slice(0, at)], { widths: [4, 8, 8] });
      const odd = stream.below(columns.length);
      const cells = made.columns.map((column, index) => cellOf(column, stream, index === odd ? 1 : 0).text);
      const text = `${cells.join(",")}\n`;
      expect(readAll(rowKernel(made, text.length + 100), made, text).at, text).to.equal(0);
    }
  });

  it("stops before a part that exceeds its whole, a number out of bounds, a row too long, too short or without end", () => {
    const columns: readonly PlainColumn[] = [
      { kind: "key", part: 0 },
      { kind: "period" },
      count(0),
      count(1),
      measure(2, 1, { least: 0, most: 10 }),
    ];
    const made = form(columns, { parts: [[0, 1]] });
    const kernel = rowKernel(made, 2_000_000);
    const stopsAt = (row: string) => readAll(kernel, made, `a,2024-01-07,1,1,1\n${row}`).at === 19;
    for (const row of [
      "a,2024-01-07,2,1,1\n",
      "a,2024-01-07,0,0,1.1\n",
      "a,2024-01-07,0,0,-0.1\n",
      "a,2024-01-07,0,0\n",
      "a,2024-01-07,0,0,1,\n",
      "\n",
      "a,2024-01-07,0,0,1\r\r\n",
    ])
      expect(stopsAt(row), row).to.equal(true);
    for (const row of ["a,2024-01-07,1,2,1\n", "a,2024-01-07,0,0,1.0\r\n", "a,2024-01-07,0,0,\n"])
      expect(stopsAt(row), row).to.equal(false);
    expect(stopsAt(`${"k".repeat(999_981)},2024-01-07,0,0,1\n`)).to.equal(false);
    expect(stopsAt(`${"k".repeat(1_000_000)},2024-01-07,0,0,1\n`)).to.equal(true);
  });
});
