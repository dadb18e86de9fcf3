/** Units that are in other experiments as well, by the arms that these deal them. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { present } from "../../../data/foundation/index.ts";
import type { ConcurrentGroups, GroupMoments } from "./observations.ts";

/** Another experiment that runs on units of the same kind. `armOf`: the place of a unit's arm, -1 for units that are not in it. */
export interface ConcurrentExperiment {
  readonly name: string;
  readonly arms: readonly string[];
  readonly armOf: (unit: string) => number;
}

/**
 * After the join to arms: units of this experiment by the arms of each other one, in the order of its design; others that share no unit are left out. `groupsBy` reduces by
 * an expression over `units`. Cost: a deal a unit and a pass an experiment.
 */
export async function concurrentGroups(
  db: DuckDb,
  others: readonly ConcurrentExperiment[],
  groupsBy: (expression: string) => Promise<readonly GroupMoments[]>,
): Promise<readonly ConcurrentGroups[]> {
  if (others.length === 0) return [];
  const units: string[] = [];
  await db.stream("SELECT unit FROM units WHERE arm IS NOT NULL ORDER BY unit", ({ texts }) => {
    for (const text of texts(0)) units.push(present(text, "a unit"));
  });
  const found: ConcurrentGroups[] = [];
  for (const { name, arms, armOf } of others) {
    const codes = Int32Array.from(units, armOf);
    if (codes.every((code) => code < 0)) continue;
    await db.run("CREATE OR REPLACE TABLE concurrent (unit VARCHAR, code INTEGER)");
    await db.appendNumbers("concurrent", units, codes);
    const groups = await groupsBy("(SELECT code FROM concurrent WHERE concurrent.unit = units.unit)::VARCHAR");
    const own = arms.flatMap((arm, place) =>
      groups.filter(({ value }) => Number(value) === place).map((group) => ({ ...group, value: arm })),
    );
    found.push({ experiment: name, control: arms[0] ?? "", groups: own });
  }
  return found;
}
