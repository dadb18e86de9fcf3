/** Observations in long form: one row a unit, metric and value (and day). Laid out as one row a unit, or a unit and day, it goes through the same checks as wide form. */
import { quoteName, quoteText } from "../../../data/engines/index.ts";
import { clusterColumn, type ExperimentDesign } from "../design/experiment-design.ts";
import { numberColumns, numberOf, sourceOf } from "./observation-sql.ts";

/** Columns that a file in long form has, beside the unit's and those of arm, day, exposure and segments. */
const needed = ["metric", "value"] as const;

/** The line that a laid-out row is told by. */
export const lineName = "counterweight line";

/**
 * Whether a file's columns are those of long form: metric and value, where wide form would have the design's own columns of numbers.
 *
 * @example
 * isLong({ metrics: [{ form: { kind: "mean", of: "orders" }, covariates: [] }] }, ["seller", "metric", "value"])
 * // => true
 */
export function isLong(design: Pick<ExperimentDesign, "metrics">, columns: readonly string[]): boolean {
  return needed.every((name) => columns.includes(name)) && !numberColumns(design).some((name) => columns.includes(name));
}

/** The texts that stand in the column `metric`. */
export function metricsNamed(path: string): string {
  return `SELECT DISTINCT trim(CAST(metric AS VARCHAR)) AS name FROM ${sourceOf(path)} WHERE metric IS NOT NULL ORDER BY name`;
}

/**
 * `long_rows`: the file with its lines, without rows about metrics that the design does not read; `cell` names what a row is about. `wide_rows`: one row a unit,
 * arm and day, with the columns of wide form as texts: of several rows about one metric the last in the file. Rows without a unit stay apart. A laid-out row
 * is told by its first line, or by the first one whose value is no number.
 */
export function layOut(design: ExperimentDesign, path: string): readonly string[] {
  const { columns, segments } = design;
  const text = (name: string): string => `CAST(${quoteName(name)} AS VARCHAR)`;
  const own = [columns.unit, columns.arm, columns.day, columns.exposed, clusterColumn(design), ...segments].filter(
    (name) => name !== undefined,
  );
  const numbers = numberColumns(design);
  const day =
    columns.day === undefined
      ? "''"
      : `coalesce(TRY_CAST(left(trim(${text(columns.day)}), 10) AS DATE)::VARCHAR, trim(${text(columns.day)}))`;
  const unit = `trim(${text(columns.unit)})`;
  const cells = [unit, columns.arm === undefined ? "''" : `trim(${text(columns.arm)})`, day, "line_apart"];
  const bad = `trim(value) <> '' AND (${numberOf("value")} IS NULL OR NOT isfinite(${numberOf("value")}))`;
  const named = [...new Set(own)].map((name) => `arg_max(${quoteName(name)}, line) AS ${quoteName(name)}`);
  const pivoted = numbers.map((name) => `arg_max(value, line) FILTER (WHERE metric = ${quoteText(name)}) AS ${quoteName(name)}`);
  return [
    `CREATE TABLE long_rows AS SELECT *, [${cells.map((cell) => `coalesce(${cell}, '')`).join(", ")}] AS cell FROM (
      SELECT *, CASE WHEN ${unit} IS NULL OR ${unit} = '' THEN line::VARCHAR ELSE '' END AS line_apart FROM (
        SELECT row_number() OVER () + 1 AS line, trim(CAST(metric AS VARCHAR)) AS metric, CAST(value AS VARCHAR) AS value,
          ${[...new Set(own)].map((name) => `${text(name)} AS ${quoteName(name)}`).join(", ")} FROM ${sourceOf(path)}))
      WHERE metric IN (${numbers.map(quoteText).join(", ")})`,
    `CREATE TABLE wide_rows AS SELECT ${[...named, ...pivoted].join(", ")},
      coalesce(min(line) FILTER (WHERE ${bad}), min(line)) AS ${quoteName(lineName)} FROM long_rows GROUP BY cell`,
  ];
}

/** Rows of the file that are read, the different ones among them, and those that remain when later ones replace earlier ones. */
export function countLong(design: ExperimentDesign): string {
  const { columns, segments } = design;
  const own = [columns.exposed, clusterColumn(design), ...segments].filter((name) => name !== undefined).map(quoteName);
  return `SELECT count(*), count(DISTINCT hash(${["cell", "metric", "value", ...own].join(", ")})), count(DISTINCT hash(cell, metric)) FROM long_rows`;
}
