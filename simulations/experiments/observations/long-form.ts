/** Observations in long form: one row a unit, metric and value (and day). Laid out as one row a unit, or a unit and day, it goes through the same checks as wide form. */
import type { OpenTable } from "../../../data/datasets/index.ts";
import { quoteText } from "../../../data/engines/index.ts";
import { clusterColumn, type ExperimentDesign } from "../design/experiment-design.ts";
import { dayOf, isNoNumber, numberColumns, type RowSource } from "./observation-sql.ts";

/** Columns that a file in long form has, beside the unit's and those of arm, day, exposure and segments. */
export const longColumns = ["metric", "value"] as const;

/**
 * Whether a file's columns are those of long form: metric and value, where wide form would have the design's own columns of numbers.
 *
 * @example
 * isLong({ metrics: [{ form: { kind: "mean", of: "orders" }, covariates: [] }] }, ["seller", "metric", "value"])
 * // => true
 */
export function isLong(design: Pick<ExperimentDesign, "metrics">, columns: readonly string[]): boolean {
  return longColumns.every((name) => columns.includes(name)) && !numberColumns(design).some((name) => columns.includes(name));
}

/** The texts that stand in the column `metric`. */
export function metricsNamed({ from, cell }: OpenTable): string {
  const name = `trim(${cell("metric")})`;
  return `SELECT DISTINCT ${name} AS name FROM ${from} WHERE ${name} <> '' ORDER BY name`;
}

/** Rows laid out: what makes them, and how they are read. */
export interface LaidOut extends RowSource {
  readonly create: readonly string[];
}

/**
 * `long_read`: the file's rows, numbered from 0. `long_rows`: those about metrics that the design reads; `about` says what a row is about. `wide_rows`: one row a unit,
 * arm, cluster and day, with the columns of wide form as texts: of several rows about one metric the last in the file. Rows without a unit stay apart. A laid-out row
 * is told by its first row in the file, or by the first one whose value is no number; `file_rows` says how many it is made of.
 */
export function layOut(design: ExperimentDesign, table: OpenTable): LaidOut {
  const { unit, arm, day } = design.columns;
  const [own, numbers] = [ownColumns(design), numberColumns(design)];
  const text = (name: string | undefined): string => (name === undefined ? "''" : `coalesce(trim(o${own.indexOf(name)}), '')`);
  const dayText = day === undefined ? "''" : `coalesce((${dayOf(design, text(day))})::VARCHAR, ${text(day)})`;
  const about = [
    text(unit),
    text(arm),
    text(clusterColumn(design)),
    dayText,
    `CASE WHEN ${text(unit)} = '' THEN line::VARCHAR ELSE '' END`,
  ];
  const wide = [
    ...own.map((_, index) => `arg_max(o${index}, line) AS o${index}`),
    ...numbers.map((name, index) => `arg_max(value, line) FILTER (WHERE metric = ${quoteText(name)}) AS n${index}`),
  ];
  return {
    create: [
      `CREATE TABLE long_texts AS SELECT trim(${table.cell("metric")}) AS metric, ${table.cell("value")} AS value,
        ${own.map((name, index) => `${table.cell(name)} AS o${index}`).join(", ")} FROM ${table.from}`,
      "CREATE VIEW long_read AS SELECT rowid AS line, * FROM long_texts",
      `CREATE TABLE long_rows AS SELECT *, [${about.join(", ")}] AS about FROM long_read WHERE metric IN (${numbers.map(quoteText).join(", ")})`,
      `CREATE TABLE wide_rows AS SELECT ${wide.join(", ")}, coalesce(min(line) FILTER (WHERE ${isNoNumber("value")}), min(line)) AS line, count(*) AS file_rows
        FROM long_rows GROUP BY about`,
    ],
    from: "wide_rows",
    cell: (name) => (numbers.includes(name) ? `n${numbers.indexOf(name)}` : `o${own.indexOf(name)}`),
    numbers: new Map(),
    line: "line",
  };
}

/** After `kept`: rows of the file that are read, those that are used, the different ones among them, and those that remain when later ones replace earlier ones. */
export function countLong(design: ExperimentDesign, areAllUsed: boolean): string {
  const { unit, arm, day } = design.columns;
  const others = ownColumns(design).flatMap((name, index) => ([unit, arm, day].includes(name) ? [] : [`o${index}`]));
  const used = areAllUsed ? "" : "WHERE about IN (SELECT about FROM long_rows JOIN kept USING (line))";
  return `SELECT (SELECT count(*) FROM long_rows), count(*), count(DISTINCT hash(${["about", "metric", "value", ...others].join(", ")})), count(DISTINCT hash(about, metric))
    FROM long_rows ${used}`;
}

/** Columns that stand in long form as they do in wide form, each once. */
function ownColumns(design: ExperimentDesign): readonly string[] {
  const { unit, arm, day, exposed } = design.columns;
  return [...new Set([unit, arm, day, exposed, clusterColumn(design), ...design.segments])].filter((name) => name !== undefined);
}
