/** Metrics within days since exposure: numbers of pandas and SciPy, what is left out and said, what a look is counted by, where windows are refused. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import {
  type Analysis,
  analyse,
  designDigest,
  judgedUnits,
  readDesign,
  reductionDigest,
  sizeDesign,
} from "../../simulations/experiments/index.ts";
import { designOf, observed } from "./designs.ts";

const references = packagePath("test", "experiments", "references");
const rows = readFileSync(join(references, "window-rows.csv"), "utf8").trim();
const [header = "", ...lines] = rows.split("\n");

interface Told {
  readonly units: readonly [number, number];
  readonly values: readonly [number, number];
  readonly p: number;
  readonly lower?: number | null;
  readonly upper?: number | null;
}

const { open, ...told } = JSON.parse(readFileSync(join(references, "windows.json"), "utf8")) as Readonly<Record<string, Told>> & {
  readonly open: Readonly<Record<string, readonly number[]>>;
};

const text = (plan = "looks: once, start: 2025-03-03, weeks: 4", assignment = "{ recorded: true }") => `experiment: windows
title: Windows
hypothesis: They order more.
unit: unit
arms: { control: 50 %, gentle: 50 % }
assignment: ${assignment}
columns: { unit: unit, arm: arm, day: day, exposed: exposed }
metrics:
  orders: { mean: orders, role: secondary, better: up }
  orders_7: { mean: orders, role: primary, better: up, window: 7 days }
  active_7: { share: orders, role: secondary, better: up, window: 1 week }
  kept_day_7: { share: orders, role: secondary, better: up, window: 1 day from day 7 }
  late_14: { ratio: late of orders, role: secondary, better: down, window: 14 days }
  sales_7: { mean: gmv, role: secondary, better: up, missing: leave out, window: 7 days }
plan: { ${plan} }
`;
const design = designOf(text());

function check({ health }: Analysis, name: string) {
  return health.checks.filter((one) => one.name === name);
}

function faults(from: string, to: string): readonly string[] {
  return readDesign({ text: text().replace(from, to), file: "design.yaml" }).diagnostics.map(
    ({ code, place, message }) => `${place?.line}:${place?.column} ${code}: ${message}`,
  );
}

describe("a window of a metric", () => {
  it("counts what pandas counts, and agrees with SciPy and statsmodels", async () => {
    const { scorecard, windowWords } = analyse(design, await observed(design, rows));
    expect(scorecard.map(({ metric }) => metric)).to.deep.equal(Object.keys(told));
    for (const row of scorecard) {
      const wanted = present(told[row.metric], row.metric);
      expect([row.control.units, row.treatment.units], row.metric).to.deep.equal(wanted.units);
      for (const [place, side] of [row.control, row.treatment].entries())
        expect(side.value, row.metric).to.be.closeTo(wanted.values[place] as number, 1e-12);
      expect(row.pValue, row.metric).to.be.closeTo(wanted.p, 1e-9);
      if (typeof wanted.lower !== "number") continue;
      const interval = row.absolute.kind === "estimate" ? row.absolute.interval : undefined;
      expect(interval?.lower).to.be.closeTo(wanted.lower, 1e-9);
      expect(interval?.upper).to.be.closeTo(present(wanted.upper ?? undefined, "an end"), 1e-9);
    }
    expect(windowWords).to.equal(
      "orders 7 counts 7 days from exposure on; active 7 counts 7 days from exposure on; kept day 7 counts day 7 after exposure; late 14 counts 14 days from exposure on; sales 7 counts 7 days from exposure on; units of which these days are not over are left out of it. Effects by week since exposure are of all days.",
    );
  });

  it("leaves units out whose window is not over, and says how many", async () => {
    const found = await observed(design, rows);
    expect(found.openWindows).to.deep.equal([
      { metric: "orders_7", units: open["0+7"] },
      { metric: "active_7", units: open["0+7"] },
      { metric: "kept_day_7", units: open["7+1"] },
      { metric: "late_14", units: open["0+14"] },
      { metric: "sales_7", units: open["0+7"] },
    ]);
    const [orders] = check(analyse(design, found), "open-windows");
    const [c, t] = open["0+7"] ?? [];
    expect(orders?.state).to.equal("sound");
    expect(orders?.finding).to.match(
      new RegExp(
        `^orders 7 counts 7 days from exposure on: ${Number(c) + Number(t)} units are left out, .* \\(control ${c} of \\d+, gentle ${t} of \\d+\\)\\.$`,
      ),
    );
    // Who did nothing in the window counts as 0; only sales are missing, and only of those whose window is over.
    const missing = found.arms.map(
      ({ units }, arm) => units - (found.openWindows?.[4]?.units[arm] ?? 0) - present(told["sales_7"], "sales").units[arm as 0 | 1],
    );
    expect(found.missing.slice(1)).to.deep.equal([[0, 0], [0, 0], [0, 0], [0, 0], missing]);
  });

  it("stops where units come in at other times in one arm", async () => {
    const units = Array.from({ length: 200 }, (_, index) => index).flatMap((index) => {
      const first = index % 2 === 0 ? 1 : 25;
      return [
        `u${index},${index % 2 === 0 ? "control" : "gentle"},2025-03-${String(first).padStart(2, "0")}`,
        `u${index},${index % 2 === 0 ? "control" : "gentle"},2025-03-28`,
      ];
    });
    const late = designOf(text("looks: once").replace(", exposed: exposed", ""));
    const csv = ["unit,arm,day,orders,late,gmv", ...units.map((unit) => `${unit},1,0,2`)].join("\n");
    const analysis = analyse(late, await observed(late, csv));
    expect(check(analysis, "open-windows").map(({ state }) => state)).to.deep.equal(["stop", "stop", "stop", "stop", "stop"]);
    expect(analysis.windowWords).to.include("a unit's first row is its exposure");
    const [, orders] = analysis.scorecard;
    expect([orders?.control.units, orders?.treatment.units, orders?.reading]).to.deep.equal([100, 0, "not determined"]);
  });

  it("asks for care of rows on days that do not count, and stops for rows that are faulty", async () => {
    const found = await observed(design, rows);
    expect(found.rejected.map(({ code }) => code)).to.deep.equal(["before-start", "after-end", "before-exposure"]);
    const [outside] = check(analyse(design, found), "rejected-rows");
    expect([outside?.state, outside?.cure]).to.deep.equal([
      "care",
      "Days before exposure and outside the plan's weeks do not count: see whether start, weeks and exposure are right.",
    ]);
    const broken = [rows, ...lines.slice(0, 80).map((line) => line.replace(/,\d+,\d+,/, ",many,0,"))].join("\n");
    const [faulty] = check(analyse(design, await observed(design, broken)), "rejected-rows");
    expect(faulty?.state).to.equal("stop");
    expect(faulty?.cure).to.match(/^Mend the file where it was written, and observe again\. Days before exposure/);
    // Many rows of other days thin nothing out, and nothing that stands in them is a fault.
    const line = (day: string, index: number, value: string): string =>
      `u${index},${index % 2 === 0 ? "control" : "gentle"},${day},,${value},0,1`;
    const on = (day: string, count: number, value: string): readonly string[] =>
      Array.from({ length: count }, (_, index) => line(day, index, value));
    const thinned = [header, ...on("2025-03-04", 160, "1"), ...on("2025-03-05", 40, "many"), ...on("2020-01-01", 1_800, "none")].join("\n");
    const few = await observed(design, thinned);
    expect(few.rejected.map(({ code, count }) => [code, count])).to.deep.equal([
      ["before-start", 1_800],
      ["bad-number", 40],
    ]);
    const [thin] = check(analyse(design, few), "rejected-rows");
    expect(thin?.state).to.equal("stop");
    expect(thin?.finding).to.match(/ Of the 200 rows on days that count 40 are faulty\.$/);
  });

  it("is the same bytes in any order of the rows", async () => {
    const random = randomStream(5, "order");
    const shuffled = lines.map((line) => ({ line, at: random.uniform() })).toSorted((a, b) => a.at - b.at);
    const again = [header, ...shuffled.map(({ line }) => line)].join("\n");
    expect(JSON.stringify((await observed(design, again)).arms)).to.equal(JSON.stringify((await observed(design, rows)).arms));
  });

  it("counts a look by the units whose primary windows are over, so that waiting for windows is looking", async () => {
    const planned = designOf(text("looks: once, start: 2025-03-03, weeks: 4, units: 100"));
    const found = await observed(planned, rows);
    const all = found.arms.reduce((sum, { units }) => sum + units, 0);
    const over = present(told["orders_7"], "orders").units[0] + present(told["orders_7"], "orders").units[1];
    expect([all >= 100, judgedUnits(planned, found)]).to.deep.equal([true, over]);
    expect(analyse(planned, found).evidenceWords).to.equal(
      `The plan looks once, with 100 units; ${over} are there with the windows of the primary metrics over: effects are judged by what holds at every look.`,
    );
    const early = [header, ...lines.filter((line) => (line.split(",")[2] ?? "") < "2025-03-20")].join("\n");
    const whole = designOf(text("looks: once, start: 2025-03-03, weeks: 4, units: 30"));
    const [first, second] = [await observed(whole, early), found];
    expect(judgedUnits(whole, first)).to.be.above(30);
    expect(analyse(whole, first).evidence.kind).to.equal("fixed");
    expect(analyse(whole, second, { earlier: [judgedUnits(whole, first)] }).evidence.kind).to.equal("always-valid");
  });

  it("counts in clusters the units whose window is over", async () => {
    const clustered = designOf(
      text(undefined, "{ salt: windows, cluster: market }")
        .replace(", arm: arm", "")
        .replace(/ {2}late_14[^\n]*\n/, ""),
    );
    const csv = [`${header},market`, ...lines.map((line) => `${line},m${Number(line.slice(1, 4)) % 40}`)].join("\n");
    const found = await observed(clustered, csv);
    const [, orders] = found.arms.flatMap(({ metrics }, arm) => (arm === 0 ? metrics : []));
    const [, others] = found.arms.flatMap(({ metrics }, arm) => (arm === 1 ? metrics : []));
    const sum = (at: number): number =>
      [orders, others].reduce((total, moments) => total + (moments?.n ?? 0) * (moments?.means[at] ?? 0), 0);
    const { units, values } = present(told["orders_7"], "orders");
    expect(sum(1)).to.be.closeTo(units[0] + units[1], 1e-9);
    expect(sum(0)).to.be.closeTo(units[0] * values[0] + units[1] * values[1], 1e-9);
  });

  it("is applied to a history of days, and taken as given in one without", async () => {
    const past = [header, ...lines.filter((line) => (line.split(",")[2] ?? "") < "2025-03-20")].join("\n");
    const history = await observed(design, past, { isHistory: true });
    const [, orders] = sizeDesign(design, history);
    expect(orders?.history.units).to.be.below(history.units);
    const plain = await observed(design, "unit,orders,late,gmv\na,3,1,2\nb,5,0,4\nc,4,2,1", { isHistory: true });
    expect(sizeDesign(design, plain)[1]?.history).to.include({ units: 3, value: 4 });
  });

  it("is for the maker of summaries to apply, which is said", async () => {
    const one = designOf(
      text()
        .replace(/ {2}orders: [^\n]*\n/, "")
        .replace(/ {2}active_7[\s\S]*?plan:/, "plan:"),
    );
    const csv = ["arm,metric,n,mean,sd", "control,orders_7,100,4,2", "gentle,orders_7,100,4.5,2"].join("\n");
    const [orders] = check(analyse(one, await observed(one, csv)), "open-windows");
    expect(orders?.state).to.equal("care");
    expect(orders?.finding).to.equal("The file holds summaries: whether they are of 7 days from exposure on is for who made them to say.");
  });

  it("changes the identity of a design, and leaves that of designs without one", () => {
    const without = designOf(text().replaceAll(/, window: [^}]*/g, " "));
    expect(Object.keys(without.metrics[1] ?? {})).to.not.include("window");
    expect(designDigest(without)).to.not.equal(designDigest(design));
    expect(reductionDigest(without)).to.not.equal(reductionDigest(design));
    // As before there were windows: what was observed then is read on.
    expect(reductionDigest(without)).to.equal("ea42b8c15197d146adba10f3d1fc7a3ac2c744a11dab3ff4a94b2d5373d780b3");
    expect(designDigest(without)).to.equal("6b14bd7be663d774e97ceb5a06e11967c178c8c87c6917204e57359b4873161c");
  });

  it("is refused at its place where nothing could lie in it", () => {
    expect(faults("window: 7 days }", "window: seven days }")).to.have.lengthOf(1);
    expect(faults("window: 7 days }", "window: 7 hours }")[0]).to.match(/^10:66 /);
    expect(faults("window: 7 days }", "window: 1 day from 7 }")[0]).to.match(/^10:75 /);
    expect(faults("window: 7 days }", "window: 800 days }")[0]).to.match(/out-of-range: a window ends within 730 days of exposure/);
    expect(faults("window: 7 days }", "window: 5 weeks }")).to.deep.equal([
      "10:64 out-of-range: the window of orders 7 ends 35 days after exposure begins, and the plan has 28 days: no unit's window would be over",
    ]);
    expect(faults(", day: day, exposed: exposed", "")[0]).to.match(
      /^10:64 missing-key: the window of orders 7 counts days since exposure, and no column says the day of a row/,
    );
    expect(faults("{ recorded: true }", "{ salt: s, switchback: { every: 7 days } }")[0]).to.match(
      /^10:64 bad-form: orders 7 has a window, and a switchback deals a unit anew in every span/,
    );
  });
});

describe("a column of several metrics", () => {
  it("is summed for a mean and looked at for a share", async () => {
    const both = designOf(text().replaceAll(/, window: [^}]*/g, " "));
    const csv = [header, ...["2025-03-03", "2025-03-04"].map((day) => `u1,control,${day},,2,1,5`), "u2,gentle,2025-03-03,,0,0,1"].join(
      "\n",
    );
    const { arms } = await observed(both, csv);
    expect(arms.map(({ metrics }) => metrics.slice(1, 3).map(({ means }) => means[0]))).to.deep.equal([
      [4, 1],
      [0, 0],
    ]);
  });
});
