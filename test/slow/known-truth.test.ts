/** Error rates against what is really so: the demo marketplace, whose truth stands in a file that only tests and notes may read. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { importDataset, prepareDemo } from "../../data/datasets/index.ts";
import { openDuckDb, quoteText } from "../../data/engines/index.ts";
import { lastDayOf, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { openPanel, type Panel } from "../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";
import { compare, type Errors } from "../../simulations/comparison/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";

/** Who really does harm at a day, and who is held adverse by each policy in that day's period. */
interface Truth {
  readonly harmful: boolean;
  readonly adverse: readonly boolean[];
}

function heldAt(panel: Panel, policies: readonly Policy[], at: number, harmfulFrom: ReadonlyMap<string, number>): readonly Truth[] {
  const everyone: Truth[] = [];
  const period = periodOf("week", at);
  replay({
    policies,
    panel,
    visit: (chunk, frames) => {
      for (const [entity, key] of chunk.entities.entries()) {
        const row = (chunk.rowStart[entity] as number) + period - (chunk.firstPeriod[entity] as number);
        if (row < (chunk.rowStart[entity] as number) || row >= (chunk.rowStart[entity + 1] as number)) continue;
        const adverse = frames.map((frame, index) => policies[index]?.tiers[frame.held[row] as number]?.adverse === true);
        everyone.push({ harmful: (harmfulFrom.get(key) ?? Number.POSITIVE_INFINITY) <= at, adverse });
      }
    },
  });
  return everyone;
}

function share(everyone: readonly Truth[], whole: (one: Truth) => boolean, part: (one: Truth) => boolean): number {
  const counted = everyone.filter(whole);
  return counted.filter(part).length / counted.length;
}

function numberOf(estimated: Estimated | undefined): number {
  return estimated?.kind === "estimate" ? estimated.value : Number.NaN;
}

describe("error rates against the demo marketplace's known truth", () => {
  const policies = ["1.0.0", "2.0.0"].map((version) => present(readLibraryPolicy(`seller-performance@${version}`).policy, version));
  let folder: string;
  let errors: Errors;
  let everyone: readonly Truth[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "known-truth-"));
    const demo = await prepareDemo({ kind: "seller", sellers: 1500, weeks: 52, seed: 1, workFolder: folder });
    const imported = await importDataset({ descriptorPath: demo.descriptorPath, home: join(folder, "home"), register: () => {} });
    const panel = openPanel(present(imported.folder, "dataset folder"));
    const [baseline, candidate] = policies as [Policy, Policy];
    errors = present(compare({ baseline, candidates: [candidate], panel, seed: 1, replicates: 100 }).candidates[0]?.errors[0], "errors");
    const at = present(parseDay(errors.at), "date");
    expect(lastDayOf("week", periodOf("week", at))).to.equal(at);
    const db = await openDuckDb();
    const rows = await db.rows(
      `SELECT seller_id, harmful_from - DATE '1970-01-01' FROM ${quoteText(demo.truthPath)} WHERE harmful_from IS NOT NULL`,
    );
    db.close();
    everyone = heldAt(panel, policies, at, new Map(rows.map(([key, day]) => [String(key), Number(day)])));
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const [index, side] of (["baseline", "candidate"] as const).entries()) {
    const isAdverse = (one: Truth): boolean => one.adverse[index] === true;
    const rate = (name: string) => errors[side].rates.find((entry) => entry.name === name)?.estimate;

    it(`counts everyone in the frame under the ${side}`, () => {
      expect(everyone.length).to.equal(errors.inFrame);
      const adverseGroups = side === "baseline" ? ["both", "released"] : ["both", "newly"];
      const adverse = errors.coverage.filter(({ group }) => adverseGroups.includes(group)).reduce((sum, { entities }) => sum + entities, 0);
      expect(everyone.filter(isAdverse).length).to.equal(adverse);
    });

    it(`is too low over labelled entities under the ${side}, says so, and the bounds hold the truth`, () => {
      const truth = share(everyone, ({ harmful }) => !harmful, isAdverse);
      const estimate = rate("false-positive-rate");
      expect(numberOf(estimate)).to.be.below(0.75 * truth);
      expect(estimate?.kind === "estimate" ? estimate.assumptions.join() : "").to.match(/which pulls the rate down$/);
      const bounds = errors[side].bounds.find(({ name }) => name === "false-positive-rate");
      expect(truth).to.be.within(numberOf(bounds?.lower), numberOf(bounds?.upper));
    });

    it(`comes to the truth by audits and all labels under the ${side}, and leads with that`, () => {
      const truth = share(everyone, ({ harmful }) => !harmful, isAdverse);
      const found = errors.estimates?.rates.find((entry) => entry.name === "false-positive-rate" && entry.side === side);
      expect(found?.headline.estimator).to.equal("two-phase");
      const estimate = found?.headline.estimate;
      const interval = estimate?.kind === "estimate" ? estimate.interval : undefined;
      expect(truth).to.be.within(interval?.lower ?? 1, interval?.upper ?? 0);
      // Half the distance of the labelled-only figure, at most.
      expect(Math.abs(numberOf(estimate) - truth)).to.be.below(Math.abs(numberOf(rate("false-positive-rate")) - truth) / 2);
    });

    it(`bounds the false share under the ${side} around the truth`, () => {
      const bounds = errors[side].bounds.find(({ name }) => name === "false-share");
      expect(share(everyone, isAdverse, ({ harmful }) => !harmful)).to.be.within(numberOf(bounds?.lower), numberOf(bounds?.upper));
    });
  }

  it("bounds the change around the true change", () => {
    const [before, after] = [0, 1].map((index) =>
      share(
        everyone,
        ({ harmful }) => !harmful,
        (one) => one.adverse[index] === true,
      ),
    ) as [number, number];
    const { lower, upper } = errors.falsePositiveChangeBounds;
    expect(after - before).to.be.within(numberOf(lower), numberOf(upper));
  });
});
