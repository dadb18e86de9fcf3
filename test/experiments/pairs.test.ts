/** Candidates against each other: numbers of SciPy and statsmodels, how often they err together, what is planned, and that they decide nothing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import { type Analysis, analyse, pairsOnce, readDesign } from "../../simulations/experiments/index.ts";
import { designOf, drawnArms, observed } from "./designs.ts";

interface Told {
  readonly base: string;
  readonly arm: string;
  readonly metric: string;
  readonly difference: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly p: number;
  readonly adjusted: number;
}

const references = packagePath("test", "experiments", "references");
const units = readFileSync(join(references, "pair-units.csv"), "utf8");
const told = JSON.parse(readFileSync(join(references, "pairs.json"), "utf8")) as readonly Told[];

const text = (plan: string, metrics = "kept: { share: kept, role: primary, better: up }") => `experiment: pairs
title: Pairs
hypothesis: One of three is better.
unit: unit
arms: { control: 25 %, soft: 25 %, firm: 25 %, hard: 25 % }
assignment: { recorded: true }
columns: { unit: unit, arm: arm }
metrics:
  sales: { mean: sales, role: primary, better: up }
  ${metrics}
  late: { ratio: late of orders, role: guardrail, better: down, margin: 50 % of control }
plan: { ${plan} }
`;

async function analysed(plan: string): Promise<Analysis> {
  const design = designOf(text(plan));
  return analyse(design, await observed(design, units));
}

const betweenOf = (analysis: Analysis) => present(analysis.between, "candidates against each other");

describe("candidates against each other", () => {
  it("have the differences, p-values and adjusted p-values of SciPy and statsmodels, and the same turned round", async () => {
    const { pairs } = betweenOf(await analysed("looks: once, pairwise: holm"));
    expect(pairs).to.have.length(2 * told.length);
    const pairOf = (base: string, arm: string, metric: string) =>
      present(
        pairs.find((pair) => pair.base === base && pair.arm === arm && pair.metric === metric),
        `${arm} against ${base}`,
      );
    for (const wanted of told) {
      const name = `${wanted.metric}, ${wanted.arm} against ${wanted.base}`;
      const pair = pairOf(wanted.base, wanted.arm, wanted.metric);
      const turned = pairOf(wanted.arm, wanted.base, wanted.metric);
      if (pair.absolute.kind === "undetermined" || turned.absolute.kind === "undetermined") throw new Error(name);
      expect(pair.absolute.value, name).to.be.closeTo(wanted.difference, 1e-9);
      expect(pair.pValue, name).to.be.closeTo(wanted.p, 1e-9 * Math.max(wanted.p, 1e-3));
      expect(pair.adjustedPValue, name).to.be.closeTo(wanted.adjusted, 1e-9);
      if (wanted.lower !== null) expect(pair.absolute.interval?.lower, name).to.be.closeTo(wanted.lower, 1e-9);
      if (wanted.upper !== null) expect(pair.absolute.interval?.upper, name).to.be.closeTo(wanted.upper, 1e-9);
      expect(pair.reading === "not shown", name).to.equal(wanted.adjusted >= 0.05);
      expect(turned.absolute.value, name).to.equal(-pair.absolute.value);
      expect(turned.adjustedPValue, name).to.be.closeTo(wanted.adjusted, 1e-12);
      const [lower = 0, upper = 0] = [turned.adjusted?.absolute.lower, turned.adjusted?.absolute.upper].map((end) => end ?? Number.NaN);
      if (!Number.isNaN(lower)) expect(pair.adjusted?.absolute.upper, name).to.be.closeTo(-lower, 1e-9);
      if (!Number.isNaN(upper)) expect(pair.adjusted?.absolute.lower, name).to.be.closeTo(-upper, 1e-9);
      // As shares of each other: (1 + lift) (1 + lift turned round) = 1.
      if (pair.relative.kind === "undetermined" || turned.relative.kind === "undetermined") throw new Error(name);
      expect((1 + pair.relative.value) * (1 + turned.relative.value), name).to.be.closeTo(1, 1e-12);
    }
  });

  it("say in a sentence what is shown, each pair once", async () => {
    const { finding, words, pairs } = betweenOf(await analysed("looks: once, pairwise: holm"));
    expect(finding).to.equal(
      "Sales is better under firm than under soft; kept is better under soft than under hard; sales is better under firm than under hard; kept is better under firm than under hard.",
    );
    expect(words).to.equal(
      "Differences between candidates are a part of the plan. They change no answer of the rule, which is about each candidate and the control. Over the 6 comparisons of primary metrics p-values are adjusted by Holm; intervals beside them agree with these, and those of shown ones may end at 0. Over the 3 comparisons of guardrail metrics p-values are adjusted by Holm; intervals beside them agree with these, and those of shown ones may end at 0.",
    );
    expect(pairsOnce(pairs).map(({ base, arm }) => `${base} ${arm}`)).to.deep.equal(
      ["soft firm", "soft hard", "firm hard"].flatMap((pair) => [pair, pair, pair]),
    );
    expect(pairs[0]?.words).to.match(
      /^sales is higher under firm than under soft, which is better\. Differences above 0 agree with the data\./,
    );
    expect(pairs[1]?.words).to.match(/^kept under firm against soft: no difference is shown\. Differences from −/);
  });

  it("are planned by the design that was locked alone: otherwise exploratory, by Holm", async () => {
    const planned = designOf(text("looks: once, pairwise: benjamini-hochberg"));
    const unplanned = designOf(text("looks: once"));
    const seen = await observed(planned, units);
    const told = (design: typeof planned, locked: typeof planned) => betweenOf(analyse(design, seen, { locked }));
    expect(told(planned, planned).isPlanned).to.equal(true);
    expect(told(planned, planned).words).to.match(/^Differences between candidates are a part of the plan\..* by Benjamini and Hochberg/);
    expect(told(unplanned, unplanned).isPlanned).to.equal(false);
    expect(told(unplanned, unplanned).words).to.match(/are exploratory: the plan does not name them\..* adjusted by Holm/);
    expect(told(planned, unplanned).isPlanned).to.equal(false);
    expect(told(planned, unplanned).words).to.match(/are exploratory: they were named, or named otherwise, after the lock\./);
  });

  it("change neither the scorecard nor the answer of the rule", async () => {
    const [without, withPairs] = [await analysed("looks: once"), await analysed("looks: once, pairwise: none")];
    expect(withPairs.scorecard).to.deep.equal(without.scorecard);
    expect(withPairs.recommendations).to.deep.equal(without.recommendations);
    expect(betweenOf(withPairs).words).to.include("Over the 6 comparisons of primary metrics nothing is adjusted");
  });

  it("pay for looking as the scorecard does", async () => {
    const off = betweenOf(await analysed("looks: once, units: 4000"));
    for (const pair of off.pairs) expect(pair.adjustedPValue).to.be.at.least(present(pair.alwaysValidPValue, "a p-value of every look"));
    const design = designOf(text("looks: 2 by pocock, units: 1200"));
    const look = betweenOf(analyse(design, await observed(design, units), { earlier: [600] }));
    const [sales, , late] = look.pairs;
    // Six comparisons share the bound of primary metrics, three that of the guardrail.
    expect(sales?.look?.bound).to.be.greaterThan(present(late?.look?.bound, "a bound"));
    expect(look.words).to.match(/The bound is shared out over the 6 comparisons of primary metrics\./);
    expect(look.pairs.every(({ adjustedPValue }) => adjustedPValue === undefined)).to.equal(true);
  });

  it("are shown where nothing differs in at most 5 % of experiments, over all pairs and metrics together", () => {
    const design = designOf(text("looks: once", "visits: { mean: visits, role: primary, better: up }").replace(/ {2}late: .*\n/, ""));
    const random = randomStream(8, "pairs");
    const [experiments, arm] = [300, { units: 400, means: [20, 30] }];
    let [shown, alone] = [0, 0];
    for (let i = 0; i < experiments; i++) {
      const { pairs } = betweenOf(analyse(design, drawnArms(random, [arm, arm, arm, arm])));
      if (pairs.some(({ reading }) => reading !== "not shown")) shown++;
      if (pairsOnce(pairs).some(({ pValue }) => (pValue ?? 1) < 0.05)) alone++;
    }
    // 300 experiments tell 5 % from 9 %, three standard errors away, and not from 7 %.
    expect(shown / experiments).to.be.within(0.01, 0.09);
    expect(alone / experiments, "one by one they would be shown far more often").to.be.greaterThan(0.15);
  });

  it("are there from two candidates on, and are refused in the plan of one", async () => {
    const single = text("looks: once").replace("control: 25 %, soft: 25 %, firm: 25 %, hard: 25 %", "control: 50 %, soft: 50 %");
    const design = designOf(single);
    const seen = await observed(
      design,
      units
        .split("\n")
        .filter((line) => !/,(firm|hard),/.test(line))
        .join("\n"),
    );
    expect(analyse(design, seen)).not.to.have.property("between");
    const [fault] = readDesign({ text: single.replace("looks: once", "looks: once, pairwise: holm"), file: "design.yaml" }).diagnostics;
    expect(`${fault?.place?.line}:${fault?.place?.column} ${fault?.code}: ${fault?.message}. ${fault?.cure}`).to.equal(
      "12:32 bad-form: a pair of candidates is compared, and the design has one candidate. Remove 'pairwise', or add a candidate to the arms.",
    );
  });
});
