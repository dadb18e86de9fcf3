/** The line through experiments against metafor, worlds whose error is known, and the lines for a file of assumptions. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import { measuredElasticityLines, readAssumptions } from "../../simulations/comparison/described/index.ts";
import { metaLine } from "../../simulations/experiments/forecast/meta-regression.ts";
import { twoEstimates } from "../../simulations/experiments/forecast/two-estimates.ts";
import { type CalibrationPoint, calibrate } from "../../simulations/experiments/index.ts";
import { criticalValue, type Estimated } from "../../simulations/statistics/index.ts";
import { around, estimateIn, level } from "./made-up-estimates.ts";

describe("a line through experiments", () => {
  interface Fitted {
    readonly scatter: number;
    readonly values: number | readonly number[];
    readonly errors: number | readonly number[];
    readonly lower: number | readonly number[];
    readonly upper: number | readonly number[];
  }
  interface Case {
    readonly name: string;
    readonly results: readonly number[];
    readonly variances: readonly number[];
    readonly forecasts: readonly number[];
    readonly mean: Fitted;
    readonly line: Fitted;
    readonly origin: Fitted;
  }
  const cases = JSON.parse(
    readFileSync(packagePath("test", "experiments", "references", "meta-regression.json"), "utf8"),
  ) as readonly Case[];
  const terms = { mean: () => [1], line: (x: number) => [1, x], origin: (x: number) => [x] } as const;
  for (const one of cases) {
    for (const form of ["mean", "line", "origin"] as const) {
      it(`is that of metafor: ${one.name}, ${form}`, () => {
        const rows = one.results.map((result, index) => ({
          result,
          variance: present(one.variances[index], "variance"),
          terms: terms[form](present(one.forecasts[index], "forecast")),
        }));
        const found = present(metaLine(rows, level), "a line");
        const reference = one[form];
        expect(found.scatter ** 2).to.be.closeTo(reference.scatter ** 2, 1e-9 * Math.max(...one.variances));
        for (const [index, term] of found.terms.entries()) {
          for (const [name, key] of [
            ["value", "values"],
            ["standardError", "errors"],
            ["lower", "lower"],
            ["upper", "upper"],
          ] as const) {
            const wanted = present([reference[key]].flat()[index], key);
            expect(term[name], name).to.be.closeTo(wanted, 1e-7 * Math.max(1e-3, Math.abs(wanted)));
          }
        }
      });
    }
  }

  it("is least squares where errors are equal and small beside the residuals", () => {
    const [x, y] = [
      [1, 2, 3, 4],
      [1.1, 1.7, 3.4, 3.8],
    ];
    const rows = y.map((result, index) => ({ result, variance: 1e-4, terms: [1, x[index] as number] }));
    const { terms } = present(metaLine(rows, level), "a line");
    // By hand: slope 4.9 / 5, residual variance 0.298 / 2, its error sqrt(0.149 / 5).
    expect(terms[1]?.value).to.be.closeTo(0.98, 1e-12);
    expect(terms[1]?.standardError).to.be.closeTo(Math.sqrt(0.149 / 5), 1e-9);
  });

  it("is none where there are no more experiments than terms, or forecasts do not differ", () => {
    const row = { result: 1, variance: 1, terms: [1, 2] };
    expect(metaLine([row, row], level)).to.equal(undefined);
    expect(metaLine([row, row, row], level)).to.equal(undefined);
    expect(metaLine([], level)).to.equal(undefined);
  });
});

/** A marketplace's experiments: results are bias + slope x forecast + scatter, measured with errors of different size. */
interface World {
  readonly seed: number;
  readonly experiments: number;
  readonly bias: number;
  readonly slope: number;
  readonly scatter: number;
  /** The standard error that forecasts state. */
  readonly stated?: number;
}

