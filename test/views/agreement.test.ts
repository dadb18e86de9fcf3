/** Forecasts and results: the chart, and what the page says of a calibration. */
import { expect } from "chai";
import type { Calibration, CalibrationPoint } from "../../simulations/experiments/index.ts";
import { estimated, undetermined } from "../../simulations/statistics/index.ts";
import { drawForm } from "../../views/charts/draw-chart.ts";
import { calibrationParts } from "../../views/index.ts";

const estimate = (value: number, reach: number) =>
  estimated({ value, lower: value - reach, upper: value + reach, level: 0.95, method: "made up", n: 10 });

function point(experiment: string, metric: string, leftOut?: string): CalibrationPoint {
  return {
    experiment,
    title: experiment,
    arm: "candidate",
    metric,
    metricTitle: metric,
    run: "r",
    assumptions: "d",
    assumptionsName: "test",
    forecast: estimate(-0.04, 0.02),
    low: -0.02,
    high: -0.06,
    mechanical: 0,
    result: estimate(-0.01, 0.03),
    difference: estimate(0.03, 0.04),
    ...(leftOut === undefined ? {} : { leftOut }),
  };
}

const none = undetermined("too few", "more");
const calibration: Calibration = {
  level: 0.95,
  points: [point("one", "gmv"), point("one", "orders", "orders are forecast by GMV's share"), point("two", "gmv", "it still runs")],
  counted: 1,
  meanError: none,
  sameDirection: { same: 1, of: 1 },
  insideForecast: { share: none, expected: 0.5 },
  insidePrediction: { share: none, expected: 0.95 },
  nominal: 0.95,
  slope: none,
  constant: none,
  multiplier: { value: none, experiments: [] },
  caveats: ["Few."],
};

describe("forecasts against results", () => {
  it("draw a cross an experiment, hollow where it does not count, and the line on which both are equal", () => {
    const chart = calibrationParts(calibration, { assumptions: "test", lines: [] })?.picture.chart;
    if (chart?.kind !== "agreement") throw new Error("an agreement");
    expect(chart.points.map(({ number, isCounted }) => [number, isCounted])).to.deep.equal([
      [1, true],
      [2, false],
    ]);
    for (const isNarrow of [false, true]) {
      const svg = drawForm(chart, isNarrow);
      expect([svg.split("candidate-dot").length - 1, svg.split("baseline-dot").length - 1]).to.deep.equal([1, 1]);
      expect(svg.split('class="interval"')).to.have.length(5);
      expect(svg).to.include("baseline-curve");
    }
  });

  it("number rows by experiment, and say which do not count and why", () => {
    const rows = calibrationParts(calibration, { assumptions: "test", lines: [] })?.table.rows ?? [];
    expect(rows.map((row) => [row[0], row.at(-1)])).to.deep.equal([
      ["1", "yes"],
      ["1", "no: orders are forecast by GMV's share"],
      ["2", "no: it still runs"],
    ]);
  });

  it("claim a direction and a size only where an interval bears it", () => {
    const said = (meanError: Calibration["meanError"], slope: Calibration["slope"]): string =>
      calibrationParts({ ...calibration, counted: 9, meanError, slope }, { assumptions: "test", lines: [] })?.counted ?? "";
    expect(said(none, none)).to.equal("9 experiments count. In which direction replays err cannot be told yet.");
    expect(said(estimate(0.02, 0.01), estimate(0.5, 0.2))).to.equal(
      "9 experiments count. Results are higher than forecast, on average. Large forecasts overstate the change.",
    );
    expect(said(estimate(-0.02, 0.01), estimate(1.5, 0.2))).to.equal(
      "9 experiments count. Results are lower than forecast, on average. Large forecasts understate the change.",
    );
    expect(said(estimate(0.02, 0.03), estimate(1, 0.2))).to.equal(
      "9 experiments count. That results lie to one side of the forecasts is not shown. That the size of a change is over- or understated is not shown.",
    );
  });

  it("say why none counts where none does, and nothing beside a number that is not there", () => {
    const parts = (counted: number) =>
      calibrationParts({ ...calibration, counted, meanError: none, slope: none }, { assumptions: "test", lines: [] });
    expect(parts(0)?.counted).to.equal("No experiment counts yet. 2 experiments met their forecast; the table says why none counts.");
    expect(parts(0)?.findings).to.deep.equal([]);
    const findings = parts(1)?.findings ?? [];
    expect(findings.find(({ term }) => term === "Mean error")?.text).to.equal(
      `not determined: ${none.kind === "undetermined" ? none.reason : ""}`,
    );
  });

  it("are nothing where there is no point", () => {
    expect(calibrationParts({ ...calibration, points: [] }, { assumptions: "test", lines: [] })).to.equal(undefined);
  });
});
