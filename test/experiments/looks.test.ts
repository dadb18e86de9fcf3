/** Looking costs error: however often somebody looks, an experiment without an effect is shown to have one no more often than planned. */
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import { analyse, evidenceOf, evidenceWords, watchedBefore, widthOf } from "../../simulations/experiments/index.ts";
import { designOf, observed, wholeDesign } from "./designs.ts";

const header = "seller,arm,kept,orders,late,before,region";
const withPlan = (looks: string) => designOf(wholeDesign.replace("looks: once", `looks: ${looks}`));

/** Sellers dealt one by one, of whom a share is kept in each arm. */
function sellers(count: number, { control, gentle }: { readonly control: number; readonly gentle: number }): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const [arm, share] = index % 2 === 0 ? ["control", control] : ["gentle", gentle];
    const place = Math.floor(index / 2);
    const kept = Math.floor((place + 1) * share) > Math.floor(place * share) ? 1 : 0;
    return `s${index},${arm},${kept},${10 + (place % 7)},${place % 2},${9 + (place % 5)},south`;
  });
  return [header, ...rows].join("\n");
}

describe("a look", () => {
  const once = { looks: { kind: "once" }, units: 1_000 } as const;
  const twice = { looks: { kind: "group-sequential", count: 2, spending: "pocock" }, units: 1_000 } as const;

  it("is the plan's where its units are there for the first time, or for the same time again", () => {
    expect(evidenceOf(once, 1_000, [])).to.deep.equal({ kind: "fixed" });
    expect(evidenceOf(once, 1_020, [300, 1_020])).to.deep.equal({ kind: "fixed" });
    expect(evidenceOf({ looks: { kind: "once" } }, 40, [])).to.deep.equal({ kind: "fixed" });
    expect(evidenceOf({ looks: { kind: "always-valid" } }, 40, [10, 20])).to.deep.equal({ kind: "always-valid" });
    expect(evidenceOf(twice, 500, [])).to.deep.equal({ kind: "look", information: [0.5] });
    expect(evidenceOf(twice, 1_100, [700, 300])).to.deep.equal({ kind: "look", information: [0.3, 0.7, 1.1] });
  });

  it("is off the plan before its units are there, and once more after its end", () => {
    expect(evidenceOf(once, 999, [])).to.have.property("offPlan", "The plan looks once, with 1,000 units; 999 are there");
    expect(evidenceOf(once, 1_200, [1_000])).to.have.property("offPlan", "The plan looks once, and did so with 1,000 units");
    expect(evidenceOf({ looks: { kind: "once" } }, 60, [40])).to.have.property("offPlan", "The plan looks once, and did so with 40 units");
    expect(evidenceOf(twice, 1_200, [500, 1_000])).to.have.property("offPlan", "The plan's last look was taken with 1,000 units");
  });

  it("goes together with a look as close as nothing", () => {
    expect(evidenceOf(twice, 501, [500, 250])).to.deep.equal({ kind: "look", information: [0.25, 0.501], again: 500 });
  });

  it("is not taken again by a mended file with a few more units, whatever the plan; a creeping one ends it", () => {
    const [mended, last] = [evidenceOf(once, 1_004, [1_000]), evidenceOf(twice, 1_004, [500, 1_000, 1_003])];
    expect(mended).to.deep.equal({ kind: "fixed", again: 1_000 });
    expect(last).to.deep.equal({ kind: "look", information: [0.5, 1.004], again: 1_003 });
    for (const [plan, evidence, units] of [
      [once, mended, "1,000"],
      [twice, last, "1,003"],
    ] as const)
      expect(evidenceWords(plan, evidence)).to.include(
        `${units} units were read before: fewer than 0.5 % are new since, so that it is the same look`,
      );
    const bound = (evidence: typeof last) => widthOf(withPlan("2 by pocock, units: 1000"), evidence, 1_004, 1);
    expect(bound(last)).to.equal(bound(evidenceOf(twice, 1_004, [500])));
    expect(evidenceOf(once, 1_006, [1_000]).kind).to.equal("always-valid");
    expect(evidenceOf(once, 1_008, [1_000, 1_004])).to.have.property("offPlan", "The plan looks once, and did so with 1,000 units");
    expect(evidenceOf(twice, 1_010, [500, 1_000, 1_004]).kind).to.equal("always-valid");
  });

  it("that is read again errs as planned where files are mended for their faults, and little more where for what they show", () => {
    const random = randomStream(12, "mended");
    const paths = 40_000;
    const bound = 1.959964;
    expect(evidenceOf(once, 1_005, [1_000]).kind).to.equal("fixed");
    let [mended, either] = [0, 0];
    for (let path = 0; path < paths; path++) {
      const first = Math.sqrt(1_000) * random.normal();
      const second = first + Math.sqrt(5) * random.normal();
      const [before, after] = [Math.abs(first) / Math.sqrt(1_000) >= bound, Math.abs(second) / Math.sqrt(1_005) >= bound];
      if (after) mended++;
      if (before || after) either++;
    }
    const error = (share: number) => 4 * Math.sqrt((share * (1 - share)) / paths);
    expect(Math.abs(mended / paths - 0.05)).to.be.below(error(0.05));
    // By quadrature of the two normals, which correlate by the root of 1000 / 1005.
    const eitherReading = 0.0532893;
    expect(Math.abs(either / paths - eitherReading)).to.be.below(error(eitherReading));
  });

  it("too early never ships what it shows, says so, and still stops for harm", async () => {
    const design = withPlan("once, units: 20000");
    const better = analyse(design, await observed(design, sellers(6_000, { control: 0.5, gentle: 0.7 })));
    expect(better.scorecard[0]?.reading).to.equal("better");
    expect(better.recommendations[0]).to.deep.equal({
      arm: "gentle",
      decision: "hold",
      reasons: ["This look is not in the plan, and cannot ship."],
    });
    const worse = analyse(design, await observed(design, sellers(6_000, { control: 0.7, gentle: 0.5 })));
    expect(worse.recommendations[0]?.decision).to.equal("stop");
    const due = withPlan("once, units: 6000");
    const kept = await observed(due, sellers(6_000, { control: 0.5, gentle: 0.7 }));
    expect(analyse(due, kept).recommendations[0]?.decision).to.equal("ship");
    expect(analyse(due, kept, { earlier: [6_001, 6_000, 2_000] }).recommendations[0]?.decision).to.equal("ship");
  });

  it("before the end of a group-sequential plan asks for far more than the test at 5 % does", async () => {
    const design = withPlan("4 by obrien-fleming, units: 4000");
    // p near 0.003.
    const data = await observed(design, sellers(1_000, { control: 0.5, gentle: 0.59 }));
    const early = present(analyse(design, data).scorecard[0], "kept");
    expect(early.pValue).to.be.below(0.01);
    expect(early.reading).to.equal("not shown");
    // The first of four O'Brien-Fleming-like looks at two-sided 5 %: Jennison and Turnbull (2000), chapter 7; gsDesign gives 4.333.
    expect(early.look?.bound).to.be.closeTo(4.333, 0.001);
    const first = present(analyse(design, await observed(design, sellers(20, { control: 0.5, gentle: 0.6 }))).scorecard[0], "kept");
    expect([first.look?.crossed, first.reading]).to.deep.equal([false, "not shown"]);
  });

  it("shares its error out over the primary metrics", () => {
    const one = withPlan("4 by pocock, units: 4000");
    const evidence = evidenceOf(one, 1_000, []);
    expect(widthOf(one, evidence, 1_000, 3)).to.be.greaterThan(present(widthOf(one, evidence, 1_000, 1), "a bound"));
  });

  for (const looks of ["4 by obrien-fleming", "4 by pocock", "always valid", "once"]) {
    it(`every hundred units, with '${looks}', errs no more often than planned`, () => {
      const design = withPlan(`${looks}, units: 1000`);
      const steps = Array.from({ length: 10 }, (_, index) => 100 * (index + 1));
      const widths = steps.map((units, index) => {
        const evidence = evidenceOf(design, units, steps.slice(0, index));
        return evidence.kind === "fixed" ? 1.959964 : present(widthOf(design, evidence, units, 1), "a width");
      });
      const random = randomStream(11, looks);
      const paths = 4_000;
      let rejected = 0;
      for (let path = 0; path < paths; path++) {
        let walk = 0;
        // A plan that looks once ships at its end alone.
        const isShown = steps.map((units, index) => {
          walk += 10 * random.normal();
          return (looks !== "once" || index === 9) && Math.abs(walk / Math.sqrt(units)) >= (widths[index] as number);
        });
        if (isShown.some(Boolean)) rejected++;
      }
      // Four standard errors above 5 %.
      expect(rejected / paths).to.be.below(0.05 + 4 * Math.sqrt((0.05 * 0.95) / paths));
      if (looks.startsWith("4")) expect(rejected / paths).to.be.above(0.05 - 4 * Math.sqrt((0.05 * 0.95) / paths));
    });
  }
});

