/** Behavioural scenarios and harm: hand-worked markets, laws, closed forms, and a market that NumPy computed. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { lastDayOf, packagePath } from "../../data/foundation/index.ts";
import type { Consequences } from "../../policies/language/index.ts";
import { compare, readAssumptions, type SalesImpact, type SalesScenario } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { firstPeriod, label, letterPolicy, panelOf, type SmallMarket, type SmallSeller, source } from "./small-market.ts";

/** gold, standard, watch, restricted. */
const consequences: readonly Consequences[] = [
  { traffic: 1.2, fee: 0.1 },
  { fee: 0.1 },
  { traffic: 0.8, fee: 0.1 },
  { traffic: 0, ordersPerDayMax: 50 },
];

/** A file in which every scenario assumes the same, unless `term` says more. */
function assume(terms: {
  total?: "held" | "free";
  near?: number;
  elasticity?: string;
  displacement?: string;
  improvement?: string;
  spread?: string;
}) {
  const same = (value: string) => `{ about: a, source: b, low: ${value}, central: ${value}, high: ${value} }`;
  const text = [
    "assumptions: test",
    "title: Test",
    `total_traffic: ${terms.total ?? "free"}`,
    `near_points: ${terms.near ?? 0}`,
    `traffic_elasticity: ${same(terms.elasticity ?? "0")}`,
    `displacement: ${same(terms.displacement ?? "0")}`,
    `improvement: ${same(terms.improvement ?? "0")}`,
    `day_spread: ${same(terms.spread ?? "0")}`,
  ].join("\n");
  const { assumptions, diagnostics } = readAssumptions(text, "test.yaml");
  if (assumptions === undefined) throw new Error(JSON.stringify(diagnostics));
  return assumptions;
}

function run(
  market: SmallMarket,
  assumptions: ReturnType<typeof assume>,
  options: { swapped?: boolean; replicates?: number } = {},
): SalesImpact {
  const [baseline, candidate] = [letterPolicy("baseline", { consequences }), letterPolicy("candidate", { consequences })];
  const [found] = compare({
    baseline: options.swapped === true ? candidate : baseline,
    candidates: [options.swapped === true ? baseline : candidate],
    panel: panelOf(market),
    seed: 5,
    replicates: options.replicates ?? 100,
    assumptions,
  }).candidates;
  if (found?.sales === undefined) throw new Error("no sales");
  return found.sales;
}

