/** Clusters that are not what they should be: one in two arms stops, a unit in two of them is in none, in whatever order rows come. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { analyse, dealing, sizeDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed } from "./designs.ts";

const text = (assignment: string, columns: string) => `experiment: by-market
title: By market
hypothesis: Something happens.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: ${assignment}
columns: ${columns}
metrics:
  gmv: { mean: gmv, role: primary, better: up, effect: 5 % of control }
plan: { looks: once }
`;

const recorded = designOf(text("{ recorded: true, cluster: market }", "{ unit: seller, arm: arm, day: day }"));
const dealt = designOf(text("{ salt: markets, cluster: market }", "{ unit: seller, day: day }"));

interface Row {
  readonly seller: string;
  readonly market: string;
  readonly day: number;
  readonly gmv: number;
}

/** 400 sellers of 40 markets on three days. */
const sellers: readonly Row[] = Array.from({ length: 400 }, (_, index) =>
  [1, 2, 3].map((day) => ({ seller: `s${index}`, market: `m${index % 40}`, day, gmv: (index * day) % 17 })),
).flat();

const armOf = (market: string): string => (Number(market.slice(1)) % 2 === 0 ? "control" : "gentle");

function csvOf(rows: readonly Row[], arm: (row: Row) => string = ({ market }) => armOf(market)): string {
  const lines = rows.map((row) => `${row.seller},${row.market},${arm(row)},2025-03-0${row.day},${row.gmv}`);
  return ["seller,market,arm,day,gmv", ...lines].join("\n");
}

/** Some sellers have another market on the last day. */
function moved(count: number): readonly Row[] {
  return sellers.map((row) =>
    row.day === 3 && Number(row.seller.slice(1)) < count ? { ...row, market: `m${Number(row.market.slice(1)) + 1}` } : row,
  );
}

describe("units in two clusters", () => {
  for (const [how, design] of [
    ["recorded", recorded],
    ["dealt by a rule", dealt],
  ] as const)
    it(`are in no arm where clusters are ${how}, are counted and named, and stop where they are many`, async () => {
      const [few, many] = [await observed(design, csvOf(moved(2))), await observed(design, csvOf(moved(8)))];
      expect(few.movedUnits).to.deep.equal({ count: 2, examples: ["s0 (m0, m1)", "s1 (m1, m2)"] });
      expect([few.crossovers, few.misassigned, few.splitClusters]).to.deep.equal([0, 0, undefined]);
      expect(few.clusterUnits?.reduce((sum, count) => sum + count, 0)).to.equal(398);
      // Those that did not move are as without the others.
      const rest = await observed(design, csvOf(sellers.filter(({ seller }) => !["s0", "s1"].includes(seller))));
      expect(few.arms).to.deep.equal(rest.arms);
      const check = (found: typeof few) => analyse(design, found).health.checks.find(({ name }) => name === "moved-units");
      expect(check(few)).to.include({
        state: "care",
        finding: "2 of 400 units have rows with more than one market: s0 (m0, m1), s1 (m1, m2). They are in no arm here.",
      });
      expect(check(many)?.state).to.equal("stop");
      expect(check(many)?.finding).to.include("8 of 400 units").and.to.include("and others");
      const turned = await observed(design, csvOf(moved(2).toReversed()));
      expect(turned).to.deep.equal(few);
    });

  it("are found where a file has no days, and in long form", async () => {
    const plain = designOf(text("{ salt: markets, cluster: market }", "{ unit: seller }"));
    const own = sellers.filter(({ day }) => day === 1);
    const wide = ["seller,market,gmv", ...own.map(({ seller, market, gmv }) => `${seller},${market},${gmv}`), "s7,m9,3"].join("\n");
    const long = [
      "seller,market,metric,value",
      ...own.map(({ seller, market, gmv }) => `${seller},${market},gmv,${gmv}`),
      "s7,m9,gmv,3",
    ].join("\n");
    for (const csv of [wide, long]) {
      const found = await observed(plain, csv);
      expect(found.movedUnits).to.deep.equal({ count: 1, examples: ["s7 (m7, m9)"] });
      expect([found.duplicates, found.replaced, found.units]).to.deep.equal([0, 0, 400]);
    }
  });

  it("are left out of a history as well", async () => {
    const [all, some] = [
      await observed(dealt, csvOf(sellers), { isHistory: true }),
      await observed(dealt, csvOf(moved(2)), { isHistory: true }),
    ];
    expect([all.clusterUnits?.[0], some.clusterUnits?.[0], some.movedUnits?.count]).to.deep.equal([400, 398, 2]);
    expect(sizeDesign(dealt, some)).to.have.length(1);
  });
});

describe("clusters in two arms", () => {
  it("stop where they were dealt elsewhere, by a single row of one of their units, and are named", async () => {
    const torn = csvOf(sellers, ({ seller, market, day }) => (seller === "s47" && day === 2 ? "control" : armOf(market)));
    const found = await observed(recorded, torn);
    expect(found.splitClusters).to.deep.equal({ count: 1, examples: ["m7"] });
    expect([found.crossovers, found.clusterUnits?.reduce((sum, count) => sum + count, 0)]).to.deep.equal([10, 390]);
    const { health, recommendations } = analyse(recorded, found);
    const check = present(
      health.checks.find(({ name }) => name === "crossovers"),
      "a check",
    );
    expect([check.state, check.title]).to.deep.equal(["stop", "Clusters in two arms"]);
    expect(check.finding).to.equal("1 value of market was seen in more than one arm: m7. Their 10 of 400 units are in no arm here.");
    expect(recommendations[0]?.decision).to.equal("hold");
  });

  it("by a rule are those whose recorded arm is another: their units are in the wrong arm", async () => {
    const checked = designOf(text("{ salt: markets, cluster: market }", "{ unit: seller, arm: arm, day: day }"));
    const deal = dealing(checked);
    const name = (market: string): string => (deal(market).arm === 1 ? "gentle" : "control");
    const csv = csvOf(sellers, ({ seller, market }) =>
      seller === "s47" ? (name(market) === "gentle" ? "control" : "gentle") : name(market),
    );
    const found = await observed(checked, csv);
    expect([found.misassigned, found.crossovers, found.splitClusters]).to.deep.equal([1, 0, undefined]);
  });
});
