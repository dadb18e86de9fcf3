/** Charts are pure, safe, and hold what their specification says. */
import { expect } from "chai";
import { type ChartSpec, drawForm, tierColours } from "../../views/charts/index.ts";
import { describeReport } from "../../views/index.ts";
import { sampleComparison, sampleReportContext, tinyComparison } from "./sample-comparison.ts";
import { hostile, longName } from "./sample-contexts.ts";

const specs = [sampleComparison(), tinyComparison()].flatMap((comparison) => {
  const report = describeReport(comparison, sampleReportContext());
  const figures = report.sections
    .flatMap((section) => section.blocks)
    .flatMap((block) => (block.kind === "figure" ? [block.figure] : block.kind === "pair" ? block.figures : []));
  return [...figures.map((figure) => figure.chart), ...report.strip.map((figure) => figure.mini)];
});
const history: ChartSpec = {
  kind: "entity-history",
  label: `Score of ${hostile}`,
  periods: ["2025-09-21", "2025-09-28"],
  versions: [
    { version: longName, isBaseline: true, scores: [undefined, 61.25], tiers: [{ name: hostile, colour: "adverse-3" }, undefined] },
  ],
};
const forms = [...specs, history].flatMap((spec) =>
  [false, true].map((isNarrow) => [`${spec.kind}${isNarrow ? ", narrow" : ""}`, spec, isNarrow] as const),
);

describe("charts", () => {
  for (const [name, spec, isNarrow] of forms) {
    it(`${name}: same bytes, a label, no ids, one decimal, nothing unescaped`, () => {
      const svg = drawForm(spec, isNarrow);
      expect(drawForm(structuredClone(spec), isNarrow)).to.equal(svg);
      expect(svg).to.match(/^<svg [^>]*role="img" aria-label="[^"]+"/);
      expect(svg).not.to.match(/ id="|NaN|Infinity|undefined|<script/);
      expect(svg).not.to.match(/ (x|y|width|height|cx|cy|r)="-?\d+\.\d{2,}/);
      expect(svg).not.to.match(/ (width|height)="-/);
    });
  }

  it("draw every cell of the movement matrix, with both margins and the change", () => {
    const spec = specs.find((candidate) => candidate.kind === "movement-matrix");
    const svg = spec === undefined ? "" : drawForm(spec, false);
    for (const number of ["567", "9,478", "▼\u2009133", "▲\u200978", "12,400", "+86", "−64"]) expect(svg).to.include(`>${number}<`);
  });

  it("draw limits without a dot, and print what runs off the scale", () => {
    const spec = specs.find((candidate) => candidate.kind === "paired-rows" && candidate.rows.some((row) => row.isBounds));
    const svg = spec === undefined ? "" : drawForm(spec, false);
    expect(svg).to.include('class="limits"').and.to.include('class="arrow"').and.to.include("−1.90 to +5.40");
  });

  it("draw an undetermined row as words alone", () => {
    const spec: ChartSpec = {
      kind: "interval-rows",
      label: "x",
      heading: "",
      columns: ["", ""],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: false },
      rows: [{ label: "few", note: "", mark: {}, estimateText: "not determined", intervalText: "", isTotal: false, isEmphasised: false }],
    };
    expect(drawForm(spec, false)).to.include("not determined").and.not.to.include("<circle");
  });

  it("colour tiers by rank, not by name", () => {
    const tier = (name: string, adverse: boolean, unrated = false) => ({ name, adverse, unrated });
    const colours = tierColours([tier("a", false), tier("b", false), tier("c", true), tier("d", true), tier("e", false, true)]);
    expect([...colours.values()]).to.deep.equal(["good-0", "good-3", "adverse-0", "adverse-3", "unrated"]);
    expect(tierColours([tier("only", true)]).get("only")).to.equal("adverse-2");
  });
});
