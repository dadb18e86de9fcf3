/** Units whose window is not over yet: in no value of a metric, and counted. */
import type { DuckDb } from "../../../data/engines/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { isOver } from "./observation-sql.ts";
import type { Observations } from "./observations.ts";

/** After `units` and `kept` stand: by metric with a window and arm, the units whose window does not lie in the plan and before the last day of all. */
export async function openWindows(db: DuckDb, design: ExperimentDesign): Promise<NonNullable<Observations["openWindows"]>> {
  const asked = design.metrics.flatMap(({ name, window }) => (window === undefined ? [] : [{ name, window }]));
  if (asked.length === 0) return [];
  const counts = asked.map(({ window }) => `count(*) FILTER (WHERE NOT ${isOver(design, window, "first_day")})`);
  const rows = await db.rows(`SELECT arm, ${counts.join(", ")} FROM units WHERE arm IS NOT NULL GROUP BY arm`);
  return asked.map(({ name }, place) => ({
    metric: name,
    units: design.arms.map((_, arm) => Number(rows.find(([code]) => code === arm)?.[place + 1] ?? 0)),
  }));
}
