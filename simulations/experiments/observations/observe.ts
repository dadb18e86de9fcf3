/** A table of observations, whatever its form -> Observations. */
import type { OpenTable } from "../../../data/datasets/index.ts";
import type { DuckDb } from "../../../data/engines/index.ts";
import { type Diagnostic, diagnose, InputRefused, nearestName, unreachable } from "../../../data/foundation/index.ts";
import { columnsOf, type ExperimentDesign } from "../design/experiment-design.ts";
import type { Observations, RejectedRows } from "./observations.ts";
import { isSummary, reduceSummary, summaryColumns } from "./reduce-summary.ts";
import { reduceUnits } from "./reduce-units.ts";

/**
 * Reads a table: one row a unit, one a unit and day, or summaries. `isHistory`: units of the past, all taken as one arm; columns of arm and
 * exposure are then not needed. @throws InputRefused `bad-observations` for columns that are not there or stand twice, and where no row can be
 * used; what `reduceUnits` throws.
 */
export async function observe(
  db: DuckDb,
  design: ExperimentDesign,
  table: OpenTable,
  { isHistory = false }: { readonly isHistory?: boolean } = {},
): Promise<Observations> {
  const { columns } = table;
  if (isSummary(columns) && !columns.includes(design.columns.unit)) {
    requireColumns(table, summaryColumns(design, columns));
    return requireRows(design, table, await reduceSummary(db, design, table));
  }
  const asked = isHistory ? historyOf(design, columns) : design;
  const { unit, arm, day, exposed } = asked.columns;
  const named = [unit, arm, day, exposed, ...asked.metrics.flatMap(columnsOf), ...asked.segments].filter((name) => name !== undefined);
  requireColumns(table, [...new Set(named)]);
  return requireRows(design, table, await reduceUnits(db, asked, table, { isHistory }));
}

/** Columns of the header as a message carries them. */
function listed(columns: readonly string[]): string {
  const shown = columns
    .filter((name) => !name.includes("\u001f"))
    .slice(0, 40)
    .map((name) => clipped(name));
  return shown.length < columns.length ? `${shown.join(", ")} and others` : shown.join(", ");
}

function clipped(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

/** @throws InputRefused `bad-observations`. */
function requireColumns({ file, columns, repeated }: OpenTable, named: readonly string[]): void {
  const place = { file, line: 1, column: 1 };
  const missing = named.filter((name) => !columns.includes(name));
  const faults: Diagnostic[] = [];
  if (missing.length === named.length && missing.every((name) => nearestName(name, columns) === undefined)) {
    const message = `the first line is no header of this table: none of the columns that are read stands in it (${named.slice(0, 20).join(", ")})`;
    const cure = "Begin the file with a line of column names, without a title or comment before it.";
    faults.push(diagnose("bad-observations", { message, place, found: listed(columns), expected: named.join(", "), cure }));
  } else {
    for (const name of missing.slice(0, 20)) {
      const near = nearestName(name, columns);
      const message = `the file has no column '${name}', which is read`;
      const details = { message, place, found: name, expected: listed(columns), near };
      faults.push(diagnose("bad-observations", near === undefined ? { ...details, cure: `The file has ${listed(columns)}.` } : details));
    }
  }
  for (const name of named.filter((each) => repeated.includes(each))) {
    const message = `the header names '${name}' more than once, so which column is meant is open`;
    faults.push(diagnose("bad-observations", { message, place, found: name, cure: "Give each column of the file its own name." }));
  }
  if (faults.length > 0) throw new InputRefused(faults);
}

/** @throws InputRefused `bad-observations` where nothing is left: what was observed before then stays what is analysed. */
function requireRows(design: ExperimentDesign, { file }: OpenTable, observed: Observations): Observations {
  if (observed.units > 0) return observed;
  const [worst] = observed.rejected.toSorted((a, b) => b.count - a.count);
  const reasons = observed.rejected.map(({ code, count, examples }) => `${count} ${code} (${examples[0] ?? ""})`).join("; ");
  const line = /^line (\d+):/.exec(worst?.examples[0] ?? "")?.[1];
  throw new InputRefused([
    diagnose("bad-observations", {
      message:
        observed.rows === 0
          ? "the file has a header and no rows"
          : `none of the ${observed.rows} rows can be used${reasons === "" ? "" : `: ${reasons}`}`,
      place: { file, line: line === undefined ? 1 : Number(line), column: 1 },
      cure: worst === undefined ? "Give it a row a unit, or summaries of at least one unit." : cureOf(design, worst.code),
    }),
  ]);
}

function cureOf({ arms, metrics }: ExperimentDesign, code: RejectedRows["code"]): string {
  switch (code) {
    case "unknown-arm":
      return `Write the arms as the design does: ${arms.map(({ name }) => `'${name}'`).join(", ")}.`;
    case "unknown-metric":
      return `Write the metrics as the design does: ${metrics.map(({ name }) => `'${name}'`).join(", ")}.`;
    case "bad-number":
      return "Write numbers in digits with at most one decimal point; leave a cell empty where there is none.";
    case "bad-day":
      return "Write days as YYYY-MM-DD.";
    case "no-unit":
      return "Give every row the key of its unit.";
    case "malformed-row":
      return "Give every row as many cells as the header has columns; a cell that holds the delimiter stands in quotes.";
    case "too-long":
      return "Check the file: keys and segments stand on pages and are short.";
    case "after-end":
    case "before-exposure":
      return "Compare the days of the file with the plan's start and weeks, and with the column of exposure.";
    default:
      return unreachable(code);
  }
}

/** The design as the past knows it: no arms, no exposure. */
function historyOf(design: ExperimentDesign, columns: readonly string[]): ExperimentDesign {
  const { unit, day } = design.columns;
  const { start: _, weeks: __, ...rest } = design;
  return { ...rest, columns: { unit, ...(day === undefined || !columns.includes(day) ? {} : { day }) }, segments: [] };
}
