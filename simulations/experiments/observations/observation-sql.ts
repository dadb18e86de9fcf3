/**
 * Observations reduced where they lie: SQL that turns rows of a file into units, and units into sufficient statistics. Names of columns
 * are quoted, values never stand in it. Blocks of rows keep sums in one order whatever the threads: each is summed by one of them.
 */
import { quoteName, quoteText } from "../../../data/engines/index.ts";
import { spanSeparator } from "../assignment/dealing.ts";
import { columnsOf, covariateColumns, dealtThing, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";

/** Rows that one thread sums up in their order: DuckDB's own row group. */
export const blockRows = 122_880;

/** The day from which the spans of a switchback are counted where the plan has no first day: a Monday. */
const spanOrigin = "1970-01-05";

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

/** Columns of a file as texts, in its order. */
export function textsOfFile(path: string, columns: readonly string[]): string {
  return `SELECT ${columns.map((name) => `trim(CAST(${quoteName(name)} AS VARCHAR)) AS ${quoteName(name)}`).join(", ")} FROM ${sourceOf(path)}`;
}

/**
 * `observed`: one row a row of the file: line, unit, arm, day, exposed, a number and a flag a column. The flag is 1 where something stands that
 * is no number. `source`: what the rows are read from, and the expression for their line.
 */
export function readRows(design: ExperimentDesign, source: { readonly from: string; readonly line: string }): string {
  const { columns, segments } = design;
  const deals = dealtThing(design);
  const text = (name: string): string => `CAST(${quoteName(name)} AS VARCHAR)`;
  const day = (name: string | undefined): string =>
    name === undefined ? "CAST(NULL AS DATE)" : `TRY_CAST(left(trim(${text(name)}), 10) AS DATE)`;
  const numbers = numberColumns(design).flatMap((column, index) => [
    `${numberOf(text(column))} AS v${index}`,
    `(trim(${text(column)}) <> '' AND (${numberOf(text(column))} IS NULL OR NOT isfinite(${numberOf(text(column))}))) AS bad${index}`,
  ]);
  const unit = `trim(${text(columns.unit)})`;
  const key = deals.kind === "switchback" ? `${unit} || ${quoteText(spanSeparator)} || ${spanOf(design, day(columns.day))}` : unit;
  const cluster = deals.kind === "cluster" ? `trim(${text(deals.column)})` : "CAST(NULL AS VARCHAR)";
  return `CREATE TABLE observed AS SELECT ${source.line} AS line, ${key} AS unit, ${cluster} AS cluster,
    ${columns.arm === undefined ? "CAST(NULL AS VARCHAR)" : `trim(${text(columns.arm)})`} AS arm_name,
    ${day(columns.day)} AS day, ${columns.day === undefined ? "''" : `trim(${text(columns.day)})`} AS day_text,
    ${day(columns.exposed)} AS exposed, ${columns.exposed === undefined ? "''" : `trim(${text(columns.exposed)})`} AS exposed_text,
    ${[...numbers, ...segments.map((name, index) => `coalesce(nullif(trim(${text(name)}), ''), 'unknown') AS s${index}`)].join(", ")}
    FROM ${source.from}`;
}

/** The span of a switchback that a day lies in, counted from 0. */
function spanOf(design: ExperimentDesign, day: string): string {
  const deals = dealtThing(design);
  const every = deals.kind === "switchback" ? deals.everyDays : 1;
  return `CAST(floor((${day} - ${originOf(design)}) / ${every}.0) AS BIGINT)`;
}

function originOf({ start }: ExperimentDesign): string {
  return `DATE ${quoteText(start ?? spanOrigin)}`;
}

/** Why rows are not used: code and condition, the first that holds counts. */
export function rejections(
  design: ExperimentDesign,
  hasLog = false,
): readonly { readonly code: string; readonly where: string; readonly example: string }[] {
  const bad = numberColumns(design).map((column, index) => ({ column, flag: `bad${index}` }));
  const { columns, start, weeks } = design;
  const arms = design.arms.map(({ name }) => quoteText(name)).join(", ");
  const deals = dealtThing(design);
  const last = start === undefined || weeks === undefined ? undefined : `DATE ${quoteText(start)} + ${7 * weeks}`;
  return [
    { code: "no-unit", where: "unit IS NULL OR unit = ''", example: "'the unit is empty'" },
    ...(deals.kind === "cluster"
      ? [{ code: "no-cluster", where: "cluster IS NULL OR cluster = ''", example: quoteText(`${deals.column} is empty`) }]
      : []),
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
    ...(start === undefined || columns.day === undefined
      ? []
      : [{ code: "before-start", where: `day < ${originOf(design)}`, example: "'day ' || day_text || ', before the first planned one'" }]),
    ...(last === undefined || columns.day === undefined
      ? []
      : [{ code: "after-end", where: `day >= ${last}`, example: "'day ' || day_text || ', after the last planned one'" }]),
    ...(columns.day === undefined || (columns.exposed === undefined && !hasLog)
      ? []
      : [{ code: "before-exposure", where: "day < exposed", example: "'day ' || day_text || ', exposed ' || exposed::VARCHAR" }]),
    ...(deals.kind === "switchback" && deals.washoutDays > 0
      ? [
          {
            code: "washout",
            where: `(day - ${originOf(design)}) % ${deals.everyDays} < ${deals.washoutDays}`,
            example: "'day ' || day_text || ', when the arm before may still be felt'",
          },
        ]
      : []),
  ];
}

/**
 * `kept`: rows that are used, without those that stand twice; of several about one unit and day the last in the file.
 */
export function keepRows(design: ExperimentDesign, hasLog = false): string {
  const where = rejections(design, hasLog).map(({ where: condition }) => `NOT coalesce(${condition}, false)`);
  return `CREATE TABLE kept AS SELECT * FROM observed WHERE ${where.join(" AND ")}
    QUALIFY row_number() OVER (PARTITION BY unit, day${design.columns.arm === undefined ? "" : ", arm_name"} ORDER BY line DESC) = 1`;
}

/** Rows that are used, before later ones replace earlier ones; and how many different ones there are among them. */
export function countKept(design: ExperimentDesign, hasLog = false): string {
  const where = rejections(design, hasLog).map(({ where: condition }) => `NOT coalesce(${condition}, false)`);
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
  const covariates = new Set(design.metrics.flatMap((metric) => metric.covariates.flatMap(covariateColumns)));
  const values = numberColumns(design).map((column, index) => {
    const how = covariates.has(column)
      ? `arg_min(v${index}, line)`
      : shares.has(column)
        ? `max(v${index})`
        : `sum(v${index} ORDER BY line)`;
    return `${how} AS v${index}`;
  });
  const texts = design.segments.map((_, index) => `arg_min(s${index}, line) AS s${index}`);
  return `CREATE TABLE per_unit AS SELECT unit, arg_min(cluster, line) AS cluster, CASE WHEN count(DISTINCT arm_name) < 2 THEN min(arm_name) END AS arm_name,
    count(DISTINCT arm_name) AS arms, min(coalesce(exposed, day)) AS first_day, ${[...values, ...texts].join(", ")}
    FROM kept GROUP BY unit ORDER BY unit`;
}

/** A metric's columns in the table `units`, with missing values by its rule, and its cap where one is given. */
export function metricColumns(design: ExperimentDesign, metric: ExperimentMetric, cap: number | undefined): readonly string[] {
  const [outcome = "", ...rest] = columnsOf(metric).map((column) => valueName(design, column));
  const filled = (column: string): string => (metric.missing === "zero" ? `coalesce(${column}, 0)` : column);
  const denominators = metric.form.kind === "ratio" ? 1 : 0;
  const value =
    metric.form.kind === "share"
      ? `(CASE WHEN ${filled(outcome)} <> 0 THEN 1.0 WHEN ${filled(outcome)} = 0 THEN 0.0 END)`
      : filled(outcome);
  return [
    cap === undefined ? value : `least(${value}, ${cap})`,
    ...rest.slice(0, denominators).map(filled),
    ...rest.slice(denominators).map((column) => `coalesce(${column}, 0)`),
  ];
}

/** Where moments are taken from: a table, its columns by metric, and which rows a metric leaves out. */
export interface MomentSource {
  readonly table: string;
  /** The group's column or expression. */
  readonly group: string;
  /** `leavesOut`: units without all of the values are not counted. */
  readonly metrics: readonly { readonly columns: readonly string[]; readonly leavesOut: boolean }[];
}

/** The table `units`, by an expression or as one group. */
export function unitSource(design: ExperimentDesign, group: string | undefined, caps: ReadonlyMap<string, number>): MomentSource {
  const metrics = design.metrics.map((metric) => ({
    columns: metricColumns(design, metric, caps.get(metric.name)),
    leavesOut: metric.missing !== "zero",
  }));
  return { table: "units", group: group ?? "''", metrics };
}

/**
 * The table `clusters`: one row a cluster and group with the sums over its units, in their order; of means and shares the number of units beside each
 * sum, so that every metric is a ratio.
 */
export function clusterSource(
  design: ExperimentDesign,
  group: string | undefined,
  caps: ReadonlyMap<string, number>,
): MomentSource & { readonly create: string } {
  const source = unitSource(design, group, caps);
  const metrics = source.metrics.map(({ columns, leavesOut }, index) => {
    const isRatio = design.metrics[index]?.form.kind === "ratio";
    const filter = filterOf(columns, leavesOut);
    const sums = columns.map((column) => `coalesce(sum(${column} ORDER BY unit)${filter}, 0.0)`);
    const parts = isRatio ? sums : sums.flatMap((sum) => [sum, `CAST(count(*)${filter} AS DOUBLE)`]);
    return parts.map((part, place) => ({ name: `m${index}_${place}`, part }));
  });
  const listed = metrics.flat().map(({ name, part }) => `${part} AS ${name}`);
  return {
    table: "clusters",
    group: "grp",
    metrics: metrics.map((parts) => ({ columns: parts.map(({ name }) => name), leavesOut: false })),
    create: `CREATE OR REPLACE TABLE clusters AS SELECT arm, cluster, ${source.group} AS grp, ${listed.join(", ")}
      FROM units WHERE arm IS NOT NULL GROUP BY arm, cluster, grp ORDER BY grp, arm, cluster`,
  };
}

/** Moments by arm and group, block by block: arm, group, units, then for each metric n, means, covariances (upper triangle). */
export function momentsByBlock({ table, group, metrics }: MomentSource): string {
  const parts = metrics.flatMap(({ columns, leavesOut }) => momentParts(columns, leavesOut));
  return `SELECT arm, ${group} AS grp, count(*), ${parts.join(", ")} FROM ${table} WHERE arm IS NOT NULL GROUP BY arm, grp, rowid // ${blockRows} ORDER BY grp, arm, rowid // ${blockRows}`;
}

/** n, means and covariances (upper triangle) of columns; `leavesOut`: of the rows that have all of them. */
export function momentParts(columns: readonly string[], leavesOut: boolean): readonly string[] {
  const filter = filterOf(columns, leavesOut);
  return [
    `count(*)${filter}`,
    ...columns.map((column) => `avg(${column})${filter}`),
    ...columns.flatMap((a, i) => columns.slice(i).map((b, j) => (j === 0 ? `var_samp(${a})${filter}` : `covar_samp(${a}, ${b})${filter}`))),
  ];
}

function filterOf(columns: readonly string[], leavesOut: boolean): string {
  return leavesOut ? ` FILTER (WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(" AND ")})` : "";
}
