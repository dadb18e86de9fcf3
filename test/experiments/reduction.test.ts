/** The reduction of units: one answer on any number of threads, from any order and any kind of file, and that of tea-tasting. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openTable } from "../../data/datasets/index.ts";
import { openDuckDb, quoteText } from "../../data/engines/index.ts";
import { packagePath, present } from "../../data/foundation/index.ts";
import { analyse, type ExperimentDesign, type Observations, observe } from "../../simulations/experiments/index.ts";
import { type Answers, answersOf, benchDesign, differenceOf } from "../bench/experiments/design.ts";
import { unitsQuery } from "../bench/experiments/units-sql.ts";
import { designOf, observed } from "./designs.ts";

describe("the reduction of units", () => {
  const folder = mkdtempSync(join(tmpdir(), "reduction-"));
  after(() => rmSync(folder, { recursive: true }));

  /** Observes what a query gives, from a file of that kind. */
  async function reduced(design: ExperimentDesign, query: string, name: string, threads: number): Promise<Observations> {
    const path = join(folder, name);
    const db = await openDuckDb({ threads });
    try {
      await db.run(`COPY (${query}) TO ${quoteText(path)} (${name.endsWith("csv") ? "HEADER" : "FORMAT parquet"})`);
      return await observe(db, design, await openTable(db, { path, shownPath: name, workFolder: folder }));
    } finally {
      db.close();
    }
  }

  it("gives the same bytes on any number of threads, in any order of rows, from CSV and from Parquet", async () => {
    // Several of DuckDB's blocks of rows, in numbers that no double holds exactly.
    const design = designOf(`experiment: many
title: Many
hypothesis: None.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm }
metrics:
  gmv: { mean: gmv, role: primary, better: up, covariate: before }
  kept: { share: kept, role: secondary, better: up }
  late: { ratio: before of gmv, role: secondary, better: down }
segments: [region]
plan: { level: 95 %, power: 80 %, looks: once }
`);
    const units = `SELECT 's' || range AS seller, CASE WHEN range % 3 = 0 THEN 'control' ELSE 'gentle' END AS arm, exp(3 * sin(range)) AS gmv,
      exp(3 * sin(range + 0.5)) AS before, range % 7 AS kept, 'r' || range % 3 AS region FROM range(150_000)`;
    const first = JSON.stringify(await reduced(design, units, "a.parquet", 1));
    for (const [query, name, threads] of [
      [units, "b.parquet", 4],
      [`${units} ORDER BY hash(range)`, "c.parquet", 2],
      [units, "d.csv", 3],
    ] as const)
      expect(JSON.stringify(await reduced(design, query, name, threads)), name).to.equal(first);
  });

  it("gives the same bytes for clusters, by segment and under a cap", async () => {
    const design = designOf(`experiment: by-market
title: By market
hypothesis: None.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { salt: by-market, cluster: market }
columns: { unit: seller }
metrics:
  gmv: { mean: gmv, role: primary, better: up, covariate: before, cap: 40 }
  kept: { share: kept, role: secondary, better: up, missing: leave out }
  late: { ratio: before of gmv, role: secondary, better: down }
segments: [region]
plan: { level: 95 %, power: 80 %, looks: once }
`);
    const units = `SELECT 's' || range AS seller, 'm' || (range * 7) % 400 AS market, exp(3 * sin(range)) AS gmv, exp(3 * sin(range + 0.5)) AS before,
      CASE WHEN range % 5 > 0 THEN range % 7 END AS kept, 'r' || range % 3 AS region FROM range(130_000)`;
    const found = await reduced(design, units, "a.parquet", 1);
    expect(found.arms.reduce((sum, arm) => sum + arm.units, 0)).to.equal(400);
    expect(found.clusterUnits?.reduce((sum, count) => sum + count, 0)).to.equal(130_000);
    expect(found.segments[0]?.groups.map(({ value }) => value)).to.deep.equal(["r0", "r1", "r2"]);
    for (const [query, name, threads] of [
      [`${units} ORDER BY hash(range)`, "b.parquet", 2],
      [`${units} ORDER BY hash(range + 1)`, "c.csv", 3],
    ] as const)
      expect(JSON.stringify(await reduced(design, query, name, threads)), name).to.equal(JSON.stringify(found));
  });

  it("counts a missing covariate as 0, also where the others lie far from it", async () => {
    const design = designOf(`experiment: partly
title: Partly
hypothesis: None.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm }
metrics:
  gmv: { mean: gmv, role: primary, better: up, covariate: before, missing: leave out }
plan: { level: 95 %, power: 80 %, looks: once }
`);
    for (const before of [
      [1, 2, 3],
      [1e9, 1e9 + 1, 1e9 + 2],
    ] as const) {
      const { arms } = await observed(
        design,
        `seller,arm,gmv,before\na,control,1,${before[0]}\nb,control,2,${before[1]}\nc,control,3,\nd,control,,5\ne,gentle,1,${before[2]}\n`,
      );
      const control = present(arms[0]?.metrics[0], "the control");
      expect([control.n, control.means[0]]).to.deep.equal([3, 2]);
      expect(control.means[1]).to.be.closeTo((before[0] + before[1]) / 3, 1e-6);
    }
  });

  it("keeps what lies close together far from 0, and says nothing of a spread that rounding made", async () => {
    const design = designOf(`experiment: far
title: Far
hypothesis: None.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm }
metrics:
  stamp: { mean: stamp, role: primary, better: up }
  fixed: { mean: fixed, role: secondary, better: up }
plan: { level: 95 %, power: 80 %, looks: once }
`);
    const rows = Array.from(
      { length: 200 },
      (_, unit) => `s${unit},${unit % 2 === 0 ? "control" : "gentle"},${1e9 + (unit >> 1) / 128},0.1`,
    );
    for (const more of ["", "\nlate,gentle,0,0.1"]) {
      const { arms } = await observed(design, `seller,arm,stamp,fixed\n${rows.join("\n")}${more}`);
      const [stamp, fixed] = present(arms[0], "the control").metrics;
      // The variance of 0, 1, ..., 99 over 128.
      expect(stamp?.covariances[0]?.[0]).to.be.closeTo(841.6666666666666 / 128 ** 2, more === "" ? 1e-12 : 1e-3);
      expect(fixed?.covariances[0]?.[0]).to.equal(0);
    }
  });

  it("agrees with tea-tasting on every metric of the bench", async () => {
    const folderOfReferences = packagePath("test", "experiments", "references");
    const design = benchDesign();
    const found = await observed(design, readFileSync(join(folderOfReferences, "units.csv"), "utf8"));
    const expected = JSON.parse(readFileSync(join(folderOfReferences, "answers.json"), "utf8")) as Answers;
    expect(Object.keys(expected)).to.have.length(10);
    expect(differenceOf(expected, answersOf(design, found, analyse(design, found)))).to.equal(undefined);
    expect(differenceOf(expected, { ...expected, gmv: [1, 0, 2, 0.5] })).to.include("of 'gmv' the effect is 1");
  });

  it("takes the bench's units as they are written", async () => {
    const design = benchDesign();
    const [parquet, csv] = [
      await reduced(design, unitsQuery(3_000), "units.parquet", 2),
      await reduced(design, unitsQuery(3_000), "units.csv", 2),
    ];
    expect([parquet.units, parquet.crossovers, parquet.rejected]).to.deep.equal([3_000, 0, []]);
    expect(parquet).to.deep.equal(csv);
  });

  it("from Parquet says the same of rows that are not units as they stand", async () => {
    const design = benchDesign();
    const messy = `${unitsQuery(500)} UNION ALL BY NAME (FROM (${unitsQuery(500)}) LIMIT 3)
      UNION ALL BY NAME SELECT 'x' AS seller, 'red' AS arm UNION ALL BY NAME SELECT ' y ' AS seller, 'control' AS arm, 'nan'::DOUBLE AS gmv`;
    const [parquet, csv] = [await reduced(design, messy, "messy.parquet", 2), await reduced(design, messy, "messy.csv", 2)];
    expect([parquet.rows, parquet.units, parquet.duplicates]).to.deep.equal([505, 500, 3]);
    expect(parquet.rejected.map(({ code, count }) => [code, count])).to.deep.equal([
      ["unknown-arm", 1],
      ["bad-number", 1],
    ]);
    // A row of Parquet has a number, one of CSV a line: the header's is the first.
    const asLines = parquet.rejected.map(({ examples, ...rest }) => ({
      ...rest,
      examples: examples.map((words) => words.replace(/^row (\d+)/, (_, row) => `line ${Number(row) + 1}`)),
    }));
    expect({ ...parquet, rejected: asLines }).to.deep.equal(csv);
  });

  it("refuses in Parquet what it refuses in CSV, though it reads neither row by row", async () => {
    const design = benchDesign();
    const of = async (changed: string) => {
      const { units, rejected } = await reduced(design, `SELECT * REPLACE (${changed}) FROM (${unitsQuery(300)})`, "one.parquet", 2);
      return [units, ...rejected.map(({ code, count, examples }) => `${code} ${count} ${examples[0]}`)];
    };
    const isFirst = "seller = 'seller-00000013'";
    expect(await of("seller AS seller")).to.deep.equal([300]);
    expect((await of(`CASE WHEN ${isFirst} THEN 1e200 ELSE gmv END AS gmv`))[1]).to.equal(
      "bad-number 1 row 1: gmv is beyond 1e+100: 1e+200",
    );
    expect((await of(`CASE WHEN ${isFirst} THEN repeat('x', 2000) ELSE seller END AS seller`))[1]).to.equal(
      "too-long 1 row 1: more than 1024 bytes in seller",
    );
    expect((await of(`CASE WHEN ${isFirst} THEN '' ELSE seller END AS seller`))[1]).to.equal("no-unit 1 row 1: the unit is empty");
  });
});
