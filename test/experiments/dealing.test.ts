/** Rules of assignment: holdouts, layers, ramps, overrides, clusters, and lists that are balanced on what is known. */
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import { analyse, dealing, dealList, type ExperimentDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed, wholeDesign } from "./designs.ts";

const units = Array.from({ length: 20_000 }, (_, index) => `S${String(index).padStart(7, "0")}`);
const dealt = (lines: string): ExperimentDesign => designOf(wholeDesign.replace("assignment: { recorded: true }", `assignment: ${lines}`));
const armsBy = (lines: string) => {
  const deal = dealing(dealt(lines));
  return units.map((unit) => deal(unit));
};
const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;

describe("a rule of assignment", () => {
  it("keeps the same units out of every experiment of a holdout, independently of its arms", () => {
    const [one, two] = ["a", "b"].map((salt) => armsBy(`{ salt: ${salt}, holdout: { name: all, share: 5 % } }`));
    const heldOut = (list: typeof one) => present(list, "arms").map(({ setAside }) => setAside === "holdout");
    expect(heldOut(one)).to.deep.equal(heldOut(two));
    expect(share(heldOut(one))).to.be.closeTo(0.05, 0.006);
    const inside = present(one, "arms").filter(({ setAside }) => setAside === undefined);
    expect(share(inside.map(({ arm }) => arm === 1))).to.be.closeTo(0.5, 0.015);
  });

  it("shares no unit between parts of a layer that do not overlap, and all units among them", () => {
    const [low, high] = [
      armsBy("{ salt: a, layer: { name: policy, from: 0 %, to: 30 % } }"),
      armsBy("{ salt: b, layer: { name: policy, from: 30 %, to: 100 % } }"),
    ];
    for (const [index, { setAside }] of low.entries())
      expect((setAside === undefined) !== (high[index]?.setAside === undefined)).to.equal(true);
    expect(share(low.map(({ setAside }) => setAside === undefined))).to.be.closeTo(0.3, 0.015);
    // Another layer is independent of this one.
    const other = armsBy("{ salt: a, layer: { name: pricing, from: 0 %, to: 50 % } }");
    const both = low.map(({ setAside }, index) => setAside === undefined && other[index]?.setAside === undefined);
    expect(share(both)).to.be.closeTo(0.15, 0.012);
  });

  for (const algorithm of ["sha256-1", "growthbook-2"]) {
    it(`moves no unit while a ramp grows, by ${algorithm}`, () => {
      const steps = [1, 20, 60, 100].map((ramp) => armsBy(`{ salt: a, algorithm: ${algorithm}, ramp: ${ramp} % }`));
      for (const [step, list] of steps.entries()) {
        for (const [index, { arm, setAside }] of list.entries()) {
          if (setAside === undefined) expect(steps[step + 1]?.[index]?.arm ?? arm).to.equal(arm);
          else expect(setAside).to.equal("not ramped yet");
        }
        expect(share(list.map(({ arm }) => arm === 1))).to.be.closeTo(present([0.01, 0.2, 0.6, 1][step], "a ramp") / 2, 0.013);
      }
    });
  }

  it("puts units by hand where it is told to, in no analysis", () => {
    const deal = dealing(dealt("{ salt: a, ramp: 0 %, holdout: { name: all, share: 100 % }, overrides: { S0000001: gentle } }"));
    expect(deal("S0000001")).to.deep.equal({ arm: 1, setAside: "override" });
    expect(deal("S0000002")).to.deep.equal({ arm: -1, setAside: "holdout" });
  });

  it("asks for care where units were put in an arm by hand", async () => {
    const design = dealt("{ salt: a, overrides: { s1: gentle } }");
    const csv = ["seller,kept,orders,late,before,region", ...["s1", "s2", "s3"].map((unit) => `${unit},1,5,1,5,north`)].join("\n");
    const check = analyse(
      { ...design, columns: { unit: "seller" } },
      await observed({ ...design, columns: { unit: "seller" } }, csv),
    ).health.checks.find(({ name }) => name === "set-aside");
    expect([check?.state, check?.finding]).to.deep.equal(["care", "1 of 3 units are in no arm: 1 override."]);
  });

  it("deals a unit of a switchback anew in every span, and holds it out as a whole", () => {
    const design = designOf(
      wholeDesign
        .replace(
          "assignment: { recorded: true }",
          "assignment: { salt: a, switchback: { every: 1 week, washout: 1 day }, holdout: { name: all, share: 50 % } }",
        )
        .replace("arm: arm }", "day: day }"),
    );
    const deal = dealing(design);
    const spans = (unit: string) => Array.from({ length: 40 }, (_, span) => deal(`${unit} @${span}`));
    const [out, inside] = ["holdout", undefined].map((reason) =>
      present(
        units.find((unit) => deal(`${unit} @0`).setAside === reason),
        "a unit",
      ),
    );
    expect(spans(present(out, "a unit")).every(({ setAside }) => setAside === "holdout")).to.equal(true);
    expect(new Set(spans(present(inside, "a unit")).map(({ arm }) => arm)).size).to.equal(2);
  });

  for (const [what, lines, said] of [
    ["two ways of dealing at once", "{ salt: a, cluster: region, strata: [region] }", /dealt by cluster and by strata at once/],
    ["a layer that ends where it begins", "{ salt: a, layer: { name: x, from: 50 %, to: 50 % } }", /ends above where it begins/],
    ["an override to no arm", "{ salt: a, overrides: { S1: gentler } }", /'gentler' is not one of: 'control', 'gentle'/],
    ["a switchback without days", "{ salt: a, switchback: { every: 7 days } }", /no column says the day/],
    ["a washout as long as its span", "{ salt: a, switchback: { every: 2 days, washout: 2 days } }", /leave nothing of a span/],
    ["a ramp of a list", "{ salt: a, strata: [region], ramp: 10 % }", /a list is dealt at once/],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => dealt(lines)).to.throw(said);
    });
  }

  it("deals far more than ten thousand units a second", () => {
    // No timed assertion: the figure is for whoever reads the log.
    const deal = dealing(dealt("{ salt: a, holdout: { name: all, share: 5 % }, layer: { name: policy, from: 0 %, to: 50 % } }"));
    const begin = performance.now();
    for (let round = 0; round < 5; round++) for (const unit of units) deal(unit);
    console.log(`      ${Math.round((5 * units.length) / ((performance.now() - begin) / 1000))} assignments a second`);
  });
});

