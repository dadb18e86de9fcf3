/** Counts, noncentral distributions, the studentised range and maxima of t against mpmath and R. */
import { expect } from "chai";
import fc from "fast-check";
import {
  binomial,
  type CountDistribution,
  hypergeometric,
  maximumOfT,
  noncentralChiSquared,
  noncentralF,
  noncentralT,
  normalSurvival,
  poisson,
  student,
  studentisedRange,
} from "../../simulations/statistics/index.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface CountCase {
  readonly kind: string;
  readonly parameters: number | readonly number[];
  readonly k: number;
  readonly mass: number;
  readonly lower: number;
  readonly upper: number;
}

function countDistribution({ kind, parameters }: CountCase): CountDistribution {
  const [a = 0, b = 0, c = 0] = [parameters].flat();
  if (kind === "binomial") return binomial(a, b);
  return kind === "poisson" ? poisson(a) : hypergeometric({ population: a, marked: b, draws: c });
}

describe("distributions of counts", () => {
  it("agree with R to 1e-13, and to 1e-10 where R rounds the exponent of binomials of a billion trials", () => {
    for (const row of referenceCases<CountCase>("distributions/counts")) {
      const distribution = countDistribution(row);
      const tolerance = row.kind === "binomial" && ([row.parameters].flat()[0] ?? 0) >= 1e9 ? 1e-10 : 1e-13;
      near(distribution.mass(row.k), row.mass, tolerance);
      near(distribution.cdf(row.k), row.lower, tolerance);
      near(distribution.survival(row.k), row.upper, tolerance);
    }
  });

  it("agree with mpmath at 40 digits where R does not", () => {
    near(binomial(1e9, 0.4).mass(400_309_839), 3.623553448064337e-92, 1e-13);
  });

  it("have quantiles that are the smallest count that reaches a probability, from both sides", () => {
    const distributions = [
      binomial(1e15, 1e-12),
      binomial(17, 0.3),
      poisson(3.7e14),
      poisson(0.2),
      hypergeometric({ population: 1e6, marked: 3e5, draws: 1e4 }),
    ];
    for (const distribution of distributions) {
      for (const p of [1e-200, 1e-9, 0.025, 0.5, 0.975, 1 - 1e-12]) {
        const k = distribution.quantile(p);
        expect(distribution.cdf(k)).to.be.at.least(p * (1 - 1e-13));
        expect(distribution.cdf(k - 1)).to.be.lessThan(p);
        const upper = distribution.upperQuantile(p);
        expect(distribution.survival(upper)).to.be.at.most(p * (1 + 1e-13));
        expect(distribution.survival(upper - 1)).to.be.greaterThan(p);
      }
    }
  });

  it("invert their own probabilities, and say their ends", () => {
    const distribution = binomial(40, 0.37);
    for (let k = 0; k < 40; k++) {
      // Nearer to 1 the probabilities of neighbours are not told apart.
      if (distribution.survival(k) > 1e-9) expect(distribution.quantile(distribution.cdf(k))).to.equal(k);
      if (distribution.cdf(k) > 1e-9) expect(distribution.upperQuantile(distribution.survival(k))).to.equal(k);
    }
    expect([
      distribution.mass(-1),
      distribution.mass(41),
      distribution.mass(2.5),
      distribution.cdf(-1),
      distribution.survival(40),
    ]).to.deep.equal([0, 0, 0, 0, 0]);
    expect([
      binomial(5, 0).cdf(0),
      binomial(5, 1).mass(5),
      poisson(0).mass(0),
      poisson(0).survival(0),
      binomial(3, 0.5).quantile(1),
    ]).to.deep.equal([1, 1, 1, 0, 3]);
    expect(hypergeometric({ population: 5, marked: 2, draws: 5 }).mass(2)).to.equal(1);
  });

  it("add up: masses to 1, and hypergeometric tails of 4e15 units to the normal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (n, p) => {
        const { mass, cdf, survival } = binomial(n, p);
        const total = Array.from({ length: n + 1 }, (_, k) => mass(k)).reduce((sum, part) => sum + part, 0);
        near(total, 1, 1e-13);
        near(cdf(n >> 1) + survival(n >> 1), 1, 1e-15);
      }),
      { numRuns: 50 },
    );
    const huge = hypergeometric({ population: 4e15, marked: 1e15, draws: 5e14 });
    const deviation = Math.sqrt(5e14 * 0.25 * 0.75 * 0.875);
    near(huge.survival(1.25e14 + Math.round(3 * deviation)), normalSurvival(3), 1e-5);
    near(huge.cdf(1.25e14), 0.5, 1e-6);
  });

  it("sum the same where terms are added and where they are integrated", () => {
    const summed = hypergeometric({ population: 4e9, marked: 1e9, draws: 2e9 });
    const integrated = hypergeometric({ population: 1.6e10, marked: 4e9, draws: 8e9 });
    near(summed.survival(5e8 + 13_693 * 2), normalSurvival(2), 1e-3);
    near(integrated.survival(2e9 + 27_386 * 2), normalSurvival(2), 1e-3);
    // By 1e6 terms at 45 digits (mpmath).
    near(integrated.survival(2e9 + 60_000), 0.014229207709325366, 1e-14);
    near(hypergeometric({ population: 4e10, marked: 1e10, draws: 5e9 }).survival(1_250_025_000), 0.19136164466117006, 1e-14);
  });
});

interface TailCase {
  readonly kind: string;
  readonly parameters: readonly [number, number, number];
  readonly x: number;
  readonly lower: number;
  readonly upper: number;
}

