/**
 * Reads what is really so in a generated marketplace, for the note in the report's Method mode and for nothing else: no replay, estimate
 * or other answer of the doors ever sees it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb, quoteText } from "../../data/engines/index.ts";
import { type Day, lastDayOf, type PeriodIndex, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { openPanel, type PanelSchema } from "../../data/panel/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import type { Comparison } from "../../simulations/comparison/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import type { TruthAtDate } from "./truth-sentences.ts";

/**
 * The truth at every date for which the comparison gives error rates, in order; empty for a dataset whose truth nobody knows.
 * An entity is harmful from the day in `harmful_from` on, and fine before it and where there is none.
 *
 * Cost: one replay of the policies, and one reading of the truth.
 */
export async function knownTruth(of: {
  readonly dataset: DatasetRecord;
  readonly policies: readonly Policy[];
  readonly comparison: Comparison;
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
}): Promise<readonly TruthAtDate[]> {
  const { dataset, policies, comparison, from, to } = of;
  const file = join(dataset.folder, "truth.parquet");
  const { schema } = dataset.manifest;
  const dates = [...new Set(comparison.candidates.flatMap(({ errors }) => errors.map(({ at }) => at)))].sort();
  const periods = dates.flatMap((date) => parseDay(date) ?? []).map((day) => periodOf(schema.grain, day));
  if (!dataset.manifest.hasTruth || periods.length === 0 || !existsSync(file)) return [];
  const harmfulFrom = await readTruth(file, schema);
  const tallies = dates.map(() => ({ inFrame: 0, fine: 0, policies: policies.map(() => ({ fineAdverse: 0, adverse: 0 })) }));
  replay({
    policies,
    panel: openPanel(dataset.folder),
    from,
    to,
    visit: (chunk, frames) => {
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        const from = harmfulFrom.get(present(chunk.entities[entity], "entity"));
        const [begin, end] = [present(chunk.rowStart[entity], "row"), present(chunk.rowStart[entity + 1], "row")];
        for (const [index, period] of periods.entries()) {
          const row = begin + period - present(chunk.firstPeriod[entity], "first period");
          if (row < begin || row >= end || (frames[0]?.held[row] ?? -1) < 0) continue;
          const tally = present(tallies[index], "tally");
          const isFine = from === undefined || from > lastDayOf(schema.grain, period);
          tally.inFrame++;
          if (isFine) tally.fine++;
          for (const [position, policy] of policies.entries()) {
            if (policy.tiers[frames[position]?.held[row] ?? -1]?.adverse !== true) continue;
            const own = present(tally.policies[position], "policy");
            own.adverse++;
            if (isFine) own.fineAdverse++;
          }
        }
      }
    },
  });
  return tallies.map((tally, index) => ({
    at: present(dates[index], "date"),
    inFrame: tally.inFrame,
    fine: tally.fine,
    policies: tally.policies.map((own, position) => ({ version: present(policies[position], "policy").version, ...own })),
  }));
}

/** By entity key, the first day on which it is harmful; who never is, is not in it. */
async function readTruth(file: string, schema: PanelSchema): Promise<ReadonlyMap<string, Day>> {
  const db = await openDuckDb();
  try {
    const source = `read_parquet(${quoteText(file)})`;
    const [key] = await db.describe(`SELECT * FROM ${source}`);
    const name = present(key, `key of ${schema.entity}`).name.replaceAll('"', '""');
    const rows = await db.rows(`SELECT "${name}", harmful_from - DATE '1970-01-01' FROM ${source} WHERE harmful_from IS NOT NULL`);
    return new Map(rows.map(([entity, day]) => [String(entity), Number(day)]));
  } finally {
    db.close();
  }
}
