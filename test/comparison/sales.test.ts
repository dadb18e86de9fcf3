/** Mechanical effects on sales: a market small enough to count by hand, and bounds against every way in which orders can lie. */
import { expect } from "chai";
import fc from "fast-check";
import { randomStream } from "../../data/foundation/index.ts";
import type { Consequences } from "../../policies/language/index.ts";
import { compare, type SalesImpact } from "../../simulations/comparison/index.ts";
import { noDrawReason } from "../../simulations/comparison/no-draw.ts";
import type { ComparisonPlan } from "../../simulations/comparison/plan.ts";
import { entityDrawOf, recordedTotals } from "../../simulations/comparison/recorded.ts";
import { removedBetween, shareOfAmount } from "../../simulations/comparison/sales/cap-range.ts";
import { letterPolicy, panelOf, type SmallMarket } from "./small-market.ts";

/** gold, standard, watch, restricted: traffic, fees, payout days and a cap. */
const consequences: readonly Consequences[] = [
  { traffic: 1.2, fee: 0.05, payoutDays: 1 },
  { fee: 0.05, payoutDays: 3 },
  { traffic: 0.8, fee: 0.08, payoutDays: 5 },
  { traffic: 0.5, fee: 0.08, payoutDays: 8, ordersPerDayMax: 50 },
];

function salesOf(market: SmallMarket, terms = consequences): SalesImpact {
  const [candidate] = compare({
    baseline: letterPolicy("baseline", { consequences: terms }),
    candidates: [letterPolicy("candidate", { consequences: terms })],
    panel: panelOf(market),
    seed: 1,
    replicates: 200,
  }).candidates;
  if (candidate?.sales === undefined) throw new Error("no sales");
  return candidate.sales;
}

describe("what a cap a day removes of a period", () => {
  /** Every way in which so many orders can lie over the days, none with more than `most`. */
  function* ways(orders: number, days: number, most: number): Generator<readonly number[]> {
    if (days === 1) {
      if (orders <= most) yield [orders];
      return;
    }
    for (let first = 0; first <= Math.min(orders, most); first++)
      for (const rest of ways(orders - first, days - 1, most)) yield [first, ...rest];
  }

  it("is, at its extremes, what the best and the worst way of all give", () => {
    const cap = fc.oneof(fc.nat(6), fc.constant(Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(fc.nat(11), fc.integer({ min: 1, max: 3 }), cap, cap, cap, (orders, days, one, other, inForce) => {
        fc.pre(orders <= days * inForce);
        const [lower, higher] = [Math.min(one, other), Math.max(one, other)];
        const found = [...ways(orders, days, inForce)].map((day) =>
          day.reduce((sum, count) => sum + Math.min(count, higher) - Math.min(count, lower), 0),
        );
        const range = removedBetween({ orders, days, lower, higher, inForce });
        expect(range).to.deep.equal({ fewest: Math.min(...found), most: Math.max(...found) });
      }),
      { numRuns: 2000 },
    );
  });

  it("is exact by the day", () => {
    expect(
      removedBetween({ orders: 80, days: 1, lower: 50, higher: Number.POSITIVE_INFINITY, inForce: Number.POSITIVE_INFINITY }),
    ).to.deep.equal({
      fewest: 30,
      most: 30,
    });
  });

  it("holds the truth by the day where weekly totals spread evenly show a sixth of it", () => {
    // Sellers of about 38 orders a day with busy and quiet days: a cap of 50 a day bites on the busy ones.
    const stream = randomStream(11, "busy and quiet days");
    const none = Number.POSITIVE_INFINITY;
    let [orders, truth, fewest, most] = [0, 0, 0, 0];
    for (let week = 0; week < 2000; week++) {
      const days = Array.from({ length: 7 }, () => stream.poisson(30 * Math.exp(0.7 * stream.normal())));
      const total = days.reduce((sum, day) => sum + day, 0);
      const range = removedBetween({ orders: total, days: 7, lower: 50, higher: none, inForce: none });
      orders += total;
      truth += days.reduce((sum, day) => sum + Math.max(0, day - 50), 0);
      fewest += range.fewest;
      most += range.most;
    }
    expect(fewest / orders).to.be.within(0.025, 0.045);
    expect(truth / orders).to.be.within(0.17, 0.21);
    expect([fewest <= truth, truth <= most]).to.deep.equal([true, true]);
  });

  it("rounds shares of an amount exactly, halves away from 0, at any size", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(10_000), fc.integer({ min: 1, max: 10_000 }), (amount, part, whole) => {
        fc.pre(part <= whole);
        const exact = BigInt(amount) * BigInt(part);
        const size = exact < 0n ? -exact : exact;
        const rounded = Number((2n * size + BigInt(whole)) / (2n * BigInt(whole)));
        expect(shareOfAmount(amount, part, whole)).to.equal(exact < 0n ? -rounded || 0 : rounded);
      }),
    );
  });
});

