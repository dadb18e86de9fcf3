/** A file of observations, whatever its form -> Observations. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { diagnose, InputRefused, nearestName } from "../../../data/foundation/index.ts";
import { columnsOf, dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";
import type { Observations } from "./observations.ts";
import { isSummary, reduceSummary } from "./reduce-summary.ts";
import { columnsOfFile, type ReductionOptions, reduceUnits } from "./reduce-units.ts";

/**
 * Reads a CSV or Parquet file: one row a unit, one a unit and day, or summaries. `isHistory`: units of the past, all taken as one arm; columns
 * of arm and exposure are then not needed. `listed` and `exposures`: a list of arms and a log of exposures that were written down before. @throws InputRefused `bad-observations` for columns that are not there.
 */
export async function observe(db: DuckDb, design: ExperimentDesign, path: string, options: ReductionOptions = {}): Promise<Observations> {
  const { isHistory = false } = options;
  const columns = await columnsOfFile(db, path);
  if (isSummary(columns) && !columns.includes(design.columns.unit)) return await reduceSummary(db, design, path);
  const asked = isHistory ? historyOf(design, columns) : design;
  const { unit, arm, day, exposed } = asked.columns;
  const deals = dealtThing(asked);
  const named = [
    unit,
    arm,
    day,
    exposed,
    deals.kind === "cluster" ? deals.column : undefined,
    ...asked.metrics.flatMap(columnsOf),
    ...asked.segments,
  ].filter((name) => name !== undefined);
  requireColumns(named, columns, "the file");
  return await reduceUnits(db, asked, path, options);
}

/** @throws InputRefused `bad-observations` for names that are no column, at most 20 of them. */
export function requireColumns(names: readonly string[], columns: readonly string[], file: string): void {
  const missing = [...new Set(names)].filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  throw new InputRefused(
    missing.slice(0, 20).map((name) => {
      const near = nearestName(name, columns);
      return diagnose("bad-observations", {
        message: `${file} has no column '${name}', which the design names`,
        found: name,
        expected: columns.slice(0, 40).join(", "),
        near,
        ...(near === undefined ? { cure: `The file has ${columns.slice(0, 40).join(", ")}.` } : {}),
      });
    }),
  );
}

/** The design as the past knows it: no arms, no exposure. */
function historyOf(design: ExperimentDesign, columns: readonly string[]): ExperimentDesign {
  const { unit, day } = design.columns;
  const { start: _, weeks: __, ...rest } = design;
  return { ...rest, columns: { unit, ...(day === undefined || !columns.includes(day) ? {} : { day }) }, segments: [] };
}
