/** Files of sufficient statistics as others write them: by segment, of all units so far, with the names of pandas and R. */
import { expect } from "chai";
import { type InputRefused, randomStream } from "../../data/foundation/index.ts";
import { analyse, type ExperimentDesign, type Observations } from "../../simulations/experiments/index.ts";
import { designOf, observed } from "./designs.ts";

const text = `experiment: shop
title: Shop
hypothesis: More is bought.
unit: visitor
arms: { control: 50 %, candidate: 50 % }
assignment: { recorded: true }
columns: { unit: visitor, arm: arm, day: day }
metrics:
  spend: { mean: spend, role: primary, better: up }
  bought: { share: bought, role: secondary, better: up }
segments: [region]
plan: { level: 95 %, strata: region }
`;
const design = designOf(text);
const plain = designOf(text.replace("segments: [region]\n", "").replace(", strata: region", ""));

interface Visitor {
  readonly arm: string;
  readonly day: string;
  readonly region: string;
  readonly spend: number;
  readonly bought: number;
}

const dayOf = (day: number): string => `2025-03-${String(day + 1).padStart(2, "0")}`;

/** Visitors of some days, a few more every day. */
function visitorsOf(days: number, seed = 1): readonly Visitor[] {
  const random = randomStream(seed, "visitors");
  return Array.from({ length: days }, (_, day) =>
    ["control", "candidate"].flatMap((arm) =>
      Array.from({ length: 40 + day }, (): Visitor => {
        const spend = Math.round(100 * Math.exp(random.normal())) / 100;
        return { arm, day: dayOf(day), region: random.uniform() < 0.3 ? "north" : "south", spend, bought: random.uniform() < 0.2 ? 1 : 0 };
      }),
    ),
  ).flat();
}

function wideOf(visitors: readonly Visitor[]): string {
  const rows = visitors.map(({ arm, day, region, spend, bought }, index) => `v${index},${arm},${day},${region},${spend},${bought}`);
  return ["visitor,arm,day,region,spend,bought", ...rows].join("\n");
}

/** A row an arm, metric and group. */
function summaryOf(
  visitors: readonly Visitor[],
  names: readonly string[],
  groupOf: (visitor: Visitor) => readonly string[],
): readonly string[] {
  const groups = new Map<string, Visitor[]>();
  for (const visitor of visitors) {
    const key = [visitor.arm, ...groupOf(visitor)].join(",");
    groups.set(key, [...(groups.get(key) ?? []), visitor]);
  }
  const rows = [...groups].flatMap(([key, own]) =>
    (["spend", "bought"] as const).map((metric) => {
      const mean = own.reduce((sum, one) => sum + one[metric], 0) / own.length;
      const variance = own.reduce((sum, one) => sum + (one[metric] - mean) ** 2, 0) / (own.length - 1);
      return `${key},${metric},${own.length},${mean},${variance}`;
    }),
  );
  return [`arm,${[...names, "metric", "n", "mean", "variance"].join(",")}`, ...rows];
}

/** Effects, p-values and intervals as numbers, those of segments as well. */
function figuresOf(of: ExperimentDesign, found: Observations): readonly number[] {
  const { scorecard, segments, timeCourse } = analyse(of, found);
  const told = [
    ...scorecard.flatMap(({ absolute, relative, alwaysValid }) => [absolute, relative, alwaysValid]),
    ...segments.flatMap(({ rows }) => rows.map(({ absolute }) => absolute)),
    ...timeCourse.flatMap(({ points }) => points.map(({ absolute }) => absolute)),
  ];
  const ends = told.flatMap((one) =>
    one.kind === "estimate" ? [one.value, one.interval?.lower ?? Number.NaN, one.interval?.upper ?? Number.NaN] : [Number.NaN],
  );
  return [...scorecard.map(({ pValue }) => pValue ?? Number.NaN), ...ends];
}

function expectAlike(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).to.equal(expected.length);
  for (const [index, value] of expected.entries()) expect(found[index]).to.be.closeTo(value, 1e-10 * Math.max(1, Math.abs(value)));
}

async function refusalOf(of: ExperimentDesign, csv: string): Promise<string> {
  return await observed(of, csv).then(
    () => "taken",
    (error: unknown) => (error as InputRefused).diagnostics.map(({ message, place }) => `${place?.line ?? 0}: ${message}`).join("\n"),
  );
}

