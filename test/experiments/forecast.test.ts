/** Forecasts against results: two estimates, scaling, what is refused, the line through experiments against metafor, and worlds whose error is known. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import { measuredElasticityLines, readAssumptions } from "../../simulations/comparison/described/index.ts";
import { metaLine } from "../../simulations/experiments/forecast/meta-regression.ts";
import { twoEstimates } from "../../simulations/experiments/forecast/two-estimates.ts";
import {
  type CalibrationPoint,
  calibrate,
  calibrationPoints,
  type ForecastFigure,
  forecastAgainstResult,
  type Observations,
  type ReplayForecast,
} from "../../simulations/experiments/index.ts";
import { criticalValue, type Estimate, type Estimated, estimated } from "../../simulations/statistics/index.ts";
import { designOf } from "./designs.ts";

const level = 0.95;

function around(value: number, standardError: number): Estimate {
  const reach = criticalValue(level) * standardError;
  return estimated({ value, lower: value - reach, upper: value + reach, level, standardError, method: "made up", n: 100 });
}

function valueOf(estimate: Estimated): Estimate {
  if (estimate.kind === "undetermined") throw new Error(estimate.reason);
  return estimate;
}

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

describe("two estimates of one number", () => {
  it("are tested by their difference: intervals that still meet can differ at p = 0.006", () => {
    // Of equal width, 1.96 standard errors each: they touch where the values are 3.92 errors apart.
    const { pValue, difference } = twoEstimates(around(0, 1), around(3.9, 1), level);
    expect(pValue).to.be.closeTo(0.00582, 1e-5);
    expect(valueOf(difference).interval?.lower).to.be.closeTo(3.9 - criticalValue(level) * Math.SQRT2, 1e-9);
  });

  it("give a ratio whose interval holds 1 exactly where the difference is not shown", () => {
    for (const measured of [2, 5, 9, 11, 13, 18]) {
      const { pValue, ratio } = twoEstimates(around(-10, 1), around(-measured, 1), level);
      const { lower, upper } = present(valueOf(ratio).interval, "an interval");
      expect(lower <= 1 && 1 <= upper).to.equal((pValue ?? 1) >= 0.05);
      expect(valueOf(ratio).value).to.equal(measured / 10);
    }
  });

  it("give no interval of a ratio to what may be no change, no ratio to no change, and no test without an interval", () => {
    expect(valueOf(twoEstimates(around(0.5, 1), around(1, 1), level).ratio).interval).to.equal(undefined);
    expect(twoEstimates(around(0, 1), around(1, 1), level).ratio.kind).to.equal("undetermined");
    const bare = twoEstimates(estimated({ value: 1, method: "count", n: 1 }), around(1, 1), level);
    expect(bare.pValue).to.equal(undefined);
    expect(valueOf(bare.difference).assumptions).to.deep.equal(["no interval: the forecast has none"]);
  });
});

const text = `experiment: policies
title: Policies
hypothesis: It sells less.
unit: seller
forecast: 0123456789ab
arms:
  control: { share: 50 %, policy: p@1.0.0 }
  candidate: { share: 50 %, policy: p@2.0.0 }
assignment: { salt: policies }
columns: { unit: seller }
metrics:
  gmv: { mean: gmv, role: primary, better: up }
  orders: { mean: orders, role: secondary, better: up }
  calls: { mean: calls, role: secondary, better: down }
  kept: { share: gmv, role: secondary, better: up }
  late: { ratio: late of orders, role: secondary, better: down }
plan: { weeks: 8 }
`;

const gmv: ForecastFigure = { column: "gmv", of: "gmv", total: 100_000, change: around(-5_000, 1_000), mechanical: -1_000, low: -3_000, high: -7_000 };
const forecast: ReplayForecast = {
  run: "0123456789ab",
  candidate: "2.0.0",
  reach: "own",
  windowFrom: "2025-01-06",
  windowTo: "2025-02-02",
  windowDays: 28,
  entities: 100,
  entity: "seller",
  currency: "EUR",
  assumptions: { name: "test", digest: "d" },
  figures: [gmv, { ...gmv, column: "orders", of: "orders" }],
};

/** Arms of 400 units with GMV means of 2,000 and 1,900. */
function observations(control = 2_000, treatment = 1_900): Observations {
  const metric = (mean: number) => ({ n: 400, means: [mean], covariances: [[10_000]] });
  const ratio = { n: 400, means: [1, 10], covariances: [[1, 0], [0, 4]] };
  const arm = (mean: number) => ({ units: 400, metrics: [metric(mean), metric(mean / 50), metric(3), metric(0.5), ratio] });
  return {
    form: "units",
    rows: 800,
    units: 800,
    rejected: [],
    duplicates: 0,
    replaced: 0,
    crossovers: 0,
    misassigned: 0,
    arms: [arm(control), arm(treatment)],
    caps: [],
    segments: [],
    byDay: [],
    missing: [],
    extremes: [],
  };
}

