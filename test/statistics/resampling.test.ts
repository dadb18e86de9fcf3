/** Resampling of entities, and what stands in place of an interval that cannot be had. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import {
  bootstrapRatio,
  bootstrapTotals,
  poolRows,
  resampleSums,
  sumOf,
  sumOfIntegers,
  tangoPaired,
  wilson,
} from "../../simulations/statistics/index.ts";

const options = { seed: 5, replicates: 400, level: 0.95 };

describe("sums", () => {
  it("lose nothing to cancellation", () => {
    expect(sumOf([1e16, 1, -1e16])).to.equal(1);
    expect(sumOf(Array.from({ length: 1000 }, () => 0.1))).to.equal(100);
  });

  it("refuse integers beyond the safe range", () => {
    expect(() => sumOfIntegers([Number.MAX_SAFE_INTEGER, 1])).to.throw("a sum of integers leaves the safe range");
  });
});

describe("resampling entities", () => {
  it("gives each entity a Poisson(1) weight, so that sums have the right mean and variance", () => {
    const values = Float64Array.from({ length: 200 }, (_, index) => (index % 17) + 1);
    const { sums } = resampleSums(poolRows([values], 200), { seed: 1, from: 0, to: 4000 });
    const totals = Array.from(sums[0] ?? []);
    const mean = sumOf(totals) / totals.length;
    const variance = sumOf(totals.map((value) => (value - mean) ** 2)) / totals.length;
    expect(mean / sumOf(values)).to.be.closeTo(1, 0.01);
    expect(variance / sumOf(values.map((value) => value * value))).to.be.closeTo(1, 0.08);
  });

  it("takes values that stand for several entities as those entities one by one", () => {
    const oneByOne = { numerator: Float64Array.of(0, 1, 0, 2, 1, 0), denominator: Float64Array.of(1, 1, 1, 3, 1, 1) };
    const groups = {
      numerator: Float64Array.of(1, 0, 2, 7),
      denominator: Float64Array.of(1, 1, 3, 9),
      counts: Float64Array.of(2, 3, 1, 0),
    };
    expect(bootstrapRatio({ ...groups, ...options })).to.deep.equal(bootstrapRatio({ ...oneByOne, ...options }));
  });

  it("gives the same numbers for the same seed, whatever the order of entities", () => {
    const numerator = Float64Array.of(0, 1, 3, 0, 2, 2, 0, 5);
    const denominator = Float64Array.of(4, 4, 5, 2, 6, 6, 1, 9);
    const forward = bootstrapRatio({ numerator, denominator, ...options });
    expect(bootstrapRatio({ numerator: numerator.toReversed(), denominator: denominator.toReversed(), ...options })).to.deep.equal(forward);
    expect(bootstrapRatio({ numerator, denominator, ...options, seed: 6 })).to.not.deep.equal(forward);
  });

  it("needs no list of those that contribute nothing", () => {
    const values = Float64Array.from({ length: 30 }, (_, index) => index + 1);
    const padded = Float64Array.from([...values, ...new Float64Array(70)]);
    const listed = bootstrapTotals({ columns: [padded], entities: 100, ...options });
    expect(bootstrapTotals({ columns: [values], entities: 100, ...options })).to.deep.equal(listed);
  });

  it("knows that a total without negative contributions is not below 0", () => {
    // One large contribution in few: the studentised interval alone would reach below 0.
    const column = Float64Array.from({ length: 10 }, (_, index) => (index === 0 ? 1e6 : index));
    const lowerOf = (contributions: Float64Array): number => {
      const [total] = bootstrapTotals({ columns: [contributions], entities: 40, ...options });
      return total?.kind === "estimate" && total.interval !== undefined ? total.interval.lower : Number.NaN;
    };
    const spread = Float64Array.from({ length: 40 }, (_, index) => 100 + (index % 7));
    expect(lowerOf(column)).to.equal(0);
    expect(lowerOf(spread)).to.be.greaterThan(0);
    expect(lowerOf(column.map((value, index) => (index === 9 ? -value : value)))).to.be.lessThan(0);
  });

  it("covers a share of entities near its level (2,000 draws would tell 95 % from 93.5 %; 250 tell it from 90 %)", () => {
    let covered = 0;
    for (let seed = 0; seed < 250; seed++) {
      const stream = randomStream(seed, "share");
      const denominator = Float64Array.from({ length: 300 }, () => 1 + stream.below(20));
      const numerator = denominator.map((periods) => (stream.uniform() < 0.3 ? stream.binomial(periods, 0.4) : 0));
      const estimate = bootstrapRatio({ numerator, denominator, seed, replicates: 300, level: 0.95 });
      if (
        estimate.kind === "estimate" &&
        estimate.interval !== undefined &&
        estimate.interval.lower <= 0.12 &&
        0.12 <= estimate.interval.upper
      )
        covered++;
    }
    expect(covered / 250).to.be.within(0.9, 0.985);
  });

  it("prints the coverage that intervals of such totals achieve", () => {
    const stream = randomStream(3, "sales");
    const sales = Float64Array.from({ length: 120 }, () => Math.exp(2 * stream.normal()));
    const [estimate] = bootstrapTotals({ columns: [sales], entities: 3000, ...options });
    expect(estimate?.kind === "estimate" ? estimate.assumptions[1] : "").to.match(
      /^at a nominal 95 % such intervals cover (about|less than) \d\d % in simulation/,
    );
  });
});

describe("Wilson's interval", () => {
  it("covers near its level at small n, counted exactly over the binomial", () => {
    for (const [trials, p] of [
      [30, 0.1],
      [50, 0.04],
      [200, 0.3],
    ] as const) {
      let coverage = 0;
      let probability = (1 - p) ** trials;
      for (let successes = 0; successes <= trials; successes++) {
        const estimate = wilson({ successes, trials, level: 0.95 });
        if (estimate.kind === "estimate" && (estimate.interval?.lower ?? 1) <= p && p <= (estimate.interval?.upper ?? 0))
          coverage += probability;
        probability *= ((trials - successes) / (successes + 1)) * (p / (1 - p));
      }
      expect(coverage).to.be.within(0.92, 0.985);
    }
  });
});

describe("what cannot be computed", () => {
  it("is Undetermined with a reason, never NaN", () => {
    const constant = Float64Array.of(1, 1, 1);
    const none = Float64Array.of(0, 0, 0);
    expect(wilson({ successes: 0, trials: 0, level: 0.95 })).to.include({ kind: "undetermined" });
    expect(tangoPaired({ both: 0, onlySecond: 0, onlyFirst: 0, neither: 0, level: 0.95 })).to.include({ reason: "no pair in the table" });
    expect(bootstrapRatio({ numerator: none, denominator: none, ...options })).to.include({ reason: "the denominators sum to 0" });
    expect(bootstrapRatio({ numerator: none, denominator: constant, ...options })).to.include({
      reason: "every entity has the same ratio",
    });
    const totalOf = (column: Float64Array) => bootstrapTotals({ columns: [column], entities: 20, ...options })[0];
    const [nine, ten] = [9, 10].map((count) => totalOf(Float64Array.from({ length: 20 }, (_, index) => (index < count ? index + 1 : 0))));
    expect([nine?.kind, ten?.kind]).to.deep.equal(["undetermined", "estimate"]);
    expect(nine).to.include({ reason: "9 contributing entities: fewer than 10" });
    expect(totalOf(new Float64Array(20).fill(4))).to.include({ reason: "the contributions do not vary enough to resample" });
  });

  it("leaves a difference without discordant pairs its interval", () => {
    const estimate = tangoPaired({ both: 10, onlySecond: 0, onlyFirst: 0, neither: 90, level: 0.95 });
    expect(
      estimate.kind === "estimate" && estimate.interval !== undefined && estimate.interval.lower < 0 && estimate.interval.upper > 0,
    ).to.equal(true);
  });
});
