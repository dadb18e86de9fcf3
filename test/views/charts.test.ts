/** Charts are pure, safe, and hold what their specification says. */
import { expect } from "chai";
import { type ChartSpec, drawForm, drawOnPaper, tierColours } from "../../views/charts/index.ts";
import { box, dot, line, painted, pathThrough, text } from "../../views/charts/svg.ts";
import { textWidth } from "../../views/charts/text-width.ts";
import { tierBox } from "../../views/charts/tier-colour.ts";
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

  it("leave out every second number of an axis where they would touch, and none else", () => {
    const axisOf = (from: number, to: number) => {
      const row = {
        label: "a",
        note: "",
        mark: { value: from, lower: from, upper: to },
        estimateText: "",
        intervalText: "",
        isTotal: false,
        isEmphasised: false,
      };
      const axis = { prefix: "$", suffix: "", isChange: true };
      const svg = drawForm(
        { kind: "interval-rows", label: "l", heading: "", columns: ["", ""], isCompact: true, axis, rows: [row] },
        false,
      );
      return [...svg.matchAll(/<text[^>]*>([+\u2212]?\$[\d,]+)/g)].map(([, words]) => words);
    };
    expect(axisOf(-4, 4)).to.deep.equal(["\u2212$4", "\u2212$2", "$0", "+$2", "+$4"]);
    expect(axisOf(-9_000_000, 9_000_000)).to.deep.equal(["\u2212$10,000,000", "$0", "+$10,000,000"]);
  });

  it("of rows are parted for paper between rows: the parts meet, hold the whole drawing, and cut no words", () => {
    const kinds = new Set<string>();
    for (const spec of specs) {
      const markup = drawOnPaper(spec, { id: "a", words: "" });
      if (!markup.includes("<table")) continue;
      kinds.add(spec.kind);
      const whole = drawForm(spec, false);
      const [, width = "", height = ""] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(whole) ?? [];
      const parts = [...markup.slice(markup.indexOf("<table")).matchAll(/viewBox="0 ([\d.]+) ([\d.]+) ([\d.]+)"/g)].map(
        ([, from, wide, high]) => ({ from: Number(from), to: Number(from) + Number(high), wide }),
      );
      expect(parts.map(({ wide }) => wide)).to.deep.equal(parts.map(() => width));
      const ordered = parts.toSorted((a, b) => a.from - b.from);
      expect(ordered[0]?.from).to.equal(0);
      for (const [index, { from }] of ordered.entries()) if (index > 0) expect(from).to.equal(ordered[index - 1]?.to);
      expect(ordered.at(-1)?.to).to.be.at.least(Number(height));
      // Panels have places of their own, so that their words are not found by their height alone.
      if (whole.includes("translate(")) continue;
      for (const [, baseline] of whole.matchAll(/<text[^>]* y="([\d.]+)"/g)) {
        const [above, below] = [Number(baseline) - 8, Number(baseline) + 2];
        expect(ordered.filter(({ from, to }) => from <= above && below <= to)).to.have.length(1);
      }
    }
    expect([...kinds].toSorted()).to.deep.equal(["coverage", "interval-rows", "paired-rows", "shares", "tiers-over-time"]);
  });

  it("write a class once: one path for its lines and boxes, one group for its dots and words, words on top", () => {
    const marks = [0, 1].map((row) => [
      text({ x: 0, y: row * 10, class: "label" }, `row ${row}`),
      line(20, row * 10, 20, row * 10 + 8, "grid"),
      box({ x: 20.25, y: row * 10, width: 7, height: 4, class: "interval" }),
      dot(24, row * 10, 4, "candidate-dot"),
    ]);
    expect(painted(marks)).to.equal(
      '<path class="grid" d="M20 0v8M20 10v8"/><path class="interval" d="M20.3 0h7v4h-7zM20.3 10h7v4h-7z"/>' +
        '<g class="candidate-dot"><circle cx="24" cy="0" r="4"/><circle cx="24" cy="10" r="4"/></g>' +
        '<g class="label"><text y="0">row 0</text><text y="10">row 1</text></g>',
    );
  });

  it("paint a pattern over every fill, and leave what has a title alone", () => {
    const two = ["adverse-1", "adverse-3"].map((colour, row) => tierBox({ x: 0, y: 4 * row, width: 4, height: 4, colour }));
    expect(painted(two).match(/class="[^"]+"/g)).to.deep.equal(['class="tier t-adverse-1"', 'class="tier t-adverse-3"', 'class="hatched"']);
    const titled = box({ x: 0, y: 0, width: 2, height: 2, class: "fine", title: "2 < 3" });
    expect(painted(titled)).to.equal('<path d="M0 0h2v2h-2z" class="fine"><title>2 &lt; 3</title></path>');
  });

  it("walk a path in steps that do not add up what they round", () => {
    const points = Array.from({ length: 40 }, (_, index) => [index * 3.14, 10 + Math.sin(index)] as const);
    const steps = pathThrough(points)
      .replaceAll(/([a-zA-Z])/g, " $1")
      .replaceAll("-", " -")
      .trim()
      .split(/\s+/);
    const numbers: number[] = steps.filter((step) => !/^[a-zA-Z]$/.test(step)).map((step) => Number(step.replace(/^[a-zA-Z]/, "")));
    expect(steps.every((step) => /^[Mlhv]?-?\d*\.?\d+$|^[Mlhv]$/.test(step))).to.equal(true);
    const [x, y] = [0, 1].map((side) => numbers.filter((_, index) => index % 2 === side).reduce((sum, value) => sum + value, 0));
    expect(x).to.be.closeTo(39 * 3.14, 0.051);
    expect(y).to.be.closeTo(10 + Math.sin(39), 0.051);
    expect(pathThrough([[0, 10], [4.26, 9.5], [8, 9.5], undefined, [12, 3]])).to.equal("M0 10l4.3-.5h3.7M12 3");
  });

  it("draw every cell of the movement matrix, with both margins and the change", () => {
    const spec = specs.find((candidate) => candidate.kind === "movement-matrix");
    const svg = spec === undefined ? "" : drawForm(spec, false);
    for (const number of ["567", "9,478", "▼\u2009133", "▲\u200978", "12,400", "+86", "−64"]) expect(svg).to.include(`>${number}<`);
  });

  it("leave the words of a small split out where they would touch", () => {
    const split = (down: number, up: number) => drawForm({ kind: "mini-split", label: "x", down, up, other: 0 }, false);
    expect(split(206, 129)).to.include("▼ 206 down").and.to.include("▲ 129 up");
    expect(split(18_431, 3908)).to.include(">▼ 18,431<").and.to.include(">▲ 3,908<");
  });

  it("have room for the last values of every panel over time", () => {
    const values = [100, 100];
    const panel = (name: string) =>
      ({ name, tier: { name, colour: "good-0" }, baseline: [0, 0], candidate: values, isSame: false }) as const;
    const spec: ChartSpec = {
      kind: "tiers-over-time",
      label: "x",
      periods: ["2025-09-21", "2025-09-28"],
      span: 100,
      panels: ["a", "b", "c"].map(panel),
    };
    for (const isNarrow of [false, true]) {
      const svg = drawForm(spec, isNarrow);
      const width = Number(/viewBox="0 0 ([\d.]+)/.exec(svg)?.[1]);
      const panels = [...svg.matchAll(/translate\(([\d.]+) /g)].map((match) => Number(match[1]));
      const at = Number(/<text x="([\d.]+)"[^>]*>100\.0</.exec(svg)?.[1]);
      expect(Math.max(...panels) + at + textWidth("100.0", 13, true), `${width}`).to.be.at.most(width);
    }
  });

  it("write what is shown under the pointer over time in few bytes, and draw no more points than a panel can show, the ends always", () => {
    const periods = Array.from({ length: 104 }, (_, week) => new Date(Date.UTC(2024, 0, 7 + 7 * week)).toISOString().slice(0, 10));
    const [candidate, baseline] = [periods.map((_, week) => 40 + week / 7), periods.map((_, week) => 40.04 + week / 8)];
    const panel = { name: "a", tier: { name: "a", colour: "good-0" as const }, baseline, candidate, isSame: false };
    const spec: ChartSpec = { kind: "tiers-over-time", label: "x", periods, span: 20, panels: [panel] };
    const [wide, slim] = [drawForm(spec, false), drawForm(spec, true)];
    expect(/data-periods="([^"]*)"/.exec(wide)?.[1]).to.equal("2024-01-07 7");
    const numbers = (name: string) => (new RegExp(`data-${name}="([^"]*)"`).exec(wide)?.[1] ?? "").split(" ").map(Number);
    const shown = numbers("candidate");
    expect(shown.map((tenths) => (tenths / 10).toFixed(1))).to.deep.equal(candidate.map((value) => value.toFixed(1)));
    expect(numbers("baseline").map((more, week) => ((more + (shown[week] ?? 0)) / 10).toFixed(1))).to.deep.equal(
      baseline.map((value) => value.toFixed(1)),
    );
    const months = { ...spec, periods: ["2024-01-31", "2024-02-29", "2024-03-31"] };
    expect(/data-periods="([^"]*)"/.exec(drawForm(months, false))?.[1]).to.equal("2024-01-31 2024-02-29 2024-03-31");
    const steps = (svg: string) =>
      (/class="curve baseline-curve" d="([^"]*)"/.exec(svg)?.[1] ?? "").match(/-?\d*\.?\d+/g)?.map(Number) ?? [];
    expect(steps(wide).length / 2).to.equal(104);
    expect(steps(slim).length / 2).to.be.below(72);
    const across = steps(slim).filter((_, index) => index % 2 === 0);
    expect(across[0], "the first").to.equal(22);
    expect(
      across.reduce((sum, step) => sum + step, 0),
      "the last",
    ).to.be.closeTo(22 + 106, 0.01);
  });

  it("stand the heads of a matrix up where they would touch beside each other, clear of the line above", () => {
    const tiers = (names: readonly string[]) => names.map((name) => ({ name, colour: "good-0" as const }));
    const headsOf = (names: readonly string[]) => {
      const cells = names.map(() => names.map(() => ({ entities: 1, direction: "same" as const })));
      const spec: ChartSpec = {
        kind: "movement-matrix",
        label: "x",
        baseline: "1",
        candidate: "2",
        rows: tiers(names),
        columns: tiers(names),
        cells,
      };
      return drawForm(spec, true);
    };
    expect(headsOf(["gold", "fair", "poor"])).not.to.include("rotate(-90)");
    const standing = headsOf(["gold", "standard", "watch", "restricted", "unrated"]);
    const foot = Number(/translate\([\d.]+ ([\d.]+)\) rotate/.exec(standing)?.[1]);
    expect(foot - textWidth("restricted", 13)).to.be.at.least(20);
    // Each fits its own column, and not beside its neighbour.
    expect(headsOf(["standard", "standard", "standard", "standard", "fair"])).to.include("rotate(-90)");
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
