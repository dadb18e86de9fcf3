/** A file of observations, whatever its form -> Observations. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { diagnose, InputRefused, nearestName } from "../../../data/foundation/index.ts";
import { clusterColumn, columnsOf, type ExperimentDesign } from "../design/experiment-design.ts";
import { isLong, metricsNamed } from "./long-form.ts";
import type { Observations } from "./observations.ts";
import { isSummary, reduceSummary } from "./reduce-summary.ts";
import { columnsOfFile, type ReductionOptions, reduceUnits } from "./reduce-units.ts";

/**
 * Reads a CSV or Parquet file: one row a unit, one a unit and day, either of them in long form (unit, metric, value), or summaries. `isHistory`: units of the
 * past, all taken as one arm; columns of arm and exposure are then not needed. `listed` and `exposures`: a list of arms and a log of exposures that were
 * written down before. @throws InputRefused `bad-observations` for columns that are not there.
 */
export async function observe(db: DuckDb, design: ExperimentDesign, path: string, options: ReductionOptions = {}): Promise<Observations> {
  const { isHistory = false } = options;
  const columns = await columnsOfFile(db, path);
  if (isSummary(columns) && !columns.includes(design.columns.unit)) return await reduceSummary(db, design, path);
  const asked = isHistory ? historyOf(design, columns) : design;
  const { unit, arm, day, exposed } = asked.columns;
  const isInLongForm = isLong(asked, columns);
  const texts = [unit, arm, day, exposed, clusterColumn(asked), ...asked.segments].filter((name) => name !== undefined);
  const numbers = asked.metrics.flatMap(columnsOf);
  requireColumns(isInLongForm ? texts : [...texts, ...numbers], columns, "the file");
  if (isInLongForm) await requireMetrics(db, numbers, path);
  return await reduceUnits(db, asked, path, { ...options, isInLongForm });
}

/** @throws InputRefused `bad-observations` for names that are no column, at most 20 of them. */
export function requireColumns(names: readonly string[], columns: readonly string[], file: string): void {
  requireNames(names, columns, (name) => `${file} has no column '${name}', which the design names`);
}

/** @throws InputRefused `bad-observations` for metrics of which a file in long form has no row. */
async function requireMetrics(db: DuckDb, numbers: readonly string[], path: string): Promise<void> {
  const names = (await db.rows(metricsNamed(path))).map(([name]) => String(name));
  requireNames(numbers, names, (name) => `no row of the file has the metric '${name}', which the design names`);
}

function requireNames(names: readonly string[], known: readonly string[], say: (name: string) => string): void {
  const missing = [...new Set(names)].filter((name) => !known.includes(name));
  if (missing.length === 0) return;
  throw new InputRefused(
    missing.slice(0, 20).map((name) => {
      const near = nearestName(name, known);
      return diagnose("bad-observations", {
        message: say(name),
        found: name,
        expected: known.slice(0, 40).join(", "),
        near,
        ...(near === undefined ? { cure: `The file has ${known.slice(0, 40).join(", ")}.` } : {}),
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
