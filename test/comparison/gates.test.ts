/** The gates of the data: each warns and stops at its limit, and says what follows and what cures it. */
import { expect } from "chai";
import type { LabelEstimates } from "../../simulations/comparison/errors/estimates.ts";
import { type Comparison, gateLimits, readGates } from "../../simulations/comparison/index.ts";
import { stateOf } from "../../simulations/comparison/trust/gates.ts";
import { type Estimated, estimated, undetermined } from "../../simulations/statistics/index.ts";
import { describeReport, renderReport } from "../../views/index.ts";
import { someManifest } from "../store/some-manifest.ts";
import { sampleComparison, sampleReportContext } from "../views/sample-comparison.ts";
import { sampleGates } from "../views/sample-verdict.ts";

const comparison = sampleComparison();
const gatesWith = (rejectedRows: number) => sampleGates(comparison, rejectedRows)["2.0.0"];
const { quality } = someManifest("sellers", "nothing");
/** Of ten good rows of orders, with findings about measures. */
const gatesOf = (candidate: Comparison["candidates"][number], measures: typeof quality.measures = []) =>
  readGates({ comparison, candidate, rows: 10, rejectedRows: 0, quality: { ...quality, measures }, measures: ["orders"], madeOn: 20_460 })
    .gates;

describe("the gates of the data", () => {
  it("warn beyond one limit, stop beyond another, on the bad side of each, and pass at the limit itself", () => {
    for (const [name, limit] of Object.entries(gateLimits)) {
      const isFloor = "isFloor" in limit;
      const [worse, better] = isFloor ? [-1e-9, 1e-9] : [1e-9, -1e-9];
      expect(stateOf(limit, limit.care + better), name).to.equal("sound");
      expect(stateOf(limit, limit.care), name).to.equal("sound");
      expect(stateOf(limit, limit.care + worse), name).to.equal("care");
      if ("stop" in limit) expect(stateOf(limit, limit.stop + worse), name).to.equal("stop");
      expect(stateOf(limit, undefined), name).to.equal("unchecked");
    }
  });

  it("stand as the worst of them; what the data cannot say counts for nothing", () => {
    expect(gatesWith(0)?.state).to.equal("care");
    expect(gatesWith(600)?.state).to.equal("stop");
    const found = Object.fromEntries((gatesWith(600)?.gates ?? []).map(({ name, state }) => [name, state]));
    expect(found).to.deep.equal({
      rejected: "stop",
      gaps: "sound",
      missing: "sound",
      assigned: "unchecked",
      labels: "care",
      shift: "care",
      start: "sound",
      stale: "sound",
    });
  });

  it("have a consequence and a cure each, in sentences", () => {
    for (const { about, consequence, cure } of gatesWith(600)?.gates ?? [])
      expect(
        [consequence, cure].every((text) => /^[A-Z].*\.$/.test(text)),
        about,
      ).to.equal(true);
  });

  it("look only at the measures that are read, and only at jumps inside the range", () => {
    const [candidate] = comparison.candidates;
    if (candidate === undefined) throw new Error("no candidate");
    const jump = (period: string, name: string) => {
      const measure = { name, missingShare: 0.9, zeroShare: 0, quantiles: [], largestJump: { period, from: 1, to: 9 } };
      return gatesOf(candidate, [measure]).filter(({ name: gate }) => gate === "shift" || gate === "missing");
    };
    expect(jump("2025-07-06", "orders").map(({ state }) => state)).to.deep.equal(["stop", "care"]);
    expect(jump("2019-07-07", "orders").map(({ state }) => state)).to.deep.equal(["stop", "sound"]);
    expect(jump("2025-07-06", "views").map(({ state }) => state)).to.deep.equal(["unchecked", "sound"]);
  });

  it("never call labels sound where the change of the false-positive rate that rests on them is refused", () => {
    const [candidate] = comparison.candidates;
    const [table] = candidate?.errors ?? [];
    if (candidate === undefined || table === undefined) throw new Error("no labels");
    const labelsGate = (estimate: Estimated) => {
      const estimates = { falsePositiveChange: { headline: { estimate } } } as unknown as LabelEstimates;
      const errors = [{ ...table, inFrame: 100, labelled: 22, estimates }];
      return gatesOf({ ...candidate, errors }).find(({ name }) => name === "labels");
    };
    expect(labelsGate(estimated({ value: 0.01, method: "score", n: 22 })))
      .to.include({ state: "sound", found: 0.22 })
      .and.not.to.have.property("where");
    const refused = labelsGate(undetermined("labels reach 20 of the 90 held alike under both, less than 50 %", "random audits"));
    expect(refused).to.include({ state: "care", found: 0.22 });
    expect(refused?.where).to.include("labels reach 20 of the 90");
  });

  it("put a banner on top of the page when one fails, and none when all are sound", () => {
    const page = (gates?: ReturnType<typeof sampleGates>) =>
      renderReport(describeReport(comparison, sampleReportContext(gates === undefined ? {} : { gates })), {
        mode: "brief",
        standalone: false,
      });
    const html = page(sampleGates(comparison));
    expect(html.indexOf('<div class="banner is-stop"')).to.be.greaterThan(0).and.lessThan(html.indexOf("<h1>"));
    expect(html).to.include("Do not decide on this.");
    expect(page(sampleGates(comparison, 0))).to.include("Use with care.");
    const sound = Object.fromEntries(
      Object.entries(sampleGates(comparison, 0)).map(([version, { gates }]) => [version, { state: "sound" as const, gates }]),
    );
    expect(page(sound)).not.to.include('class="banner');
    expect(page()).not.to.include('class="banner');
  });
});
