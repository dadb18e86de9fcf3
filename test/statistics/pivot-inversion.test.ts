/** What tests by draws rest on: the interval is the test turned round, exactly, and eigenvalues come out whatever the rank. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import type { Found } from "../../simulations/statistics/index.ts";
import { eigenSymmetric } from "../../simulations/statistics/numerics/symmetric.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { near } from "./reference-numbers.ts";

/** The statistic of the table on an input as users give it. */
function computed(name: string, input: unknown): Found {
  const statistic = findStatistic(name);
  if (statistic === undefined) throw new Error(`no statistic '${name}'`);
  return statistic.compute(statistic.input.parse(input));
}

describe("the interval of a test by draws", () => {
  it("is the same whatever null value is asked about, also where the values not rejected have a gap", () => {
    const ends = [-1, -0.41, -0.39, -0.365, -0.3596, -0.2, 0].map((nullValue) => {
      const result = computed("wild-cluster-bootstrap", {
        outcome: [0.48, -1.71, 0.9, -1.63, 1.61, -0.32, -1.75, 2.43, -1.29, -1.65, 0.38, -1.98, -0.24, 0.29, 0.58, 2.23],
        regressors: {
          x: [0.5, 0.1, 0.4, -0.9, 1, 0.1, -1.1, 0.3, -0.3, -0.9, -0.3, -2.1, -0.1, 0.7, 0.1, 2.1],
          y: [2.5, -1.1, -1.6, 0.3, -0.7, -1.4, 0.4, 1.1, -2, -0.3, -0.3, 0, -0.4, 0.7, -1.2, 0.9],
          z: [0.3, -0.6, -0.9, 0.4, -0.1, 0.1, 0, 3.3, 0.4, 0.6, 0.5, -1, -0.7, -1.1, -0.3, -0.8],
          treated: [1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0],
        },
        coefficient: "treated",
        clusters: [0, 0, 0, 1, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5],
        alternative: "less",
        level: 0.8,
        nullValue,
      });
      return result.kind === "finding" && result.estimate.set?.kind === "at-most" ? result.estimate.set.upper : undefined;
    });
    for (const end of ends) near(end, -0.3594702352792988, 1e-12);
  });

  it("ends at the crossing itself, where a tie makes it a round number", () => {
    const result = computed("randomisation-inference", {
      values: [2, 3, 4, 1, 0, 3, 1, -0.1],
      treated: [1, 1, 0, 0, 0, 1, 0, 0],
      statistic: "difference",
      alternative: "greater",
      level: 0.9,
      nullValue: 0.25,
    });
    expect(result.kind === "finding" && result.estimate.set?.kind === "at-least" ? result.estimate.set.lower : undefined).to.be.closeTo(
      0,
      1e-14,
    );
  });
});

describe("small matrices of low rank", () => {
  it("have eigenvalues, which add up to the trace", () => {
    const random = randomStream(1, "low rank");
    for (let draw = 0; draw < 3000; draw++) {
      const [size, rank] = [2 + random.below(4), 1 + random.below(4)];
      const root = Array.from({ length: size }, () => Array.from({ length: rank }, () => 0.3 * random.normal()));
      const matrix = root.map((a) => root.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] as number), 0)));
      const trace = matrix.reduce((sum, row, i) => sum + (row[i] as number), 0);
      near(
        eigenSymmetric(matrix).values.reduce((sum, value) => sum + value, 0),
        trace,
        1e-13,
      );
    }
  });
});