describe("summaries by others", () => {
  const visitors = visitorsOf(6);

  it("give by day and segment what their units give, strata, segments and course included, in any order of rows", async () => {
    const whole = await observed(design, wideOf(visitors));
    const rows = summaryOf(visitors, ["day", "region"], ({ day, region }) => [day, region]);
    const found = await observed(design, rows.join("\n"));
    expectAlike(figuresOf(design, found), figuresOf(design, whole));
    expect(analyse(design, found).strataWords).to.include("within the values of region");
    const turned = await observed(design, [rows[0], ...rows.slice(1).toReversed()].join("\n"));
    expect(turned).to.deep.equal(found);
  });

  it("have the names that pandas, R and SQL give", async () => {
    const rows = summaryOf(visitors, ["day"], ({ day }) => [day]);
    const found = await observed(plain, rows.join("\n"));
    for (const header of ["arm,Date,Metric,Count,Average,VAR", "arm,day,metric,count,avg,var"])
      expect(await observed(plain, [header, ...rows.slice(1)].join("\n"))).to.deep.equal(found);
    const spread = rows.slice(1).map((row) => row.replace(/[^,]*$/, (variance) => String(Math.sqrt(Number(variance)))));
    const ofSpread = await observed(plain, ["arm,day,metric,count,mean,std", ...spread].join("\n"));
    expectAlike(figuresOf(plain, ofSpread), figuresOf(plain, found));
  });

  it("of all units so far count each once, with a course over their days", async () => {
    const days = [0, 1, 2, 3, 4, 5].map(dayOf);
    const sofar = days.flatMap((until) => visitors.filter(({ day }) => day <= until).map((visitor) => ({ ...visitor, until })));
    const rows = summaryOf(sofar, ["until"], (visitor) => [(visitor as (typeof sofar)[number]).until]);
    const found = await observed(plain, rows.join("\n"));
    expectAlike(figuresOf(plain, found), figuresOf(plain, await observed(plain, wideOf(visitors))));
    const looks = (of: Observations) => analyse(plain, of).health.checks.find(({ name }) => name === "sequential-sample-ratio");
    expect(looks(found)).to.deep.equal(looks(await observed(plain, wideOf(visitors))));
    expect(
      await refusalOf(
        plain,
        rows
          .join("\n")
          .replace(`control,${dayOf(5)},spend,255`, `control,${dayOf(5)},spend,5`)
          .replace(`control,${dayOf(5)},bought,255`, `control,${dayOf(5)},bought,5`),
      ),
    ).to.equal(
      "1: the column 'until' says that all units up to a day count, and n of 'control' falls from 210 on 2025-03-05 to 5 on 2025-03-06",
    );
  });

  it("stop where days that are of all units so far are taken for days of their own", async () => {
    const check = async (rows: readonly string[]) =>
      analyse(plain, await observed(plain, rows.join("\n"))).health.checks.find(({ name }) => name === "growing-days")?.state;
    const long = visitorsOf(20);
    const sofar = [...new Set(long.map(({ day }) => day))].flatMap((day) =>
      long.filter((one) => one.day <= day).map((one) => ({ ...one, day })),
    );
    expect(await check(summaryOf(sofar, ["day"], ({ day }) => [day]))).to.equal("stop");
    // Days of their own, on which more and more come: nothing that stops.
    for (let seed = 1; seed <= 20; seed++)
      expect(await check(summaryOf(visitorsOf(20, seed), ["day"], ({ day }) => [day])), String(seed)).to.equal("care");
    expect(await check(summaryOf(visitorsOf(4), ["day"], ({ day }) => [day]))).to.equal(undefined);
  });

  it("are refused where rows about the same differ in what is not read, with rows of totals, and where clusters are dealt", async () => {
    const rows = summaryOf(visitors, ["country"], ({ region }) => [region]);
    expect(await refusalOf(plain, rows.join("\n"))).to.match(
      /^\d+: line \d+ and line \d+ are both about 'spend' in the arm 'control', and differ in 'country', which is not read: which of them counts is open$/,
    );
    const bySegment = summaryOf(visitors, ["region"], ({ region }) => [region]);
    const totals = summaryOf(visitors, ["region"], () => ["all"]).slice(1);
    expect(await refusalOf(design, [...bySegment, ...totals].join("\n"))).to.equal(
      "1: in every arm n of 'all' in 'region' is that of all other values together: its rows are totals, and their units would count twice",
    );
    const clustered = designOf(
      text
        .replace("{ recorded: true }", "{ recorded: true, cluster: market }")
        .replace("segments: [region]\n", "")
        .replace(", strata: region", ""),
    );
    expect(await refusalOf(clustered, summaryOf(visitors, [], () => []).join("\n"))).to.equal(
      "1: values of 'market' are dealt, and a file of summaries does not tell how far they differ from each other",
    );
    expect(await refusalOf(plain, "arm,n,spend_mean,spend_variance\ncontrol,5,1,2")).to.match(/^1: the file has no column 'visitor'/);
  });

  it("say what they do not tell, and whose values are missing", async () => {
    const rows = summaryOf(visitors, [], () => []);
    const short = rows.map((row) => row.replace("candidate,bought,255,", "candidate,bought,155,"));
    const { checks } = analyse(design, await observed(design, short.join("\n"))).health;
    expect(checks.find(({ name }) => name === "summaries")).to.deep.include({
      state: "care",
      finding:
        "The file holds summaries: units in two arms and extreme units are not looked for. It has no column 'region', so that effects are not broken down by region.",
      cure: "Give a row for each value of 'region': then arms are compared within them.",
    });
    expect(checks.find(({ name }) => name === "missing-values")).to.deep.include({
      state: "stop",
      finding: "100 units have no value of bought (control 0, candidate 100); they are left out of it.",
    });
  });

  it("take the mean of a sum, and no squares that are less than it allows", async () => {
    const one = designOf(
      text
        .replace(/ {2}bought: .*\n/, "")
        .replace("segments: [region]\n", "")
        .replace(", strata: region", ""),
    );
    const of = async (control: string) => await observed(one, `arm,metric,n,sum,mean,sum_squares\n${control}\ncandidate,spend,3,6,2,14`);
    expect((await of("control,spend,3,6.75,2.26,16")).arms[0]?.metrics[0]?.means).to.deep.equal([2.25]);
    expect((await of("control,spend,3,6,2.01,14")).arms[0]?.metrics[0]?.means).to.deep.equal([2]);
    expect((await of("control,spend,3,6,2,11.99")).rejected.map(({ code }) => code)).to.deep.equal(["bad-number"]);
    expect((await of("control,spend,3,6,2,12")).arms[0]?.metrics[0]?.covariances).to.deep.equal([[0]]);
  });
});
