/** Two experiments on the same units: numbers of statsmodels and SciPy, how often chance shows an interaction, what health says, and deals that are not independent. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present, type RandomStream, randomStream } from "../../data/foundation/index.ts";
import { interactionsOf } from "../../simulations/experiments/analysis/interactions.ts";
import { type Analysis, analyse, type ConcurrentExperiment, type Observations } from "../../simulations/experiments/index.ts";
import { designOf, drawnArms, observed } from "./designs.ts";

const references = packagePath("test", "experiments", "references");
const units = readFileSync(join(references, "interaction-units.csv"), "utf8").trim();
const told = JSON.parse(readFileSync(join(references, "interactions.json"), "utf8")) as {
  readonly rows: readonly (Readonly<Record<"other" | "metric", string>> &
    Readonly<Record<"value" | "lower" | "upper" | "p" | "adjusted" | "units", number>>)[];
  readonly independence: number;
  readonly units: number;
};

const text = (plan = "looks: once", segments = "") => `experiment: here
title: Here
hypothesis: It adds to what is there.
unit: unit
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: unit, arm: arm }
metrics:
  sales: { mean: sales, role: primary, better: up }
  kept: { share: kept, role: primary, better: up }
  late: { ratio: late of orders, role: primary, better: down }
  most: { quantile: 90 % of sales, role: primary, better: up }
  count: { mean: orders, role: secondary, better: up }
${segments}plan: { ${plan} }
`;

const armThere = new Map(
  units
    .split("\n")
    .slice(1)
    .map((line) => [line.split(",")[0], line.split(",")[2] ?? ""]),
);
const arms = ["control", "loud", "quiet"];
const there: ConcurrentExperiment = { name: "there", arms, armOf: (unit) => arms.indexOf(armThere.get(unit) ?? "") };

async function analysed(plan?: string, concurrent: readonly ConcurrentExperiment[] = [there], looks = {}): Promise<Analysis> {
  const design = designOf(text(plan));
  return analyse(design, await observed(design, units, { concurrent }), looks);
}

const checkOf = ({ health }: Analysis) => health.checks.find(({ name }) => name === "other-experiments");

describe("two experiments on the same units", () => {
  it("have the difference of effects, its interval and its p-values by statsmodels and SciPy", async () => {
    const { rows, overlaps } = present((await analysed()).interactions, "interactions");
    expect(rows.map(({ otherArm, metric }) => `${otherArm} ${metric}`)).to.deep.equal(
      told.rows.map(({ other, metric }) => `${other} ${metric}`),
    );
    for (const [index, wanted] of told.rows.entries()) {
      const { interaction, pValue, adjustedPValue, units: both } = present(rows[index], wanted.metric);
      const name = `${wanted.metric} under ${wanted.other}`;
      if (interaction.kind === "undetermined" || interaction.interval === undefined) throw new Error(name);
      expect(interaction.value, name).to.be.closeTo(wanted.value, 1e-9);
      expect(interaction.interval.lower, name).to.be.closeTo(wanted.lower, 1e-8);
      expect(interaction.interval.upper, name).to.be.closeTo(wanted.upper, 1e-8);
      expect(pValue, name).to.be.closeTo(wanted.p, 1e-9);
      expect(adjustedPValue, name).to.be.closeTo(wanted.adjusted, 1e-9);
      expect(both, name).to.equal(wanted.units);
    }
    expect(overlaps).to.have.length(1);
    expect(overlaps[0]?.units).to.equal(told.units);
    expect(overlaps[0]?.pValue).to.be.closeTo(told.independence, 1e-9);
  });

  it("ask for care where an effect is another under the other one's candidate, and change no answer of the rule", async () => {
    const [beside, alone] = [await analysed(), await analysed("looks: once", [])];
    expect(checkOf(beside)?.state).to.equal("care");
    expect(beside.interactions?.finding).to.match(
      /^1,\d{3} units are in 'there' as well: the effect of gentle on sales is another for units under loud of 'there'(; .*)?\.$/,
    );
    expect(checkOf(beside)?.finding).to.equal(beside.interactions?.finding);
    expect(beside.interactions?.words).to.include("adjusted by Holm over 6 such tests of primary metrics");
    expect(beside.interactions?.words).to.include(
      "The plan does not name other experiments: what is found here is exploratory, and changes no answer of the rule.",
    );
    expect(beside.recommendations).to.deep.equal(alone.recommendations);
    expect(beside.scorecard).to.deep.equal(alone.scorecard);
    expect(alone).not.to.have.property("interactions");
    expect(checkOf(alone)).to.equal(undefined);
  });

  it("are sound beside an experiment that shares units and does nothing to the effect; one that shares none is not told of", async () => {
    const even: ConcurrentExperiment = { name: "even", arms: ["control", "new"], armOf: (unit) => Number(unit.slice(1)) % 2 };
    const none: ConcurrentExperiment = { name: "none", arms: ["control", "new"], armOf: () => -1 };
    const analysis = await analysed("looks: once", [none, even]);
    expect(analysis.interactions?.overlaps.map(({ experiment }) => experiment)).to.deep.equal(["even"]);
    expect(checkOf(analysis)?.state).to.equal("sound");
    expect(checkOf(analysis)?.finding).to.equal(
      "1,500 units are in 'even' as well: that effects depend on the arm there is not shown at 1 %.",
    );
    expect(analysis.interactions?.finding).to.match(/is not shown, which is no evidence that they do not\.$/);
  });

  it("stop where both deal by the same salt: what one does cannot be told from what the other does", async () => {
    const design = designOf(text());
    const own = new Map(
      units
        .split("\n")
        .slice(1)
        .map((line) => [line.split(",")[0], line.split(",")[1] === "gentle" ? 1 : 0]),
    );
    const same: ConcurrentExperiment = { name: "same", arms: ["control", "new"], armOf: (unit) => own.get(unit) ?? -1 };
    const analysis = analyse(design, await observed(design, units, { concurrent: [same] }));
    expect(checkOf(analysis)?.state).to.equal("stop");
    expect(checkOf(analysis)?.finding).to.include("Arms here and in 'same' are not dealt independently of each other");
    expect(analysis.health.mayBeRead).to.equal(false);
    expect(analysis.interactions?.finding).to.match(/^Not to be read, a check fails: /);
    const [row] = analysis.interactions?.rows ?? [];
    expect(row?.interaction.kind, "no control is under the other's candidate").to.equal("undetermined");
    expect(row).not.to.have.property("pValue");
  });

  it("pay for looking: off the plan by what holds at every look", async () => {
    const [off, planned] = [await analysed("looks: once, units: 9000"), await analysed()];
    for (const [index, row] of (off.interactions?.rows ?? []).entries()) {
      const once = planned.interactions?.rows[index];
      expect(present(row.pValue, "a p-value")).to.be.greaterThan(present(once?.pValue, "a p-value"));
      expect(row.interaction.kind === "estimate" && row.interaction.value).to.equal(
        once?.interaction.kind === "estimate" && once.interaction.value,
      );
    }
    expect(off.interactions?.words).to.include("by what holds at every look");
  });

  it("are not told of where clusters are dealt, nor of the past", async () => {
    const clustered = designOf(
      text()
        .replace("{ recorded: true }", "{ recorded: true, cluster: market }")
        .replace(/ {2}most: .*\n/, ""),
    );
    const rows = units.split("\n").map((line, index) => (index === 0 ? `${line},market` : `${line},${line.split(",")[1]}${index % 50}`));
    expect(await observed(clustered, rows.join("\n"), { concurrent: [there] })).not.to.have.property("concurrent");
    expect(await observed(designOf(text()), units, { concurrent: [there], isHistory: true })).not.to.have.property("concurrent");
  });

  it("show an interaction that is none in 5 % of experiments", () => {
    // 500 experiments tell 5 % from 8 %, three standard errors away.
    expect(shownByChance(500)).to.be.within(0.02, 0.08);
  });
});

/** The part of experiments of four cells, both with effects and neither with one on the other's, in which the one test is below 5 %. */
function shownByChance(experiments: number): number {
  const design = designOf(text().replace(/ {2}(kept|late|most|count): .*\n/g, ""));
  const random: RandomStream = randomStream(31, "interactions");
  const cell = (
    value: string,
    means: readonly [number, number],
    sizes: readonly [number, number],
  ): { value: string; arms: Observations["arms"] } => ({
    value,
    arms: drawnArms(
      random,
      means.map((mean, arm) => ({ units: sizes[arm as 0 | 1], means: [mean] })),
    ).arms,
  });
  const judge = { design, evidence: { kind: "fixed" as const }, widthAt: () => undefined };
  let shown = 0;
  for (let i = 0; i < experiments; i++) {
    const groups = [cell("control", [20, 21], [200, 180]), cell("new", [22, 23], [60, 50])];
    const found = interactionsOf(judge, { concurrent: [{ experiment: "there", control: "control", groups }] });
    if ((found?.rows[0]?.pValue ?? 1) < 0.05) shown++;
  }
  return shown / experiments;
}
