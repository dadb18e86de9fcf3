/** Quantiles of an experiment's units: R's numbers, the slow twin of what SQL finds, and where they are refused. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openTable } from "../../data/datasets/index.ts";
import { openDuckDb, quoteText } from "../../data/engines/index.ts";
import { packagePath, present, randomStream } from "../../data/foundation/index.ts";
import {
  type Analysis,
  analyse,
  dealing,
  designDigest,
  observe,
  readDesign,
  reductionDigest,
  simulatePlan,
  sizeDesign,
} from "../../simulations/experiments/index.ts";
import { compareQuantiles, differenceFinding, type QuantileSummary, summariseQuantile } from "../../simulations/statistics/index.ts";
import { designOf, observed, wholeDesign } from "./designs.ts";

const references = packagePath("test", "experiments", "references");

interface Side {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly standardError: number;
}

const cases = JSON.parse(readFileSync(join(references, "quantiles.json"), "utf8")) as readonly {
  readonly clustered: boolean;
  readonly share: number;
  readonly region: string;
  readonly control: Side;
  readonly treatment: Side;
  readonly regression: { readonly difference: number; readonly standardError: number };
}[];

const orders = readFileSync(join(references, "quantile-units.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [order = "", seller = "", arm = "", region = "", hours = ""] = line.split(",");
    return { order, seller, arm, region, hours };
  });

const text = ({
  assignment,
  arm = "",
  plan = "looks: once",
}: {
  readonly assignment: string;
  readonly arm?: string;
  readonly plan?: string;
}) =>
  `experiment: faster
title: Faster delivery
hypothesis: Orders arrive earlier.
unit: order
arms: { control: 50 %, fast: 50 % }
assignment: ${assignment}
columns: { unit: order${arm} }
metrics:
  median: { quantile: 50 % of hours, role: primary, better: down, effect: 5 % of control, missing: leave out }
  slowest: { quantile: 90 % of hours, role: guardrail, better: down, margin: 10 % of control, missing: leave out }
  hours: { mean: hours, role: secondary, better: down, missing: leave out }
segments: [region]
plan: { level: 95 %, power: 80 %, ${plan} }
`;

const alone = designOf(text({ assignment: "{ recorded: true }", arm: ", arm: arm" }));
const bySeller = designOf(text({ assignment: "{ salt: faster, cluster: seller }" }));

function csvOf(rows: typeof orders): string {
  return ["order,seller,arm,region,hours", ...rows.map((row) => Object.values(row).join(","))].join("\n");
}

/** The same orders with sellers named so that the design deals them to the arms that R knows. */
function renamed(): typeof orders {
  const deal = dealing(bySeller);
  const names = new Map<string, string>();
  for (const { seller, arm } of orders) {
    for (let turn = 0; !names.has(seller); turn++) {
      const name = `${seller}-${turn}`;
      if (bySeller.arms[deal(name).arm]?.name === arm) names.set(seller, name);
    }
  }
  return orders.map((order) => ({ ...order, seller: names.get(order.seller) as string }));
}

function rowOf({ scorecard }: Analysis, metric: string) {
  const row = present(
    scorecard.find((one) => one.metric === metric),
    metric,
  );
  if (row.absolute.kind === "undetermined" || row.alwaysValid.kind === "undetermined") throw new Error(metric);
  return { ...row, absolute: row.absolute, alwaysValid: row.alwaysValid };
}

const told = (design: typeof alone, csv: string) => observed(design, csv);

