/** Arms compared within strata: numbers of statsmodels, what goes together, what a plan gains, and what is refused. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present } from "../../data/foundation/index.ts";
import { type Analysis, analyse, readDesign, simulatePlan, sizeDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed } from "./designs.ts";

const references = packagePath("test", "experiments", "references");
const units = readFileSync(join(references, "strata-units.csv"), "utf8");

type Told = Readonly<Record<"difference" | "standardError" | "lower" | "upper" | "p", number>>;
const told = JSON.parse(readFileSync(join(references, "strata.json"), "utf8")) as Readonly<
  Record<"plain" | "adjusted" | "kept" | "late", Told>
>;

const text = (plan: string, { segments = "[tier]", assignment = "{ recorded: true }" } = {}) => `experiment: tiers
title: Tiers
hypothesis: Sales rise in every tier.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: ${assignment}
columns: { unit: seller, arm: arm }
metrics:
  plain: { mean: gmv, role: primary, better: up, effect: 3 }
  adjusted: { mean: gmv, role: primary, better: up, covariate: before, effect: 3 }
  kept: { share: kept, role: secondary, better: up, effect: 5 points }
  late: { ratio: late of orders, role: guardrail, better: down, margin: 20 % of control }
  capped: { mean: gmv, role: secondary, better: up, cap: 150 }
  median: { quantile: 50 % of gmv, role: secondary, better: up }
segments: ${segments}
plan: { ${plan} }
`;

async function analysed(plan: string, rows = units): Promise<Analysis> {
  const design = designOf(text(plan));
  return analyse(design, await observed(design, rows));
}

const rowOf = ({ scorecard }: Analysis, name: string) =>
  present(
    scorecard.find(({ metric }) => metric === name),
    name,
  );

describe("arms compared within strata", () => {
  it("have the differences, intervals and p-values of the cells, by statsmodels", async () => {
    const analysis = await analysed("looks: once, correction: none, strata: tier");
    for (const name of ["plain", "adjusted", "kept", "late"] as const) {
      const { absolute, pValue, method } = rowOf(analysis, name);
      const wanted = told[name];
      expect(method, "small ones together").to.match(/, post-stratified \(4 strata\)$/);
      if (absolute.kind === "undetermined" || absolute.interval === undefined) throw new Error(name);
      expect(absolute.value, name).to.be.closeTo(wanted.difference, 1e-9 * Math.abs(wanted.difference));
      expect(absolute.standardError, name).to.be.closeTo(wanted.standardError, 1e-9 * wanted.standardError);
      expect(absolute.interval.lower, name).to.be.closeTo(wanted.lower, 1e-8);
      expect(absolute.interval.upper, name).to.be.closeTo(wanted.upper, 1e-8);
      expect(pValue, name).to.be.closeTo(wanted.p, 1e-8);
    }
    expect(analysis.strataWords).to.equal(
      "Arms are compared within the values of tier, and the differences averaged by the units in each (median as it is); values with fewer than 10 units of an arm are taken together. Values of an arm are such averages too. The course over days is without strata.",
    );
  });

  it("gain precision, and stand beside what they would be without", async () => {
    const [within, without] = [await analysed("looks: once, strata: tier"), await analysed("looks: once")];
    const error = (analysis: Analysis, name: string): number => {
      const { absolute } = rowOf(analysis, name);
      return absolute.kind === "estimate" ? (absolute.standardError ?? 0) : 0;
    };
    expect(error(within, "plain")).to.be.below(0.6 * error(without, "plain"));
    expect(rowOf(within, "plain").varianceReduction).to.be.closeTo(1 - (error(within, "plain") / error(without, "plain")) ** 2, 1e-9);
    expect(rowOf(without, "plain").varianceReduction).to.equal(undefined);
    expect(rowOf(within, "median").absolute).to.deep.equal(rowOf(without, "median").absolute);
    const waysOf = (name: string) => within.sensitivity.filter(({ metric }) => metric === name).map(({ way }) => way);
    expect(waysOf("adjusted")).to.deep.equal(["as planned", "without covariates", "without strata"]);
    expect(waysOf("capped")).to.deep.equal(["as planned", "without strata", "values as they are, without strata"]);
    const plain = within.sensitivity.find(({ metric, way }) => metric === "plain" && way === "without strata");
    expect(plain?.absolute).to.deep.equal(rowOf(without, "plain").absolute);
    expect(without.strataWords).to.equal(undefined);
  });

  it("do not depend on how many of a stratum an arm happens to have", async () => {
    const [head = "", ...rows] = units.trim().split("\n");
    // Every value that of its tier: whatever the arms' mix, there is no effect.
    const level: Readonly<Record<string, number>> = { gold: 90, silver: 40, bronze: 15, new: 15, legacy: 15 };
    const made = rows.map((row, index) => {
      const [seller, arm, tier = "", , ...rest] = row.split(",");
      return [seller, arm, tier, (level[tier] ?? 0) + (index % 2), ...rest].join(",");
    });
    const { absolute } = rowOf(await analysed("looks: once, strata: tier", [head, ...made].join("\n")), "plain");
    if (absolute.kind === "undetermined") throw new Error(absolute.reason);
    expect(Math.abs(absolute.value)).to.be.below(0.2);
  });

  it("are as they are for a share that few have, or few have not: by t it would err, or say nothing of a share of all", async () => {
    const [head = "", ...rows] = units.trim().split("\n");
    const kept = head.split(",").indexOf("kept");
    for (const value of ["1", "0"]) {
      const made = rows.map((row, index) =>
        row
          .split(",")
          .map((cell, at) => (at === kept ? (index < 30 ? String(1 - Number(value)) : value) : cell))
          .join(","),
      );
      const analysis = await analysed("looks: once, strata: tier", [head, ...made].join("\n"));
      const { method, absolute } = rowOf(analysis, "kept");
      expect(method).to.equal("score test of two shares (Farrington-Manning)");
      expect(absolute.kind).to.equal("estimate");
      expect(rowOf(analysis, "plain").method).to.include("post-stratified");
      expect(analysis.strataWords).to.include("kept as it is: fewer than 20 units of an arm have what it counts, or have it not");
    }
    // What all units have is safe where so many tell it, with strata and without.
    const all = [
      head,
      ...rows.map((row) =>
        row
          .split(",")
          .map((cell, at) => (at === kept ? "1" : cell))
          .join(","),
      ),
    ].join("\n");
    for (const plan of ["looks: once, strata: tier", "looks: once"]) {
      const design = designOf(
        text(plan).replace("role: secondary, better: up, effect: 5 points", "role: guardrail, better: up, margin: 5 points"),
      );
      const { guardrail, absolute } = rowOf(analyse(design, await observed(design, all)), "kept");
      expect(absolute.kind).to.equal("estimate");
      expect(guardrail?.state).to.equal("shown safe");
      const none = analyse(
        design,
        await observed(
          design,
          all
            .split("\n")
            .map((row) =>
              row
                .split(",")
                .map((cell, at) => (at === kept && cell === "1" ? "" : cell))
                .join(","),
            )
            .join("\n"),
        ),
      );
      expect(rowOf(none, "kept").guardrail?.words, "a column that nobody filled").to.include("no unit of either arm has it");
    }
  });

  it("say of which candidate they are where there are several", async () => {
    const design = designOf(text("looks: once, strata: tier").replace("gentle: 50 %", "gentle: 25 %, other: 25 %"));
    const rows = units.split("\n").map((row, index) => (index % 2 === 0 ? row.replace(",gentle,", ",other,") : row));
    for (const { arm, words } of analyse(design, await observed(design, rows.join("\n"))).scorecard)
      expect(words).to.include(`under ${arm}`);
  });

  it("stop where the arm changes what units are taken for", async () => {
    const stateOf = async (rows: string) =>
      present(
        (await analysed("looks: once, strata: tier", rows)).health.checks.find(({ name }) => name === "strata-balance"),
        "the check",
      );
    const sound = await stateOf(units);
    expect(sound.state).to.equal("sound");
    expect(sound.finding).to.match(/^The values of tier are no further apart between the arms than chance allows: bronze \d+ to \d+/);
    const [head = "", ...rows] = units.trim().split("\n");
    const promoted = rows.map((row, index) => (index % 3 === 0 ? row.replace(",gentle,bronze,", ",gentle,gold,") : row));
    const apart = await stateOf([head, ...promoted].join("\n"));
    expect(apart.state).to.equal("stop");
    expect(apart.cure).to.match(/^What the arm changes is no stratum: is tier as it was before the experiment\?/);
    const without = await analysed("looks: once", [head, ...promoted].join("\n"));
    expect(without.health.checks.map(({ name }) => name)).not.to.include("strata-balance");
  });

  it("are as they are where nothing tells the strata apart, and say so", async () => {
    const design = designOf(text("looks: once, strata: tier"));
    const found = await observed(design, units);
    const { scorecard, strataWords } = analyse(design, { ...found, segments: [] });
    expect(strataWords).to.equal(
      "The plan compares arms within the values of tier, which these observations do not tell apart: arms are compared as they are.",
    );
    expect(scorecard[0]?.method).to.equal("Welch's t");
    const few = await analysed("looks: once, strata: tier", units.trim().split("\n").slice(0, 30).join("\n"));
    expect(rowOf(few, "plain").method, "one stratum is left").to.equal("Welch's t");
    expect(few.strataWords).to.equal(
      "The plan compares arms within the values of tier, of which no two have 10 units in every arm: arms are compared as they are.",
    );
  });

  it("are sized by what is left of the variance, and hold their level on the past", async () => {
    const sizes = async (plan: string) => {
      const design = designOf(text(`looks: once, units: 400${plan}`));
      return sizeDesign(design, await observed(design, units, { isHistory: true }));
    };
    const [within, without] = [await sizes(", strata: tier"), await sizes("")];
    const needed = (found: typeof within, index: number): number => {
      const size = found[index]?.units;
      return size?.kind === "finding" ? size.estimate.value : 0;
    };
    expect(needed(within, 0)).to.be.below(0.5 * needed(without, 0));
    expect(needed(within, 1)).to.be.below(needed(within, 0));
    const explained = (found: typeof within, index: number) => present(found[index], "a size").history.explained;
    expect(explained(without, 0)).to.equal(0);
    expect(explained(within, 1)).to.be.above(Math.max(explained(within, 0), explained(without, 1)));

    const tiers = units
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => row.split(","));
    const strata = tiers.map(([, , tier]) => ["gold", "silver", "bronze", "new", "legacy"].indexOf(tier ?? ""));
    const columns = [[Float64Array.from(tiers, (row) => Number(row[3]))]];
    const design = designOf(text("looks: once, units: 400, strata: tier"));
    const prove = (past: Parameters<typeof simulatePlan>[1]) =>
      present(simulatePlan(design, past, { seed: 3, experiments: 600 })[0], "proof");
    const [proof, plain] = [prove({ units: tiers.length, columns, strata }), prove({ units: tiers.length, columns })];
    if (proof.level.kind === "undetermined" || proof.level.interval === undefined) throw new Error("level");
    expect(proof.level.interval.lower).to.be.below(0.05);
    expect(proof.level.interval.upper).to.be.above(0.05);
    const powerOf = ({ planted }: typeof proof) => (planted?.power.kind === "estimate" ? planted.power.value : 0);
    expect(powerOf(proof)).to.be.above(powerOf(plain) + 0.1);
  });

  it("are refused where the column is no segment, or clusters are dealt", () => {
    const faults = (plan: string, more = {}) =>
      readDesign({ text: text(plan, more), file: "d.yaml" }).diagnostics.map(({ code, message, place }) => ({
        code,
        message,
        line: place?.line,
      }));
    expect(faults("looks: once, strata: teir")).to.deep.equal([
      { code: "bad-form", message: "'teir' is not one of the segments", line: 16 },
    ]);
    const clusters = faults("looks: once, strata: tier", { assignment: "{ salt: tiers, cluster: region }" });
    expect(clusters.map(({ message }) => message)).to.include("clusters are dealt, and strata are of units that are dealt one by one");
  });
});