describe("mechanical effects", () => {
  // Four whole weeks; 420 orders a week are 60 a day if spread evenly.
  const weeks = (value: number) => [0, 0, value, value, value, value];
  const { mechanical, inForce, total } = salesOf({
    sellers: {
      capped: { baseline: "ssssss", candidate: "ssssrr", gmv: weeks(4201), orders: weeks(420), assigned: "ssssss" },
      freed: { baseline: "rrrrrr", candidate: "ssssss", gmv: weeks(7000), orders: weeks(140), assigned: "rrrrrr" },
      fee: { baseline: "ssssss", candidate: "ssssww", gmv: weeks(999), orders: weeks(10), assigned: "----gg" },
      same: { baseline: "gggggg", candidate: "gggggg", gmv: weeks(100_000), orders: weeks(1), assigned: "------" },
    },
  });
  const values = (estimates: readonly { readonly kind: string }[]) => estimates.map((one) => ("value" in one ? one.value : one.kind));

  it("sums the window of everyone in the frame", () => {
    expect(total).to.equal(4 * (4201 + 7000 + 999 + 100_000));
  });

  it("takes from weekly orders what a cap of 50 a day removes at least and at most, at the week's average value", () => {
    // Evenly 70 of 420 a week, all on one day 370: 4201 x 70 / 420 = 700.17, 4201 x 370 / 420 = 3700.88.
    const { caps } = mechanical;
    if (caps?.kind !== "range") throw new Error("no range");
    expect(caps.candidate).to.deep.equal({ lowest: -4 * 3701, highest: -4 * 700 });
    expect(values([caps.change.lowest, caps.change.highest])).to.deep.equal([-14_804, -2800]);
  });

  it("takes nothing from a seller who was really under the same cap, and says that what a lifted cap frees is unknown", () => {
    const { caps } = mechanical;
    expect(caps).to.deep.include({ kind: "range", baseline: { lowest: 0, highest: 0 }, entities: 1 });
    expect(inForce).to.deep.equal({
      entities: 4,
      unknown: 2,
      capped: { entities: 1, gmv: 28_000 },
      lifted: { baseline: 0, candidate: 1 },
      beyondCap: 0,
    });
  });

  it("gives platform revenue as GMV times the difference of fees, and takes the fee off what caps remove", () => {
    // Fees: capped 16,804 x 3 %, freed 28,000 x -3 %, fee 3996 x 3 %; rounded a seller: (1344 - 840) + (1400 - 2240) + (320 - 200).
    const { revenue } = mechanical;
    expect(values([revenue?.fees ?? { kind: "" }])).to.deep.equal([504 - 840 + 120]);
    expect(revenue?.capped).to.deep.equal({ lowest: -1184, highest: -224 });
    expect(revenue?.total).to.deep.equal({ lowest: -216 - 1184, highest: -216 - 224 });
  });

  it("gives each policy's fees against those really in force, none where these are not known", () => {
    // In force: capped 5 % of 16,804 by week (4 x 210), freed 8 % of 28,000, fee 5 % of two weeks (2 x 50), same unknown.
    const really = 840 + 2240 + 100;
    const baseline = 840 + 2240 + 200 + 20_000;
    expect(mechanical.revenue).to.include({ baseline: baseline - really, candidate: baseline - really - 216, unstated: 0 });
  });

  it("gives payout holds as cash-days", () => {
    // Days: 3 to 8, 8 to 3, 3 to 5.
    expect(values([mechanical.holds?.change ?? { kind: "" }])).to.deep.equal([16_804 * 5 - 28_000 * 5 + 3996 * 2]);
  });

  it("is exactly nothing for a policy against itself", () => {
    const market: SmallMarket = {
      sellers: { a: { baseline: "rrrr", candidate: "rrrr", gmv: [5, 5, 5, 5], orders: [900, 900, 900, 900] } },
    };
    const { mechanical: none } = salesOf(market);
    if (none.caps?.kind !== "range") throw new Error("no range");
    expect(values([none.caps.change.lowest, none.caps.change.highest])).to.deep.equal([0, 0]);
    expect(none.caps.baseline.lowest).to.be.lessThan(0);
    expect(none.revenue?.total).to.deep.equal({ lowest: 0, highest: 0 });
  });

  it("lets a cap that was evidently not kept bound nothing", () => {
    const { inForce: really } = salesOf({
      sellers: { a: { baseline: "rrrr", candidate: "rrrr", gmv: [5, 5, 5, 5], orders: [351, 0, 0, 0], assigned: "rrrr" } },
    });
    expect(really).to.include({ beyondCap: 1 });
  });
});

describe("intervals under peer benchmarks", () => {
  it("are not given: another draw of entities would move the cut-offs", () => {
    const policies = (...comparesPeers: boolean[]) => ({ comparesPeers }) as unknown as ComparisonPlan;
    expect(noDrawReason(policies(false, true, false), 0)).to.include("cut-offs another draw of entities would move");
    expect(noDrawReason(policies(true, false, false), 1)).to.be.a("string");
    expect(noDrawReason(policies(false, true, false), 1)).to.equal(undefined);
    const columns = [Float64Array.from({ length: 40 }, (_, index) => index)];
    const [total] = recordedTotals(columns, 50, entityDrawOf(policies(true, false), 0));
    expect(total).to.include({ kind: "estimate", value: 780 }).and.to.not.have.property("interval");
  });
});
