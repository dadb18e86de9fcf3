/** Where clusters or spans are dealt and are few, their values are kept beside the moments: what so few can tell does not follow from moments alone. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";
import type { MomentSource } from "./exact-moments.ts";
import type { ArmMoments } from "./observations.ts";

/** So many in all arms are few: beyond it a table of values would be long, and Student's t is the normal law to the third digit. */
export const fewDealtMax = 400;

/** Arms with the values of what was dealt, in the order of their keys, where it was clusters or spans and these are few. `source`: what the moments were summed from. */
export async function withFew(
  db: DuckDb,
  design: ExperimentDesign,
  { source, arms }: { readonly source: MomentSource; readonly arms: readonly ArmMoments[] },
): Promise<readonly ArmMoments[]> {
  const { kind } = dealtThing(design);
  const dealt = arms.reduce((sum, { units }) => sum + units, 0);
  if ((kind !== "cluster" && kind !== "switchback") || dealt > fewDealtMax || dealt === 0) return arms;
  const columns = source.metrics.map((metric) => metric.columns({ isFilled: true }));
  const told = columns.flat().map((text) => `CAST(${text} AS DOUBLE)`);
  const order = source.table === "clusters" ? "cluster" : "unit";
  const rows = await db.rows(`SELECT arm, ${told.join(", ")} FROM ${source.table} WHERE arm IS NOT NULL ORDER BY ${order}`);
  return arms.map((arm, place) => {
    const own = rows.filter(([code]) => Number(code) === place);
    let at = 1;
    const metrics = arm.metrics.map((metric, index) => {
      const from = at;
      const width = columns[index]?.length ?? 0;
      at += width;
      const known = own.filter((row) => row[from] !== null);
      const few = Array.from({ length: width }, (_, column) => known.map((row) => Number(row[from + column])));
      return { ...metric, few };
    });
    return { ...arm, metrics };
  });
}
