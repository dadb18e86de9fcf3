/** Where clusters or spans are dealt and are few, their values are kept beside the moments: what so few can tell does not follow from moments alone. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";
import type { MomentSource } from "./exact-moments.ts";
import type { ArmMoments, MetricMoments } from "./observations.ts";

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
  const sources = source.metrics.map(({ columns, outcomes }) => ({ columns: columns({ isFilled: true }), outcomes }));
  const told = sources.flatMap(({ columns }) => columns.map((text) => `CAST(${text} AS DOUBLE)`));
  const order = source.table === "clusters" ? "cluster" : "unit";
  const rows = await db.rows(`SELECT arm, ${told.join(", ")} FROM ${source.table} WHERE arm IS NOT NULL ORDER BY ${order}`);
  return arms.map((arm, place) => {
    const own = rows.filter(([code]) => Number(code) === place);
    let at = 1;
    const metrics = sources.map(({ columns, outcomes }, index) => {
      const from = at;
      at += columns.length;
      // As the moments: who lacks any part of the outcome is left out.
      const known = own.filter((row) => row.slice(from, from + outcomes).every((value) => value !== null));
      const few = columns.map((_, column) => known.map((row) => Number(row[from + column])));
      return { ...(arm.metrics[index] as MetricMoments), few };
    });
    return { ...arm, metrics };
  });
}
