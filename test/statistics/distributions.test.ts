/** The continuous distributions against numbers of 40 digits, in both tails and back. */
import { expect } from "chai";
import fc from "fast-check";
import {
  betaDistribution,
  chiSquared,
  type Distribution,
  fRatio,
  gammaDistribution,
  noncentralChiSquared,
  noncentralT,
  normalDistribution,
  normalQuantile,
  student,
} from "../../simulations/statistics/index.ts";
import { publishedCases } from "./published-vectors.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface TailCase {
  readonly kind: "gamma" | "f" | "t";
  readonly parameters: readonly number[];
  readonly x: number;
  readonly lower: number;
  readonly upper: number;
}

const continuous = referenceCases<TailCase>("distributions/continuous");

function distributionOf({ kind, parameters: [a = Number.NaN, b = Number.NaN] }: TailCase): Distribution {
  return kind === "gamma" ? gammaDistribution(a, b) : kind === "f" ? fRatio(a, b) : student(a);
}

const standardNormal = normalDistribution(0, 1);

/** By the published kind, our value. */
const published: Readonly<Record<string, (input: Readonly<Record<string, number>>) => number>> = {
  "normal.cdf": ({ x = 0 }) => standardNormal.cdf(x),
  "normal.sf": ({ x = 0 }) => standardNormal.survival(x),
  "normal.quantile": ({ p = 0 }) => standardNormal.quantile(p),
  "t.sf": ({ t = 0, df = 0 }) => student(df).survival(t),
  "t.quantile": ({ p = 0, df = 0 }) => student(df).quantile(p),
  "chi2.sf": ({ x = 0, df = 0 }) => chiSquared(df).survival(x),
  "chi2.quantile": ({ p = 0, df = 0 }) => chiSquared(df).quantile(p),
  "beta.cdf": ({ x = 0, a = 0, b = 0 }) => betaDistribution(a, b).cdf(x),
  "f.sf": ({ f = 0, df1 = 0, df2 = 0 }) => fRatio(df1, df2).survival(f),
};

