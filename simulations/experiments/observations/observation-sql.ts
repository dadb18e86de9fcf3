/**
 * Observations reduced where they lie: SQL that turns rows of a file into units, and units into sufficient statistics. Names of columns
 * are quoted, values never stand in it. Blocks of rows keep sums in one order whatever the threads: each is summed by one of them.
 */
import { quoteName, quoteText } from "../../../data/engines/index.ts";
import { columnsOf, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";

/** Rows that one thread sums up in their order: DuckDB's own row group. */
export const blockRows = 122_880;

/** How a number is written in a column of texts: empty is missing; yes and no are 1 and 0. */
export function numberOf(column: string): string {
  const text = `trim(${column})`;
  return `CASE WHEN ${text} = '' THEN NULL WHEN lower(${text}) IN ('true', 'yes') THEN 1.0 WHEN lower(${text}) IN ('false', 'no') THEN 0.0 ELSE TRY_CAST(${text} AS DOUBLE) END`;
}

/** The columns of numbers that a design reads, each once. */
export function numberColumns({ metrics }: Pick<ExperimentDesign, "metrics">): readonly string[] {
  return [...new Set(metrics.flatMap(columnsOf))];
}

/** A unit's number in the table `units`, by its column's position among `numberColumns`. */
export function valueName(design: ExperimentDesign, column: string): string {
  return `v${numberColumns(design).indexOf(column)}`;
}

/** The file as a table of texts, with lines counted from the header on. Parquet is read as it is. */
export function sourceOf(path: string): string {
  return /\.parquet$/i.test(path)
    ? `read_parquet(${quoteText(path)})`
    : `read_csv(${quoteText(path)}, header = true, all_varchar = true, null_padding = true, ignore_errors = false)`;
}

/**
 * `observed`: one row a row of the file: line, unit, arm, day, exposed, a number and a flag a column. The flag is 1 where something stands that
 * is no number. `source`: what the rows are read from, and the expression for their line.
 */
export function readRows(design: ExperimentDesign, source: { readonly from: string; readonly line: string }): string {
  const { columns, segments } = design;
  const text = (name: string): string => `CAST(${quoteName(name)} AS VARCHAR)`;
  const day = (name: string | undefined): string =>
    name === undefined ? "CAST(NULL AS DATE)" : `TRY_CAST(left(trim(${text(name)}), 10) AS DATE)`;
  const numbers = numberColumns(design).flatMap((column, index) => [
    `${numberOf(text(column))} AS v${index}`,
    `(trim(${text(column)}) <> '' AND (${numberOf(text(column))} IS NULL OR NOT isfinite(${numberOf(text(column))}))) AS bad${index}`,
  ]);
  return `CREATE TABLE observed AS SELECT ${source.line} AS line, trim(${text(columns.unit)}) AS unit,
    ${columns.arm === undefined ? "CAST(NULL AS VARCHAR)" : `trim(${text(columns.arm)})`} AS arm_name,
    ${day(columns.day)} AS day, ${columns.day === undefined ? "''" : `trim(${text(columns.day)})`} AS day_text,
    ${day(columns.exposed)} AS exposed, ${columns.exposed === undefined ? "''" : `trim(${text(columns.exposed)})`} AS exposed_text,
    ${[...numbers, ...segments.map((name, index) => `coalesce(nullif(trim(${text(name)}), ''), 'unknown') AS s${index}`)].join(", ")}
    FROM ${source.from}`;
}

/** Why rows are not used: code and condition, the first that holds counts. */
export function rejections(
  design: ExperimentDesign,
): readonly { readonly code: string; readonly where: string; readonly example: string }[] {
  const bad = numberColumns(design).map((column, index) => ({ column, flag: `bad${index}` }));
  const { columns, start, weeks } = design;
  const arms = design.arms.map(({ name }) => quoteText(name)).join(", ");
  const last = start === undefined || weeks === undefined ? undefined : `DATE ${quoteText(start)} + ${7 * weeks}`;
  return [
    { code: "no-unit", where: "unit IS NULL OR unit = ''", example: "'the unit is empty'" },
    ...(columns.arm === undefined
      ? []
      : [
          { code: "unknown-arm", where: `arm_name IS NULL OR arm_name NOT IN (${arms})`, example: "'arm ' || coalesce(arm_name, 'empty')" },
        ]),
    ...(columns.day === undefined ? [] : [{ code: "bad-day", where: "day IS NULL", example: "'day ' || day_text" }]),
    ...(columns.exposed === undefined
      ? []
      : [{ code: "bad-day", where: "exposed IS NULL AND exposed_text <> ''", example: "'day ' || exposed_text" }]),
    {
      code: "bad-number",
      where: bad.map(({ flag }) => flag).join(" OR "),
      example: `CASE ${bad.map(({ column, flag }) => `WHEN ${flag} THEN ${quoteText(`${column} is no number`)}`).join(" ")} END`,
    },
    ...(last === undefined || columns.day === undefined
      ? []
      : [{ code: "after-end", where: `day >= ${last}`, example: "'day ' || day_text || ', after the last planned one'" }]),
    ...(columns.day === undefined || columns.exposed === undefined
      ? []
      : [{ code: "before-exposure", where: "day < exposed", example: "'day ' || day_text || ', exposed ' || exposed_text" }]),
  ];
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
  const parts = design.metrics.flatMap((metric) =>
    momentParts(metricColumns(design, metric, caps.get(metric.name)), metric.missing !== "zero"),
  );
  const key = group ?? "''";
  return `SELECT arm, ${key} AS grp, count(*), ${parts.join(", ")} FROM units WHERE arm IS NOT NULL GROUP BY arm, grp, rowid // ${blockRows} ORDER BY grp, arm, rowid // ${blockRows}`;
}

/** n, means and covariances (upper triangle) of columns; `leavesOut`: of the rows that have all of them. */
export function momentParts(columns: readonly string[], leavesOut: boolean): readonly string[] {
  const known = columns.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const filter = leavesOut ? ` FILTER (WHERE ${known})` : "";
  return [
    `count(*)${filter}`,
    ...columns.map((column) => `avg(${column})${filter}`),
    ...columns.flatMap((a, i) => columns.slice(i).map((b, j) => (j === 0 ? `var_samp(${a})${filter}` : `covar_samp(${a}, ${b})${filter}`))),
  ];
}
