/** The tables behind a report's figures, on its pages and as CSV. */
import { expect } from "chai";
import type { Comparison } from "../../simulations/comparison/index.ts";
import { describeReport, figureCsv, figureSvg, findTable, type Report, renderPage, renderReport, reportCsv } from "../../views/index.ts";
import { phoneClasses } from "../../views/report/phone-table.ts";
import type { ReportTable } from "../../views/report/report.ts";
import { csvOf, shownTable } from "../../views/report/table-text.ts";
import { sampleComparison, sampleReportContext, tinyComparison } from "./sample-comparison.ts";

const describeSample = (comparison: Comparison, extra = {}): Report => describeReport(comparison, sampleReportContext(extra));

describe("the tables of a report", () => {
  const report = describeSample(sampleComparison());

  it("are inside a file that stands alone, and on a page of the server are links to where they are", () => {
    const [alone, served] = [true, false].map((standalone) => renderReport(report, { mode: "method", standalone }));
    const links = [...(served?.matchAll(/<a data-table href="tables\/([^?"]+)\?candidate[^"]+"/g) ?? [])];
    const ids = links.map(([, id]) => id ?? "");
    expect(new Set(ids).size).to.equal(ids.length).and.to.be.above(10);
    const captions = (html = "") => [...html.matchAll(/<caption class="hidden">([^<]*)/g)].map(([, caption]) => caption ?? "");
    const apart = ids.map((id) => findTable(report, id));
    const pages = apart.map((found) => {
      if (found === undefined) return "";
      const { place, ...shown } = found;
      expect(served, place).to.include(`id="${place}"`);
      return renderPage("report-table", { notices: [], report: { name: report.name, href: "/" }, ...shown });
    });
    expect([...captions(served), ...pages.flatMap(captions)].toSorted()).to.deep.equal(captions(alone).toSorted());
    const tables = (html = "") => html.match(/<table class="figures[\s\S]*?<\/table>/g) ?? [];
    expect([...tables(served), ...pages.flatMap(tables)].toSorted()).to.deep.equal(tables(alone).toSorted());
    expect(findTable(report, "errors-99")).to.equal(undefined);
  });

  it("show an interval under its figure, or in one cell where none is beside it; the CSV keeps its ends apart", () => {
    const table: ReportTable = {
      currency: "USD",
      columns: [
        { title: "tier", format: "text" },
        { title: "change", format: "points" },
        { title: "lower", format: "points" },
        { title: "upper", format: "points" },
        { title: "corrected lower", format: "share" },
        { title: "corrected upper", format: "share" },
        { title: "pooled rate", format: "share" },
        { title: "pooled lower", format: "share" },
        { title: "pooled upper", format: "share" },
      ],
      rows: [
        ["gold", 0.01, -0.002, 0.03, 0.1, 0.2, 0.15, 0.1, 0.25],
        ["watch", 0.01, "", "", "", "", "not determined", "", ""],
      ],
    };
    const { heads, rows } = shownTable(table);
    expect(heads.map(({ text, range = "" }) => [text, range])).to.deep.equal([
      ["tier", ""],
      ["change", "lower to upper"],
      ["corrected lower to upper", ""],
      ["pooled rate", "lower to upper"],
    ]);
    const said = rows.map((row) =>
      row.map(({ text, range }) => (range === undefined ? text : `${text} (${range})`).replaceAll("\u00a0", " ")),
    );
    expect(said).to.deep.equal([
      ["gold", "+1.00 pp (−0.20 to +3.00 pp)", "10.00 to 20.00 %", "15.00 % (10.00 to 25.00 %)"],
      ["watch", "+1.00 pp", "", "not determined"],
    ]);
    expect(csvOf(table).split("\r\n")[1]).to.equal("gold,0.01,-0.002,0.03,0.1,0.2,0.15,0.1,0.25");
  });

  it("stand on a phone as they are where they fit, and else as many figures in a line as fit, as many in each line", () => {
    const table = (figures: number, text: string, leads = 1) => {
      const cells = (words: string) => [
        ...Array.from({ length: leads }, () => ({ text: words, isText: false })),
        ...Array.from({ length: figures }, () => ({ text, isText: false })),
      ];
      return phoneClasses({ leads, heads: cells("of"), rows: [cells("words that may stand on two lines")] });
    };
    expect(table(4, "1,234")).to.equal("");
    expect(table(4, "$1,234,567.89")).to.equal("broad in-2");
    expect(table(9, "0.1234")).to.equal("broad in-5");
    expect(table(8, "0.1234", 2)).to.equal("broad in-4");
    expect(table(3, "-$1,234,567.89 of all that was ever sold")).to.equal("broad in-1");
    const sentences = { text: "It says in a few words what follows from the figure.", isText: true };
    const row = [...Array.from({ length: 4 }, () => ({ text: "undetermined", isText: false })), sentences, sentences];
    expect(phoneClasses({ leads: 4, heads: row, rows: [row] })).to.equal("broad in-3");
    const page = renderReport(report, { mode: "method", standalone: true });
    expect(page).to.match(/<table class="figures leads-\d broad in-\d">/);
  });

  it("hold the same rows and columns on the page and as CSV", () => {
    const html = renderReport(report, { mode: "full", standalone: true });
    for (const id of [
      "tiers-over-time",
      "movement",
      "flow",
      "at-stake",
      "sales-by-tier",
      "false-positives",
      "coverage",
      "who-shares",
      "who-rates",
    ]) {
      const figure = html.slice(html.indexOf(`id="figure-${id}"`)).split("</figure>")[0] ?? "";
      const rows = figure.match(/<tr>/g)?.length ?? 0;
      expect(figureCsv(report, id)?.trimEnd().split("\r\n").length, id).to.equal(rows);
    }
  });

  it("say money in major units and shares of 1 as CSV", () => {
    expect(figureCsv(report, "at-stake")).to.include("At stake in all,29600000,26500000,33300000");
    expect(figureCsv(report, "false-positives")).to.include("All labels, by precedence".replace(/.*/, '"$&"')).and.to.include("0.075");
  });

  it("know no figure that is not there", () => {
    expect(figureCsv(report, "nothing")).to.equal(undefined);
    expect(figureSvg(report, "nothing")).to.equal(undefined);
  });

  it("give every number of the comparison in the long CSV, with its definition", () => {
    const lines = reportCsv(sampleComparison()).trimEnd().split("\r\n");
    expect(lines[0]).to.equal("section,figure,candidate,version,date,tier,to_tier,group,value,lower,upper,level,n,method,definition");
    expect(lines.filter((line) => line.startsWith("movement,cell,"))).to.have.length(25);
    expect(lines.some((line) => line.startsWith("gmv,at_stake,2.0.0,,2025-09-28,,,,29600000,26500000,33300000,0.95,12400"))).to.equal(true);
    expect(reportCsv(tinyComparison())).to.include("undetermined: 7 sellers are too few");
  });
});
