/** What every figure of every report owes its reader. */
import { expect } from "chai";
import { describeReport, type Figure, figureCsv, figureSvg, findTable, type Report, renderReport } from "../../views/index.ts";
import { figuresOf } from "../../views/report/folded-tables.ts";
import { nullReform, sampleComparison, sampleReportContext, tinyComparison } from "./sample-comparison.ts";

const reports = { sample: sampleComparison(), "null reform": nullReform(), tiny: tinyComparison() };

for (const [name, comparison] of Object.entries(reports)) {
  describe(`every figure of the report of ${name}`, () => {
    const report: Report = describeReport(comparison, sampleReportContext({ hasLinks: true }));
    const figures = report.sections.flatMap(({ blocks }) => blocks.flatMap(figuresOf));
    const html = renderReport(report, { mode: "method", standalone: false });

    for (const figure of figures) {
      it(`${figure.id}: a finding, what is counted, a level or that there is none, a table, files, a definition`, () => {
        expect(figure.title, "the finding").to.match(/^.{8,}[^.]$/u);
        expect(figure.subtitle, "unit and period").to.match(
          /per cent|percentage points|sellers?|money|GMV|in USD|labels|share|flips|jump|sales/i,
        );
        expect(figure.subtitle, "n").to.match(
          /\bn\u00a0=|\d+ (overturned )?of \d|\d[\d,.]* (sellers?|evaluations|stays|weeks|labels?|groups?|dates)|n in the table/i,
        );
        expect(figure.subtitle, "the level, or that there is no interval").to.match(
          /\d+\u00a0%\s?(intervals?|interval)|no interval|counts?|limits|half-widths at/i,
        );
        expect(figure.chart.label, "for who does not see it").to.have.length.above(8);
        expect(figure.table.columns, "the table").to.have.length.above(1);
        expect(findTable(report, figure.id)?.table).to.equal(figure.table);
        expect(figureSvg(report, figure.id)).to.match(/^<svg xmlns/);
        expect(figureCsv(report, figure.id)).to.match(/\r\n$/);
        expect(report.definitions.map(({ id }) => id)).to.include(figure.id);
        for (const link of [`#definition-${figure.id}`, `"figures/${figure.id}.svg`, `"figures/${figure.id}.csv`, `"tables/${figure.id}`])
          expect(html).to.include(link);
      });
    }

    it("has values under the pointer where it has marks that are not printed beside", () => {
      const silent = figures.filter((figure) => !saysItsValues(report, figure)).map(({ id }) => id);
      expect(silent).to.deep.equal([]);
    });
  });
}

/** By titles of marks, by text in columns, or by the script that reads the table under a line. */
function saysItsValues(report: Report, { id, chart }: Figure): boolean {
  const svg = figureSvg(report, id) ?? "";
  return svg.includes("<title>") || /<text/.test(svg) || chart.kind === "mini-none";
}
