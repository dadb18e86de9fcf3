/** Days as numbers, of units and of summaries, with both arms in a row or one; what is no such number, and designs that do not say enough. */
import { expect } from "chai";
import { formatDay, type InputRefused, parseDay, present, randomStream } from "../../data/foundation/index.ts";
import { analyse, type ExperimentDesign, readDesign } from "../../simulations/experiments/index.ts";
import { designOf, observed } from "./designs.ts";

const text = (columns: string, plan = "start: 2025-03-03, weeks: 2") => `experiment: shop
title: Shop
hypothesis: More is bought.
unit: visitor
arms: { control: 50 %, candidate: 50 % }
assignment: { recorded: true }
columns: { unit: visitor, arm: arm, ${columns} }
metrics:
  spend: { mean: spend, role: primary, better: up }
  early: { mean: spend, role: secondary, better: up, window: 2 days }
plan: { ${plan} }
`;
const summaries = (columns: string) => designOf(text(columns).replace(/ {2}early.*\n/, ""));

const start = present(parseDay("2025-03-03"), "a day");
const dated = designOf(text("day: day, exposed: exposed"));
const numbered = (from: 0 | 1) => designOf(text(`day: day, exposed: exposed, numbered: from ${from}`));

/** Rows of visitors, with day and first day counted from 0. */
const rows = (() => {
  const random = randomStream(3, "visits");
  return Array.from({ length: 300 }, (_, visitor) => {
    const first = random.below(10);
    return Array.from({ length: 1 + random.below(4) }, (__, day) => ({
      unit: `v${visitor},${visitor % 2 === 0 ? "control" : "candidate"}`,
      day: first + day,
      first,
      spend: (100 * random.uniform()).toFixed(2),
    }));
  }).flat();
})();

function csvOf(write: (day: number) => string): string {
  const lines = rows.map(({ unit, day, first, spend }) => `${unit},${write(day)},${write(first)},${spend}`);
  return ["visitor,arm,day,exposed,spend", ...lines].join("\n");
}

async function refusalOf(of: ExperimentDesign, csv: string): Promise<readonly string[]> {
  return await observed(of, csv).then(
    () => ["taken"],
    (error: unknown) => (error as InputRefused).diagnostics.map(({ message, cure }) => `${message} ${cure}`),
  );
}

describe("days as numbers", () => {
  it("are the days that they count from the plan's start, day 0 or day 1", async () => {
    const wanted = await observed(
      dated,
      csvOf((day) => formatDay(start + day)),
    );
    expect(wanted.byDay.length).to.be.above(5);
    expect(await observed(numbered(0), csvOf(String))).to.deep.equal(wanted);
    expect(
      await observed(
        numbered(1),
        csvOf((day) => String(day + 1)),
      ),
    ).to.deep.equal(wanted);
    // As pandas writes whole numbers of a column with gaps.
    expect(
      await observed(
        numbered(1),
        csvOf((day) => `${day + 1}.0`),
      ),
    ).to.deep.equal(wanted);
    const long = [
      "visitor,arm,day,exposed,metric,value",
      ...rows.map(({ unit, day, first, spend }) => `${unit},${day},${first},spend,${spend}`),
    ];
    expect((await observed(numbered(0), long.join("\n"))).arms).to.deep.equal(wanted.arms);
  });

  it("are refused by name where they are none, and where the design does not say that days are numbers", async () => {
    const found = await observed(
      numbered(0),
      `${csvOf(String)}\nv900,control,half,0,1\nv901,control,1.5,0,1\nv902,control,-3,-3,1\nv903,control,14,0,1`,
    );
    expect(found.rejected.map(({ code, count, examples }) => [code, count, examples[0]?.replace(/^line \d+: /, "")])).to.deep.equal([
      ["bad-day", 2, "day half"],
      ["before-start", 1, "day -3, before the first planned one"],
      ["after-end", 1, "day 14, after the last planned one"],
    ]);
    expect((await refusalOf(dated, csvOf(String)))[0]).to.include(
      "'numbered: from 1' if the plan's start is day 1, 'from 0' if it is day 0",
    );
    expect(
      (
        await refusalOf(
          numbered(1),
          csvOf((day) => formatDay(start + day)),
        )
      )[0],
    ).to.include("Write days as whole numbers, of which 1 is the plan's start.");
  });

  it("need a first day in the plan, and one of two words", () => {
    const faults = (design: string) =>
      readDesign({ text: design, file: "d.yaml" }).diagnostics.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);
    expect(faults(text("day: day, numbered: from 1", "weeks: 2"))).to.deep.equal([
      "7:57 days are numbered from the plan's first day, and the plan does not say which that is",
    ]);
    expect(faults(text("day: day, numbered: from 2"))[0]).to.match(/^7:57 /);
  });
});

