/** Measured effects of tier moves in demo worlds where buyers mind bad service, and where tiers act. */
import { expect } from "chai";
import { study } from "../comparison/elasticity-study.ts";

describe("past moves in the demo's world", function () {
  this.timeout(3_600_000);

  it("stay near it where buyers stay away after the same bad service that demotes", () => {
    const { known, share } = study(200, { tiersAct: false, buyersMind: 2 });
    console.log(`      ${(100 * share).toFixed(1)} % of ${known} known effects`);
    expect(share).to.be.at.most(0.1);
  });

  it("find less sales in the first window where tiers act: watch sells 8 % less, restricted 40 %", () => {
    const [acts, inert] = [study(60, { tiersAct: true }), study(60, { tiersAct: false })];
    console.log(`      ${(acts.first - inert.first).toFixed(3)}`);
    expect(acts.first - inert.first).to.be.within(-0.12, -0.03);
  });
});
