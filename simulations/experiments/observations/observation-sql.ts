/**
 * Observations reduced where they lie: SQL that turns rows of a file into units, and units into sufficient statistics. Names of columns
 * are quoted, values never stand in it. Blocks of rows keep sums in one order whatever the threads: each is summed by one of them.
 */
import type { OpenTable } from "../../../data/datasets/index.ts";
import { quoteText } from "../../../data/engines/index.ts";
import { limits } from "../../../data/foundation/index.ts";
import { columnsOf, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";
import type { RejectedRows } from "./observations.ts";

/** Rows that one thread sums up in their order: DuckDB's own row group. */
const blockRows = 122_880;

/** Beyond it squares and their sums would not be numbers any more. */
export const numberMax = 1e100;

/** How a number is written in a column of texts: empty is missing; yes and no are 1 and 0. DuckDB would read '1_000' as 1000. */
function numberOf(column: string): string {
  const text = `trim(${column})`;
  return `CASE WHEN ${text} = '' THEN NULL WHEN lower(${text}) IN ('true', 'yes') THEN 1.0 WHEN lower(${text}) IN ('false', 'no') THEN 0.0 WHEN NOT contains(${text}, '_') THEN TRY_CAST(${text} AS DOUBLE) END`;
}

/** The columns of numbers that a design reads, each once. */
function numberColumns({ metrics }: ExperimentDesign): readonly string[] {
  return [...new Set(metrics.flatMap(columnsOf))];
}

/** A unit's number in the table `units`, by its column's position among `numberColumns`. */
export function valueName(design: ExperimentDesign, column: string): string {
  return `v${numberColumns(design).indexOf(column)}`;
}

/**
 * `observed`: one row a row of the file: its number from 0, unit, arm, day, exposed, a number a column, and the text that stands there when it is none.
 */
export function readRows(design: ExperimentDesign, { from, cell }: OpenTable): string {
  const { columns, segments } = design;
  const text = (name: string | undefined): string => (name === undefined ? "NULL" : `trim(${cell(name)})`);
  const numbers = numberColumns(design).flatMap((column, index) => {
    const number = numberOf(cell(column));
    const isBad = `${text(column)} <> '' AND (${number} IS NULL OR abs(${number}) > ${numberMax})`;
    return [`${number} AS v${index}`, `CASE WHEN ${isBad} THEN ${text(column)} END AS bad${index}`];
  });
  return `CREATE TABLE observed AS SELECT row_number() OVER () - 1 AS line, ${text(columns.unit)} AS unit, ${text(columns.arm)} AS arm_name,
    ${dayOf(text(columns.day))} AS day, coalesce(${text(columns.day)}, '') AS day_text,
    ${dayOf(text(columns.exposed))} AS exposed, coalesce(${text(columns.exposed)}, '') AS exposed_text,
    ${[...numbers, ...segments.map((name, index) => `coalesce(nullif(${text(name)}, ''), 'unknown') AS s${index}`)].join(", ")}
    FROM ${from}`;
}

/** A day, written YYYY-MM-DD, with or without a time after it, of the years that the calendar knows. DuckDB would read '25-3-4' as a day of the year 25. */
function dayOf(text: string): string {
  const day = `TRY_CAST(left(${text}, 10) AS DATE)`;
  return `CASE WHEN regexp_full_match(${text}, '\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}.*)?') AND ${day} BETWEEN DATE '1900-01-01' AND DATE '2199-12-31' THEN ${day} END`;
}

/** The columns of `observed` that hold texts of the file, with the names that they have there. */
export function textColumns(design: ExperimentDesign): readonly { readonly column: string; readonly name: string }[] {
  const { unit, arm, day, exposed } = design.columns;
  return [
    { column: "unit", name: unit },
    ...(arm === undefined ? [] : [{ column: "arm_name", name: arm }]),
    ...(day === undefined ? [] : [{ column: "day_text", name: day }]),
    ...(exposed === undefined ? [] : [{ column: "exposed_text", name: exposed }]),
    ...numberColumns(design).map((name, index) => ({ column: `bad${index}`, name })),
    ...design.segments.map((name, index) => ({ column: `s${index}`, name })),
  ];
}

/** A reason for which rows are not used: the condition, and what stands there, both as SQL. */
interface Rejection {
  readonly code: RejectedRows["code"];
  readonly where: string;
  readonly example: string;
}

/** Why rows are not used; the first that holds counts. */
export function rejections(design: ExperimentDesign): readonly Rejection[] {
  const { columns, start, weeks } = design;
  const found: Rejection[] = [];
  const reject = (code: Rejection["code"], where: string, example: string): void => void found.push({ code, where, example });
  const long = textColumns(design).filter(({ column }) => column === "unit" || /^s\d/.test(column));
  const inLong = quoteText(`more than ${limits.keyBytes.value} bytes in ${long.map(({ name }) => name).join(" or ")}`);
  reject("no-unit", "unit IS NULL OR unit = ''", "'the unit is empty'");
  reject("too-long", long.map(({ column }) => `strlen(${column}) > ${limits.keyBytes.value}`).join(" OR "), inLong);
  if (columns.arm !== undefined) {
    const arms = design.arms.map(({ name }) => quoteText(name)).join(", ");
    reject(
      "unknown-arm",
      `arm_name IS NULL OR arm_name NOT IN (${arms})`,
      `'arm ' || coalesce(nullif(${clipped("arm_name")}, ''), 'empty')`,
    );
  }
  if (columns.day !== undefined) reject("bad-day", "day IS NULL", `'day ' || coalesce(nullif(${clipped("day_text")}, ''), 'empty')`);
  if (columns.exposed !== undefined) reject("bad-day", "exposed IS NULL AND exposed_text <> ''", `'day ' || ${clipped("exposed_text")}`);
  const numbers = numberColumns(design).map((column, index) => {
    const says = `CASE WHEN isfinite(v${index}) THEN 'beyond ${numberMax}: ' ELSE 'no number: ' END || ${clipped(`bad${index}`)}`;
    return { flag: `bad${index} IS NOT NULL`, says: `${quoteText(`${column} is `)} || ${says}` };
  });
  const example = `CASE ${numbers.map(({ flag, says }) => `WHEN ${flag} THEN ${says}`).join(" ")} END`;
  reject("bad-number", numbers.map(({ flag }) => flag).join(" OR "), example);
  if (start !== undefined && weeks !== undefined && columns.day !== undefined)
    reject("after-end", `day >= DATE ${quoteText(start)} + ${7 * weeks}`, "'day ' || day_text || ', after the last planned one'");
  if (columns.day !== undefined && columns.exposed !== undefined)
    reject("before-exposure", "day < exposed", "'day ' || day_text || ', exposed ' || exposed_text");
  return found;
}

/** As much of a text as a message carries. */
function clipped(text: string): string {
  return `(CASE WHEN length(${text}) > 60 THEN left(${text}, 60) || '…' ELSE ${text} END)`;
}

/**
 * `kept`: rows that are used, without those that stand twice; of several about one unit and day the last in the file.
 */
export function keepRows(design: ExperimentDesign): string {
  const where = rejections(design).map(({ where: condition }) => `NOT coalesce(${condition}, false)`);
  return `CREATE TABLE kept AS SELECT * FROM observed WHERE ${where.join(" AND ")}
    QUALIFY row_number() OVER (PARTITION BY unit, day${design.columns.arm === undefined ? "" : ", arm_name"} ORDER BY line DESC) = 1`;
}

/** Rows that are used, before later ones replace earlier ones; and how many different ones there are among them. */
export function countKept(design: ExperimentDesign): string {
  const where = rejections(design).map(({ where: condition }) => `NOT coalesce(${condition}, false)`);
  const columns = [
    "unit",
    "arm_name",
    "day",
    "exposed",
    ...numberColumns(design).map((_, index) => `v${index}`),
    ...design.segments.map((_, i) => `s${i}`),
  ];
  return `SELECT count(*), count(DISTINCT hash(${columns.join(", ")})) FROM observed WHERE ${where.join(" AND ")}`;
}

/**
 * `per_unit`: one row a unit in the order of units: its arm's name (null where it has two), first day, numbers over its rows (sums; of a share's
 * column the largest; of a covariate the first known), texts of the segments.
 */
export function unitsOfRows(design: ExperimentDesign): string {
  const shares = new Set(design.metrics.filter(({ form }) => form.kind === "share").map(({ form }) => form.of));
  const covariates = new Set(design.metrics.flatMap((metric) => metric.covariates));
  const values = numberColumns(design).map((column, index) => {
    const how = covariates.has(column)
      ? `arg_min(v${index}, line)`
      : shares.has(column)
        ? `max(v${index})`
        : `sum(v${index} ORDER BY line)`;
    return `${how} AS v${index}`;
  });
  const texts = design.segments.map((_, index) => `arg_min(s${index}, line) AS s${index}`);
  return `CREATE TABLE per_unit AS SELECT unit, CASE WHEN count(DISTINCT arm_name) < 2 THEN min(arm_name) END AS arm_name,
    count(DISTINCT arm_name) AS arms, min(coalesce(exposed, day)) AS first_day, ${[...values, ...texts].join(", ")}
    FROM kept GROUP BY unit ORDER BY unit`;
}

/** A metric's columns in the table `units`, with missing values by its rule, and its cap where one is given. */
export function metricColumns(design: ExperimentDesign, metric: ExperimentMetric, cap: number | undefined): readonly string[] {
  const [outcome = "", ...rest] = columnsOf(metric).map((column) => valueName(design, column));
  const filled = (column: string): string => (metric.missing === "zero" ? `coalesce(${column}, 0)` : column);
  const covariates = rest.slice(rest.length - metric.covariates.length);
  const denominator = metric.form.kind === "ratio" ? [filled(rest[0] ?? "")] : [];
  const value =
    metric.form.kind === "share"
      ? `(CASE WHEN ${filled(outcome)} <> 0 THEN 1.0 WHEN ${filled(outcome)} = 0 THEN 0.0 END)`
      : filled(outcome);
  return [cap === undefined ? value : `least(${value}, ${cap})`, ...denominator, ...covariates.map((column) => `coalesce(${column}, 0)`)];
}

/**
 * Moments by arm and group, block by block: arm, group, units, then for each metric n, means, covariances (upper triangle). `group`: an
 * expression over the table `units`, or none.
 */
export function momentsByBlock(design: ExperimentDesign, group: string | undefined, caps: ReadonlyMap<string, number>): string {
  const parts = design.metrics.flatMap((metric) => {
    const columns = metricColumns(design, metric, caps.get(metric.name));
    const known = columns.map((column) => `${column} IS NOT NULL`).join(" AND ");
    const filter = metric.missing === "zero" ? "" : ` FILTER (WHERE ${known})`;
    return [
      `count(*)${filter}`,
      ...columns.map((column) => `avg(${column})${filter}`),
      ...columns.flatMap((a, i) =>
        columns.slice(i).map((b, j) => (j === 0 ? `var_samp(${a})${filter}` : `covar_samp(${a}, ${b})${filter}`)),
      ),
    ];
  });
  const key = group ?? "''";
  return `SELECT arm, ${key} AS grp, count(*), ${parts.join(", ")} FROM units WHERE arm IS NOT NULL GROUP BY arm, grp, rowid // ${blockRows} ORDER BY grp, arm, rowid // ${blockRows}`;
}
