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

describe("sample ratio, arm by arm", () => {
  interface ArmRow {
    readonly arm: number;
    readonly units: number;
    readonly expected: number;
    readonly share: number;
    readonly planned: number;
    readonly credibleLower: number;
    readonly credibleUpper: number;
  }

  const options = { level: 0.95, continuityCorrection: false };
  const armsOf = ({ details }: Finding): readonly ArmRow[] => details?.["arms"] as unknown as readonly ArmRow[];

  it("says what was expected, and a credible interval that mirrors the other arm's", () => {
    const two = found(sampleRatio({ observed: [30, 90], weights: [1, 2], ...options }));
    const [first, second] = armsOf(two);
    expect(first).to.include({ arm: 1, units: 30, share: 0.25, planned: 1 / 3, expected: 40 });
    expect(second).to.include({ arm: 2, units: 90, share: 0.75, planned: 2 / 3, expected: 80 });
    near(first?.credibleLower, 1 - (second?.credibleUpper ?? Number.NaN), 1e-12);
    near(first?.credibleUpper, 1 - (second?.credibleLower ?? Number.NaN), 1e-12);
    expect(two.test?.nullValue).to.equal(2 / 3);
    expect(armsOf(found(sampleRatioExact({ observed: [30, 90], weights: [1, 2], level: 0.95 })))).to.deep.equal(armsOf(two));
  });

  it("has the quantiles of beta(1/2, n + 1) for the one of three arms that got none, and leaves out who was planned none", () => {
    const three = found(sampleRatio({ observed: [0, 7, 1, 0], weights: [1, 0, 1, 1], ...options }));
    const [empty] = armsOf(three);
    // beta(1/2, 2): its distribution function is (3 sqrt(x) - x sqrt(x)) / 2.
    const below = (x: number) => (3 * Math.sqrt(x) - x * Math.sqrt(x)) / 2;
    near(below(empty?.credibleLower ?? Number.NaN), 0.025, 1e-9);
    near(below(empty?.credibleUpper ?? Number.NaN), 0.975, 1e-9);
    expect(armsOf(three).map(({ arm }) => arm)).to.deep.equal([1, 3, 4]);
    expect(three.test?.nullValue).to.equal(0);
  });

  it("names the form of its interval, and warns below 5 expected units, not at 5", () => {
    const methods = [true, false].map(
      (continuityCorrection) => found(sampleRatio({ ...options, observed: [4, 6], weights: [1, 1], continuityCorrection })).estimate.method,
    );
    expect(methods).to.deep.equal(["Wilson score, continuity-corrected", "Wilson score"]);
    expect(found(sampleRatio({ observed: [4, 6], weights: [1, 1], ...options })).warnings).to.deep.equal([]);
    expect(found(sampleRatio({ observed: [4, 5], weights: [1, 1], ...options })).warnings).to.have.length(1);
  });

  it("keeps the one unit too many among 1e15, which doubles round away", () => {
    const hundreds = 9_999_999_999_999;
    const { test } = found(sampleRatio({ observed: [7 * hundreds + 1, 93 * hundreds - 1], weights: [7, 93], ...options }));
    near(test?.statistic, 1 / (7 * hundreds) + 1 / (93 * hundreds), 1e-12);
  });

  it("measures three arms by Cohen's w, whose square times n is chi-squared, in every test", () => {
    const given = { observed: [10, 14, 6], weights: [1, 1, 2], level: 0.95 };
    const { test } = found(sampleRatio({ ...given, continuityCorrection: true }));
    expect(test?.statistic).to.be.closeTo((10 - 7.5) ** 2 / 7.5 + (14 - 7.5) ** 2 / 7.5 + 9 ** 2 / 15, 1e-12);
    for (const { estimate } of [
      found(sampleRatio({ ...given, continuityCorrection: false })),
      found(sampleRatioExact(given)),
      found(sequentialSampleRatio({ ...given, looks: [given.observed] })),
    ])
      near(estimate.value ** 2 * 30, test?.statistic ?? Number.NaN, 1e-12);
  });
});

describe("sequential sample ratio, look by look", () => {
  const looks = [
    [30, 20, 25],
    [40, 20, 10],
  ];
  const prior = [2, 1, 1];
  const answer = () => {
    const { details, test } = found(sequentialSampleRatio({ looks, weights: [2, 1, 1], prior, level: 0.95 }));
    return { details, test, arms: (details?.["arms"] ?? []) as unknown as readonly Readonly<Record<string, number>>[] };
  };

  it("shows each arm's units, share, plan and posterior, and a range that holds the share", () => {
    const { arms } = answer();
    expect(arms.map(({ arm, units, planned, posterior }) => [arm, units, planned, posterior])).to.deep.equal([
      [1, 70, 0.5, 72],
      [2, 40, 0.25, 41],
      [3, 35, 0.25, 36],
    ]);
    for (const { share, units, lower, upper } of arms) {
      expect(share).to.equal((units ?? 0) / 145);
      expect((lower ?? 1) < (share ?? 0) && (share ?? 0) < (upper ?? 0)).to.equal(true);
    }
  });

  it("turns the Bayes factor into a probability at even odds, and its p-values never rise", () => {
    const { details, test } = answer();
    const factor = Math.exp(details?.["logBayesFactor"] as number);
    near(details?.["posteriorProbabilityOfMismatch"] as number, factor / (1 + factor), 1e-12);
    const pValues = details?.["pValues"] as readonly number[];
    expect(pValues).to.have.length(2);
    expect(pValues[1]).to.equal(test?.pValue);
    expect((pValues[1] ?? 1) <= (pValues[0] ?? 0) && (pValues[0] ?? 2) <= 1).to.equal(true);
  });

  it("gives the first of two arms what the second leaves", () => {
    const two = found(sequentialSampleRatio({ looks: [[60, 40]], weights: [1, 1], level: 0.95 }));
    const [first, second] = (two.details?.["arms"] ?? []) as unknown as readonly Readonly<Record<string, number>>[];
    expect(two.estimate.value).to.equal(0.4);
    near(first?.["lower"], 1 - (second?.["upper"] ?? Number.NaN), 1e-12);
    near(first?.["upper"], 1 - (second?.["lower"] ?? Number.NaN), 1e-12);
    expect([second?.["lower"], second?.["upper"]]).to.deep.equal([two.estimate.interval?.lower, two.estimate.interval?.upper]);
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