describe("noncentral distributions", () => {
  const distributionOf = ({ kind, parameters: [a, b, c] }: TailCase) =>
    kind === "t" ? noncentralT(a, b) : kind === "f" ? noncentralF(a, b, c) : noncentralChiSquared(a, b);

  it("have both tails to 5e-14 of mpmath, and quantiles that lead back", () => {
    for (const row of referenceCases<TailCase>("distributions/noncentral")) {
      const distribution = distributionOf(row);
      near(distribution.cdf(row.x), row.lower, 5e-14);
      near(distribution.survival(row.x), row.upper, 5e-14);
      if (row.lower <= 0.5) near(distribution.quantile(row.lower), row.x, 1e-11, 1e-3);
      else near(distribution.upperQuantile(row.upper), row.x, 1e-11, 1e-3);
    }
  });

  it("of one degree of freedom are the square of a normal, down to tails of 1e-300", () => {
    for (const mean of [0.5, 6, 20, 36, 37.5])
      for (const root of [1e-3, 0.02, 1, 5, mean - 1, mean + 1, mean + 20, mean + 36]) {
        if (root <= 0) continue;
        const { cdf, survival } = noncentralChiSquared(1, mean * mean);
        near(cdf(root * root), normalSurvival(mean - root) - normalSurvival(mean + root), 2e-11);
        near(survival(root * root), normalSurvival(root - mean) + normalSurvival(root + mean), 2e-11);
      }
  });

  it("are the central ones without noncentrality, and have densities that are slopes", () => {
    expect(noncentralT(7, 0).survival(2)).to.equal(student(7).survival(2));
    near(noncentralT(Number.POSITIVE_INFINITY, 2).survival(3), normalSurvival(1), 1e-15);
    near(noncentralF(2, 7, 1e-12).survival(3), noncentralF(2, 7, 0).survival(3), 1e-11);
    near(noncentralChiSquared(3, 0).quantile(0.5), 2.365973884375338, 1e-14);
    for (const [distribution, x] of [
      [noncentralT(4, 1.5), 2],
      [noncentralChiSquared(3, 5), 7],
      [noncentralF(3, 9, 4), 2],
    ] as const) {
      near((distribution.cdf(x * 1.0001) - distribution.cdf(x * 0.9999)) / (x * 0.0002), distribution.density(x), 1e-6);
    }
  });

  it("say the ends of their support", () => {
    for (const distribution of [noncentralChiSquared(3, 2), noncentralF(3, 4, 2)]) {
      expect([distribution.cdf(0), distribution.survival(-1), distribution.density(-1), distribution.quantile(0)]).to.deep.equal([
        0, 1, 0, 0,
      ]);
      expect([distribution.cdf(Number.POSITIVE_INFINITY), distribution.survival(Number.POSITIVE_INFINITY)]).to.deep.equal([1, 0]);
      expect(distribution.quantile(1)).to.equal(Number.POSITIVE_INFINITY);
    }
    const t = noncentralT(3, 1);
    expect([t.cdf(Number.NEGATIVE_INFINITY), t.survival(Number.NEGATIVE_INFINITY), t.quantile(0), t.upperQuantile(0)]).to.deep.equal([
      0,
      1,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

interface RangeCase {
  readonly kind: "range" | "two-sided" | "one-sided";
  readonly groups?: number;
  readonly loadings?: readonly number[];
  readonly degreesOfFreedom: number | "Infinity";
  readonly x: number;
  readonly upper: number;
}

describe("the studentised range and Dunnett's maxima", () => {
  const distributionOf = ({ kind, groups = 2, loadings = [], degreesOfFreedom }: RangeCase) =>
    kind === "range"
      ? studentisedRange(groups, Number(degreesOfFreedom))
      : maximumOfT({ loadings, degreesOfFreedom: Number(degreesOfFreedom), sides: kind });

  it("have upper tails to 1e-12 of mpmath, both tails adding to 1, and quantiles that lead back", () => {
    for (const row of referenceCases<RangeCase>("distributions/ranges")) {
      const distribution = distributionOf(row);
      near(distribution.survival(row.x), row.upper, 1e-12);
      near(distribution.cdf(row.x) + row.upper, 1, 1e-13);
    }
    near(studentisedRange(3, 10).upperQuantile(0.05), 3.876776749, 1e-9);
    near(studentisedRange(4, 6).upperQuantile(studentisedRange(4, 6).survival(1)), 1, 1e-10);
    const maximum = maximumOfT({ loadings: [0.5, 0.7], degreesOfFreedom: 12, sides: "one-sided" });
    near(maximum.upperQuantile(maximum.survival(-0.4)), -0.4, 1e-10);
  });

  it("are Student's t for two groups, and for one candidate", () => {
    for (const [df, x] of [
      [1.5, 0.4],
      [7, 4],
      [60, 70],
      [Number.POSITIVE_INFINITY, 5],
    ] as const) {
      near(studentisedRange(2, df).survival(x), 2 * student(df).survival(x / Math.SQRT2), 1e-11);
      near(maximumOfT({ loadings: [0.6], degreesOfFreedom: df, sides: "two-sided" }).survival(x), 2 * student(df).survival(x), 1e-11);
      near(maximumOfT({ loadings: [0.6], degreesOfFreedom: df, sides: "one-sided" }).survival(x), student(df).survival(x), 1e-11);
    }
    expect([
      studentisedRange(3, 5).cdf(0),
      studentisedRange(3, 5).survival(-1),
      studentisedRange(3, 5).survival(Number.POSITIVE_INFINITY),
    ]).to.deep.equal([0, 1, 0]);
    const two = maximumOfT({ loadings: [0.5], degreesOfFreedom: 5, sides: "two-sided" });
    expect([two.cdf(-1), two.survival(0), two.cdf(Number.POSITIVE_INFINITY), two.survival(Number.POSITIVE_INFINITY)]).to.deep.equal([
      0, 1, 1, 0,
    ]);
  });
});
