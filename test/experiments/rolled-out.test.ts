/** Effects in all: whom they are over, SciPy's differences times units, the error of an estimated number of units, and how often intervals hold a known total. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import { rolledOut } from "../../simulations/experiments/analysis/rolled-out.ts";
import { judgesOf } from "../../simulations/experiments/analysis/scorecard.ts";
import { type Analysis, analyse, dealing, readDesign } from "../../simulations/experiments/index.ts";
import { type Estimated, sumOf } from "../../simulations/statistics/index.ts";
import { designOf, nothingOdd, observed } from "./designs.ts";

const references = packagePath("test", "experiments", "references");
const threeArms = readFileSync(join(references, "pair-units.csv"), "utf8");

const text = ({ assignment = "{ salt: all }", plan = "looks: once", columns = "{ unit: unit }", more = "" } = {}) => `experiment: all
title: All
hypothesis: It adds up.
unit: unit
arms: { control: 50 %, soft: 50 % }
assignment: ${assignment}
columns: ${columns}
metrics:
  sales: { mean: sales, role: primary, better: up${more} }
  kept: { share: kept, role: secondary, better: up }
  late: { ratio: late of orders, role: secondary, better: down }
plan: { ${plan} }
`;

/** Units u0, u1, ... whose sales are 2 higher under `soft`. */
function rows(count: number, isIn: (unit: string) => boolean = () => true, beside: (index: number) => string = () => ""): string {
  const random = randomStream(6, "rolled out");
  const deal = dealing(designOf(text()));
  const lines = Array.from({ length: count }, (_, index) => {
    const unit = `u${index}`;
    const isSoft = deal(unit).arm === 1;
    const sales = (20 + (isSoft ? 2 : 0) + 5 * random.normal()).toFixed(3);
    return isIn(unit) ? `${unit},${sales},${random.uniform() < 0.5 ? 1 : 0},${1 + random.below(3)},10${beside(index)}\n` : "";
  });
  return lines.join("");
}

const rolledOf = (analysis: Analysis) => present(analysis.rolledOut, "effects in all");

function parts(total: Estimated | undefined) {
  if (total?.kind !== "estimate" || total.interval === undefined) throw new Error(JSON.stringify(total));
  return { value: total.value, lower: total.interval.lower, upper: total.interval.upper };
}

async function analysed(design: string, csv: string): Promise<Analysis> {
  const read = designOf(design);
  return analyse(read, await observed(read, csv));
}

