/** What a report says of late labels, appeals, audits and a holdout is borne by the comparison. */
import { expect } from "chai";
import type { Audits, CandidateComparison, Comparison } from "../../simulations/comparison/index.ts";
import { describeReport, figureCsv, type Report, renderReport, reportCsv } from "../../views/index.ts";
import { sampleAudits } from "./sample-audits.ts";
import { sampleComparison, sampleReportContext } from "./sample-comparison.ts";

function reportOf(audits: Audits | undefined, extra = {}): Report {
  const sample = sampleComparison();
  const candidates = sample.candidates.map(({ audits: _audits, ...rest }): CandidateComparison => ({ ...rest, ...(audits && { audits }) }));
  return describeReport({ ...sample, candidates } satisfies Comparison, sampleReportContext(extra));
}

const settleOf = (report: Report) => report.sections.find(({ id }) => id === "settle");
const plain = (value: unknown): string => JSON.stringify(value).replaceAll("\u00a0", " ");

function titleOf(report: Report, id: string): string | undefined {
  const blocks = settleOf(report)?.blocks ?? [];
  for (const block of blocks) if (block.kind === "figure" && block.figure.id === id) return block.figure.title.replaceAll("\u00a0", " ");
  return undefined;
}

describe("what would settle it", () => {
  const audits = sampleAudits();
  const report = reportOf(audits);

  it("is left out of comparisons that were kept before it was known", () => {
    expect(settleOf(reportOf(undefined))).to.equal(undefined);
  });

  it("says in every mode how many audits would tell the change", () => {
    const plan = audits.plan;
    expect(plain(settleOf(report)?.blocks[0])).to.include(`Auditing ","strong":false},{"text":"${plan?.audits} of the 4,700 sellers"`);
    for (const mode of ["brief", "full", "method"] as const)
      expect(renderReport(report, { mode, standalone: false }), mode).to.include("What would settle it");
  });

  it("links to whom to audit, and not from a file that stands alone", () => {
    expect(renderReport(report, { mode: "full", standalone: false })).to.match(
      /href="\/runs\/[^"]+\/audits\.csv\?candidate(?:=|&#x3D;)2\.0\.0">Whom to audit</,
    );
    const alone = reportOf(audits, { hasLinks: false });
    expect(renderReport(alone, { mode: "full", standalone: true })).to.not.include("audits.csv");
  });

  it("speaks of the dates at which the labels tell, and marks those that are not mature", () => {
    expect(titleOf(report, "rate-series")).to.equal("At 1 of 2 dates clearly more known fine sellers are held adverse under 2.0.0");
    expect(plain(settleOf(report))).to.include("not mature: 55 % of labels known");
    const [series] = audits.series;
    const fewer = { ...audits, series: series === undefined ? [] : [{ ...series, dates: series.dates.slice(1) }] };
    expect(titleOf(reportOf(fewer), "rate-series")).to.equal(
      "At the one date the labels do not tell which version holds more fine sellers adverse",
    );
  });

  it("counts the labels that are still to come, and says when none is", () => {
    expect(titleOf(report, "labels-to-come")).to.equal(
      "About the latest dates with labels, some are still to come: about 33 appeal labels",
    );
    expect(plain(settleOf(report))).to.include("appeal 6 to 65 days, half within 20");
    const complete = audits.arrivals.map((source) => ({ ...source, dates: source.dates.slice(1) }));
    expect(titleOf(reportOf({ ...audits, arrivals: complete }), "labels-to-come")).to.match(/^No label is still to come/);
  });

  it("reads the appeals' curve only where enough are decided", () => {
    expect(titleOf(report, "appeal-odds")).to.match(
      /^If the fine appeal one to ten times as readily as the others, about \d+ to \d+ % of those held adverse are fine$/,
    );
    const thinned = reportOf({ ...audits, ...thin() });
    const few = titleOf(thinned, "appeal-odds");
    expect(renderReport(thinned, { mode: "full", standalone: false })).to.not.include('id="figure-appeal-odds"');
    expect(renderReport(thinned, { mode: "method", standalone: false })).to.include('id="figure-appeal-odds"');
    expect(few).to.match(/^3 decided appeals say little: \d+ to \d+ % of those held adverse could be fine$/);
    const none = reportOf(sampleAudits(0));
    expect(titleOf(none, "appeal-odds")).to.equal(undefined);
    expect(plain(settleOf(none))).to.include("No appeal of sellers held adverse under 2.0.0 at 29 Jun 2025 is decided");
  });

  it("caps the holdout, and says what it costs", () => {
    const { holdout } = audits;
    expect(holdout?.size).to.equal(27);
    expect(plain(settleOf(report))).to.include("the cap of 10 % at a time allows 27");
    expect(plain(settleOf(report))).to.match(/about \d+ of them are harmful and go unrestricted meanwhile/);
  });

  it("has its numbers in the figures' files and in the long table", () => {
    for (const id of ["appeal-odds", "rate-series", "labels-to-come", "audit-plan"]) {
      expect(figureCsv(report, id)?.split("\r\n").length, id).to.be.above(2);
      expect(report.definitions.map((definition) => definition.id)).to.include(id);
    }
    const csv = reportCsv({ ...sampleComparison() });
    for (const section of ["appeals", "labels", "series", "audit-plan", "holdout"]) expect(csv).to.include(`\r\n${section},`);
  });
});

/** A curve of three decided appeals. */
function thin(): Pick<Audits, "appeals"> {
  const { appeals } = sampleAudits(1);
  return appeals === undefined ? {} : { appeals: { ...appeals, candidate: { ...appeals.candidate, overturned: 2, upheld: 1 } } };
}
