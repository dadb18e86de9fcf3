/** The verdict on the report: above the five figures, in a section of its own, and nothing that its readings do not bear. */
import { expect } from "chai";
import { describeReport, type Report, renderReport } from "../../views/index.ts";
import { sampleComparison, sampleReportContext } from "./sample-comparison.ts";
import { hostile } from "./sample-contexts.ts";
import { sampleStability, verdictContext } from "./sample-verdict.ts";

const sample = sampleComparison();
const stable = { ...sample, candidates: sample.candidates.map((candidate) => ({ ...candidate, stability: sampleStability })) };

function reportOf(lines: readonly string[], runsBefore?: { ofPair: number; onData: number }): Report {
  return describeReport(stable, sampleReportContext(verdictContext(stable, lines, runsBefore)));
}

const words = (report: Report) => JSON.stringify(report).replaceAll("\u00a0", " ");

describe("the verdict on a report", () => {
  it("is not there when no criteria were written", () => {
    const report = describeReport(stable, sampleReportContext());
    expect([report.verdict, report.sections.some(({ id }) => id === "verdict")]).to.deep.equal([undefined, false]);
  });

  it("fails, passes or is undetermined in its title, with the counts that bear it", () => {
    const titles = [
      ["movers at most 1 %", "movers at most 5 %"],
      ["movers at most 5 %"],
      ["movers at most 5 %", "gmv at stake at most 10 %"],
      ["movers at most 3 %", "movers at most 5 %"],
      ["movers at most 3 %"],
      ["movers at most 1 %", "movers at most 3 %"],
    ].map((lines) => reportOf(lines).verdict?.title);
    expect(titles).to.deep.equal([
      "Fails 1 of 2 criteria",
      "Passes its one criterion",
      "Passes all 2 criteria",
      "Undetermined: 1 of 2 criteria passes, 1 is undetermined",
      "Undetermined on its one criterion",
      "Fails 1 of 2 criteria; 1 more is undetermined",
    ]);
  });

  it("says honestly when the criteria were written", () => {
    const lines = ["movers at most 5 %"];
    expect(words(reportOf(lines))).to.include("before the first run on these data");
    expect(words(reportOf(lines, { ofPair: 0, onData: 3 }))).to.include(
      "before the first run of this change, but after 3 runs on the same data",
    );
    const late = words(reportOf(lines, { ofPair: 2, onData: 3 }));
    expect(late).to.include("Written after 3 runs on the same data, 2 of this change");
    expect(late).to.include("Whoever has seen the figures can write criteria that they meet");
  });

  it("shows where it reads another way, and what it rests on", () => {
    const report = words(reportOf(["movers at most 2 %", "false-positive change at most 2 points"]));
    expect(report).to.include("it hangs on date");
    expect(report).to.include("labels known by 24 Aug 2025");
    expect(report).to.include("without assumptions on the others it reads undetermined");
    expect(report).to.include("Four candidates were compared on these data up to this run, in 6 runs.");
  });

  it("stands above the five figures, links to its section, and does not let a criterion become markup", () => {
    const html = renderReport(reportOf([`movers at most 5 %`, `newly adverse of '${"small"}' at most 1.2 x overall`]), {
      mode: "brief",
      standalone: false,
    });
    expect(html.indexOf('<div class="verdict is-')).to.be.greaterThan(0).and.lessThan(html.indexOf('<ul class="strip">'));
    expect(html).to.include('<h2><a href="#verdict">');
    expect(html).to.include('<section class="section" id="verdict">');
    const context = verdictContext(stable, ["movers at most 5 %"]);
    const judged = context.verdicts?.["2.0.0"];
    if (judged === undefined) throw new Error("no verdict");
    const criteria = judged.verdict.criteria.map((criterion) => ({ ...criterion, words: `movers ${hostile}` }));
    const report = describeReport(
      stable,
      sampleReportContext({ verdicts: { "2.0.0": { ...judged, verdict: { ...judged.verdict, criteria } } } }),
    );
    expect(renderReport(report, { mode: "full", standalone: true })).not.to.include(hostile);
  });
});
