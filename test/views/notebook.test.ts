/** The notebook of a report: a valid document in which no word of a user is code or markup. */
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { digestOf, present } from "../../data/foundation/index.ts";
import { describeReport, reportNotebook } from "../../views/index.ts";
import { sampleComparison, sampleReportContext } from "./sample-comparison.ts";
import { hostile } from "./sample-contexts.ts";

interface Cell {
  readonly cell_type: "markdown" | "code";
  readonly id: string;
  readonly source: string;
  readonly outputs?: readonly unknown[];
}

const csv = "section,figure\r\nmovement,cell\r\n";
const table = { file: "comparison-r1.csv", digest: digestOf(csv), packed: gzipSync(csv).toString("base64") };
const report = describeReport(sampleComparison(), sampleReportContext());
const cellsOf = (text: string): readonly Cell[] => (JSON.parse(text) as { readonly cells: readonly Cell[] }).cells;

describe("the notebook of a report", () => {
  it("is a document of nbformat 4.5: every cell has a name of its own, and code has no output yet", () => {
    const text = reportNotebook(report, table);
    expect(JSON.parse(text)).to.deep.include({ nbformat: 4, nbformat_minor: 5 });
    const cells = cellsOf(text);
    expect(new Set(cells.map(({ id }) => id)).size).to.equal(cells.length);
    for (const cell of cells) expect(cell.id).to.match(/^[a-z-]{1,64}$/);
    expect(cells.filter(({ cell_type }) => cell_type === "code").map(({ outputs }) => outputs)).to.deep.equal([[], [], [], [], []]);
    expect(reportNotebook(report, table), "the same bytes").to.equal(text);
  });

  it("says what the run is, how to make it again, and each figure's formula, assumption and source", () => {
    const words = cellsOf(reportNotebook(report, table)).map(({ source }) => source);
    expect(words[0]).to.include(report.command).and.to.include(table.digest).and.to.include(report.runDigest.replace(/[^\w]/g, ""));
    const estimators = present(
      words.find((source) => source.startsWith("## What each figure means")),
      "a cell",
    );
    for (const { term } of report.definitions) expect(estimators).to.include(`| ${term} |`);
    expect(words.at(-1)).to.include('read.csv("comparison-r1.csv"').and.to.include("qnorm");
  });

  it("lets no words of a user into code, and nothing in text that marks up", () => {
    const named = {
      ...report,
      title: `${hostile} $x$ **b** [a](javascript:b) | c`,
      candidate: `2.0.0"); import os\n#\u{1f600}`,
      command: "npx counterweight compare --baseline '```\n# x'",
    };
    const cells = cellsOf(reportNotebook(named, table));
    const codes = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source);
    expect(codes.join("\n")).not.to.include("import os\n").and.not.to.include("script");
    expect(codes[2]).to.include(String.raw`candidate = "2.0.0\U00000022\U00000029\U0000003b import os\U0000000a\U00000023\U0001f600"`);
    const [first] = cells;
    expect(first?.source)
      .not.to.include("<script")
      .and.not.to.match(/[^\\]\$x/);
    expect(first?.source).to.include(String.raw`\*\*b\*\* \[a\](javascript:b) \| c`).and.to.include("\n````sh\n");
  });
});