describe("a balanced list", () => {
  const random = randomStream(8, "list");
  const gmv = Float64Array.from({ length: 600 }, () => Math.exp(3 + 1.5 * random.normal()));
  const orders = gmv.map((value) => value / 10 + random.normal());
  const known = {
    units: units.slice(0, 600),
    strata: Array.from({ length: 600 }, (_, index) => ["gold", "silver", "watch"][index % 7 < 3 ? index % 7 : 1] ?? ""),
    covariates: [gmv, orders],
  };
  const apart = (arms: Int32Array, column: Float64Array): number => {
    const mean = (arm: number): number => {
      const values = column.filter((_, index) => arms[index] === arm);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    return mean(1) - mean(0);
  };

  it("has every arm's share in every stratum to within a unit", () => {
    const { arms } = dealList({ salt: "a", shares: [0.5, 0.3, 0.2] }, { ...known, covariates: [] });
    for (const stratum of ["gold", "silver", "watch"]) {
      const members = [...arms].filter((_, index) => known.strata[index] === stratum);
      for (const [arm, part] of [0.5, 0.3, 0.2].entries())
        expect(members.filter((one) => one === arm).length).to.be.within(
          Math.floor(part * members.length),
          Math.ceil(part * members.length),
        );
    }
  });

  it("is as alike in its covariates as the best hundredth of deals", () => {
    const { arms, distance, accepted, deals } = dealList({ salt: "a", shares: [0.5, 0.5] }, known);
    // The 1 % quantile of chi-squared with 2 degrees of freedom is -2 ln 0.99.
    expect(accepted).to.be.closeTo(-2 * Math.log(0.99), 1e-12);
    expect(distance).to.be.at.most(accepted);
    expect(deals).to.be.greaterThan(1);
    const deviation = Math.sqrt(
      gmv.reduce((sum, value) => sum + value ** 2, 0) / 600 - (gmv.reduce((sum, value) => sum + value, 0) / 600) ** 2,
    );
    expect(Math.abs(apart(arms, gmv))).to.be.below(0.15 * deviation * Math.sqrt(4 / 600));
  });

  it("does not depend on the order of the list, and on its salt it does", () => {
    const there = dealList({ salt: "a", shares: [0.5, 0.5] }, { ...known, covariates: [] }).arms;
    const back = {
      units: known.units.toReversed(),
      strata: known.strata.toReversed(),
      covariates: [],
    };
    expect([...dealList({ salt: "a", shares: [0.5, 0.5] }, back).arms].toReversed()).to.deep.equal([...there]);
    expect([...dealList({ salt: "b", shares: [0.5, 0.5] }, { ...known, covariates: [] }).arms]).not.to.deep.equal([...there]);
  });

  it("gives every unit the same chance of an arm", () => {
    const counts = new Float64Array(30);
    const few = { units: units.slice(0, 30), strata: known.strata.slice(0, 30), covariates: [] };
    for (let salt = 0; salt < 2_000; salt++)
      for (const [index, arm] of dealList({ salt: String(salt), shares: [0.7, 0.3] }, few).arms.entries())
        counts[index] = (counts[index] as number) + arm;
    // Five standard errors of 2,000 deals at 30 %.
    for (const count of counts) expect(count / 2_000).to.be.closeTo(0.3, 5 * Math.sqrt((0.3 * 0.7) / 2_000));
  });

  it("refuses covariates that say the same twice", () => {
    expect(() => dealList({ salt: "a", shares: [0.5, 0.5] }, { ...known, covariates: [gmv, gmv] })).to.throw(/one is made of the others/);
  });
});
