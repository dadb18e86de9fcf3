/**
 * Observations reduced where they lie: SQL that turns rows of a file into units, and units into sufficient statistics. Names of columns
 * are quoted, values never stand in it. Blocks of rows keep sums in one order whatever the threads: each is summed by one of them.
 */
import type { OpenTable } from "../../../data/datasets/index.ts";
import { quoteText } from "../../../data/engines/index.ts";
import { limits } from "../../../data/foundation/index.ts";
import { spanSeparator } from "../assignment/dealing.ts";
import {
  clusterColumn,
  columnsOf,
  covariateColumns,
  dealtThing,
  type ExperimentDesign,
  type ExperimentMetric,
} from "../design/experiment-design.ts";
import type { RejectedRows } from "./observations.ts";

/** Rows that one thread sums up in their order: DuckDB's own row group. */
const blockRows = 122_880;

/** The day from which the spans of a switchback are counted where the plan has no first day: a Monday. */
const spanOrigin = "1970-01-05";

/** Beyond it squares and their sums would not be numbers any more. */
export const numberMax = 1e100;

/** How a number is written in a column of texts: empty is missing; yes and no are 1 and 0. DuckDB would read '1_000' as 1000. */
function numberOf(column: string): string {
  const text = `trim(${column})`;
  return `CASE WHEN ${text} = '' THEN NULL WHEN lower(${text}) IN ('true', 'yes') THEN 1.0 WHEN lower(${text}) IN ('false', 'no') THEN 0.0 WHEN NOT contains(${text}, '_') THEN TRY_CAST(${text} AS DOUBLE) END`;
}

/** Whether something stands in a column of texts that is no number, or one beyond `numberMax`. */
export function isNoNumber(column: string): string {
  return `trim(${column}) <> '' AND (${numberOf(column)} IS NULL OR abs(${numberOf(column)}) > ${numberMax})`;
}

/** The columns of numbers that a design reads, each once. */
export function numberColumns({ metrics }: Pick<ExperimentDesign, "metrics">): readonly string[] {
  return [...new Set(metrics.flatMap(columnsOf))];
}

/** A unit's number in the table `units`, by its column's position among `numberColumns`. */
export function valueName(design: ExperimentDesign, column: string): string {
  return `v${numberColumns(design).indexOf(column)}`;
}

/** What rows are read from; `line`: their number in the file from 0, where they do not stand in its order. */
export interface RowSource extends Pick<OpenTable, "from" | "cell"> {
  readonly line?: string;
}

/**
 * `observed`: one row a row of the file: its number from 0, unit, cluster, arm, day, exposed, a number a column, and the text that stands there when it is none.
 */
