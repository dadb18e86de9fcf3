/** What the report and the long table say of early warning. */
import { expect } from "chai";
import { type Comparison, compare, type PolicyAtRisk } from "../../simulations/comparison/index.ts";
import { estimated } from "../../simulations/statistics/index.ts";
import { describeReport, figureCsv, renderReport, reportCsv } from "../../views/index.ts";
import { sampleReportContext } from "../views/sample-comparison.ts";
import { letterPolicy, panelOf, type SmallMarket, wandering } from "./small-market.ts";

function comparisonOf(market: SmallMarket): Comparison {
  return compare({
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy("candidate")],
    panel: panelOf(market),
    seed: 3,
    replicates: 60,
  });
}

/** The comparison with the gain of the candidate's model over the plain rule replaced. */
function withGain(comparison: Comparison, lower: number, upper: number): Comparison {
  const { atRisk } = comparison;
  if (atRisk === undefined) throw new Error("no early warning");
  const recallGain = estimated({
    value: (lower + upper) / 2,
    lower,
    upper,
    level: 0.95,
    method: "made for the test",
    n: 9,
    assumptions: [],
  });
  const policies = atRisk.policies.map((policy): PolicyAtRisk => ({ ...policy, recallGain }));
  return { ...comparison, atRisk: { ...atRisk, policies } };
}

function section(comparison: Comparison) {
  const found = describeReport(comparison, sampleReportContext()).sections.find(({ id }) => id === "at-risk");
  if (found === undefined) throw new Error("no section");
  return found;
}

function titles(comparison: Comparison): readonly string[] {
  return section(comparison).blocks.flatMap((block) =>
    block.kind === "figure" ? [block.figure.title] : block.kind === "finding" ? [block.title] : [],
  );
}

describe("early warning in the report", () => {
  const comparison = comparisonOf(wandering(120, 28));
  const [, candidate] = comparison.atRisk?.policies ?? [];

  it("says which way of warning is better only where the interval bears it", () => {
    expect(titles(withGain(comparison, -0.2, -0.1))[0]).to.match(/the lowest scores warn better than the model/);
    expect(titles(withGain(comparison, 0.1, 0.2))[0]).to.match(/of the model’s alarms come true, against/);
    expect(titles(withGain(comparison, -0.1, 0.2))[0]).to.match(/alarms for the lowest scores do about as well/);
  });

  it("lists fifteen of at most 25 with their risk, and says how many are expected", () => {
    const list = section(comparison).blocks.find(({ kind }) => kind === "entities");
    expect(list?.kind === "entities" ? list.entities.length : 0).to.equal(15);
    expect(candidate?.now.listed.length).to.be.at.most(25);
    const said = `About ${Math.round(candidate?.now.expected ?? 0)} of ${candidate?.now.eligible} sellers are predicted to enter an adverse tier under 2.0.0 within 8 weeks`;
    expect(titles(comparison).filter((title) => title.startsWith(said))).to.have.length(1);
  });

  it("says how far predictions were off so far where it is by a fifth or more", () => {
    const withHits = (hitsOf: (predicted: number) => number): string | undefined => {
      const { atRisk } = comparison;
      if (atRisk === undefined) throw new Error("no early warning");
      const policies = atRisk.policies.map((policy) => ({
        ...policy,
        calibration: policy.calibration.map((group) => ({ ...group, hits: hitsOf(group.predicted * group.evaluations) })),
      }));
      return titles({ ...comparison, atRisk: { ...atRisk, policies } }).find((title) => title.startsWith("About "));
    };
    expect(withHits((predicted) => predicted / 2)).to.match(/within 8 weeks; so far such predictions were 2\.0 times what happened$/);
    expect(withHits((predicted) => 1.5 * predicted)).to.match(/; so far 1\.5 times as many did as were predicted$/);
    expect(withHits((predicted) => 1.1 * predicted)).to.match(/within 8 weeks$/);
    expect(withHits(() => 0)).to.match(/within 8 weeks$/);
  });

  it("links to everybody who is warned, but not from a file that stands alone", () => {
    const figures = (hasLinks: boolean) =>
      describeReport(comparison, sampleReportContext({ hasLinks }))
        .sections.flatMap(({ blocks }) => blocks)
        .flatMap((block) => (block.kind === "figure" && block.figure.id === "at-risk-alarms" ? [block.figure.links.alarms] : []));
    expect(figures(true)[0]).to.match(/\/alarms\.csv\?candidate=2\.0\.0$/);
    expect(figures(false)).to.deep.equal([undefined]);
  });

  it("has its figures as CSV and in the long table", () => {
    const report = describeReport(comparison, sampleReportContext());
    expect(figureCsv(report, "at-risk-alarms")).to.include(
      `2.0.0,highest predicted risk,${candidate?.model.alarms},${candidate?.model.hits}`,
    );
    const lines = reportCsv(comparison).split("\r\n");
    expect(lines.filter((line) => line.startsWith("at-risk,precision"))).to.have.length(4);
    expect(lines.filter((line) => line.startsWith("at-risk,predicted_risk")).length).to.be.greaterThan(10);
  });

  it("says that too little has happened rather than a number, and nothing for a run without", () => {
    const small = comparisonOf({ sellers: { a: { baseline: "ggs", candidate: "ggs" } } });
    expect(titles(small)).to.deep.equal(["Too little has happened under 2.0.0 to warn anybody"]);
    const { atRisk: _, ...older } = comparison;
    expect(describeReport(older, sampleReportContext()).sections.some(({ id }) => id === "at-risk")).to.equal(false);
  });

  it("keeps the page whole in every mode, with its method in Method", () => {
    const report = describeReport(comparison, sampleReportContext({ hasLinks: false }));
    expect(renderReport(report, { mode: "method", standalone: true })).to.include("How alarms are raised and judged");
    expect(renderReport(report, { mode: "brief", standalone: true })).to.not.include("How alarms are raised and judged");
  });
});