describe("a forecast beside its result", () => {
  const against = (design: string, seen: Observations | undefined = observations(), given = forecast) =>
    forecastAgainstResult(designOf(design), [{ kind: "forecast", arm: "candidate", forecast: given }], seen);

  it("is a share of the control, and an average unit over the weeks of the plan", () => {
    const [sales] = against(text).rows;
    const { relative, perUnit, mechanical, direction, overlaps } = present(sales, "sales");
    expect(valueOf(relative.forecast).value).to.equal(-0.05);
    expect(valueOf(relative.result).value).to.be.closeTo(-0.05, 1e-12);
    expect([relative.low, relative.high, mechanical]).to.deep.equal([-0.03, -0.07, -0.01]);
    expect([direction, overlaps]).to.deep.equal(["same", true]);
    // 5,000 over 28 days and 100 sellers is 100 a seller in 56 days; the control's 2,000 are the history's 1,000 twice.
    if (!("forecast" in perUnit)) throw new Error(perUnit.reason);
    expect(valueOf(perUnit.forecast).value).to.equal(-100);
    expect(valueOf(perUnit.result).value).to.equal(-100);
    expect(valueOf(perUnit.difference).value).to.equal(0);
  });

  it("has the error of a ratio of two means", () => {
    const [sales] = against(text).rows;
    // sqrt(100² / 400 (1 + 0.95²)) / 2,000
    expect(valueOf(present(sales, "sales").relative.result).standardError).to.be.closeTo((5 * Math.hypot(1, 0.95)) / 2_000, 1e-12);
  });

  it("says what is not forecast, and why", () => {
    expect(against(text).notForecast.map(({ metric, why }) => [metric, why])).to.deep.equal([
      ["calls", "The comparison forecasts 'gmv' and 'orders'; of 'calls' it says nothing."],
      ["kept", "The comparison forecasts sums, not how many units have any."],
      ["late", "The comparison forecasts sums of sales, not what share of them is of one kind."],
    ]);
    const none = forecastAgainstResult(designOf(text), [{ kind: "none", arm: "candidate", why: "It is gone." }], undefined);
    expect(none.rows).to.deep.equal([]);
    expect(none.notForecast.map(({ why }) => why)).to.deep.equal(Array.from({ length: 5 }, () => "It is gone."));
  });

  for (const [what, design, seen, reason] of [
    ["without weeks", text.replace("plan: { weeks: 8 }", "plan: {}"), undefined, "states no weeks"],
    ["where units come in one after the other", text.replace("{ unit: seller }", "{ unit: seller, day: day, exposed: since }"), undefined, "different days"],
    ["where units are left out", text.replace("better: up }", "better: up, missing: leave out }"), undefined, "left out"],
    ["where units are others", text.replace("unit: seller", "unit: market"), undefined, "units are markets"],
    ["where money is in another unit", text, observations(200_000, 190_000), "200000 a unit where the history gives 2000"],
  ] as const) {
    it(`is not scaled to an average unit ${what}, and the share stands`, () => {
      const [sales] = against(design, seen).rows;
      const { perUnit, relative } = present(sales, "sales");
      expect("reason" in perUnit && perUnit.reason).to.include(reason);
      expect(valueOf(relative.forecast).value).to.equal(-0.05);
    });
  }

  it("takes orders to change by GMV's share, says so, and has no orders a unit", () => {
    const orders = present(against(text).rows[1], "orders");
    expect(orders.notes[0]).to.include("orders are taken to change by the same share");
    expect("reason" in orders.perUnit && orders.perUnit.reason).to.equal("the comparison sums GMV and not orders");
  });

  it("never calls a difference that is not shown agreement, and calls one that is shown an error", () => {
    const [agreeing] = against(text).rows;
    expect(agreeing?.words).to.include("That the replay erred is not shown").and.to.include("no evidence that it was right");
    const [erring] = against(text, observations(2_000, 2_200)).rows;
    expect(erring?.words).to.include("the other way. The replay erred: result less forecast is +15 percentage points");
    const [early] = against(text, observations(), { ...forecast, figures: [{ ...gmv, change: estimated({ value: -5_000, method: "x", n: 1 }) }] }).rows;
    expect(early?.words).to.include("cannot be told from chance");
  });

  it("stands alone before anything was observed", () => {
    const { rows } = forecastAgainstResult(designOf(text), [{ kind: "forecast", arm: "candidate", forecast }], undefined);
    expect(rows[0]?.words).to.equal("gmv: \u22125 % was forecast; no result, nothing was observed yet.");
    expect(rows[0]?.direction).to.equal(undefined);
  });

  it("counts once an experiment, the first about GMV", () => {
    const points = calibrationPoints({ experiment: "e", title: "E", forecast }, against(text).rows);
    expect(points.map(({ metric, leftOut }) => [metric, leftOut])).to.deep.equal([
      ["gmv", undefined],
      ["orders", "orders are forecast by GMV's share"],
    ]);
    expect(points[0]?.inside).to.deep.equal({ forecast: true, prediction: true });
    const left = calibrationPoints({ experiment: "e", title: "E", forecast, leftOut: "it still runs" }, against(text).rows);
    expect(left.map(({ leftOut }) => leftOut)).to.deep.equal(["it still runs", "it still runs"]);
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
      run: "0123456789ab",
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
    expect(valueOf(found.slope).value).to.be.closeTo(0.6, 0.05);
    expect(valueOf(found.constant).value).to.be.closeTo(-0.01, 0.003);
    expect(valueOf(found.meanError).value).to.be.closeTo(-0.01, 0.003);
    expect(found.counted).to.equal(2_000);
    const origin = calibrate(pointsOf({ seed: 2, experiments: 2_000, bias: 0, slope: 0.6, scatter: 0.015 }), ask);
    expect(valueOf(origin.multiplier.value).value).to.be.closeTo(0.6, 0.05);
    expect(valueOf(origin.multiplier.value).interval?.upper).to.be.below(0.65);
  });

  it("takes arithmetic off before it multiplies behaviour", () => {
    const shifted = pointsOf({ seed: 3, experiments: 500, bias: 0, slope: 0.5, scatter: 0 }).map((point) => ({
      ...point,
      mechanical: -0.02,
      forecast: around(valueOf(point.forecast).value - 0.02, 0.01),
      result: around(valueOf(point.result).value - 0.02, present(valueOf(point.result).standardError, "error")),
    }));
    expect(valueOf(calibrate(shifted, ask).multiplier.value).value).to.be.closeTo(0.5, 0.03);
  });

  it("has intervals that hold slope, constant, mean error and multiplier as often as they say", () => {
    const worlds = 400;
    const held = { slope: 0, constant: 0, meanError: 0, multiplier: 0 };
    for (let seed = 0; seed < worlds; seed++) {
      const found = calibrate(pointsOf({ seed: 100 + seed, experiments: 12, bias: 0, slope: 0.7, scatter: 0.01 }), ask);
      const holds = (estimate: Estimated, truth: number): number => {
        const interval = valueOf(estimate).interval;
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
    expect(valueOf(insidePrediction.share).value).to.be.closeTo(0.95, 0.015);
    expect(valueOf(insideForecast.share).value).to.be.closeTo(insideForecast.expected, 0.025);
    expect(insideForecast.expected).to.be.below(0.85);
    const absolute = present(right.absoluteError, "absolute error");
    expect(absolute.value / absolute.expected).to.be.closeTo(1, 0.05);
    const proud = calibrate(pointsOf({ seed: 6, experiments: 500, bias: 0, slope: 1, scatter: 0.03, stated: 0.005 }), ask);
    expect(valueOf(proud.insidePrediction.share).interval?.upper).to.be.below(0.95);
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
  const taken = (file: string, lines: readonly string[]): string => file.replace(/^traffic_elasticity:\n(?: .*\n)+/m, `${lines.join("\n")}\n`);

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
