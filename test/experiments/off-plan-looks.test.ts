/** What stands beside the scorecard pays for looking as the scorecard does: sensitivity and segments at looks that are not the plan's. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import { type Analysis, analyse, type ExperimentDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed as read } from "./designs.ts";

const text = (plan: string) => `experiment: parts
title: Parts
hypothesis: Something happens.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm }
metrics:
  kept: { share: kept, role: primary, better: up }
  gmv: { mean: gmv, role: primary, better: up, covariate: before }
segments: [region]
plan: { level: 95 %, power: 80 %, ${plan} }
`;

function csvOf(seed: number, units: number, apart: number): string {
  const random = randomStream(seed, "parts");
  const lines = Array.from({ length: units }, (_, i) => {
    const [arm, region, before] = [random.below(2), random.below(3), random.normal()];
    const lift = region === 0 ? apart * arm : 0;
    const kept = random.uniform() < 0.5 + 0.2 * lift ? 1 : 0;
    return `s${i},${arm === 0 ? "control" : "gentle"},r${region},${kept},${10 + before + lift + random.normal()},${before}`;
  });
  return ["seller,arm,region,kept,gmv,before", ...lines].join("\n");
}

const widthOf = (found: Analysis["sensitivity"][number]["absolute"] | undefined): number =>
  found?.kind === "estimate" && found.interval !== undefined ? found.interval.upper - found.interval.lower : Number.NaN;

describe("looks that the plan does not have", () => {
  const fixed = designOf(text("looks: once"));
  const early = designOf(text("looks: once, units: 5000"));
  const sequential = (units: number) => designOf(text(`looks: 4 by obrien-fleming, units: ${units}`));
  const analysed = async (design: ExperimentDesign, csv: string) => analyse(design, await read(design, csv));

  it("judge sensitivity by what holds at every look", async () => {
    const csv = csvOf(1, 900, 0.5);
    const [once, off] = [await analysed(fixed, csv), await analysed(early, csv)];
    for (const metric of ["kept", "gmv"]) {
      const [own, row] = [off.sensitivity.find((one) => one.metric === metric), off.scorecard.find((one) => one.metric === metric)];
      expect(own?.pValue).to.equal(row?.alwaysValidPValue);
      expect(own?.absolute).to.deep.equal(row?.alwaysValid);
    }
    for (const [index, row] of off.sensitivity.entries()) {
      expect(row.pValue).to.be.greaterThan(once.sensitivity[index]?.pValue as number);
      expect(widthOf(row.absolute)).to.be.greaterThan(widthOf(once.sensitivity[index]?.absolute));
    }
    expect([once.besideWords, off.besideWords].map((words) => words.includes("hold at every look"))).to.deep.equal([false, true]);
  });

  it("judge sensitivity by the bound of a group-sequential look, without a p-value", async () => {
    const csv = csvOf(2, 900, 0);
    const off = await analysed(sequential(1800), csv);
    for (const row of off.sensitivity) expect(row.pValue).to.equal(undefined);
    const [own, look] = [
      off.sensitivity.find(({ metric }) => metric === "gmv"),
      off.scorecard.find(({ metric }) => metric === "gmv")?.look,
    ];
    expect(own?.absolute.kind === "estimate" && own.absolute.interval).to.deep.equal(look?.interval);
    const tooEarly = await analysed(sequential(1_000_000), csv);
    expect(tooEarly.sensitivity.every(({ absolute }) => absolute.kind === "undetermined")).to.equal(true);
  });

  it("ask whether segments differ by what holds at every look, and give shrunken effects no interval", async () => {
    const csv = csvOf(3, 3000, 1);
    const [once, off, last] = [await analysed(fixed, csv), await analysed(early, csv), await analysed(sequential(3000), csv)];
    const of = ({ segments }: Analysis) => segments.find(({ metric }) => metric === "gmv");
    expect(of(once)?.interactionPValue).to.equal(of(last)?.interactionPValue);
    expect(of(off)?.interactionPValue)
      .to.be.greaterThan(of(once)?.interactionPValue as number)
      .and.below(0.05);
    expect(of(off)?.words).to.include("by what holds at every look").and.to.include("no interval at this look");
    for (const { shrunken } of of(off)?.rows ?? []) expect(shrunken.kind === "estimate" && shrunken.interval === undefined).to.equal(true);
    for (const [index, { absolute }] of (of(off)?.rows ?? []).entries())
      expect(widthOf(absolute)).to.be.greaterThan(widthOf(of(once)?.rows[index]?.absolute));
  });

  it("seldom find segments that do not differ, however often one looks", async () => {
    let [found, naive] = [0, 0];
    const seeds = 25;
    for (let seed = 1; seed <= seeds; seed++) {
      const lines = csvOf(100 + seed, 2000, 0).split("\n");
      let [any, anyNaive] = [false, false];
      for (const units of [400, 800, 1200, 1600, 2000]) {
        const csv = lines.slice(0, units + 1).join("\n");
        const below = ({ segments }: Analysis) =>
          segments.some(({ metric, interactionPValue }) => metric === "gmv" && (interactionPValue ?? 1) < 0.05);
        any ||= below(await analysed(early, csv));
        anyNaive ||= below(await analysed(fixed, csv));
      }
      if (any) found++;
      if (anyNaive) naive++;
    }
    // 5 % of 25 and three standard errors.
    expect(found).to.be.at.most(4);
    expect(naive).to.be.at.least(found);
  });
});
