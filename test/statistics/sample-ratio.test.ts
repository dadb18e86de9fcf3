/** Sample ratios against SciPy, brute force and 50 digits. */
import { expect } from "chai";
import {
  type Finding,
  type Found,
  looksOf,
  sampleRatio,
  sampleRatioExact,
  sequentialSampleRatio,
} from "../../simulations/statistics/index.ts";
import { near, referenceCases } from "./reference-numbers.ts";

type Pair = readonly [number, number];

function found(result: Found): Finding {
  expect(result.kind, JSON.stringify(result)).to.equal("finding");
  return result as Finding;
}

describe("sample ratio", () => {
  interface Case {
    readonly observed: readonly number[];
    readonly weights: readonly number[];
    readonly statistic: number;
    readonly pValue: number;
    readonly corrected?: number;
    readonly wilson?: Pair;
    readonly wilsonCorrected?: Pair;
    readonly lower?: number;
    readonly exact?: number;
    readonly smallestImbalance: number;
  }

  for (const row of referenceCases<Case>("sample-ratio/sample-ratio")) {
    it(`${row.observed.join(" : ")} where ${row.weights.join(" : ")} was planned`, () => {
      const options = { ...row, level: 0.95 };
      const { test, estimate, details } = found(sampleRatio({ ...options, continuityCorrection: false }));
      near(test?.statistic, row.statistic, 1e-9, 1e-3);
      near(test?.pValue, row.pValue, 1e-9, 1e-290);
      near(details?.["smallestImbalance"] as number, row.smallestImbalance, 1e-8);
      if (row.lower !== undefined) near(estimate.set?.kind === "at-least" ? estimate.set.lower : undefined, row.lower, 1e-8);
      if (row.wilson !== undefined) {
        near(estimate.interval?.lower, row.wilson[0], 1e-10);
        near(estimate.interval?.upper, row.wilson[1], 1e-10);
      }
      if (row.corrected !== undefined) {
        const corrected = found(sampleRatio({ ...options, continuityCorrection: true }));
        near(corrected.test?.pValue, row.corrected, 1e-9, 1e-290);
        near(corrected.estimate.interval?.lower, row.wilsonCorrected?.[0] ?? 0, 1e-10);
        near(corrected.estimate.interval?.upper, row.wilsonCorrected?.[1] ?? 1, 1e-10);
      }
      if (row.exact !== undefined) {
        const exact = found(sampleRatioExact(options));
        near((exact.details?.["gapPValue"] as number | undefined) ?? exact.test?.pValue, row.exact, 1e-10, 1e-290);
      }
    });
  }

  it("says what cannot be tested, and who is where nobody should be", () => {
    const options = { level: 0.95, continuityCorrection: false };
    expect(sampleRatio({ observed: [1000], weights: [0.5], ...options }).kind).to.equal("undetermined");
    expect(sampleRatio({ observed: [1000, 900], weights: [1, 0], ...options }).kind).to.equal("undetermined");
    expect(sampleRatio({ observed: [0, 0], weights: [1, 1], ...options }).kind).to.equal("undetermined");
    expect(sampleRatioExact({ observed: [0, 0], weights: [1, 1], level: 0.95 }).kind).to.equal("undetermined");
    expect(sequentialSampleRatio({ looks: [[0, 0]], weights: [1, 1], level: 0.95 }).kind).to.equal("undetermined");
    expect(found(sampleRatio({ observed: [1000, 1200, 900], weights: [1, 1, 0], ...options })).warnings[0]).to.match(
      /^900 units are in arms of weight 0/,
    );
  });

  it("refuses more multinomial outcomes than can be visited, by the limit's name", () => {
    expect(() => sampleRatioExact({ observed: [1000, 1000, 1000, 1000], weights: [1, 1, 1, 1], level: 0.95 })).to.throw(
      "multinomialOutcomes",
    );
  });
});

describe("sequential sample ratio", () => {
  interface Case {
    readonly looks: readonly (readonly number[])[];
    readonly weights: readonly number[];
    readonly prior?: readonly number[];
    readonly logBayesFactors: readonly number[];
    readonly pValue: number;
    readonly interval?: Pair;
  }

  it("agrees with the Dirichlet-multinomial in 50 digits, at counts up to 1e14", () => {
    for (const row of referenceCases<Case>("sample-ratio/sequential")) {
      const states = looksOf(row);
      for (const [index, { logBayesFactor }] of states.entries()) near(logBayesFactor, row.logBayesFactors[index] ?? Number.NaN, 1e-9, 0.1);
      const result = sequentialSampleRatio({ ...row, level: 0.95 });
      const { test, estimate } = found(result);
      near(test?.pValue, row.pValue, 1e-7, 1e-290);
      if (row.interval === undefined) continue;
      near(estimate.interval?.lower, row.interval[0], 1e-9, 1e-3);
      near(estimate.interval?.upper, row.interval[1], 1e-9, 1e-3);
    }
  });

  it("two arms: the running intersection leaves out the planned share exactly when p is below 1 - level", () => {
    for (let units = 0; units < 60; units++) {
      const { test, estimate } = found(
        sequentialSampleRatio({
          looks: [
            [50, 50],
            [60 - units, 60 + units],
          ],
          weights: [1, 1],
          prior: [1, 1],
          level: 0.9,
        }),
      );
      if (estimate.interval === undefined) continue;
      const { lower, upper } = estimate.interval;
      expect(lower > 0.5 || upper < 0.5, String(units)).to.equal((test?.pValue ?? 1) < 1 - 0.9);
    }
  });

  it("an arm without units counts in the interval: 0 and 6 do not rule out 79 : 21", () => {
    const { estimate, test } = found(sequentialSampleRatio({ looks: [[0, 6]], weights: [0.79, 0.21], level: 0.95 }));
    expect(test?.pValue).to.be.greaterThan(0.9);
    expect(estimate.interval?.lower).to.be.within(0.12, 0.13);
  });

  it("says that the shares changed, when no share is left that every look allows", () => {
    const { estimate, warnings, test } = found(
      sequentialSampleRatio({
        looks: [
          [1000, 10],
          [10, 90_000],
        ],
        weights: [1, 1],
        prior: [1, 1],
        level: 0.95,
      }),
    );
    expect(estimate.interval).to.equal(undefined);
    expect(warnings[0]).to.match(/shares changed/);
    expect(test?.pValue).to.be.lessThan(1e-100);
  });
});