describe("effects in all", () => {
  it("are SciPy's differences times the units that were analysed, where nothing says that there are others", async () => {
    const design = text({ assignment: "{ recorded: true }", columns: "{ unit: unit, arm: arm }" })
      .replace("control: 50 %, soft: 50 %", "control: 25 %, soft: 25 %, firm: 25 %, hard: 25 %")
      .replace("kept, role: secondary", "kept, role: primary");
    const analysis = await analysed(design, threeArms);
    const { rows: told, population, words } = rolledOf(analysis);
    expect(population).to.equal(1200);
    for (const { metric, arm, total, form } of told) {
      const row = analysis.scorecard.find((one) => one.metric === metric && one.arm === arm);
      const [own, all] = [parts(row?.absolute), parts(total)];
      expect(all.value).to.be.closeTo(1200 * own.value, 1e-9);
      expect(all.lower).to.be.closeTo(1200 * own.lower, 1e-9);
      expect(all.upper).to.be.closeTo(1200 * own.upper, 1e-9);
      expect(form).to.equal(metric === "kept" ? "share" : "mean");
    }
    expect(told.map(({ metric }) => metric)).to.deep.equal(["sales", "kept", "sales", "kept", "sales", "kept"]);
    expect(words).to.match(/^Sums are over the 1,200 units that were analysed; nothing says that there are others\./);
    expect(words).to.include("Ratios and quantiles do not add up over units: late.");
    expect(told[2]?.words).to.match(
      /^sales: under firm, given to 1,200 units, the sum changes by \+[\d,]+ \(\+[\d,]+ to \+[\d,]+\) against the control\.$/,
    );
    expect(told[0]?.words).to.match(
      /^sales: under soft, .* no difference is shown; changes of the sum from −[\d.,]+ to \+[\d.,]+ agree with the data\.$/,
    );
    expect(told[1]?.words, "not shown with all comparisons in view").to.match(
      /^kept: under soft, .* no difference is shown; taken by itself, changes of the number of them from \+[\d.]+ to \+\d+ agree with the data\.$/,
    );
    expect(words).not.to.match(/no effect/);
  });

  it("are over all units by the rule's shares, with the error of their number", async () => {
    const ramped = await analysed(
      text({ assignment: "{ salt: all, ramp: 20 %, layer: { name: a, from: 0 %, to: 50 % } }" }),
      `unit,sales,kept,late,orders\n${rows(6000)}`,
    );
    // The file holds those that are kept out as well, who are counted.
    const counted = rolledOf(ramped);
    expect(counted.population).to.equal(6000);
    expect(counted.analysed).to.be.within(500, 700);
    expect(counted.words).to.match(
      /^Sums are over the \d+ units that were analysed and those of the file that layer and ramp keep out, 6,000 in all\./,
    );
    const design = designOf(text({ assignment: "{ salt: all, ramp: 20 % }" }));
    const all = await observed(design, `unit,sales,kept,late,orders\n${rows(6000)}`);
    const isIn = (unit: string): boolean => dealing(design)(unit).arm >= 0;
    const alone = await analysed(text({ assignment: "{ salt: all, ramp: 20 % }" }), `unit,sales,kept,late,orders\n${rows(6000, isIn)}`);
    const { analysed: units, population, words, rows: told } = rolledOf(alone);
    expect(units).to.equal(all.arms.reduce((sum, arm) => sum + arm.units, 0));
    expect(population).to.equal(Math.round(units / 0.2));
    const error = Math.sqrt(0.8 * units) / 0.2;
    expect(words).to.include(
      `${units.toLocaleString("en-US")} were analysed, 20\u00a0% of all by the rule's layer and ramp. Intervals hold the error of that number (${Math.round(error)}).`,
    );
    const [own, sum] = [parts(alone.scorecard[0]?.absolute), parts(told[0]?.total)];
    const z = 1.959963984540054;
    expect(sum.value).to.be.closeTo((units / 0.2) * own.value, 1e-6);
    expect(sum.upper - sum.value).to.be.closeTo(Math.hypot((units / 0.2) * (own.upper - own.value), z * error * own.value), 1e-6);
    expect(sum.value - sum.lower).to.be.closeTo(Math.hypot((units / 0.2) * (own.value - own.lower), z * error * own.value), 1e-6);
  });

  it("are over the plan's own number where it states one, and over the units that have a value", async () => {
    const csv = `unit,sales,kept,late,orders\n${rows(400)}`.replace(/^(u\d*[05]),[\d.-]+/gm, "$1,");
    const {
      population,
      words,
      rows: told,
    } = rolledOf(await analysed(text({ plan: "looks: once, population: 50000", more: ", missing: leave out" }), csv));
    expect(population).to.equal(50_000);
    expect(words).to.include("Sums are over the 50,000 units that the plan says it would be given; 400 were analysed.");
    expect(
      told.map(({ units }) => units),
      "a fifth has no sales",
    ).to.deep.equal([40_000, 50_000]);
  });

  it("count values as they are where the scorecard draws them in", async () => {
    const csv = `unit,sales,kept,late,orders\n${rows(400).replace(/^u7,[\d.]+/m, "u7,5000")}`;
    const analysis = await analysed(text({ more: ", cap: 40" }), csv);
    const asTheyAre = analysis.sensitivity.find(({ metric, way }) => metric === "sales" && way === "values as they are");
    const { rows: told, words } = rolledOf(analysis);
    expect(parts(told[0]?.total).value).to.be.closeTo(400 * parts(asTheyAre?.absolute).value, 1e-9);
    expect(words).to.include("Values count as they are, not drawn in: sales.");
  });

  it("are told a week where rows are days, by the days that units were seen", async () => {
    // Half come on the first day, half a week later; all are seen until the last of 28 days.
    const head = "unit,day,sales,kept,late,orders";
    const days = Array.from({ length: 28 }, (_, day) => new Date(Date.UTC(2025, 2, 3 + day)).toISOString().slice(0, 10));
    const csv = Array.from({ length: 120 }, (_, unit) =>
      days.slice(unit % 2 === 0 ? 0 : 7).map((day, at) => `u${unit},${day},${(unit * 7 + at * 3) % 11},1,1,10`),
    ).flat();
    const analysis = await analysed(text({ columns: "{ unit: unit, day: day }" }), [head, ...csv].join("\n"));
    const [sales, kept] = rolledOf(analysis).rows;
    expect(parts(sales?.perWeek).value).to.be.closeTo((parts(sales?.total).value * 7) / 24.5, 1e-9);
    expect(kept, "a share does not add up over weeks").not.to.have.property("perWeek");
    expect(rolledOf(await analysed(text(), `unit,sales,kept,late,orders\n${rows(100)}`)).rows[0]).not.to.have.property("perWeek");
  });

  it("of clusters are over their units, whose number errs by clusters", async () => {
    const design = text({ assignment: "{ salt: all, cluster: market, ramp: 50 % }" });
    const csv = `unit,sales,kept,late,orders,market\n${rows(
      4000,
      () => true,
      (index) => `,m${Math.floor(Math.sqrt(index))}`,
    )}`;
    const read = designOf(design);
    const all = await observed(read, csv);
    const isKept = (line: string): boolean => dealing(read)(line.split(",").at(-1) ?? "").arm >= 0;
    const [head = "", ...lines] = csv.trim().split("\n");
    const alone = await observed(read, [head, ...lines.filter(isKept)].join("\n"));
    const { population, analysed: units, words } = rolledOf(analyse(read, alone));
    expect(rolledOf(analyse(read, all)).population, "counted").to.equal(4000);
    expect(population).to.equal(2 * units);
    const sizes = new Map<string, number>();
    for (const line of lines.filter(isKept)) sizes.set(line.split(",").at(-1) ?? "", (sizes.get(line.split(",").at(-1) ?? "") ?? 0) + 1);
    const squares = [...sizes.values()].reduce((sum, size) => sum + size ** 2, 0);
    expect(words).to.include(`Intervals hold the error of that number (${Math.round(Math.sqrt(0.5 * squares) / 0.5)}).`);
  });

  it("warn of what one gains and another loses, keep a holdout out, and leave out who never meets the change", async () => {
    const policies = text({
      assignment: "{ salt: all, holdout: { name: winter, share: 5 % } }",
      columns: "{ unit: unit, exposed: met }",
    }).replace(
      "control: 50 %, soft: 50 %",
      "control: { share: 50 %, policy: seller-performance@1.0.0 }, soft: { share: 50 %, policy: seller-performance@2.0.0 }",
    );
    const { words } = rolledOf(
      await analysed(
        policies,
        `unit,sales,kept,late,orders,met\n${rows(
          300,
          () => true,
          () => ",2025-03-03",
        )}`,
      ),
    );
    expect(words).to.include(
      "What one unit gains another may lose: given to all, the whole may change by less than such a sum, or by nothing.",
    );
    expect(words).to.include("The holdout 'winter' stays as it is.");
    expect(words).to.include("Who never meets the change adds nothing to a sum, and is not counted.");
  });

  it("are refused for a number of units that nobody has", () => {
    const [fault] = readDesign({ text: text({ plan: "looks: once, population: 2" }), file: "design.yaml" }).diagnostics;
    expect(`${fault?.place?.line}:${fault?.place?.column} ${fault?.code}: ${fault?.message}`).to.equal(
      "12:34 out-of-range: a candidate is given to 4 to 10000000000 units",
    );
  });

  it("hold a known total as often as they say, where a ramp lets one in five in", () => {
    const held = coverage(400);
    // 400 experiments tell 95 % from 91.7 %, three standard errors away.
    expect(held).to.be.within(0.917, 0.983);
  });
});