function scenario(sales: SalesImpact, name: SalesScenario["name"] = "central"): SalesScenario {
  const found = sales.scenarios.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

function numberIn(estimated: Estimated | undefined): number | undefined {
  return estimated?.kind === "estimate" ? estimated.value : undefined;
}

const two: SmallMarket = {
  sellers: {
    down: { baseline: "s", candidate: "w", gmv: [100_000], orders: [10] },
    same: { baseline: "s", candidate: "s", gmv: [300_000], orders: [700] },
  },
};

describe("a scenario worked by hand", () => {
  it("free traffic: 0.8 of it at elasticity 1 loses a fifth, of which half moves to the other", () => {
    const sales = run(two, assume({ elasticity: "1", displacement: "0.5" }));
    expect(scenario(sales).steps.map(({ value }) => value)).to.deep.equal([0, -20_000, 0, 10_000, 0]);
    expect(numberIn(scenario(sales).change)).to.equal(-10_000);
    expect(numberIn(scenario(sales).revenue)).to.equal(-1000);
    expect(scenario(sales)).to.include({ winners: 1, losers: 1 });
    expect(scenario(sales).bands.map(({ change }) => change)).to.deep.equal([-20_000, 0, 0, 10_000]);
  });

  it("held traffic at elasticity 1 only moves sales", () => {
    // All traffic is 4000 of 3800: the one makes 800 x 20 / 19, the other 3000 x 20 / 19.
    const sales = run(two, assume({ total: "held", elasticity: "1", displacement: "0.5" }));
    expect(scenario(sales).steps.map(({ value }) => value)).to.deep.equal([0, -20_000, 20_000, 0, 0]);
    expect(scenario(sales).bands.map(({ change }) => change)).to.deep.equal([-15_789, 0, 0, 15_789]);
  });

  it("of each seller's own treatment: nothing that others lose comes to it, whether traffic is held or free", () => {
    for (const total of ["held", "free"] as const) {
      const sales = run(two, assume({ total, elasticity: "1", displacement: "0.5" }));
      expect(numberIn(scenario(sales).own)).to.equal(-20_000);
      // A tenth of what it no longer sells, and nothing on what moves to the other.
      expect(numberIn(scenario(sales).ownRevenue)).to.equal(-2_000);
    }
    const near = run(two, assume({ total: "held", elasticity: "1", improvement: "0.25", near: 30 }));
    expect(numberIn(scenario(near).own)).to.equal(-15_000);
    const itself: SmallMarket = { sellers: { same: { baseline: "w", candidate: "w", gmv: [100_000], orders: [10] } } };
    expect(numberIn(scenario(run(itself, assume({ elasticity: "1" }))).own)).to.equal(0);
  });

  it("held traffic at elasticity 0.5: 1000 sqrt(16 / 19) + 3000 sqrt(20 / 19) less 4000", () => {
    const sales = run(two, assume({ total: "held", elasticity: "0.5" }));
    expect(numberIn(scenario(sales).change)).to.equal(Math.round(100_000 * Math.sqrt(16 / 19) + 300_000 * Math.sqrt(20 / 19) - 400_000));
  });

  it("measures from the traffic that was really in force: who sold 1000 at 0.8 sells 1250 at 1", () => {
    const market = { sellers: { a: { baseline: "w", candidate: "s", gmv: [100_000], orders: [1], assigned: "w" } } };
    expect(numberIn(scenario(run(market, assume({ elasticity: "1" }))).change)).to.equal(25_000);
    const unknown = { sellers: { a: { ...market.sellers.a, assigned: "-" }, b: { baseline: "s", candidate: "s", assigned: "s" } } };
    expect(numberIn(scenario(run(unknown, assume({ elasticity: "1" }))).change)).to.equal(20_000);
  });

  it("keeps what those near the line would lose, by the share that improves", () => {
    // Scores: standard 50, watch 75: 25 points apart. Higher letters score higher, so that worse is higher.
    const near = run(two, assume({ elasticity: "1", improvement: "0.25", near: 30 }));
    expect(scenario(near).steps.map(({ value }) => value)).to.deep.equal([0, -20_000, 0, 0, 5000]);
    const far = run(two, assume({ elasticity: "1", improvement: "0.25", near: 20 }));
    expect(scenario(far).steps.at(-1)?.value).to.equal(0);
  });

  it("takes caps part of the way from the fewest to the most, and nobody reacts in 'none'", () => {
    // 700 orders a week under 50 a day: 350 to 650 go, of 3000.00. No traffic is a zero that nobody reacts to at elasticity 0.
    const market = { sellers: { same: { baseline: "s", candidate: "r", gmv: [300_000], orders: [700] } } };
    const sales = run(market, assume({ spread: "0.2" }));
    expect(scenario(sales, "none").steps.map(({ value }) => value)).to.deep.equal([-175_714, 0, 0, 0, 0]);
    expect(numberIn(scenario(run(market, assume({ elasticity: "1", spread: "0.2" }))).change)).to.equal(-300_000);
  });
});

describe("laws of scenarios", () => {
  const letters = fc.string({ unit: fc.constantFrom("g", "s", "w", "r", "u"), minLength: 4, maxLength: 4 });
  const seller: fc.Arbitrary<SmallSeller> = fc.record({
    baseline: letters,
    candidate: letters,
    assigned: letters,
    gmv: fc.array(fc.nat(1_000_000), { minLength: 4, maxLength: 4 }),
    orders: fc.array(fc.nat(340), { minLength: 4, maxLength: 4 }),
  });
  const market = (most: number) =>
    fc
      .array(seller, { minLength: 1, maxLength: most })
      .map((sellers) => ({ sellers: Object.fromEntries(sellers.map((one, index) => [`s${String(index).padStart(2, "0")}`, one])) }));
  const spreads = { elasticity: "{ triangular: [0.4, 0.7, 1] }", displacement: "{ beta: [9, 11] }", spread: "0.3" } as const;
  const assumptions = [
    assume({ ...spreads, total: "free", improvement: "0.5", near: 30 }),
    assume({ ...spreads, total: "held", improvement: "0.5", near: 30 }),
  ];

  it("steps and bands sum to the change, to the minor unit", () => {
    fc.assert(
      fc.property(market(9), fc.constantFrom(...assumptions), (small, assumed) => {
        for (const { steps, bands, change, winners, losers } of run(small, assumed).scenarios) {
          const total = numberIn(change) ?? 0;
          expect(steps.reduce((sum, { value }) => sum + value, 0)).to.equal(total);
          expect(bands.reduce((sum, band) => sum + band.change, 0)).to.equal(total);
          expect(bands.reduce((sum, band) => sum + band.winners, 0)).to.equal(winners);
          expect(bands.reduce((sum, band) => sum + band.losers, 0)).to.equal(losers);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("a policy against itself changes nothing, whatever is assumed", () => {
    fc.assert(
      fc.property(market(9), fc.constantFrom(...assumptions), (small, assumed) => {
        const same = {
          sellers: Object.fromEntries(Object.entries(small.sellers).map(([name, one]) => [name, { ...one, candidate: one.baseline }])),
        };
        const { scenarios, mechanical } = run(same, assumed);
        for (const { steps, change, winners, losers, variance } of scenarios) {
          expect(steps.every(({ value }) => value === 0)).to.equal(true);
          expect(change).to.include({ kind: "estimate", value: 0 }).and.to.not.have.property("interval");
          expect([winners, losers, variance.length]).to.deep.equal([0, 0, 0]);
        }
        if (mechanical.caps?.kind === "range")
          expect([numberIn(mechanical.caps.change.lowest), numberIn(mechanical.caps.change.highest)]).to.deep.equal([0, 0]);
      }),
      { numRuns: 25 },
    );
  });

  it("a swap flips changes, where nobody improves: improvement answers a change, and has a direction", () => {
    const still = [assume({ ...spreads, total: "free" }), assume({ ...spreads, total: "held" })];
    fc.assert(
      fc.property(market(9), fc.constantFrom(...still), (small, assumed) => {
        // The tiers really in force have the consequences of the baseline's tier of that name; both policies here have the same.
        const [there, back] = [run(small, assumed), run(small, assumed, { swapped: true })];
        for (const [index, one] of there.scenarios.entries()) {
          const other = back.scenarios[index];
          expect(other?.steps.map(({ value }) => value)).to.deep.equal(one.steps.map(({ value }) => (value === 0 ? 0 : -value)));
          expect([other?.winners, other?.losers]).to.deep.equal([one.losers, one.winners]);
        }
        const [a, b] = [there.mechanical, back.mechanical];
        if (a.caps?.kind === "range" && b.caps?.kind === "range")
          expect(numberIn(b.caps.change.lowest)).to.equal(-(numberIn(a.caps.change.highest) ?? 0) || 0);
        expect(numberIn(b.revenue?.fees)).to.equal(-(numberIn(a.revenue?.fees) ?? 0) || 0);
        expect(b.revenue?.total).to.deep.equal({
          lowest: -(a.revenue?.total.highest ?? 0) || 0,
          highest: -(a.revenue?.total.lowest ?? 0) || 0,
        });
      }),
      { numRuns: 25 },
    );
  });

  it("is the same bytes whatever the chunks and the order of sellers", () => {
    fc.assert(
      fc.property(market(20), fc.integer({ min: 1, max: 6 }), (small, chunkEntities) => {
        const reversed = { ...small, sellers: Object.fromEntries(Object.entries(small.sellers).reverse()), chunkEntities };
        const [assumed] = assumptions;
        if (assumed === undefined) return;
        expect(JSON.stringify(run(reversed, assumed))).to.equal(JSON.stringify(run(small, assumed)));
      }),
      { numRuns: 3 },
    );
  });
});

describe("uncertainty of a scenario", () => {
  it("shares of variance are those of the closed form", () => {
    // All of what the restricted sell is lost, and a share d of it moves: change = -L (1 - d), L and d independent.
    const gmv = Array.from({ length: 200 }, (_, i) => 1000 + ((i * 7919) % 9000));
    const sellers = Object.fromEntries(
      gmv.map((amount, i) => [
        `s${String(i).padStart(3, "0")}`,
        { baseline: "s", candidate: i % 10 === 0 ? "r" : "s", gmv: [amount], orders: [1] },
      ]),
    );
    const { variance } = scenario(run({ sellers }, assume({ elasticity: "1", displacement: "{ beta: [4, 6] }" }), { replicates: 1000 }));
    const lost = gmv.map((amount, i) => (i % 10 === 0 ? amount : 0));
    const total = lost.reduce((sum, one) => sum + one, 0);
    const varianceOfLost = lost.reduce((sum, one) => sum + (one - total / 200) ** 2, 0);
    const [mean, varianceOfKept] = [0.6, (4 * 6) / (100 * 11)];
    const parts = [mean ** 2 * varianceOfLost, total ** 2 * varianceOfKept, varianceOfLost * varianceOfKept];
    const all = parts.reduce((sum, part) => sum + part, 0);
    const shareOf = (name: string) => variance.find((one) => one.source === name)?.share ?? Number.NaN;
    expect(shareOf("sellers")).to.be.closeTo((parts[0] ?? 0) / all, 0.05);
    expect(shareOf("displacement")).to.be.closeTo((parts[1] ?? 0) / all, 0.05);
    expect(shareOf("together")).to.be.closeTo((parts[2] ?? 0) / all, 0.05);
    expect([shareOf("traffic_elasticity"), shareOf("improvement"), shareOf("day_spread")]).to.deep.equal([0, 0, 0]);
    expect(variance.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-12);
  });

  const { cases } = JSON.parse(readFileSync(packagePath("test", "comparison", "references", "sales.json"), "utf8")) as {
    cases: readonly { totalTraffic: "held" | "free"; point: number; deviation: number; lower: number; upper: number }[];
  };
  for (const reference of cases) {
    it(`agrees with NumPy, sellers drawn with replacement: ${reference.totalTraffic} traffic`, () => {
      const sellers = Object.fromEntries(
        Array.from({ length: 240 }, (_, i) => {
          const [baseline, candidate] = [i % 4 === 1 ? "w" : i % 8 === 2 ? "g" : "s", i % 4 === 0 ? "w" : i % 8 === 2 ? "g" : "s"];
          const gmv = [1000 + ((i * i * 7919) % 100_003)];
          return [`s${String(i).padStart(3, "0")}`, { baseline, candidate, gmv, orders: [1], assigned: i % 3 === 0 ? baseline : "-" }];
        }),
      );
      const assumed = assume({
        total: reference.totalTraffic,
        elasticity: "{ triangular: [0.4, 0.7, 1] }",
        displacement: "{ beta: [9, 11] }",
      });
      const { change } = scenario(run({ sellers }, assumed, { replicates: 1000 }));
      if (change.kind !== "estimate") throw new Error(change.reason);
      expect(change.value).to.be.closeTo(reference.point, 0.51);
      // 4,000 draws know a 2.5 % point to about 4 % of the standard deviation, 1,000 replicates to about 8 %.
      expect(change.interval?.lower).to.be.closeTo(reference.lower, 0.25 * reference.deviation);
      expect(change.interval?.upper).to.be.closeTo(reference.upper, 0.25 * reference.deviation);
    });
  }
});

describe("harm reached earlier", () => {
  const sources = [source("bad", { horizonDays: 14, lagDays: 0 })];
  const weeks = (value: number) => Array.from({ length: 8 }, () => value);
  // Labels are about the end of the third week; the candidate acts then, the baseline two weeks later, or never.
  const market: SmallMarket = {
    sellers: {
      caught: { baseline: "sssswwww", candidate: "sswwwwww", gmv: weeks(1000), orders: weeks(10) },
      unseen: { baseline: "ssssssss", candidate: "sswwwwww", gmv: weeks(500), orders: weeks(5) },
      innocent: { baseline: "ssssssss", candidate: "sswwwwww", gmv: weeks(2000), orders: weeks(20) },
      unknown: { baseline: "ssssssss", candidate: "sswwwwww", gmv: weeks(300), orders: weeks(3) },
      released: { baseline: "wwwwwwww", candidate: "wwssssww", gmv: weeks(400), orders: weeks(4) },
    },
    sources,
    outcomes: [label("caught", "bad", 2, 1), label("unseen", "bad", 2, 1), label("innocent", "bad", 2, 0), label("released", "bad", 2, 1)],
    knownAt: lastDayOf("week", firstPeriod + 7),
  };
  const sales = run(market, assume({ elasticity: "1" }));
  const { harm } = sales;

  it("counts orders of harmful sellers until the other policy acts, over four weeks at most", () => {
    expect(harm).to.include({ at: "2023-09-17", windowTo: "2023-10-15" });
    expect(harm?.newlyAdverse).to.deep.equal({
      entities: 4,
      harmful: 2,
      fine: 1,
      unlabelled: 1,
      orders: 20 + 20,
      gmv: 2000 + 2000,
      lead: { median: 2, restrictedLater: 1, never: 1 },
    });
    expect(harm?.released).to.include({ entities: 1, harmful: 1, orders: 16, gmv: 1600 });
    expect([numberIn(harm?.orders), numberIn(harm?.gmv)]).to.deep.equal([24, 2400]);
  });

  it("breaks even where the sales lost equal the bad orders prevented times their worth", () => {
    // A fifth is lost of 4 weeks of the four, and a fifth of the released's 1600 x 1 / 0.8... won back: without a tier in force, 1600 x 0.2.
    const found = harm?.breakEven.find(({ scenario: name }) => name === "central");
    const lost = 0.2 * 4 * (1000 + 500 + 2000 + 300 - 400);
    const prevented = 0.2 * 4 * (10 + 5 - 4);
    expect(found?.change).to.equal(-lost);
    expect(found?.ordersPrevented).to.be.closeTo(prevented, 1e-9);
    expect(numberIn(found?.value)).to.be.closeTo(lost / prevented, 1e-9);
  });

  it("gives no break-even where nothing is prevented, and says why", () => {
    const none = harm?.breakEven.find(({ scenario: name }) => name === "none");
    expect(none?.value).to.include({ kind: "undetermined", reason: "no bad order is prevented" });
  });

  it("counts the bad orders that a cap turns away, less those that move to other harmful sellers", () => {
    // 50 a day leave half of 700 a week; half of what is turned away goes to the two others, by their sales.
    const capped: SmallMarket = {
      sellers: {
        caught: { baseline: "ssssssss", candidate: "ssrrrrrr", gmv: weeks(1000), orders: weeks(700) },
        crook: { baseline: "ssssssss", candidate: "ssssssss", gmv: weeks(1000), orders: weeks(10) },
        innocent: { baseline: "ssssssss", candidate: "ssssssss", gmv: weeks(1000), orders: weeks(10) },
      },
      sources,
      outcomes: [label("caught", "bad", 2, 1), label("crook", "bad", 2, 1), label("innocent", "bad", 2, 0)],
      knownAt: lastDayOf("week", firstPeriod + 7),
    };
    const found = run(capped, assume({ displacement: "0.5" })).harm?.breakEven;
    const [none, central] = ["none", "central"].map((name) => found?.find(({ scenario: one }) => one === name));
    expect(none).to.include({ change: -2000, ordersPrevented: 1400 });
    expect(central?.change).to.equal(-1000);
    expect(central?.ordersPrevented).to.be.closeTo(1400 - 5, 1e-9);
    expect(numberIn(central?.value)).to.be.closeTo(1000 / 1395, 1e-12);
  });

  it("is absent without labels", () => {
    expect(run(two, assume({}))).to.not.have.property("harm");
  });
});

describe("a file of assumptions", () => {
  const shipped = readFileSync(packagePath("policies", "library", "behaviour.yaml"), "utf8");
  const faultsOf = (text: string) =>
    readAssumptions(text, "a.yaml").diagnostics.map(({ code, place, message }) => [code, place?.line, message]);

  it("ships, and every assumption says where it comes from", () => {
    const { assumptions, diagnostics } = readAssumptions(shipped, "behaviour.yaml");
    expect(diagnostics).to.deep.equal([]);
    for (const { source: from } of Object.values(assumptions?.terms ?? {})) expect(from.length).to.be.greaterThan(60);
  });

  const faults: readonly (readonly [string, string, string, string])[] = [
    ["a field that there is not", "near_points: 2", "near_pionts: 2", "unknown-key"],
    ["a text where a number is meant", "low: 0\n", "low: none\n", "wrong-shape"],
    ["a share beyond 1", "low: 0\n", "low: 1.5\n", "out-of-range"],
    ["numbers that do not ascend", "[0.4, 0.7, 1]", "[0.7, 0.4, 1]", "out-of-range"],
    ["two numbers where three are meant", "[0.4, 0.7, 1]", "[0.4, 0.7]", "wrong-shape"],
    ["a key twice", "total_traffic: held", "total_traffic: held\ntotal_traffic: free", "duplicate-key"],
    ["a word that is no choice", "total_traffic: held", "total_traffic: kept", "wrong-shape"],
    ["an alias", "low: { beta: [14, 6] }", "low: *x", "yaml-feature"],
    ["no YAML at all", "assumptions:", "assumptions: [", "yaml-syntax"],
  ];
  for (const [name, from, to, code] of faults) {
    it(`is refused at its line: ${name}`, () => {
      const text = shipped.replace(from, to);
      const [fault] = faultsOf(text);
      expect(fault?.[0]).to.equal(code);
      if (code !== "yaml-syntax")
        expect(text.split("\n")[(fault?.[1] as number) - 1]).to.include(to.trim().split("\n").at(-1)?.split(":")[0]);
    });
  }

  it("says which part is missing, and suggests the near name", () => {
    expect(faultsOf("assumptions: a\ntitle: b\n").map(([code]) => code)).to.deep.equal([
      "missing-key",
      "missing-key",
      "missing-key",
      "missing-key",
    ]);
    expect(readAssumptions(shipped.replace("near_points", "near_pionts"), "a.yaml").diagnostics[0]?.near).to.equal("near_points");
  });
});
