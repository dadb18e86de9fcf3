/** Assignment: stable, even, independent between salts, and of the shares that the rule asks for. */
import { expect } from "chai";
import { type AssignmentRule, armOf, assignmentDigest, bucketCount, bucketOf } from "../../simulations/experiments/index.ts";

const units = Array.from({ length: 20_000 }, (_, index) => `S${String(index).padStart(7, "0")}`);

function rule(weights: readonly number[], salt = "gold line"): AssignmentRule {
  return { algorithm: "sha256-1", salt, arms: weights.map((weight, index) => ({ name: `arm ${index}`, weight })) };
}

/** Pearson's statistic of counts against shares. */
function chiSquared(counts: readonly number[], shares: readonly number[]): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, index) => sum + (count - n * (shares[index] ?? 0)) ** 2 / (n * (shares[index] ?? 0)), 0);
}

describe("assignment", () => {
  // Computed by the same definition in Python.
  it("gives these very buckets on every machine", () => {
    expect(["S0000000", "S0000001", "é"].map((unit) => bucketOf("gold line", unit))).to.deep.equal([3107, 1856, 5888]);
  });

  it("deals out by the weights", () => {
    const counts = [0, 0, 0];
    for (const unit of units) counts[armOf(rule([50, 30, 20]), unit)] = (counts[armOf(rule([50, 30, 20]), unit)] ?? 0) + 1;
    expect(chiSquared(counts, [0.5, 0.3, 0.2])).to.be.below(13.8); // 0.999 quantile, 2 degrees of freedom
  });

  it("is independent between salts", () => {
    const cells = [0, 0, 0, 0];
    for (const unit of units) {
      const cell = 2 * armOf(rule([1, 1], "first"), unit) + armOf(rule([1, 1], "second"), unit);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    expect(chiSquared(cells, [0.25, 0.25, 0.25, 0.25])).to.be.below(16.3); // 0.999 quantile, 3 degrees of freedom
  });

  it("never moves a unit out of a growing last arm, and leaves an arm of weight 0 empty", () => {
    for (const unit of units.slice(0, 2000)) {
      if (armOf(rule([95, 5]), unit) === 1) expect(armOf(rule([90, 10]), unit)).to.equal(1);
      expect(armOf(rule([0, 1, 0]), unit)).to.equal(1);
      expect(bucketOf("x", unit)).to.be.within(0, bucketCount - 1);
    }
  });

  it("has another identity for another salt or weight", () => {
    const digests = [rule([1, 1]), rule([1, 2]), rule([1, 1], "other")].map(assignmentDigest);
    expect(new Set(digests).size).to.equal(3);
  });
});