function pointsOf({ seed, experiments, bias, slope, scatter, stated = 0.01 }: World): readonly CalibrationPoint[] {
  const random = randomStream(seed, "calibrated worlds");
  return Array.from({ length: experiments }, (_, index) => {
    const foretold = 0.04 * random.normal();
    const error = 0.004 + 0.016 * random.uniform();
    const measured = bias + slope * foretold + scatter * random.normal() + error * random.normal();
    const [f, r] = [around(foretold, stated), around(measured, error)];
    const { difference } = twoEstimates(f, r, level);
    return {
      experiment: `e${index}`,
      title: `E${index}`,
      arm: "candidate",
      metric: "gmv",
      metricTitle: "Sales",
      run: `run ${index}`,
      assumptions: "d",
      assumptionsName: "test",
      forecast: f,
      low: foretold / 2,
      high: foretold * 2,
      mechanical: 0,
      result: r,
      difference,
      inside: {
        forecast: Math.abs(measured - foretold) <= criticalValue(level) * stated,
        prediction: Math.abs(measured - foretold) <= criticalValue(level) * Math.hypot(stated, error),
      },
    };
  });
}

const ask = { level, assumptions: "d" };

describe("how far forecasts err", () => {
  it("gives the slope, the constant and the scatter of a world back", () => {
    const found = calibrate(pointsOf({ seed: 1, experiments: 2_000, bias: -0.01, slope: 0.6, scatter: 0.015 }), ask);
    expect(estimateIn(found.slope).value).to.be.closeTo(0.6, 0.05);
    expect(estimateIn(found.constant).value).to.be.closeTo(-0.01, 0.003);
    expect(estimateIn(found.meanError).value).to.be.closeTo(-0.01, 0.003);
    expect(found.counted).to.equal(2_000);
    const origin = calibrate(pointsOf({ seed: 2, experiments: 2_000, bias: 0, slope: 0.6, scatter: 0.015 }), ask);
    expect(estimateIn(origin.multiplier.value).value).to.be.closeTo(0.6, 0.05);
    expect(estimateIn(origin.multiplier.value).interval?.upper).to.be.below(0.65);
  });

  it("takes arithmetic off before it multiplies behaviour", () => {
    const shifted = pointsOf({ seed: 3, experiments: 500, bias: 0, slope: 0.5, scatter: 0 }).map((point) => ({
      ...point,
      mechanical: -0.02,
      forecast: around(estimateIn(point.forecast).value - 0.02, 0.01),
      result: around(estimateIn(point.result).value - 0.02, present(estimateIn(point.result).standardError, "error")),
    }));
    expect(estimateIn(calibrate(shifted, ask).multiplier.value).value).to.be.closeTo(0.5, 0.03);
  });

  it("has intervals that hold slope, constant, mean error and multiplier as often as they say", () => {
    const worlds = 400;
    const held = { slope: 0, constant: 0, meanError: 0, multiplier: 0 };
    for (let seed = 0; seed < worlds; seed++) {
      const found = calibrate(pointsOf({ seed: 100 + seed, experiments: 12, bias: 0, slope: 0.7, scatter: 0.01 }), ask);
      const holds = (estimate: Estimated, truth: number): number => {
        const interval = estimateIn(estimate).interval;
        return interval !== undefined && interval.lower <= truth && truth <= interval.upper ? 1 : 0;
      };
      held.slope += holds(found.slope, 0.7);
      held.constant += holds(found.constant, 0);
      held.meanError += holds(found.meanError, 0);
      held.multiplier += holds(found.multiplier.value, 0.7);
    }
    // 400 worlds tell 95 % to 2.2 points at two standard errors; three are allowed below, and a little more above for the factor that is never below 1.
    for (const [name, count] of Object.entries(held)) {
      expect(count / worlds, name).to.be.within(0.917, 0.985);
    }
  });

  it("finds as many results inside as the level says, once results' own errors are in", () => {
    const right = calibrate(pointsOf({ seed: 5, experiments: 3_000, bias: 0, slope: 1, scatter: 0.01, stated: 0.01 }), ask);
    const { insidePrediction, insideForecast } = right;
    expect(insidePrediction.expected).to.be.closeTo(0.95, 1e-12);
    expect(estimateIn(insidePrediction.share).value).to.be.closeTo(0.95, 0.015);
    expect(estimateIn(insideForecast.share).value).to.be.closeTo(insideForecast.expected, 0.025);
    expect(insideForecast.expected).to.be.below(0.85);
    const absolute = present(right.absoluteError, "absolute error");
    expect(absolute.value / absolute.expected).to.be.closeTo(1, 0.05);
    const proud = calibrate(pointsOf({ seed: 6, experiments: 500, bias: 0, slope: 1, scatter: 0.03, stated: 0.005 }), ask);
    expect(estimateIn(proud.insidePrediction.share).interval?.upper).to.be.below(0.95);
  });

  it("says what few experiments cannot tell, and draws no line through them", () => {
    expect(calibrate([], ask)).to.deep.include({ counted: 0, caveats: [] });
    const two = calibrate(pointsOf({ seed: 7, experiments: 2, bias: 0, slope: 1, scatter: 0 }), ask);
    expect([two.slope.kind, two.multiplier.value.kind]).to.deep.equal(["undetermined", "undetermined"]);
    expect(two.caveats[0]).to.include("With 2 of them there is no line to draw");
    const many = calibrate(pointsOf({ seed: 8, experiments: 40, bias: 0, slope: 1, scatter: 0 }), ask);
    expect(many.caveats.some((words) => words.includes("cannot be told yet"))).to.equal(false);
  });

  it("multiplies only what these assumptions forecast", () => {
    const found = calibrate(pointsOf({ seed: 9, experiments: 12, bias: 0, slope: 1, scatter: 0 }), { level, assumptions: "others" });
    expect(found.multiplier.value.kind).to.equal("undetermined");
    expect(found.slope.kind).to.equal("estimate");
  });

  it("leaves out what is to be left out, and rows without a result", () => {
    const points = pointsOf({ seed: 10, experiments: 5, bias: 0, slope: 1, scatter: 0 }).map((point, index) =>
      index === 0 ? { ...point, leftOut: "it still runs" } : point,
    );
    expect(calibrate(points, ask).counted).to.equal(4);
  });
});

