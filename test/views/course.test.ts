/** What the report says of the course of entities and of drift is borne by the comparison. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { type Comparison, type Course, compare, type Drift } from "../../simulations/comparison/index.ts";
import { describeReport, figureCsv, figureSvg, type Report, renderReport, reportCsv } from "../../views/index.ts";
import { letterPolicy, panelOf, type SmallMarket } from "../comparison/small-market.ts";
import { bareComparison, sampleComparison, sampleReportContext } from "./sample-comparison.ts";

const weeks = 16;
const policies = { baseline: letterPolicy("baseline"), candidate: letterPolicy("candidate") };

function compared(sellers: SmallMarket["sellers"], isNull = false): Comparison {
  const candidate = isNull ? { ...policies.baseline, version: "2.0.0" } : policies.candidate;
  return compare({
    baseline: policies.baseline,
    candidates: [candidate],
    panel: panelOf({ sellers, periods: weeks }),
    seed: 1,
    replicates: 100,
  });
}

/** Sellers who fall ill for some weeks, longer under the candidate. */
const market = Object.fromEntries(
  Array.from({ length: 40 }, (_, at) => {
    const ill = (length: number) => ("s".repeat(2 + (at % 3)) + "w".repeat(length) + "g".repeat(weeks)).slice(0, weeks);
    return [`s${at}`, { baseline: ill(2 + (at % 3)), candidate: ill(4 + (at % 4)) }];
  }),
);
const described = (comparison: Comparison): Report => describeReport(comparison, sampleReportContext());
const said = (report: Report) => JSON.stringify(report).replaceAll("\u00a0", " ");
const changed = (comparison: Comparison, change: { course?: (course: Course) => Course; drift?: (drift: Drift) => Drift }): Comparison => ({
  ...comparison,
  candidates: comparison.candidates.map((candidate) => ({
    ...candidate,
    ...(change.course === undefined ? {} : { course: change.course(present(candidate.course, "course")) }),
    ...(change.drift === undefined ? {} : { drift: change.drift(present(candidate.drift, "drift")) }),
  })),
});

describe("the course of entities on the report", () => {
  const comparison = compared(market);
  const report = described(comparison);

  it("says how time in adverse tiers changes, and how long stays last", () => {
    const words = said(report);
    expect(words).to.match(/Time in watch or restricted grows from 18\.\d to 34\.\d % of seller-weeks/);
    expect(words).to.include("Half of the stays in watch or restricted recover within 5 weeks under 2.0.0, within 3 under 1.0.0");
    expect(words).to.include("Median in weeks: 5 under 2.0.0");
    expect(words).to.include("No rule of 1.0.0 reads more than the present evaluation.");
  });

  it("gives every figure a definition, a drawing and a table", () => {
    for (const id of ["tier-time", "recovery", "drift-scores"]) {
      expect(report.definitions.map((definition) => definition.id)).to.include(id);
      expect(figureSvg(report, id)).to.match(/^<svg/);
      expect(figureCsv(report, id)).to.include("\r\n");
    }
  });

  it("shows tests only in Method, and no p elsewhere", () => {
    const full = renderReport(report, { mode: "full", standalone: true });
    const method = renderReport(report, { mode: "method", standalone: true });
    expect(method).to.include("Stuart-Maxwell");
    expect(full).not.to.include("Stuart-Maxwell");
    expect(full).not.to.match(/\bp\s[<=]/);
  });

  it("of a null reform says that nothing differs", () => {
    const words = said(described(compared(market, true)));
    expect(words).to.include("Every tier holds as many seller-weeks under both versions");
    expect(words).to.include("recover within 3 weeks under both versions");
    expect(words).to.include("Every seller has the same score under both versions");
    expect(words).to.include("no entity changed class: nothing to test");
  });

  it("says so when nobody enters an adverse tier, and when half do not recover within the range", () => {
    const good = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`s${at}`, { baseline: "g".repeat(weeks), candidate: "s".repeat(weeks) }]),
    );
    expect(said(described(compared(good)))).to.include("Nobody enters an adverse tier in the range");
    const ill = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [
        `s${at}`,
        { baseline: `s${"w".repeat(weeks - 1)}`, candidate: `sww${"g".repeat(weeks - 3)}` },
      ]),
    );
    expect(said(described(compared(ill)))).to.include("recover within 2 weeks under 2.0.0; under 1.0.0 half do not within the range");
  });

  it("does not call a change what another draw could give", () => {
    const unclear = changed(comparison, {
      course: (course) => ({
        ...course,
        tierTime: course.tierTime.map((row) => ({
          ...row,
          change: {
            kind: "estimate",
            value: 0.01,
            interval: { lower: -0.01, upper: 0.03, level: 0.95 },
            method: "m",
            n: 40,
            assumptions: [],
          },
        })),
      }),
    });
    expect(said(described(unclear))).to.include(", within what another draw could give");
  });

  it("leaves these figures out of comparisons that were kept without them", () => {
    for (const old of [sampleComparison(), bareComparison()]) {
      expect(said(described(old))).not.to.include("recover within");
      expect(reportCsv(old)).not.to.include("recovery");
    }
  });

  it("puts every number into the long table", () => {
    const csv = reportCsv(comparison);
    for (const start of [
      "range,tier_time_change,",
      "movement,net_share,",
      "recovery,median_periods,",
      "boundary,",
      "transitions,probability,",
      "drift,wasserstein,",
      "drift,score_quantile,",
    ])
      expect(csv).to.include(`\n${start}`);
    const rows = csv.split("\r\n");
    expect(rows.filter((row) => row.startsWith("movement,cell,")).length).to.equal(weeks * 25);
  });
});

describe("drift on the report", () => {
  const comparison = compared(market);
  const scores = (drift: Drift, more: object): Drift => ({
    ...drift,
    rows: drift.rows.map((row, at) => (at === 0 ? { ...row, ...more } : row)),
  });
  const distance = (value: number, nullQuantile: number) => ({ kind: "distance" as const, value, nullQuantile, pValue: 0.5 });

  it("calls scores lower only where a distance is beyond what label swaps give", () => {
    const far = changed(comparison, {
      drift: (drift) => scores(drift, { medians: [80, 70], kolmogorovSmirnov: distance(0.3, 0.1), wasserstein: distance(10, 2) }),
    });
    expect(said(described(far))).to.include("Scores are lower under 2.0.0: the middle seller has 70, not 80");
    const some = changed(far, { drift: (drift) => scores(drift, { secondOnly: 3 }) });
    expect(said(described(some))).to.include("Scores are lower under 2.0.0: of the 40 sellers with both, the middle one has 70, not 80");
    const near = changed(comparison, {
      drift: (drift) => scores(drift, { medians: [80, 79], kolmogorovSmirnov: distance(0.05, 0.1), wasserstein: distance(1, 2) }),
    });
    expect(said(described(near))).to.include("Scores are spread alike under both versions");
  });

  it("says why the usual cut-offs are not used", () => {
    expect(said(described(comparison))).to.include("The usual cut-offs of the PSI, 0.1 and 0.25, are not used");
  });
});
