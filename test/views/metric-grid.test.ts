/** The grid of an entity's metrics: one line where versions agree, gaps that are seen, and a page that stays small. */
import { expect } from "chai";
import { drawChart, drawForm } from "../../views/charts/index.ts";
import { type EntityMetric, renderPage } from "../../views/index.ts";
import { drawnEvery, metricChart, metricTable } from "../../views/pages/entity-metric-charts.ts";
import { hostile, longName, sampleContexts } from "./sample-contexts.ts";

const days = Array.from({ length: 730 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10));

function metricOf(
  name: string,
  versions: number,
  value: (day: number, version: number) => number | undefined,
  periods: readonly string[] = days,
): EntityMetric {
  return {
    name,
    title: name,
    unit: "share",
    currency: "",
    versions: Array.from({ length: versions }, (_, version) => ({
      version: `${version + 1}.0.0`,
      role: version === 0 ? "baseline" : "candidate",
      points: periods.map((period, day) => {
        const at = value(day, version);
        return { period, volume: 40 + (day % 50), ...(at === undefined ? { missing: "fewer than 10 orders" } : { value: at }) };
      }),
      lines: [{ value: 0.04 + version * 0.01, words: `Gold asks: ${hostile}`, label: `Gold ${hostile}`, kind: "tier" }],
      said: "4 %",
    })),
  };
}

describe("the grid of metrics", () => {
  it("names who asks for a number, or counts them where their names would be cut", () => {
    const metric = metricOf("Orders", 1, () => 0.05);
    const asked = (...labels: readonly string[]) => {
      const versions = metric.versions.map((version) => ({
        ...version,
        lines: labels.map((label) => ({ value: 0.1, words: label, label, kind: "tier" as const })),
      }));
      const spec = metricChart([{ ...metric, versions }], days, []);
      return spec.kind === "metric-grid" ? spec.panels[0]?.lines.map(({ label }) => label.replace("\u00a0", " ")) : [];
    };
    expect(asked("Gold")).to.deep.equal(["10.0 % Gold"]);
    expect(asked("Top", "Good")).to.deep.equal(["10.0 % Top, Good"]);
    expect(asked("Gold", "Standard", "Watch")).to.deep.equal(["10.0 %, 3 tiers"]);
  });

  it("gives the same bytes, escapes, and keeps to one decimal", () => {
    const spec = metricChart([metricOf(`${longName} ${hostile}`, 3, (day, version) => (day % 9) / 100 + version / 50)], days, []);
    for (const isNarrow of [false, true]) {
      const svg = drawForm(spec, isNarrow);
      expect(drawForm(structuredClone(spec), isNarrow)).to.equal(svg);
      expect(svg).not.to.match(/<script|NaN|Infinity|undefined| (width|height)="-/);
    }
  });

  it("draws one line where all versions measure the same, and says so", () => {
    const spec = metricChart([metricOf("late", 3, (day) => day / 1000)], days, []);
    const [panel] = spec.kind === "metric-grid" ? spec.panels : [];
    expect(panel?.series).to.have.length(1);
    expect(panel?.note).to.include("the same under all");
    expect(drawnEvery([metricOf("late", 3, (day) => day / 1000)])).to.equal(1);
  });

  it("marks stretches without a value and counts them", () => {
    const ten = days.slice(0, 10);
    const spec = metricChart([metricOf("late", 1, (day) => (day >= 3 && day < 6 ? undefined : 0.02), ten)], ten, []);
    const [panel] = spec.kind === "metric-grid" ? spec.panels : [];
    expect(panel?.missing).to.deep.equal([[3, 5]]);
    expect(panel?.note).to.include("missing at 3 of 10");
    expect(metricTable([metricOf("late", 1, (day) => (day === 3 ? undefined : 0.02), ten)])[0]?.missing).to.equal(
      "1 of 10: fewer than 10 orders",
    );
  });

  it("thins long histories from the end, so that the latest value stands, and says how", () => {
    const metrics = Array.from({ length: 12 }, (_, index) =>
      metricOf(`m${index}`, 6, (day, version) => ((day * (index + 1)) % 97) / 1000 + version / 100),
    );
    const spec = metricChart(metrics, days, []);
    const [panel] = spec.kind === "metric-grid" ? spec.panels : [];
    expect(panel?.positions.at(-1)).to.equal(729);
    expect(drawnEvery(metrics)).to.be.above(1);
    expect(Buffer.byteLength(drawChart(spec))).to.be.below(200_000);
    const [sample] = sampleContexts.entity;
    if (sample === undefined) throw new Error("no sample");
    const versions = Array.from({ length: 6 }, (_, version) => ({
      ...sample.versions[1],
      version: `${version + 1}.0.0`,
      rows: days.map((period, day) => ({ period, score: (day * 7 + version) % 100, held: "gold", merited: "gold", evaluated: true })),
    })) as (typeof sample)["versions"];
    const html = renderPage("entity", { ...sample, versions, metrics });
    expect(Buffer.byteLength(html)).to.be.below(300_000);
    expect(html)
      .to.match(/one evaluation in \d+ is drawn/)
      .and.to.include("The latest 100 of 730");
  });

  it("stands on a page that says nothing of the tier of who is not in the frame", () => {
    const [sample] = sampleContexts.entity;
    if (sample === undefined) throw new Error("no sample");
    const outside = { ...sample, versions: sample.versions.map((version) => ({ ...version, rows: [], restores: [], hasLetter: false })) };
    expect(renderPage("entity", outside))
      .to.include("Nothing can be said: it is not in the frame")
      .and.not.to.include("holds the best tier");
  });

  it("draws nothing wrong of nothing", () => {
    expect(drawForm(metricChart([], [], []), false)).to.match(/^<svg/);
    expect(drawForm(metricChart([metricOf("late", 1, () => undefined, ["2024-01-07"])], ["2024-01-07"], []), false)).not.to.match(
      /NaN|Infinity/,
    );
  });
});
