/** The comparison on real history, derived a second time by SQL over the imported files: every tier, score, count and sum. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { importDataset } from "../../../data/datasets/index.ts";
import { prepareOlist } from "../../../data/datasets/olist/prepare-olist.ts";
import { type DuckDb, openDuckDb, quoteText } from "../../../data/engines/index.ts";
import { formatPeriod, packagePath, parseDay, periodOf, present } from "../../../data/foundation/index.ts";
import { openPanel, type Panel } from "../../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../../policies/language/index.ts";
import { type Comparison, compare } from "../../../simulations/comparison/index.ts";
import { replay } from "../../../simulations/replay/index.ts";
import type { Estimated } from "../../../simulations/statistics/index.ts";
import { flattenComparison, flattenLater, otherValues } from "./flatten-comparison.ts";

const shared = process.env["COUNTERWEIGHT_SHARED"] ?? packagePath("..", "shared");
const files = join(shared, "data", "olist");
const range = { from: "2017-09-03", to: "2018-08-26" } as const;

/** The numbers of the three versions, copied from their files by hand. */
const versions = {
  "1.0.0": { version: "v100", weeks: 12, fulfilment: 60, reviews: 40, gold: 85, standard: 65, watch: 50, demote: 2 },
  "1.1.0": { version: "v110", weeks: 12, fulfilment: 50, reviews: 50, gold: 85, standard: 65, watch: 50, demote: 2 },
  "2.0.0": { version: "v200", weeks: 26, fulfilment: 50, reviews: 50, gold: 88, standard: 68, watch: 50, demote: 3 },
} as const;