export function readRows(design: ExperimentDesign, { from, cell, line }: RowSource): string {
  const { columns, segments } = design;
  const deals = dealtThing(design);
  const text = (name: string | undefined): string => (name === undefined ? "CAST(NULL AS VARCHAR)" : `trim(${cell(name)})`);
  const numbers = numberColumns(design).flatMap((column, index) => [
    `${numberOf(cell(column))} AS v${index}`,
    `CASE WHEN ${isNoNumber(cell(column))} THEN ${text(column)} END AS bad${index}`,
  ]);
  const span = `coalesce(${spanOf(design, dayOf(text(columns.day)))}::VARCHAR, '')`;
  const key = `CASE WHEN ${text(columns.unit)} <> '' THEN ${text(columns.unit)} || ${quoteText(spanSeparator)} || ${span} END`;
  return `CREATE TABLE observed AS SELECT ${line ?? "row_number() OVER () - 1"} AS line,
    ${deals.kind === "switchback" ? key : text(columns.unit)} AS unit, ${text(clusterColumn(design))} AS cluster, ${text(columns.arm)} AS arm_name,
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

/** The span of a switchback that a day lies in, counted from 0. */
function spanOf(design: ExperimentDesign, day: string): string {
  const deals = dealtThing(design);
  const every = deals.kind === "switchback" ? deals.everyDays : 1;
  return `CAST(floor((${day} - ${originOf(design)}) / ${every}.0) AS BIGINT)`;
}

function originOf({ start }: ExperimentDesign): string {
  return `DATE ${quoteText(start ?? spanOrigin)}`;
}

/** The columns of `observed` that hold texts of the file, with the names that they have there. */
export function textColumns(design: ExperimentDesign): readonly { readonly column: string; readonly name: string }[] {
  const { unit, arm, day, exposed } = design.columns;
  const cluster = clusterColumn(design);
  return [
    { column: "unit", name: unit },
    ...(cluster === undefined ? [] : [{ column: "cluster", name: cluster }]),
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
export function rejections(design: ExperimentDesign, hasLog = false): readonly Rejection[] {
  const { columns, start, weeks } = design;
  const deals = dealtThing(design);
  const found: Rejection[] = [];
  const reject = (code: Rejection["code"], where: string, example: string): void => void found.push({ code, where, example });
  const long = textColumns(design).filter(({ column }) => /^(unit|cluster|s\d+)$/.test(column));
  const inLong = quoteText(`more than ${limits.keyBytes.value} bytes in ${long.map(({ name }) => name).join(" or ")}`);
  reject("no-unit", "unit IS NULL OR unit = ''", "'the unit is empty'");
  if (deals.kind === "cluster") reject("no-cluster", "cluster IS NULL OR cluster = ''", quoteText(`${deals.column} is empty`));
  reject("too-long", long.map(({ column }) => `strlen(${column}) > ${limits.keyBytes.value}`).join(" OR "), inLong);
  if (columns.arm !== undefined) {
    const arms = design.arms.map(({ name }) => quoteText(name)).join(", ");
    const says = `'arm ' || coalesce(nullif(${clipped("arm_name")}, ''), 'empty')`;
    reject("unknown-arm", `arm_name IS NULL OR arm_name NOT IN (${arms})`, says);
  }
  if (columns.day !== undefined) reject("bad-day", "day IS NULL", `'day ' || coalesce(nullif(${clipped("day_text")}, ''), 'empty')`);
  if (columns.exposed !== undefined) reject("bad-day", "exposed IS NULL AND exposed_text <> ''", `'day ' || ${clipped("exposed_text")}`);
  const numbers = numberColumns(design).map((column, index) => {
    const says = `CASE WHEN isfinite(v${index}) THEN 'beyond ${numberMax}: ' ELSE 'no number: ' END || ${clipped(`bad${index}`)}`;
    return { flag: `bad${index} IS NOT NULL`, says: `${quoteText(`${column} is `)} || ${says}` };
  });
  const example = `CASE ${numbers.map(({ flag, says }) => `WHEN ${flag} THEN ${says}`).join(" ")} END`;
  reject("bad-number", numbers.map(({ flag }) => flag).join(" OR "), example);
  if (columns.day === undefined) return found;
  if (start !== undefined) reject("before-start", `day < ${originOf(design)}`, "'day ' || day_text || ', before the first planned one'");
  if (start !== undefined && weeks !== undefined)
    reject("after-end", `day >= ${originOf(design)} + ${7 * weeks}`, "'day ' || day_text || ', after the last planned one'");
  if (columns.exposed !== undefined || hasLog)
    reject("before-exposure", "day < exposed", "'day ' || day_text || ', exposed ' || exposed::VARCHAR");
  if (deals.kind === "switchback" && deals.washoutDays > 0) {
    const where = `(day - ${originOf(design)}) % ${deals.everyDays} < ${deals.washoutDays}`;
    reject("washout", where, "'day ' || day_text || ', when the arm before may still be felt'");
  }
  return found;
}

/** As much of a text as a message carries. */
function clipped(text: string): string {
  return `(CASE WHEN length(${text}) > 60 THEN left(${text}, 60) || '…' ELSE ${text} END)`;
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
  readonly metrics: readonly { readonly columns: readonly string[]; readonly filter: string }[];
}

/** The table `units`, by an expression or as one group. */
export function unitSource(design: ExperimentDesign, group: string | undefined, caps: ReadonlyMap<string, number>): MomentSource {
  const metrics = design.metrics.map((metric) => {
    const columns = metricColumns(design, metric, caps.get(metric.name));
    return {
      columns,
      filter: metric.missing === "zero" ? "" : ` FILTER (WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(" AND ")})`,
    };
  });
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
  const metrics = source.metrics.map(({ columns, filter }, index) => {
    const isRatio = design.metrics[index]?.form.kind === "ratio";
    const sums = columns.map((column) => `coalesce(sum(${column} ORDER BY unit)${filter}, 0.0)`);
    const parts = isRatio ? sums : sums.flatMap((sum) => [sum, `CAST(count(*)${filter} AS DOUBLE)`]);
    return parts.map((part, place) => ({ name: `m${index}_${place}`, part }));
  });
  const listed = metrics.flat().map(({ name, part }) => `${part} AS ${name}`);
  return {
    table: "clusters",
    group: "grp",
    metrics: metrics.map((parts) => ({ columns: parts.map(({ name }) => name), filter: "" })),
    create: `CREATE OR REPLACE TABLE clusters AS SELECT arm, cluster, ${source.group} AS grp, ${listed.join(", ")}
      FROM units WHERE arm IS NOT NULL GROUP BY arm, cluster, grp ORDER BY grp, arm, cluster`,
  };
}

/** Moments by arm and group, block by block: arm, group, units, then for each metric n, means, covariances (upper triangle). */
export function momentsByBlock({ table, group, metrics }: MomentSource): string {
  const parts = metrics.flatMap(({ columns, filter }) => [
    `count(*)${filter}`,
    ...columns.map((column) => `avg(${column})${filter}`),
    ...columns.flatMap((a, i) => columns.slice(i).map((b, j) => (j === 0 ? `var_samp(${a})${filter}` : `covar_samp(${a}, ${b})${filter}`))),
  ]);
  return `SELECT arm, ${group} AS grp, count(*), ${parts.join(", ")} FROM ${table} WHERE arm IS NOT NULL GROUP BY arm, grp, rowid // ${blockRows} ORDER BY grp, arm, rowid // ${blockRows}`;
}
