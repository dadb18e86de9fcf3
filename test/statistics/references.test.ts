/** Statistics against the numbers of independent programs: SciPy and statsmodels. */
import { expect } from "chai";
import {
  bcaBounds,
  clopperPearson,
  type Estimated,
  jackknifeAcceleration,
  newcombePaired,
  normalCdf,
  normalQuantile,
  normalSurvival,
  percentileBounds,
  tangoPaired,
  wilson,
} from "../../simulations/statistics/index.ts";
import { referenceCases as cases, near } from "./reference-numbers.ts";

function ends(estimated: Estimated): readonly [number | undefined, number | undefined] {
  return estimated.kind === "estimate" ? [estimated.interval?.lower, estimated.interval?.upper] : [undefined, undefined];
}

type Pair = readonly [number, number];

describe("normal distribution", () => {
  it("agrees with SciPy to 1e-12, also far out in the tails", () => {
    for (const { z, cdf, survival } of cases<{ z: number; cdf: number; survival: number }>("normal")) {
      near(normalCdf(z), cdf, 1e-12, 1e-300);
      near(normalSurvival(z), survival, 1e-12, 1e-300);
    }
  });

  it("has quantiles that agree with SciPy to 1e-12", () => {
    for (const { p, quantile } of cases<{ p: number; quantile: number }>("normal-quantile")) near(normalQuantile(p), quantile, 1e-12, 1e-3);
  });
});

describe("one proportion", () => {
  const table = cases<{ successes: number; trials: number; level: number; wilson: Pair; clopperPearson: Pair }>("proportion");

  it("Wilson agrees with statsmodels to 1e-11", () => {
    for (const row of table) {
      for (const [index, end] of ends(wilson(row)).entries()) near(end, row.wilson[index] as number, 1e-11, 1e-6);
    }
  });

  it("Clopper-Pearson agrees with statsmodels to 1e-9", () => {
    for (const row of table) {
      for (const [index, end] of ends(clopperPearson(row)).entries()) near(end, row.clopperPearson[index] as number, 1e-9, 1e-9);
    }
  });
});

describe("paired proportions", () => {
  const table = cases<{ both: number; onlySecond: number; onlyFirst: number; neither: number; level: number; tango: Pair; newcombe: Pair }>(
    "paired-proportions",
  );

  it("Tango's score interval agrees with a numerical maximum of the likelihood to 1e-9", () => {
    for (const row of table) {
      for (const [index, end] of ends(tangoPaired(row)).entries()) near(end, row.tango[index] as number, 1e-9, 1e-1);
    }
  });

  it("Tango's interval is the exact mirror of itself when the answers are swapped", () => {
    for (const row of [...table, { both: 3, onlySecond: 2, onlyFirst: 2, neither: 4, level: 0.95 }]) {
      const [lower, upper] = ends(tangoPaired(row));
      const [mirroredLower, mirroredUpper] = ends(tangoPaired({ ...row, onlySecond: row.onlyFirst, onlyFirst: row.onlySecond }));
      expect([mirroredLower, mirroredUpper].map((end) => 0 - (end ?? Number.NaN))).to.deep.equal([upper, lower]);
    }
  });

  it("Newcombe's method 10 agrees to 1e-12", () => {
    for (const row of table) {
      for (const [index, end] of ends(newcombePaired(row)).entries()) near(end, row.newcombe[index] as number, 1e-12, 1e-1);
    }
  });
});

describe("bootstrap intervals from given replicates", () => {
  const table = cases<{ method: string; level: number; data: number[]; replicates: number[]; interval: Pair }>("bootstrap");

  it("percentile and BCa agree with scipy.stats.bootstrap to 1e-10", () => {
    for (const { method, level, data, replicates, interval } of table) {
      const observed = data.reduce((sum, value) => sum + value, 0);
      const leaveOneOut = Float64Array.from(data, (value) => observed - value);
      const acceleration = jackknifeAcceleration(leaveOneOut, new Float64Array(data.length).fill(1)) ?? Number.NaN;
      const given = Float64Array.from(replicates);
      const bounds = method === "BCa" ? bcaBounds({ replicates: given, observed, acceleration, level }) : percentileBounds(given, level);
      near(bounds?.lower, interval[0], 1e-10);
      near(bounds?.upper, interval[1], 1e-10);
    }
  });
});