describe("seller-performance on Olist, derived again in SQL", () => {
  let folder: string;
  let db: DuckDb;
  let panel: Panel;
  let comparison: Comparison;
  const policies: Policy[] = [];

  before(async function () {
    if (!existsSync(files)) {
      console.log(`      skipped: the Olist files are not in ${files}`);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "second-derivation-"));
    const { descriptorPaths } = await prepareOlist({ folder: files, workFolder: folder });
    const imported = await importDataset({ descriptorPath: descriptorPaths.weekly, home: join(folder, "home"), register: () => {} });
    panel = openPanel(present(imported.folder, "dataset folder"));
    for (const version of Object.keys(versions)) policies.push(present(readLibraryPolicy(`seller-performance@${version}`).policy, version));
    comparison = compare({
      baseline: present(policies[0], "baseline"),
      candidates: policies.slice(1),
      panel,
      from: periodOf("week", present(parseDay(range.from), "from")),
      to: periodOf("week", present(parseDay(range.to), "to")),
      seed: 1,
      replicates: 100,
    });
    db = await openDuckDb();
    await db.run(`CREATE TABLE panel AS FROM ${quoteText(join(folder, "panel.parquet"))}`);
    await db.run(`CREATE TABLE sellers AS FROM ${quoteText(join(folder, "sellers.parquet"))}`);
    await db.run(`CREATE TABLE outcomes AS FROM ${quoteText(join(folder, "outcomes-week.parquet"))}`);
    for (const numbers of Object.values(versions)) await db.run(fill("tiers.sql", numbers));
  });

  after(() => {
    if (db !== undefined) db.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it("gives the same score, merited and held tier for every seller and week", async () => {
    const expected = await Promise.all(
      Object.values(versions).map(async ({ version }) => {
        const rows = await db.rows(`SELECT seller_id || ' ' || week_end, overall, merited, held FROM held_${version}`);
        return new Map(rows.map(([key, ...values]) => [String(key), values] as const));
      }),
    );
    let checked = 0;
    replay({
      policies,
      panel,
      to: panel.schema.lastPeriod,
      visit: (chunk, frames) => {
        for (const [entity, key] of chunk.entities.entries()) {
          for (let row = chunk.rowStart[entity] as number; row < (chunk.rowStart[entity + 1] as number); row++) {
            const week = formatPeriod("week", (chunk.firstPeriod[entity] as number) + row - (chunk.rowStart[entity] as number));
            for (const [index, frame] of frames.entries()) {
              const score = frame.score[row] as number;
              const got = [Number.isNaN(score) ? null : score, frame.merited[row], frame.held[row]];
              const want = expected[index]?.get(`${key} ${week}`);
              checked++;
              if (want === undefined || got.some((value, position) => value !== want[position])) {
                expect.fail(`${policies[index]?.version} ${key} ${week}: SQL says ${String(want)}, the replay ${String(got)}`);
              }
            }
          }
        }
      },
    });
    expect(checked).to.equal(expected.reduce((sum, rows) => sum + rows.size, 0));
  });

  /** Makes the tables of one comparison, and gives its figures. */
  async function figures(version: "1.1.0" | "2.0.0", date: string): ReturnType<DuckDb["rows"]> {
    const sql = fill("figures.sql", { baseline: "v100", candidate: versions[version].version, ...range, date });
    const statements = sql.split(/;\s*\n/);
    for (const statement of statements.slice(0, -1)) await db.run(statement);
    return db.rows(present(statements.at(-1), "the last statement"));
  }

  for (const version of ["1.1.0", "2.0.0"] as const) {
    it(`gives every count and sum of ${version} against 1.0.0`, async () => {
      const numbers = flattenComparison(comparison, version);
      const date = present(comparison.candidates.find((candidate) => candidate.version === version)?.errors[0]?.at, "date of the errors");
      const rows = await figures(version, date);
      const wanted = new Map<string, number>();
      for (const [figure, key, value] of rows) {
        const name = `${String(figure)}|${String(key)}`;
        const isOther = String(key).startsWith("category ") && !numbers.has(name);
        const kept = isOther ? `${String(figure)}|category ${otherValues}` : name;
        if (value !== 0) wanted.set(kept, (wanted.get(kept) ?? 0) + Number(value));
      }
      const got = new Map([...numbers].filter(([, value]) => value !== 0));
      expect(Object.fromEntries(got)).to.deep.equal(Object.fromEntries(wanted));
      expect(got.size).to.be.greaterThan(500);
      expect([...got.keys()].filter((name) => name.startsWith("group ")).length).to.be.greaterThan(300);
    });

    it(`gives what early warning counts, harm reached earlier and the counted parts of the change of ${version}`, async () => {
      const candidate = present(
        comparison.candidates.find((one) => one.version === version),
        version,
      );
      const date = present(candidate.errors[0], "errors").at;
      await figures(version, date);
      const modelled = (of: string): string =>
        comparison.atRisk?.policies.find((one) => one.version === of)?.dates.find(({ alarms }) => alarms > 0)?.date ?? range.to;
      const given = { ...range, date, weeks: present(comparison.atRisk, "early warning").horizonPeriods };
      const rows = await db.rows(
        fill("later.sql", { ...given, modelled_baseline: modelled("1.0.0"), modelled_candidate: modelled(version) }),
      );
      const wanted = Object.fromEntries(rows.map(([figure, key, value]) => [`${String(figure)}|${String(key)}`, Number(value)]));
      const zeros = Object.fromEntries([...flattenLater(comparison, candidate).keys()].map((name) => [name, 0]));
      expect(Object.fromEntries(flattenLater(comparison, candidate))).to.deep.equal({ ...zeros, ...wanted });
    });

    it(`gives every error rate of ${version} with its interval and its worst-case bounds`, async () => {
      const errors = present(comparison.candidates.find((candidate) => candidate.version === version)?.errors[0], "errors");
      await figures(version, errors.at);
      const rows = await db.rows(fill("rates.sql", {}));
      for (const [side, name, value, lower, upper, lowerBound, upperBound] of rows) {
        const policy = errors[side === "baseline" ? "baseline" : "candidate"];
        const rate = policy.rates.find((entry) => entry.name === name)?.estimate;
        const bounds = policy.bounds.find((entry) => entry.name === name);
        const got = [
          estimateOf(rate),
          rate?.kind === "estimate" ? [rate.interval?.lower, rate.interval?.upper] : [],
          estimateOf(bounds?.lower),
          estimateOf(bounds?.upper),
        ];
        for (const [index, number] of got.flat().entries()) {
          expect(number, `${String(side)} ${String(name)} ${index}`).to.be.closeTo(
            Number([value, lower, upper, lowerBound, upperBound][index]),
            1e-12,
          );
        }
      }
      expect(rows).to.have.length(6);
    });
  }
});

function estimateOf(estimated: Estimated | undefined): number | undefined {
  return estimated?.kind === "estimate" ? estimated.value : undefined;
}

/** The text of a SQL file with its placeholders filled in. */
function fill(file: string, values: Readonly<Record<string, string | number>>): string {
  const text = readFileSync(packagePath("test", "slow", "second-derivation", file), "utf8");
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(present(values[name], name)));
}
