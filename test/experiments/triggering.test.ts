/** Counterfactual triggering: who is triggered, when, and that the effect is found where it is. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { analyseTriggered, findTriggers } from "../../simulations/experiments/index.ts";
import type { Found } from "../../simulations/statistics/index.ts";
import { firstPeriod, letterPolicy, panelOf } from "../comparison/small-market.ts";
import { triggeredTest } from "./triggered-market.ts";

const measures = ["gmv"];

function intervalOf(found: Found): { readonly lower: number; readonly upper: number; readonly value: number } {
  if (found.kind === "undetermined") throw new Error(found.reason);
  return { ...present(found.estimate.interval, "an interval"), value: found.estimate.value };
}

describe("the first divergence", () => {
  const sellers = {
    // Held at the end of week 3 for the first time: weeks 4 to 6 count.
    a: { baseline: "ssssss", candidate: "sswwss", gmv: [1, 2, 4, 8, 16, 32] },
    // The policies differ before the test only: then nobody was treated by the candidate.
    b: { baseline: "ssssss", candidate: "wsssss", gmv: [1, 2, 4, 8, 16, 32] },
    // On the first day of the test, with all of the week before: its whole weeks count.
    f: { baseline: "ssssss", candidate: "swssss", gmv: [1, 2, 4, 8, 16, 32] },
    c: { baseline: "wwwwww", candidate: "wwwwsw", gmv: [1, 2, 4, 8, 16, 32] },
    d: { baseline: "gggggg", candidate: "ggsggg", gmv: [1, 2, 4, 8, 16, 32] },
    // Gone before the test.
    e: { baseline: "s", candidate: "w", gmv: [1] },
  };
  const request = {
    panel: panelOf({ sellers }),
    baseline: letterPolicy("baseline"),
    candidate: letterPolicy("candidate"),
    from: firstPeriod + 2,
    to: firstPeriod + 5,
    measures,
    armOf: (entity: string) => (entity < "c" ? 0 : 1),
  };

  it("is the first evaluation in the test at which the held tiers differ, and outcomes count after it", () => {
    const { entities, stratum, after, whole, differing, afterPeriods, differingPeriods } = findTriggers(request);
    expect(entities).to.equal(5);
    // newly adverse, none, released, down, newly adverse.
    expect([...stratum]).to.deep.equal([0, -1, 1, 2, 0]);
    expect([...present(after[0], "gmv")]).to.deep.equal([8 + 16 + 32, 0, 32, 8 + 16 + 32, 60]);
    expect([...present(whole[0], "gmv")]).to.deep.equal([60, 60, 60, 60, 60]);
    expect([...present(differing[0], "gmv")]).to.deep.equal([8 + 16, 0, 32, 8, 4]);
    expect([...afterPeriods]).to.deep.equal([3, 0, 1, 3, 4]);
    expect([...differingPeriods]).to.deep.equal([2, 0, 1, 1, 1]);
  });

  it("is nobody's when a policy is tested against itself", () => {
    const found = findTriggers({ ...request, candidate: request.baseline });
    expect([...found.stratum].every((stratum) => stratum === -1)).to.equal(true);
  });

  it("is where a tier of the same name has other consequences: for its holders from the first period of the test on", () => {
    const candidate = letterPolicy("candidate", { consequences: [{ traffic: 1.2 }, {}, { traffic: 0.5 }, { ordersPerDayMax: 50 }] });
    const alike = (marks: string) => ({ baseline: marks, candidate: marks, gmv: [1, 2, 4, 8, 16, 32] });
    const panel = panelOf({ sellers: { a: alike("wwwwww"), b: alike("ssssss"), c: alike("wwwssw"), d: alike("sssggg"), e: alike("sssgwg") } });
    const { stratum, after, differing } = findTriggers({ ...request, panel, candidate });
    // terms, none, terms, none, terms.
    expect([...stratum]).to.deep.equal([5, -1, 5, -1, 5]);
    expect([...present(after[0], "gmv")]).to.deep.equal([60, 0, 60, 0, 32]);
    expect([...present(differing[0], "gmv")]).to.deep.equal([60, 0, 4 + 8, 0, 32]);
  });

  it("goes by each policy's own adverse flag", () => {
    const candidate = letterPolicy("candidate");
    const harsher = { ...candidate, tiers: candidate.tiers.map((tier, code) => (code === 1 ? { ...tier, adverse: true } : tier)) };
    // a, b and f hold the second tier before the test. c holds the third, adverse under both; d the first, until it holds the second in one arm.
    expect([...findTriggers({ ...request, candidate: harsher }).stratum]).to.deep.equal([0, 0, 3, 0, 0]);
  });

  it("looks at nothing after the end", () => {
    const [short, long] = [findTriggers({ ...request, to: firstPeriod + 2 }), findTriggers(request)];
    expect(short.stratum[0]).to.equal(long.stratum[0]);
    expect(short.after[0]?.[0]).to.equal(0);
  });
});

describe("a triggered analysis", () => {
  it("covers the true effect as often as it says, and more narrowly than the plain one", () => {
    const seeds = 60;
    let [covered, gains, truths, values] = [0, 0, 0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const test = triggeredTest(300, seed);
      const { effects, isBalanced } = analyseTriggered(findTriggers({ ...test, measures }), [{ name: "gmv", scale: 1 }], 0.95);
      const [effect] = effects;
      const { lower, upper, value } = intervalOf(present(effect, "an effect").diluted);
      covered += lower <= test.truth && test.truth <= upper ? 1 : 0;
      gains += effect?.gain ?? 0;
      truths += test.truth;
      values += value;
      expect(isBalanced).to.equal(true);
    }
    // 95 % of 60, less four standard errors.
    expect(covered).to.be.at.least(50);
    expect(gains / seeds).to.be.greaterThan(1.5);
    expect(truths / seeds).to.be.below(0);
    expect(values / seeds).to.be.closeTo(truths / seeds, Math.abs(truths / seeds));
  });

  it("is not misled where the treatment changes who differs now, as looking at those who differ now is", () => {
    let [truth, diluted, naive, perPeriod] = [0, 0, 0, 0];
    const seeds = 20;
    for (let seed = 1; seed <= seeds; seed++) {
      const test = triggeredTest(800, seed, { mends: true });
      const columns = findTriggers({ ...test, measures });
      const [effect] = analyseTriggered(columns, [{ name: "gmv", scale: 1 }], 0.95).effects;
      truth += test.truth / seeds;
      diluted += intervalOf(present(effect, "an effect").diluted).value / seeds;
      naive += intervalOf(present(effect, "an effect").naive).value / seeds;
      // A restricted seller of the control would have lost three tenths of what it sells in such a period.
      const control = [...columns.arm.keys()].filter((index) => columns.arm[index] === 0);
      const sum = (column: ArrayLike<number>): number => control.reduce((total, index) => total + (column[index] as number), 0);
      perPeriod += (-0.3 * sum(present(columns.differing[0], "gmv"))) / sum(columns.differingPeriods) / seeds;
    }
    expect(diluted).to.be.closeTo(truth, 0.5 * Math.abs(truth));
    expect(Math.abs(naive / perPeriod)).to.be.greaterThan(1.5);
  });

  it("says by stratum how many are triggered in each arm, and that arms which are scored otherwise are not balanced", () => {
    const test = triggeredTest(2_000, 5);
    const columns = findTriggers({ ...test, measures });
    const told = analyseTriggered(columns, [{ name: "gmv", scale: 1 }], 0.95);
    const sum = told.balance.slice(1).reduce((total, { control, treatment }) => total + control + treatment, 0);
    expect(sum).to.equal(told.triggered.control + told.triggered.treatment);
    // A fault of logging: two in three triggers of the control are lost.
    const stratum = columns.stratum.map((code, index) => (columns.arm[index] === 0 && index % 3 > 0 ? -1 : code));
    expect(analyseTriggered({ ...columns, stratum }, [{ name: "gmv", scale: 1 }], 0.95).isBalanced).to.equal(false);
  });
});
