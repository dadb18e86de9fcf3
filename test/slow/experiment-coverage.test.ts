/** The known true effect of a policy experiment lies where the intervals of its triggered analysis say, over 2,000 experiments. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { analyseTriggered, findTriggers } from "../../simulations/experiments/index.ts";
import type { Found } from "../../simulations/statistics/index.ts";
import { triggeredTest } from "../experiments/triggered-market.ts";

describe("the intervals of policy experiments", function () {
  this.timeout(900_000);

  it("hold the true effect in 94 to 96 % of 2,000 experiments, triggered and plain", () => {
    const seeds = 2_000;
    const truths: number[] = [];
    const [diluted, plain]: { readonly lower: number; readonly upper: number }[][] = [[], []];
    for (let seed = 1; seed <= seeds; seed++) {
      const test = triggeredTest(500, seed);
      const [effect] = analyseTriggered(findTriggers({ ...test, measures: ["gmv"] }), [{ name: "gmv", scale: 1 }], 0.95).effects;
      truths.push(test.truth);
      diluted?.push(intervalOf(effect?.diluted));
      plain?.push(intervalOf(effect?.plain));
    }
    // Sellers are drawn anew each time: what is estimated is the mean over all sellers there could be.
    const truth = truths.reduce((sum, value) => sum + value, 0) / seeds;
    for (const [name, intervals] of [["triggered", diluted] as const, ["plain", plain] as const]) {
      const covered = present(intervals, name).filter(({ lower, upper }) => lower <= truth && truth <= upper).length / seeds;
      console.log(`      ${name}: ${(100 * covered).toFixed(1)} %`);
      expect(covered, name).to.be.within(0.94, 0.96);
    }
  });
});

function intervalOf(found: Found | undefined): { readonly lower: number; readonly upper: number } {
  if (found?.kind !== "finding") throw new Error("undetermined");
  return present(found.estimate.interval, "an interval");
}
