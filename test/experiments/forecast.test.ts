/** A forecast beside a result: two estimates of one number, how it is scaled, and what is refused in words. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { twoEstimates } from "../../simulations/experiments/forecast/two-estimates.ts";
import {
  calibrationPoints,
  type ForecastFigure,
  forecastAgainstResult,
  type Observations,
  type ReplayForecast,
} from "../../simulations/experiments/index.ts";
import { criticalValue, estimated } from "../../simulations/statistics/index.ts";
import { designOf, nothingOdd } from "./designs.ts";
import { around, estimateIn, level } from "./made-up-estimates.ts";

describe("two estimates of one number", () => {
  it("are tested by their difference: intervals that still meet can differ at p = 0.006", () => {
    // Of equal width, 1.96 standard errors each: they touch where the values are 3.92 errors apart.
    const { pValue, difference } = twoEstimates(around(0, 1), around(3.9, 1), level);
    expect(pValue).to.be.closeTo(0.00582, 1e-5);
    expect(estimateIn(difference).interval?.lower).to.be.closeTo(3.9 - criticalValue(level) * Math.SQRT2, 1e-9);
  });

  it("give a ratio whose interval holds 1 exactly where the difference is not shown", () => {
    for (const measured of [2, 5, 9, 11, 13, 18]) {
      const { pValue, ratio } = twoEstimates(around(-10, 1), around(-measured, 1), level);
      const { lower, upper } = present(estimateIn(ratio).interval, "an interval");
      expect(lower <= 1 && 1 <= upper).to.equal((pValue ?? 1) >= 0.05);
      expect(estimateIn(ratio).value).to.equal(measured / 10);
    }
  });

  it("give no interval of a ratio to what may be no change, no ratio to no change, and no test without an interval", () => {
    expect(estimateIn(twoEstimates(around(0.5, 1), around(1, 1), level).ratio).interval).to.equal(undefined);
    expect(twoEstimates(around(0, 1), around(1, 1), level).ratio.kind).to.equal("undetermined");
    const bare = twoEstimates(estimated({ value: 1, method: "count", n: 1 }), around(1, 1), level);
    expect(bare.pValue).to.equal(undefined);
    expect(estimateIn(bare.difference).assumptions).to.deep.equal(["no interval: the forecast has none"]);
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

const gmv: ForecastFigure = {
  column: "gmv",
  of: "gmv",
  total: 100_000,
  change: around(-5_000, 1_000),
  mechanical: -1_000,
  low: -3_000,
  high: -7_000,
};
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
  const ratio = {
    n: 400,
    means: [1, 10],
    covariances: [
      [1, 0],
      [0, 4],
    ],
  };
  const arm = (mean: number) => ({ units: 400, metrics: [metric(mean), metric(mean / 50), metric(3), metric(0.5), ratio] });
  return {
    form: "units",
    rows: 800,
    units: 800,
    ...nothingOdd,
    arms: [arm(control), arm(treatment)],
    byDay: [],
    missing: [],
  };
}

describe("a forecast beside its result", () => {
  const against = (design: string, seen: Observations | undefined = observations(), given = forecast) =>
    forecastAgainstResult(designOf(design), [{ kind: "forecast", arm: "candidate", forecast: given }], seen);

  it("is a share of the control, and an average unit over the weeks of the plan", () => {
    const [sales] = against(text).rows;
    const { relative, perUnit, mechanical, direction, overlaps } = present(sales, "sales");
    expect(estimateIn(relative.forecast).value).to.equal(-0.05);
    expect(estimateIn(relative.result).value).to.be.closeTo(-0.05, 1e-12);
    expect([relative.low, relative.high, mechanical]).to.deep.equal([-0.03, -0.07, -0.01]);
    expect([direction, overlaps]).to.deep.equal(["same", true]);
    // 5,000 over 28 days and 100 sellers is 100 a seller in 56 days; the control's 2,000 are the history's 1,000 twice.
    if (!("forecast" in perUnit)) throw new Error(perUnit.reason);
    expect(estimateIn(perUnit.forecast).value).to.equal(-100);
    expect(estimateIn(perUnit.result).value).to.equal(-100);
    expect(estimateIn(perUnit.difference).value).to.equal(0);
  });

  it("has the error of a ratio of two means", () => {
    const [sales] = against(text).rows;
    // sqrt(100² / 400 (1 + 0.95²)) / 2,000
    expect(estimateIn(present(sales, "sales").relative.result).standardError).to.be.closeTo((5 * Math.hypot(1, 0.95)) / 2_000, 1e-12);
  });

  it("is compared within the plan's strata where no cap forbids it, and says where one does", () => {
    const halves = (mean: number, apart: number) =>
      [mean - apart, mean + apart].map((own) => ({ n: 200, means: [own], covariances: [[100]] }));
    const seen = observations();
    const parts = [halves(2_000, 500), halves(1_900, 500)];
    const segments = ["small", "large"].map((value, place) => ({
      value,
      arms: seen.arms.map(({ metrics }, arm) => ({
        units: 200,
        metrics: metrics.map((whole, index) => (index === 0 ? present(parts[arm]?.[place], "sales") : { ...whole, n: 200 })),
      })),
    }));
    const within = text.replace("plan: { weeks: 8 }", "segments: [size]\nplan: { weeks: 8, strata: size }");
    const told = (design: string) =>
      present(against(design, { ...seen, segments: [{ column: "size", groups: segments }] }).rows[0], "sales");
    const { relative, notes } = told(within);
    // sqrt(100 / 400 (1 + 0.95²)) / 2,000
    expect(estimateIn(relative.result).standardError).to.be.closeTo((0.5 * Math.hypot(1, 0.95)) / 2_000, 1e-12);
    expect(notes).to.deep.equal([]);
    const capped = told(within.replace("mean: gmv, role: primary,", "mean: gmv, cap: 5000, role: primary,"));
    expect(estimateIn(capped.relative.result).standardError).to.be.closeTo((5 * Math.hypot(1, 0.95)) / 2_000, 1e-12);
    expect(capped.notes[0]).to.match(
      /draws none in; within the values of size they are not known as they are, so arms are compared without strata\.$/,
    );
  });

  it("is told of fees beside sales where the design has a metric of them", () => {
    const fees: ForecastFigure = {
      ...gmv,
      column: "",
      of: "platform fees",
      total: 8_000,
      change: around(-240, 40),
      low: -100,
      high: -400,
      mechanical: 40,
    };
    const design = text.replace("  calls: { mean: calls,", "  calls: { mean: fee_paid, forecast: platform fees,");
    const { rows } = against(design, observations(), { ...forecast, figures: [...forecast.figures, fees] });
    const row = present(
      rows.find(({ metric }) => metric === "calls"),
      "fees",
    );
    expect([row.of, estimateIn(row.relative.forecast).value, row.relative.low, row.mechanical]).to.deep.equal([
      "platform fees",
      -0.03,
      -0.0125,
      0.005,
    ]);
    expect(row.notes[0]).to.include("fees as the tiers' consequences state them");
    const why = (more: object) =>
      against(design, undefined, { ...forecast, ...more }).notForecast.find(({ metric }) => metric === "calls")?.why;
    expect(why({ noFees: "Neither policy of the comparison states a fee." })).to.equal("Neither policy of the comparison states a fee.");
    expect(why({})).to.equal("The comparison has no figure of platform fees.");
    // No column of the panel has the empty name.
    expect(against(text, observations(), { ...forecast, figures: [fees] }).rows).to.deep.equal([]);
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
    [
      "where units come in one after the other",
      text.replace("{ unit: seller }", "{ unit: seller, day: day, exposed: since }"),
      undefined,
      "different days",
    ],
    ["where units are left out", text.replace("better: up }", "better: up, missing: leave out }"), undefined, "left out"],
    ["where units are others", text.replace("unit: seller", "unit: market"), undefined, "units are markets"],
    ["where money is in another unit", text, observations(200_000, 190_000), "200,000 a unit where the history gives 2,000"],
  ] as const) {
    it(`is not scaled to an average unit ${what}, and the share stands`, () => {
      const [sales] = against(design, seen).rows;
      const { perUnit, relative } = present(sales, "sales");
      expect("reason" in perUnit && perUnit.reason).to.include(reason);
      expect(estimateIn(relative.forecast).value).to.equal(-0.05);
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
    const [far] = against(text, observations(100, 3_000)).rows;
    expect(far?.words, "thousands apart").to.match(/and \+2,\d\d0 % measured/);
    const [early] = against(text, observations(), {
      ...forecast,
      figures: [{ ...gmv, change: estimated({ value: -5_000, method: "x", n: 1 }) }],
    }).rows;
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
