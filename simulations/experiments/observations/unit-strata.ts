/** After the units of a history were reduced: the stratum of each, in the order of `unitValues`. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { type ExperimentDesign, strataColumnsOf } from "../design/experiment-design.ts";

/** A code by unit, equal for equal values of the plan's strata; undefined where it has none. */
export async function unitStrata(
  db: DuckDb,
  design: Pick<ExperimentDesign, "strata" | "strataColumns">,
): Promise<Float64Array | undefined> {
  // A history has no other segments.
  const columns = strataColumnsOf(design).map((_, index) => `s${index}`);
  if (columns.length === 0) return undefined;
  const codes: number[] = [];
  await db.stream(
    `SELECT CAST(dense_rank() OVER (ORDER BY ${columns.join(", ")}) AS DOUBLE) FROM units WHERE arm IS NOT NULL ORDER BY unit`,
    (batch) => {
      const found = batch.numbers(0, Number.NaN);
      for (let row = 0; row < batch.rowCount; row++) codes.push(found[row] as number);
    },
  );
  return Float64Array.from(codes);
}