describe("quantiles of an experiment", () => {
  it("are R's, with its errors for independent orders and for sellers who are dealt with all of theirs", async () => {
    for (const clustered of [false, true]) {
      const design = clustered ? bySeller : alone;
      const observations = await told(design, csvOf(clustered ? renamed() : orders));
      for (const known of cases.filter((one) => one.clustered === clustered)) {
        const metric = known.share === 0.5 ? 0 : 1;
        const arms =
          known.region === ""
            ? observations.arms
            : present(
                observations.segments[0]?.groups.find(({ value }) => value === known.region),
                known.region,
              ).arms;
        for (const [place, side] of [known.control, known.treatment].entries()) {
          const { value, outer, isClustered } = present(arms[place]?.metrics[metric]?.quantile, "a quantile");
          expect(value).to.be.closeTo(side.value, 1e-12);
          expect([outer?.lower, outer?.upper, isClustered]).to.deep.equal([side.lower, side.upper, clustered]);
        }
        const error = Math.hypot(known.control.standardError, known.treatment.standardError);
        // Another road: quantile regression, and a bootstrap of whole sellers.
        expect(error / known.regression.standardError).to.be.within(0.92, 1.1);
        if (known.region !== "") continue;
        const row = rowOf(analyse(design, observations), design.metrics[metric]?.name ?? "");
        expect(row.absolute.value).to.be.closeTo(known.treatment.value - known.control.value, 1e-12);
        expect(row.absolute.standardError).to.be.closeTo(error, 1e-12);
        expect(row.form).to.equal("quantile");
        expect(row.control.value).to.be.closeTo(known.control.value, 1e-12);
        expect(row.method).to.equal(`${100 * known.share} % quantiles, outer interval${clustered ? ", clustered" : ""}`);
      }
    }
  });

  it("agree with themselves: interval, p-value, what holds at every look, margins, segments", async () => {
    for (const [design, csv] of [
      [alone, csvOf(orders)],
      [bySeller, csvOf(renamed())],
    ] as const) {
      const analysis = analyse(design, await told(design, csv));
      const row = rowOf(analysis, "median");
      const interval = present(row.absolute.interval, "an interval");
      expect(interval.lower > 0 || interval.upper < 0).to.equal((row.pValue as number) < 0.05);
      expect(present(row.alwaysValid.interval, "an interval").lower).to.be.below(interval.lower);
      expect(row.reading).to.equal((row.pValue as number) < 0.05 ? "better" : "not shown");
      expect(row).to.not.have.property("varianceReduction");
      expect(rowOf(analysis, "slowest").guardrail?.state).to.be.oneOf(["shown safe", "shown harmed", "undetermined"]);
      const shown = analysis.segments.map(({ metric, rows }) => [
        metric,
        ...rows.map(({ value, absolute }) => `${value} ${absolute.kind}`),
      ]);
      // Of 20 sellers in the south there is no effect of their own.
      expect(shown).to.deep.equal([["median", "north estimate", `south ${design === alone ? "estimate" : "undetermined"}`]]);
      expect(analysis.timeCourse).to.deep.equal([]);
      expect(analysis.quantileWords).to.include("Of median and slowest there is no course over days");
    }
  });

  it("have a course over days: each point is what the units of these days alone give", async () => {
    const dated = designOf(text({ assignment: "{ recorded: true }", arm: ", arm: arm, day: day" }).replace("segments: [region]\n", ""));
    const day = (index: number): string => `2025-03-${String(3 + (index % 24)).padStart(2, "0")}`;
    const lines = orders.map(({ order, seller, arm, region, hours }, index) => ({
      day: day(index),
      line: [order, seller, arm, region, hours, day(index)].join(","),
    }));
    const csv = (until: string) =>
      ["order,seller,arm,region,hours,day", ...lines.filter((one) => one.day <= until).map(({ line }) => line)].join("\n");
    const analysis = analyse(dated, await observed(dated, csv("2025-03-26")));
    const [median, slowest] = analysis.timeCourse;
    expect([median?.metric, slowest?.metric, analysis.timeCourse.length]).to.deep.equal(["median", "slowest", 2]);
    const days = present(median, "a course").points.map((point) => point.day);
    // Of 24 days every second one, the last among them.
    expect(days).to.deep.equal(Array.from({ length: 12 }, (_, index) => day(2 * index + 1)));
    for (const until of [days[5] ?? "", days.at(-1) ?? ""]) {
      const alike = analyse(dated, await observed(dated, csv(until)));
      for (const course of [median, slowest]) {
        const point = course?.points.find((one) => one.day === until);
        const row = rowOf(alike, course?.metric ?? "");
        expect(point?.absolute).to.deep.equal(row.absolute);
        expect(point?.alwaysValid).to.deep.equal(row.alwaysValid);
        expect(point?.units).to.equal(row.control.units + row.treatment.units);
      }
    }
    expect(analysis.quantileWords).to.match(
      /^Of median and slowest there is no effect by week .* Their course over days is found anew at up to twenty days/,
    );
  });

  it("are found by SQL as by sorting, ties, missing values and clusters included, from CSV and from Parquet", async () => {
    const folder = mkdtempSync(join(tmpdir(), "quantiles-"));
    try {
      const random = randomStream(7, "quantiles");
      const rows = Array.from({ length: 4_000 }, (_, index) => ({
        order: `o${index}`,
        seller: `s${random.below(90)}`,
        arm: random.uniform() < 0.5 ? "control" : "fast",
        region: ["north", "south"][random.below(2)] as string,
        hours: random.uniform() < 0.05 ? "" : String(Math.round(1e4 * random.normal()) / (random.uniform() < 0.5 ? 1e4 : 1e3)),
      }));
      const deal = dealing(bySeller);
      const summaries = (keys: boolean, region: string | undefined): (QuantileSummary | undefined)[] =>
        bySeller.arms.flatMap(({ name }, place) => {
          const own = rows.filter((row) => row.hours !== "" && (region === undefined || row.region === region));
          const inArm = own.filter((row) => (keys ? deal(row.seller).arm === place : row.arm === name));
          const values = inArm.map(({ hours }) => Number(hours));
          const clusters = keys ? inArm.map(({ seller }) => seller) : undefined;
          return [0.5, 0.9].map((share) => summariseQuantile({ values, clusters }, share));
        });
      for (const design of [alone, bySeller]) {
        const { arms, segments } = await told(design, csvOf(rows));
        const found = (of: typeof arms) => of.flatMap(({ metrics }) => metrics.slice(0, 2).map(({ quantile }) => quantile));
        expect(found(arms)).to.deep.equal(summaries(design === bySeller, undefined));
        for (const { value, arms: own } of segments[0]?.groups ?? [])
          expect(found(own)).to.deep.equal(summaries(design === bySeller, value));
      }
      const path = join(folder, "orders.parquet");
      for (const threads of [1, 2]) {
        const db = await openDuckDb({ threads });
        try {
          const values = rows.map(
            ({ order, arm, region, hours }) => `('${order}', '${arm}', '${region}', ${hours === "" ? "NULL" : hours}::DOUBLE)`,
          );
          await db.run(
            `COPY (SELECT * FROM (VALUES ${values.join(", ")}) AS t("order", arm, region, hours)) TO ${quoteText(path)} (FORMAT parquet)`,
          );
          const { arms } = await observe(db, alone, await openTable(db, { path, shownPath: "orders.parquet", workFolder: folder }));
          expect(arms).to.deep.equal((await told(alone, csvOf(rows))).arms);
        } finally {
          db.close();
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("have no effect where values are so coarse that a quantile moves in jumps, nor of too few units", async () => {
    const coarse = orders.map((order) => ({ ...order, hours: String(10 * Math.round(Number(order.hours) / 10)) }));
    const row = analyse(alone, await told(alone, csvOf(coarse))).scorecard[0];
    expect(row?.reading).to.equal("not determined");
    expect(row?.words).to.match(/of \d+ values \d+ near the quantile are one and the same/);
    const few = analyse(alone, await told(alone, csvOf(orders.slice(0, 30)))).scorecard[1];
    expect(few?.words).to.include("too few for the quantile 0.9");
  });

  it("reject about one time in twenty where nothing differs, of few clusters less often", () => {
    const experiments = 600;
    const rejected = (isClustered: boolean, keys: number): number => {
      let count = 0;
      for (let experiment = 0; experiment < experiments; experiment++) {
        const random = randomStream(experiment, "quantile level", keys);
        const arm = () => {
          const clusters: number[] = [];
          const values = Array.from({ length: keys }, (_, key) => {
            const [own, size] = [isClustered ? random.normal() : 0, isClustered ? 6 + random.below(20) : 1];
            return Array.from({ length: size }, () => {
              clusters.push(key);
              return Math.exp(own + random.normal());
            });
          }).flat();
          return present(summariseQuantile(isClustered ? { values, clusters } : { values }, 0.5), "values");
        };
        const found = differenceFinding(compareQuantiles({ control: arm(), treatment: arm() }), { level: 0.95, alternative: "two-sided" });
        if (found.kind === "finding" && (found.test?.pValue ?? 1) < 0.05) count++;
      }
      return count / experiments;
    };
    // 600 experiments tell 5 % from 2.5 % and from 8 %.
    expect(rejected(false, 400)).to.be.within(0.025, 0.08);
    expect(rejected(true, 80)).to.be.within(0.015, 0.08);
    expect(rejected(true, 12)).to.be.below(0.05);
  });

  it("are not told by summaries, which say so", async () => {
    const summary = [
      "arm,metric,n,mean,variance",
      ...["control", "fast"].flatMap((arm) => [`${arm},hours,500,20,90`, `${arm},median,500,19,90`]),
    ].join("\n");
    const observations = await told(alone, summary);
    expect(observations.rejected).to.deep.equal([
      {
        code: "no-summary",
        count: 2,
        examples: [
          "line 3: median is a quantile, which no mean and variance tell",
          "line 5: median is a quantile, which no mean and variance tell",
        ],
      },
    ]);
    const { scorecard } = analyse(alone, observations);
    expect(scorecard.map(({ reading }) => reading)).to.deep.equal(["not determined", "not determined", "not shown"]);
    expect(scorecard[0]?.words).to.include("summaries of means and variances do not tell it");
  });

  it("are sized from the past by their own error, and proved before launch", async () => {
    const planned = designOf(text({ assignment: "{ recorded: true }", arm: ", arm: arm", plan: "looks: once, units: 900" }));
    const [median, , mean] = sizeDesign(planned, await observed(planned, csvOf(orders), { isHistory: true }));
    const sorted = summariseQuantile({ values: orders.map(({ hours }) => Number(hours)) }, 0.5);
    expect(median?.history.value).to.equal(sorted?.value);
    expect(median?.units.kind).to.equal("finding");
    expect(mean?.units.kind).to.equal("undetermined");
    const [coarse] = sizeDesign(
      planned,
      await observed(planned, csvOf(orders.map((order) => ({ ...order, hours: "20" }))), { isHistory: true }),
    );
    expect(coarse?.history.value).to.equal(20);
    expect(coarse?.units.kind === "undetermined" && coarse.units.reason).to.include("near the quantile are one and the same");
    const columns = planned.metrics.map(() => [Float64Array.from(orders, ({ hours }) => Number(hours))]);
    const [proof] = simulatePlan(planned, { units: orders.length, columns }, { seed: 1, experiments: 200 });
    if (proof?.level.kind !== "estimate" || proof.planted?.power.kind !== "estimate") throw new Error("no proof");
    expect(proof.level.value).to.be.within(0.01, 0.1);
    expect(proof.planted.lift).to.equal(-0.05);
    const [byClusters] = simulatePlan(bySeller, { units: 10, columns }, { seed: 1, experiments: 5 });
    expect(byClusters?.level.kind === "undetermined" && byClusters.level.reason).to.include("clusters are drawn by their sums");
  });

  it("are read from a design, with faults where they stand, and move no digest of a design without them", () => {
    const said = (metric: string) =>
      readDesign({
        text: text({ assignment: "{ recorded: true }", arm: ", arm: arm" }).replace("quantile: 50 % of hours", metric),
        file: "d.yaml",
      }).diagnostics.map(({ place, message }) => `${place?.line}: ${message}`);
    expect(alone.metrics[1]?.form).to.deep.equal({ kind: "quantile", of: "hours", share: 0.9 });
    expect(said("quantile: hours")).to.deep.equal(["9: a quantile is a share of the units and a column"]);
    expect(said("quantile: 120 % of hours")).to.deep.equal(["9: a share is written in per cent, from 0 % to 100 %"]);
    expect(said("quantile: 100 % of hours")).to.deep.equal(["9: a quantile lies between 0.1 % and 99.9 % of the units"]);
    expect(said("quantile: 50 % of hours, covariate: before")[0]).to.include("what a covariate explains of a mean");
    expect(said("quantile: 50 % of hours, cap: 10")[0]).to.include("only means are capped");
    expect([designDigest(designOf(wholeDesign)), reductionDigest(designOf(wholeDesign))]).to.deep.equal(digestsBefore);
  });
});

/** Of `wholeDesign`, as it was before quantiles. */
const digestsBefore = [
  "91b4874c833281ffc612a2b1a9ac28443ada588a0cb2babca1047cc5e216041a",
  "05673c1f8d198500bd35ef0e3e944eb2f5e7060834143bbc6e6e3077323d5b85",
];