describe("continuous distributions", () => {
  it("have both tails to 3e-14 of mpmath, for shapes from 5e-4 to 1e15 and tails to 1e-300", () => {
    expect(continuous.length).to.be.greaterThan(1000);
    for (const row of continuous) {
      const distribution = distributionOf(row);
      near(distribution.cdf(row.x), row.lower, 3e-14);
      near(distribution.survival(row.x), row.upper, 3e-14);
    }
  });

  it("have quantiles from either side that lead back, to 2e-14 where the probability can say the point", () => {
    for (const row of continuous) {
      const distribution = distributionOf(row);
      const slope = row.x * distribution.density(row.x);
      const backwards = [
        { tail: row.lower, point: distribution.quantile(row.lower) },
        { tail: row.upper, point: distribution.upperQuantile(row.upper) },
      ];
      // How far a unit in the last place of the probability moves the point, beyond one unit of the point.
      for (const { tail, point } of backwards) if (tail < 1 && tail / slope < 1e8) near(point, row.x, 2e-14 * Math.max(1, tail / slope));
    }
  });

  it("agree with the published numbers to 1e-13, but four of Student's t that the publisher integrated to 1e-11", function () {
    const cases = publishedCases("distributions_mpmath");
    if (cases === undefined) this.skip();
    for (const { kind, input, expected } of cases) {
      const coarse = kind === "t.sf" && (input["t"] ?? 0) >= 15 && (input["df"] ?? 0) > 1000;
      near(published[kind]?.(input), expected, coarse ? 1e-11 : 1e-13, 1e-307);
    }
  });

  it("agree with mpmath where the published numbers do not: 0.5 I(df / (df + 225); df / 2, 1/2) at 100 digits", () => {
    near(student(1e5).survival(15), 4.170138276734255e-51, 1e-14);
  });

  it("answer any point and probability for any parameters, with tails from 0 to 1 and no NaN", () => {
    const sizes = [1e-10, 0.3, 7.5, 1e3, 1e15];
    const points = [Number.NEGATIVE_INFINITY, -1e300, -30, 0, 1e-300, 0.5, 3, 1e8, 1e150, 1e300, Number.POSITIVE_INFINITY];
    const probabilities = [0, 1e-300, 1e-20, 0.5, 1 - 1e-16, 1];
    const all = [
      ...sizes.flatMap((size) => [
        student(size),
        chiSquared(size),
        ...sizes.flatMap((other) => [fRatio(size, other), betaDistribution(size, other)]),
      ]),
      ...[0.5, 40].flatMap((size) => [noncentralT(size, -1), noncentralT(size, 30), noncentralChiSquared(size, 37)]),
    ];
    for (const { density, cdf, survival, quantile, upperQuantile } of all) {
      for (const x of points) {
        expect(density(x)).to.be.at.least(0);
        for (const tail of [cdf(x), survival(x)]) expect(tail >= 0 && tail <= 1 && !Object.is(tail, -0), `${tail} at ${x}`).to.equal(true);
      }
      for (const p of probabilities)
        for (const point of [quantile(p), upperQuantile(p)]) expect(Number.isNaN(point), `at ${p}`).to.equal(false);
    }
  });

  it("say the ends of their support", () => {
    for (const distribution of [gammaDistribution(2, 3), fRatio(3, 4)]) {
      expect([distribution.quantile(0), distribution.quantile(1)]).to.deep.equal([0, Number.POSITIVE_INFINITY]);
      expect([distribution.upperQuantile(0), distribution.upperQuantile(1)]).to.deep.equal([Number.POSITIVE_INFINITY, 0]);
      expect([distribution.cdf(-1), distribution.survival(-1), distribution.density(-1)]).to.deep.equal([0, 1, 0]);
      expect([distribution.cdf(Number.POSITIVE_INFINITY), distribution.survival(Number.POSITIVE_INFINITY)]).to.deep.equal([1, 0]);
    }
    const share = betaDistribution(2, 3);
    expect([share.quantile(0), share.quantile(1), share.cdf(-1), share.cdf(2)]).to.deep.equal([0, 1, 0, 1]);
    for (const whole of [student(3), standardNormal]) {
      expect([whole.quantile(0), whole.quantile(1)]).to.deep.equal([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
      expect(whole.cdf(0)).to.equal(0.5);
    }
  });

  it("have densities that are the slope of the cdf", () => {
    const rows: readonly (readonly [Distribution, number])[] = [
      [gammaDistribution(0.3, 2), 0.7],
      [gammaDistribution(80, 1), 77],
      [betaDistribution(2.5, 0.4), 0.9],
      [fRatio(3, 8), 1.2],
      [student(2.2), -1.5],
      [normalDistribution(3, 2), 1],
    ];
    for (const [distribution, x] of rows) {
      const step = 1e-4 * Math.abs(x);
      near((distribution.cdf(x + step) - distribution.cdf(x - step)) / (2 * step), distribution.density(x), 1e-6);
    }
    expect([gammaDistribution(1, 2).density(0), gammaDistribution(3, 2).density(0), gammaDistribution(0.5, 2).density(0)]).to.deep.equal([
      2,
      0,
      Number.POSITIVE_INFINITY,
    ]);
    expect([betaDistribution(1, 4).density(0), betaDistribution(3, 1).density(1), betaDistribution(2, 2).density(0)]).to.deep.equal([
      4, 3, 0,
    ]);
    expect([fRatio(2, 5).density(0), fRatio(3, 5).density(0), fRatio(1, 5).density(0)]).to.deep.equal([1, 0, Number.POSITIVE_INFINITY]);
    near(student(1).density(0), 1 / Math.PI, 1e-15);
  });

  it("follow the identities among them: t squared is F, F inverted is F, chi-squared of 2 is exponential", () => {
    const positive = fc.double({ min: 0.01, max: 300, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, (a, b, x) => {
        near(2 * student(b).survival(x), fRatio(1, b).survival(x * x), 1e-12, 1e-300);
        near(fRatio(a, b).survival(x), fRatio(b, a).cdf(1 / x), 1e-12, 1e-300);
        near(chiSquared(2).survival(x), Math.exp(-x / 2), 1e-14);
        near(betaDistribution(a, b).cdf(0.3), betaDistribution(b, a).survival(0.7), 1e-11, 1e-300);
      }),
      { numRuns: 200 },
    );
  });

  it("has normal quantiles next to the median that keep every digit", () => {
    for (const offset of [2 ** -54, 1e-12, 1e-6, 0.01, 0.049]) {
      const p = 0.5 - offset;
      near(standardNormal.cdf(normalQuantile(p)), p, 1e-15);
      near(normalQuantile(p) / (p - 0.5), Math.sqrt(2 * Math.PI), 1.2 * offset ** 2 + 1e-15);
    }
  });
});