/** The part of experiments whose interval holds the sum of the effects on 3,000 units, of which a fifth is in the experiment and the number is estimated. */
function coverage(experiments: number): number {
  const design = designOf(text({ assignment: "{ salt: all, ramp: 20 % }" }).replace(/ {2}(kept|late): .*\n/g, ""));
  const random = randomStream(12, "coverage of a total");
  let held = 0;
  for (let i = 0; i < experiments; i++) {
    const values: [number[], number[]] = [[], []];
    let truth = 0;
    for (let unit = 0; unit < 3_000; unit++) {
      const effect = 1.5 + 2 * random.normal();
      truth += effect;
      const place = random.uniform();
      if (place < 0.1) values[0].push(10 + 4 * random.normal());
      else if (place < 0.2) values[1].push(10 + effect + 4 * random.normal());
    }
    const arms = values.map((own) => {
      const mean = sumOf(own) / own.length;
      const variance = sumOf(own.map((value) => (value - mean) ** 2)) / (own.length - 1);
      return { units: own.length, metrics: [{ n: own.length, means: [mean], covariances: [[variance]] }] };
    });
    const seen = { form: "units" as const, rows: 600, units: 600, ...nothingOdd, arms, byDay: [], missing: [[0, 0]] };
    const judges = judgesOf(design, { kind: "fixed" });
    const { lower, upper } = parts(
      rolledOut(design, seen, { judges, compared: arms, scorecard: [], interference: undefined })?.rows[0]?.total,
    );
    if (lower <= truth && truth <= upper) held++;
  }
  return held / experiments;
}