describe("summaries with day numbers", () => {
  /** Of all visitors up to a day: n, mean and variance of an arm. */
  const upTo = (day: number, arm: string): readonly number[] => {
    const sums = new Map<string, number>();
    for (const row of rows)
      if (row.day <= day && row.unit.endsWith(`,${arm}`)) sums.set(row.unit, (sums.get(row.unit) ?? 0) + Number(row.spend));
    const values = [...sums.values()];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [values.length, mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)];
  };
  const days = [2, 5, 9, 12];
  const oneArm = (header: string, write: (day: number) => string): string =>
    [header, ...days.flatMap((day) => ["control", "candidate"].map((arm) => [arm, "spend", write(day), ...upTo(day, arm)].join(",")))].join(
      "\n",
    );
  /** As the files of ASOS Digital Experiments. */
  const bothArms = [
    "experiment_id,variant_id,metric_id,time_since_start,count_c,count_t,mean_c,mean_t,variance_c,variance_t",
    ...days.map((day) => {
      const [control, candidate] = [upTo(day, "control"), upTo(day, "candidate")];
      return ["a1", 1, "spend", day + 1, control[0], candidate[0], control[1], candidate[1], control[2], candidate[2]].join(",");
    }),
  ].join("\n");
  const asos = summaries("until: time_since_start, numbered: from 1");

  it("of all units so far are those with dates, one arm a row or both", async () => {
    const wanted = await observed(
      summaries("day: day"),
      oneArm("arm,metric,until,n,mean,variance", (day) => formatDay(start + day)),
    );
    expect(wanted.upTo?.map(({ value }) => value)).to.deep.equal(days.map((day) => formatDay(start + day)));
    const byRow = oneArm("arm,metric,time_since_start,n,mean,variance", (day) => String(day + 1));
    expect(await observed(asos, byRow)).to.deep.equal(wanted);
    const { rows: count, ...both } = await observed(asos, bothArms);
    expect({ rows: count, ...both }).to.deep.equal({ ...wanted, rows: 4 });
    expect(analyse(asos, { rows: count, ...both }).scorecard).to.deep.equal(analyse(summaries("day: day"), wanted).scorecard);
  });

  it("before a day is over are not used, and are no fault of the file", async () => {
    const [head, ...lines] = bothArms.split("\n");
    const half = lines.map((line, index) => line.replace(/,spend,\d+/, `,spend,${index}.5`));
    const found = await observed(asos, [head, ...lines, ...half].join("\n"));
    expect(found.rejected.map(({ code, count, examples }) => [code, count, examples[0]])).to.deep.equal([
      ["within-day", 4, "line 6: day 0.5, which is not over then"],
    ]);
    expect(found.arms).to.deep.equal((await observed(asos, bothArms)).arms);
    expect(analyse(asos, found).health.checks.find(({ name }) => name === "rejected-rows")?.state).to.equal("care");
  });

  it("count a row of both arms once, whatever is wrong with it, and ask whose rows several are", async () => {
    const lines = bothArms.split("\n");
    const broken = await observed(asos, [...lines.slice(0, 4), lines[4]?.replace(/,[^,]*$/, ",-1")].join("\n"));
    expect(broken.rejected).to.deep.equal([{ code: "bad-number", count: 1, examples: ["line 5: the variance is below 0: -1"] }]);
    expect(broken.upTo?.length).to.equal(3);
    const twice = await observed(asos, [...lines, lines[2]].join("\n"));
    expect([twice.duplicates, twice.replaced]).to.deep.equal([1, 0]);
    const other = lines.slice(1).map((line) => line.replace("a1,1,", "a1,2,"));
    expect((await refusalOf(asos, [...lines, ...other].join("\n")))[0]).to.include("differ in 'variant_id', which is not read");
  });
});
