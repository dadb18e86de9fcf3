/** What leaks between the arms: the formulas against every way of dealing a small market, and against draws from a larger one. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { analyse, interferenceWarning } from "../../simulations/experiments/index.ts";
import { expectedBias, type Parts, unitsApart, unitsBy } from "../../simulations/experiments/interference/expected-bias.ts";
import { exposures } from "../../simulations/experiments/interference/exposure.ts";
import { bestWithoutBias, tryDesigns } from "../../simulations/experiments/interference/simulate-designs.ts";
import { designOf, observed, wholeDesign } from "./designs.ts";
import { leakyMarket, outcomesOf } from "./leaky-market.ts";

/** The mean of the plain difference over every way of dealing half of the parts, of totals of parts. */
function overAllDeals(market: ReturnType<typeof leakyMarket>, parts: Parts, displacement: number): number {
  const estimates: number[] = [];
  for (let mask = 0; mask < 2 ** parts.count; mask++) {
    const treated = Array.from({ length: parts.count }, (_, part) => ((mask >> part) & 1) === 1);
    if (treated.filter(Boolean).length * 2 !== parts.count) continue;
    const made = outcomesOf(market, displacement, (unit) => treated[parts.of[unit] as number] as boolean);
    const total = (isTreated: boolean): number =>
      made.reduce((sum, value, unit) => (treated[parts.of[unit] as number] === isTreated ? sum + value : sum), 0);
    estimates.push(((total(true) - total(false)) * 2) / made.length);
  }
  return estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
}

describe("what leaks between the arms", () => {
  const small = leakyMarket(8, 3);

  for (const displacement of [0, 0.2, 0.45, 0.9]) {
    it(`is what the mean over all ways of dealing is off, with ${100 * displacement} % displaced`, () => {
      for (const parts of [unitsApart(small), unitsBy(small, ["region"]), unitsBy(small, ["region", "category"])]) {
        const { truth, expected, bias } = expectedBias(small, displacement, parts);
        const all = outcomesOf(small, displacement, () => true).reduce((sum, value) => sum + value, 0) / 8;
        const none = outcomesOf(small, displacement, () => false).reduce((sum, value) => sum + value, 0) / 8;
        expect(truth).to.be.closeTo(all - none, 1e-9);
        expect(bias).to.be.closeTo(expected - truth, 1e-12);
        if (parts.count % 2 === 0) expect(expected).to.be.closeTo(overAllDeals(small, parts, displacement), 1e-9);
        if (displacement === 0) expect(bias).to.equal(0);
      }
    });
  }

  it("is nothing where clusters hold whole groups, and d / (1 - d) of the effect where units are dealt", () => {
    const market = leakyMarket(400, 5);
    expect(expectedBias(market, 0.45, unitsBy(market, ["region", "category"])).bias).to.be.closeTo(0, 1e-9);
    expect(expectedBias(market, 0.45, unitsBy(market, ["region"])).bias).to.be.closeTo(0, 1e-9);
    const plain = expectedBias(market, 0.45, unitsApart(market));
    expect(plain.relative).to.be.closeTo((0.45 / 0.55) * (400 / 399), 1e-9);
    expect(plain.bias).to.be.below(0);
  });

  it("goes through the share of the rest of a unit's market that is treated", () => {
    const market = {
      ...small,
      sales: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      group: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 2),
      groups: [["a"], ["b"], ["c"]],
    };
    const exposure = exposures(market, (unit) => unit % 2 === 0);
    expect([...exposure]).to.deep.equal([3 / 9, 4 / 8, 1 / 7, 4 / 6, 7 / 13, 1 + (12 - 12) / 12, 5 / 11, Number.NaN]);
  });

  it("is found by drawing, for every design, and some design is without it", () => {
    const market = leakyMarket(300, 7);
    const trial = {
      market,
      displacement: 0.45,
      share: 0.5,
      clusterings: [["region"], ["region", "category"]],
      periodName: "week",
      carryOver: 0.25,
      seeds: 2_000,
      seed: 4,
    };
    const rows = tryDesigns(trial);
    expect(rows.map(({ kind }) => kind)).to.include.members(["units", "clusters", "switchback", "buyers"]);
    for (const { dealt, bias, simulatedBias, monteCarloError } of rows)
      expect(Math.abs(simulatedBias - bias), dealt).to.be.below(5 * monteCarloError + 1e-9);
    expect(present(rows[0], "units").bias).not.to.equal(0);
    expect(bestWithoutBias(rows)?.kind).to.equal("buyers");
    // Caps and payouts are the same for all buyers; and a few clusters or turns give no interval to speak of.
    const capped = tryDesigns({ ...trial, market: { ...market, differing: new Set(["traffic", "ordersPerDayMax"]) } });
    expect(bestWithoutBias(capped)).to.equal(undefined);
    const again = { ...trial, seeds: 50 };
    expect(tryDesigns(again)).to.deep.equal(tryDesigns(again));
  });
});

describe("the warning of interference", () => {
  const policies = wholeDesign.replace(
    "arms: { control: 50 %, gentle: 50 % }",
    "arms: { control: { share: 50 %, policy: seller-performance@1.0.0 }, gentle: { share: 50 %, policy: seller-performance@2.0.0 } }",
  );

  it("is on for every test of policies between entities, and names the design that would avoid it", async () => {
    const design = designOf(policies);
    const { interference } = analyse(
      design,
      await observed(design, "seller,arm,kept,orders,late,before,region\na,control,1,2,0,1,north\n"),
    );
    expect(interference?.state).to.equal("leaks");
    expect(interference?.cure).to.match(/'cluster: <column>'.*'switchback:'/);
    expect(interferenceWarning(designOf(wholeDesign))).to.equal(undefined);
  });

  it("is off where clusters or spans are dealt", () => {
    const dealt = policies.replace("{ recorded: true }", "{ salt: a, cluster: region }");
    expect(interferenceWarning(designOf(dealt))).to.equal(undefined);
  });

  it("is turned off by a reason alone, which then stands there", () => {
    const quiet = policies.replace("looks: once", "looks: once, interference: none because sellers share no buyers");
    expect(interferenceWarning(designOf(quiet))).to.deep.equal({
      state: "silenced",
      words: "The design takes it that no seller gains from what another loses: sellers share no buyers.",
      cure: "",
    });
    expect(() => designOf(policies.replace("looks: once", "looks: once, interference: none"))).to.throw(/turned off by a reason/);
  });
});
