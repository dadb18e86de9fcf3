/** Late labels and audits against what is really so: the demo marketplace pinned earlier, and audited by its known truth. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { importDataset, prepareDemo } from "../../data/datasets/index.ts";
import { openDuckDb, quoteText } from "../../data/engines/index.ts";
import { lastDayOf, present } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";
import { drawAudits } from "../../simulations/comparison/audits/audit-draw.ts";
import { planAudits } from "../../simulations/comparison/audits/audit-plan.ts";
import { stratify } from "../../simulations/comparison/audits/audit-strata.ts";
import { describeArrivals } from "../../simulations/comparison/audits/label-arrivals.ts";
import { collectComparison } from "../../simulations/comparison/collect-comparison.ts";

describe("late labels and audits on the demo marketplace", () => {
  const [baseline, candidate] = ["1.0.0", "2.0.0"].map((version) =>
    present(readLibraryPolicy(`seller-performance@${version}`).policy, version),
  ) as [Policy, Policy];
  let folder: string;
  let dataset: string;
  let truthPath: string;
  const collect = (knownAt?: number) => {
    const panel = openPanel(dataset, knownAt === undefined ? {} : { knownAt });
    return { panel, ...collectComparison({ baseline, candidates: [candidate], panel, seed: 1 }) };
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "late-labels-"));
    const demo = await prepareDemo({ kind: "seller", sellers: 4000, weeks: 78, seed: 2, workFolder: folder });
    const imported = await importDataset({ descriptorPath: demo.descriptorPath, home: join(folder, "home"), register: () => {} });
    dataset = present(imported.folder, "dataset folder");
    truthPath = demo.truthPath;
  });

  after(() => rmSync(folder, { recursive: true }));

  it("foretell from an earlier day what came later, as often as the level says", () => {
    const whole = collect();
    const last = whole.plan.schema.knownAt;
    const came = new Map(
      describeAll(whole).flatMap(({ source, dates }) => dates.map((date) => [`${source} ${date.at}`, date.both.known] as const)),
    );
    let [covered, looked, open] = [0, 0, 0];
    let [foretold, found] = [0, 0];
    for (let back = 100; back <= 280; back += 15) {
      for (const { source, dates } of describeAll(collect(last - back))) {
        for (const { at, both, shareComplete } of dates) {
          const { expected } = both;
          if (expected.kind === "undetermined" || expected.interval === undefined || shareComplete === undefined) continue;
          const later = came.get(`${source} ${at}`);
          if (later === undefined || shareComplete > 0.98) continue;
          looked++;
          if (both.known < later) open++;
          if (expected.interval.lower <= later && later <= expected.interval.upper) covered++;
          foretold += expected.value;
          found += later;
        }
      }
    }
    expect(looked).to.be.above(60);
    expect(open).to.be.above(30);
    // Of counts this small the interval is whole numbers, and covers more than its level.
    expect(covered / looked).to.be.above(0.93);
    expect(foretold / found).to.be.within(0.85, 1.15);
  });

  it("give the true change of the false-positive rate by audits as planned, as often and as closely as promised", async () => {
    const { plan, collected, panel } = collect();
    const strata = stratify(plan, collected, 0);
    const audits = present(
      planAudits(strata.strata, { halfWidth: 0.01, rateHalfWidth: 0.02, minimum: 10, prior: "labels", level: 0.95 }),
      "a plan",
    );
    const at = lastDayOf("week", plan.to);
    const db = await openDuckDb();
    const rows = await db.rows(
      `SELECT seller_id, harmful_from - DATE '1970-01-01' FROM ${quoteText(truthPath)} WHERE harmful_from IS NOT NULL`,
    );
    db.close();
    const harmfulFrom = new Map(rows.map(([key, day]) => [String(key), Number(day)]));
    const isFine = (key: string): boolean => (harmfulFrom.get(key) ?? Number.POSITIVE_INFINITY) > at;
    const everyone = { ...audits, strata: audits.strata.map((stratum) => ({ ...stratum, audits: stratum.entities })) };
    const weight = { both: 0, newly: 1, released: -1, neither: 0 };
    const changeOf = (drawn: ReturnType<typeof drawAudits>): { value: number; halfWidth: number } => {
      const found = audits.strata.map(({ group, size, entities }) => {
        const members = drawn.filter((one) => one.group === group && one.size === size);
        return { group, entities, audits: members.length, fine: members.filter(({ entity }) => isFine(entity)).length };
      });
      const whole = found.reduce((sum, { entities, audits: n, fine }) => sum + (entities * fine) / n, 0);
      const value = found.reduce((sum, { group, entities, audits: n, fine }) => sum + (weight[group] * entities * fine) / n, 0) / whole;
      const variance = found.reduce((sum, { group, entities, audits: n, fine }) => {
        const share = fine / n;
        const spread = n < 2 ? 0 : (share * (1 - share) * n) / (n - 1);
        return sum + entities ** 2 * (1 / n - 1 / entities) * spread * ((weight[group] - value) / whole) ** 2;
      }, 0);
      return { value, halfWidth: 1.959963984540054 * Math.sqrt(variance) };
    };
    const truth = changeOf(drawAudits({ plan: everyone, strata, collected, panel, seed: 1 })).value;
    const worlds = 400;
    let [covered, within, mean] = [0, 0, 0];
    for (let seed = 0; seed < worlds; seed++) {
      const { value, halfWidth } = changeOf(drawAudits({ plan: audits, strata, collected, panel, seed }));
      if (Math.abs(value - truth) <= halfWidth + 1e-12) covered++;
      if (Math.abs(value - truth) <= audits.change.halfWidth) within++;
      mean += value / worlds;
    }
    expect(mean - truth).to.be.within(-0.0015, 0.0015);
    // Monte Carlo error of 95 % over 400 drawings: 1.1 points. Strata of ten audits with none harmful show no variance.
    expect(covered / worlds).to.be.above(0.88);
    expect(within / worlds).to.be.above(0.93);
  });
});

function describeAll({ plan, collected }: ReturnType<typeof collectComparison>) {
  return describeArrivals(plan, collected, 1000);
}
