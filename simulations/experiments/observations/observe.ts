/** A file of observations, whatever its form -> Observations. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { diagnose, InputRefused, nearestName } from "../../../data/foundation/index.ts";
import { columnsOf, type ExperimentDesign } from "../design/experiment-design.ts";
import type { Observations } from "./observations.ts";
import { isSummary, reduceSummary } from "./reduce-summary.ts";
import { columnsOfFile, reduceUnits } from "./reduce-units.ts";

/**
 * Reads a CSV or Parquet file: one row a unit, one a unit and day, or summaries. `isHistory`: units of the past, all taken as one arm; columns
 * of arm and exposure are then not needed. @throws InputRefused `bad-observations` for columns that are not there.
 */
export async function observe(
  db: DuckDb,
  design: ExperimentDesign,
  path: string,
  { isHistory = false }: { readonly isHistory?: boolean } = {},
): Promise<Observations> {
  const types = await columnsOfFile(db, path);
  const columns = [...types.keys()];
  if (isSummary(columns) && !columns.includes(design.columns.unit)) return await reduceSummary(db, design, path);
  const asked = isHistory ? historyOf(design, columns) : design;
  const { unit, arm, day, exposed } = asked.columns;
  const named = [unit, arm, day, exposed, ...asked.metrics.flatMap(columnsOf), ...asked.segments].filter((name) => name !== undefined);
  const missing = [...new Set(named)].filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new InputRefused(
      missing.slice(0, 20).map((name) => {
        const near = nearestName(name, columns);
        return diagnose("bad-observations", {
          message: `the file has no column '${name}', which the design names`,
          found: name,
          expected: columns.slice(0, 40).join(", "),
          near,
          ...(near === undefined ? { cure: `The file has ${columns.slice(0, 40).join(", ")}.` } : {}),
        });
      }),
    );
  }
  return await reduceUnits({ db, design: asked, path, types, isHistory });
}

/** The design as the past knows it: no arms, no exposure. */
function historyOf(design: ExperimentDesign, columns: readonly string[]): ExperimentDesign {
  const { unit, day } = design.columns;
  const { start: _, weeks: __, ...rest } = design;
  return { ...rest, columns: { unit, ...(day === undefined || !columns.includes(day) ? {} : { day }) }, segments: [] };
}
