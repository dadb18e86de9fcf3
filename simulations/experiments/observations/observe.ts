/** A table of observations, whatever its form -> Observations. */
import type { OpenTable } from "../../../data/datasets/index.ts";
import type { DuckDb } from "../../../data/engines/index.ts";
import { type Diagnostic, diagnose, InputRefused, nearestName, unreachable } from "../../../data/foundation/index.ts";
import { clusterColumn, columnsOf, dealtThing, type ExperimentDesign, strataColumnsOf } from "../design/experiment-design.ts";
import { isLong, longColumns, metricsNamed } from "./long-form.ts";
import type { Observations, RejectedRows } from "./observations.ts";
import type { ReductionOptions } from "./read-units.ts";
import { reduceSummary } from "./reduce-summary.ts";
import { reduceUnits } from "./reduce-units.ts";
import { namesRead, summaryColumns } from "./summary-columns.ts";

/**
 * Reads a table: one row a unit, one a unit and day, either of them in long form (unit, metric, value), or summaries. `isHistory`: units of the past, all taken as one
 * arm; columns of arm and exposure are then not needed. `listed` and `exposures`: a list of arms and a log of exposures that were written down before.
 * @throws InputRefused `bad-observations` for columns that are not there or stand twice, and where no row can be used; what `reduceUnits` throws.
 */
export async function observe(
  db: DuckDb,
  design: ExperimentDesign,
  table: OpenTable,
  options: ReductionOptions = {},
): Promise<Observations> {
  const { columns } = table;
  const summary = summaryColumns(design, columns);
  if (summary !== undefined) {
    requireColumns(table, namesRead(summary));
    return requireRows(design, table, await reduceSummary(db, design, table, summary));
  }
  const asked = options.isHistory === true ? historyOf(design, columns) : design;
  const { unit, arm, day, exposed } = asked.columns;
  const isInLongForm = isLong(asked, columns);
  const texts = [unit, arm, day, exposed, clusterColumn(asked), ...asked.segments].filter((name) => name !== undefined);
  const numbers = asked.metrics.flatMap(columnsOf);
  requireColumns(table, [...texts, ...(isInLongForm ? longColumns : numbers)], columns.includes(unit) ? "" : summaryForm);
  if (isInLongForm) await requireMetrics(db, table, numbers);
  return requireRows(design, table, await reduceUnits(db, asked, table, { ...options, isInLongForm }));
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

/** What is said of a file without units. */
const summaryForm = " A file without units holds summaries: a row an arm and metric, with the columns arm, metric, n, mean and variance.";

/** `beside`: what the first cure says besides. @throws InputRefused `bad-observations` for names that are no column, or several. */
export function requireColumns({ file, columns, repeated }: OpenTable, names: readonly string[], beside = ""): void {
  const named = [...new Set(names)];
  const place = { file, line: 1, column: 1 };
  const missing = named.filter((name) => !columns.includes(name));
  const faults: Diagnostic[] = [];
  if (missing.length === named.length && missing.every((name) => nearestName(name, columns) === undefined)) {
    const message = `the first line is no header of this table: none of the columns that are read stands in it (${named.slice(0, 20).join(", ")})`;
    const cure = `Begin the file with a line of column names, without a title or comment before it.${beside}`;
    faults.push(diagnose("bad-observations", { message, place, found: listed(columns), expected: named.join(", "), cure }));
  } else {
    for (const name of missing.slice(0, 20)) {
      const near = nearestName(name, columns);
      const message = `the file has no column '${name}', which is read`;
      const details = { message, place, found: name, expected: listed(columns), near };
      const cure = `The file has ${listed(columns)}.${faults.length === 0 ? beside : ""}`;
      faults.push(diagnose("bad-observations", near === undefined ? { ...details, cure } : details));
    }
  }
  for (const name of named.filter((each) => repeated.includes(each))) {
    const message = `the header names '${name}' more than once, so which column is meant is open`;
    faults.push(diagnose("bad-observations", { message, place, found: name, cure: "Give each column of the file its own name." }));
  }
  if (faults.length > 0) throw new InputRefused(faults);
}

/** @throws InputRefused `bad-observations` for metrics of which a file in long form has no row. */
async function requireMetrics(db: DuckDb, table: OpenTable, numbers: readonly string[]): Promise<void> {
  const known = (await db.rows(metricsNamed(table))).map(([name]) => String(name));
  // Where rows were lost it is the file that is at fault, not what is missing.
  await table.unsplit();
  const missing = [...new Set(numbers)].filter((name) => !known.includes(name));
  if (missing.length === 0) return;
  throw new InputRefused(
    missing.slice(0, 20).map((name) => {
      const near = nearestName(name, known);
      return diagnose("bad-observations", {
        message: `no row of the file has the metric '${name}', which the design names`,
        place: { file: table.file, line: 1, column: 1 },
        found: name,
        expected: listed(known),
        near,
        ...(near === undefined ? { cure: `The file has ${listed(known)}.` } : {}),
      });
    }),
  );
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

function cureOf({ arms, metrics, columns: { daysFrom } }: ExperimentDesign, code: RejectedRows["code"]): string {
  switch (code) {
    case "unknown-arm":
      return `Write the arms as the design does: ${arms.map(({ name }) => `'${name}'`).join(", ")}.`;
    case "unknown-metric":
      return `Write the metrics as the design does: ${metrics.map(({ name }) => `'${name}'`).join(", ")}.`;
    case "no-summary":
      return "Observe the units themselves, a row each: a quantile needs their values.";
    case "bad-number":
      return "Write numbers in digits with at most one decimal point, and what is or is not as 1 and 0, yes and no, or true and false; leave a cell empty where there is none.";
    case "bad-day":
      return daysFrom === undefined
        ? "Write days as YYYY-MM-DD; where a column numbers them, say so in the design's columns: 'numbered: from 1' if the plan's start is day 1, 'from 0' if it is day 0."
        : `Write days as whole numbers, of which ${daysFrom} is the plan's start.`;
    case "no-unit":
      return "Give every row the key of its unit.";
    case "no-cluster":
      return "Give every row what its unit is dealt by.";
    case "malformed-row":
      return "Give every row as many cells as the header has columns; a cell that holds the delimiter stands in quotes.";
    case "too-long":
      return "Check the file: keys and segments stand on pages and are short.";
    case "within-day":
      return "Give figures up to the end of a day, whose number is whole.";
    case "before-start":
    case "after-end":
    case "before-exposure":
    case "washout":
      return "Compare the days of the file with the plan's start and weeks, with the days of exposure, and with the washout of a switchback.";
    default:
      return unreachable(code);
  }
}

/** The design as the past knows it: no arms, no exposure; days where there are any, and where spans of them are units. */
function historyOf(design: ExperimentDesign, columns: readonly string[]): ExperimentDesign {
  const { unit, day, daysFrom } = design.columns;
  const segments = strataColumnsOf(design);
  const { start: _, weeks: __, ...rest } = design;
  const hasDays = day !== undefined && (columns.includes(day) || dealtThing(design).kind === "switchback");
  // Without days a file's values are those of the window already.
  const metrics = hasDays ? rest.metrics : rest.metrics.map(({ window: ___, ...metric }) => metric);
  return { ...rest, metrics, columns: { unit, ...(hasDays ? { day } : {}), ...(daysFrom === undefined ? {} : { daysFrom }) }, segments };
}