describe("lines for a file of assumptions", () => {
  const shipped = readFileSync(packagePath("policies", "library", "behaviour.yaml"), "utf8");
  const measured = { value: 0.5, lower: 0.2, upper: 0.8, level, experiments: ["a", "b", "c"] };

  /** The file with the lines in place of its own. */
  const taken = (file: string, lines: readonly string[]): string =>
    file.replace(/^traffic_elasticity:\n(?: .*\n)+/m, `${lines.join("\n")}\n`);

  it("stand in place of those of the file that ships, and it reads", () => {
    const assumptions = present(readAssumptions(shipped, "behaviour.yaml").assumptions, "assumptions");
    const lines = measuredElasticityLines(assumptions, measured);
    const read = readAssumptions(taken(shipped, lines), "mine.yaml");
    expect(read.diagnostics).to.deep.equal([]);
    const { low, central, high, source } = present(read.assumptions, "assumptions").terms.traffic_elasticity;
    expect(central).to.deep.equal({ kind: "triangular", lowest: 0.2, likeliest: 0.35, highest: 0.5 });
    expect(low).to.deep.equal({ kind: "triangular", lowest: 0.08, likeliest: 0.14, highest: 0.2 });
    expect(high).to.deep.equal({ kind: "triangular", lowest: 0.32, likeliest: 0.56, highest: 0.8 });
    expect(source).to.include("3 experiments (a, b, c)").and.to.include("0.5 (0.2 to 0.8, 95 %)");
  });

  for (const spread of ["0.7", "{ normal: [0.7, 0.1] }", "{ lognormal: [0.7, 0.2] }", "{ beta: [7, 3] }", "{ triangular: [3, 4, 5] }"]) {
    it(`read for every spread, and for a multiplier below 0 or far above 1: ${spread}`, () => {
      const file = shipped.replace("central: { triangular: [0.4, 0.7, 1] }", `central: ${spread}`);
      const assumptions = present(readAssumptions(file, "a.yaml").assumptions, "assumptions");
      const lines = measuredElasticityLines(assumptions, { ...measured, lower: -0.5, upper: 9 });
      expect(readAssumptions(taken(file, lines), "mine.yaml").diagnostics).to.deep.equal([]);
      expect(lines.find((line) => line.includes("low:"))).to.equal("  low: 0");
    });
  }
});
