/** The coverage that intervals of heavy-tailed totals print, simulated again. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import { bootstrapTotals, coverageContributors, coverageSpreads, coverageTable } from "../../simulations/statistics/index.ts";

const seeds = 400;

describe("coverage of studentised intervals of log-normal totals", () => {
  for (const [row, contributors] of coverageContributors.entries()) {
    for (const [column, spread] of coverageSpreads.entries()) {
      it(`is as printed for ${contributors} contributors of spread ${spread}`, () => {
        expect(Math.round(coverage(contributors, spread))).to.equal(coverageTable[row]?.[column]);
      });
    }
  }
});

/** Percent of seeds whose interval holds the true total; seeds without an interval are left out. */
function coverage(contributors: number, spread: number): number {
  const entities = 20 * contributors;
  const truth = contributors * Math.exp((spread * spread) / 2);
  let covered = 0;
  let intervals = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const stream = randomStream(seed, "coverage", contributors, spread);
    const count = stream.binomial(entities, contributors / entities);
    const amounts = Float64Array.from({ length: count }, () => Math.exp(spread * stream.normal()));
    const [estimate] = bootstrapTotals({ columns: [amounts], entities, seed, replicates: 499, level: 0.95 });
    if (estimate?.kind !== "estimate" || estimate.interval === undefined) continue;
    intervals++;
    if (estimate.interval.lower <= truth && truth <= estimate.interval.upper) covered++;
  }
  return (100 * covered) / intervals;
}