describe("a cohort that is all there on the first day", () => {
  const text = (plan: string, window = "") => `experiment: cohort
title: Cohort
hypothesis: Nothing happens.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm, day: day }
metrics:
  gmv: { mean: gmv, role: primary, better: up${window} }
plan: { ${plan} }
`;
  const weeks = 6;
  const units = 60;
  const random = randomStream(5, "cohort");
  const sold = Array.from({ length: weeks * units }, () => random.normal().toFixed(6));
  /** Rows of the first weeks. */
  const upTo = (week: number): string =>
    ["seller,arm,day,gmv"]
      .concat(
        Array.from({ length: week * units }, (_, place) => {
          const unit = place % units;
          const day = 3 + 7 * Math.floor(place / units);
          return `s${unit},${unit % 2 === 0 ? "control" : "gentle"},2025-0${day > 31 ? 4 : 3}-${String(day > 31 ? day - 31 : day).padStart(2, "0")},${sold[place]}`;
        }),
      )
      .join("\n");

  it("is looked at once by a plan, and again off it, though no unit came", async () => {
    const design = designOf(text(`looks: once, units: ${units}`));
    const [early, late] = [await observed(design, upTo(2)), await observed(design, upTo(5))];
    expect(watchedBefore(design, early, () => [])).to.equal(undefined);
    expect(watchedBefore(design, early, () => [late])).to.equal(undefined);
    expect(watchedBefore(design, late, () => [late])).to.equal(undefined);
    expect(watchedBefore(design, late, () => [early])).to.equal("2025-03-10");
    const again = analyse(design, late, { earlier: [units], watched: watchedBefore(design, late, () => [early]) });
    expect(again.evidence).to.deep.equal({
      kind: "always-valid",
      offPlan: "The same units were looked at before, with rows up to 2025-03-10",
    });
    expect(again.recommendations[0]?.decision).to.equal("hold");
    const planned = designOf(text(`looks: 2 by pocock, units: ${units}`));
    expect(analyse(planned, late, { earlier: [units], watched: "2025-03-10" }).evidence.kind).to.equal("always-valid");
  });

  it("is not another one where a window fixes what a unit's value is", async () => {
    const design = designOf(text(`looks: once, units: ${units}`, ", window: 7 days"));
    const late = await observed(design, upTo(5));
    const notAsked = () => expect.fail("earlier observations are read for nothing");
    expect(watchedBefore(design, late, notAsked)).to.equal(undefined);
    expect(watchedBefore(designOf(text(`looks: always valid, units: ${units}`)), late, notAsked)).to.equal(undefined);
  });
});
