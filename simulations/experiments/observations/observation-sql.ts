/**
 * Observations where they lie: SQL that turns rows of a file into units. Names of columns are quoted, values never stand in it.
 */
import type { OpenTable } from "../../../data/datasets/index.ts";
import { quoteText } from "../../../data/engines/index.ts";
import { limits } from "../../../data/foundation/index.ts";
import { spanSeparator } from "../assignment/dealing.ts";
import {
  clusterColumn,
  columnKey,
  columnsOf,
  dealtThing,
  type ExperimentDesign,
  type ExperimentMetric,
  leavesOut,
  type MetricWindow,
  unitColumns,
  unitColumnsOf,
} from "../design/experiment-design.ts";
import type { RejectedRows } from "./observations.ts";

/** The day from which the spans of a switchback are counted where the plan has no first day: a Monday. */
const spanOrigin = "1970-01-05";

/** Beyond it squares and their sums would not be numbers any more. */
export const numberMax = 1e100;

/** What stands in a trimmed cell without a value: nothing, what R writes, what databases write. */
export const missingTexts = ["", "NA", "NULL", "null"] as const;

const isMissing = `IN (${missingTexts.map((text) => quoteText(text)).join(", ")})`;

/** How a number is written in a trimmed text: empty is missing; yes and no are 1 and 0. The words are looked at only where no number stands. DuckDB would read '1_000' as 1000. */
function numberOf(text: string): string {
  const word = `lower(${text})`;
  return `CASE WHEN NOT contains(${text}, '_') THEN coalesce(TRY_CAST(${text} AS DOUBLE), CASE WHEN ${word} IN ('true', 'yes') THEN 1.0 WHEN ${word} IN ('false', 'no') THEN 0.0 END) END`;
}

/** Whether something stands in a column of texts that is no number, or one beyond `numberMax`. */
export function isNoNumber(column: string): string {
  return isBad(`trim(${column})`, numberOf(`trim(${column})`));
}

function isBad(text: string, number: string): string {
  return `${text} NOT ${isMissing} AND (${number} IS NULL OR abs(${number}) > ${numberMax})`;
}

/** The columns of numbers that a design reads, each once. */
export function numberColumns({ metrics }: Pick<ExperimentDesign, "metrics">): readonly string[] {
  return [...new Set(metrics.flatMap(columnsOf))];
}

/** A number of a row, in the tables `observed` and `kept`, by its column's position among `numberColumns`. */
export function valueName(design: ExperimentDesign, column: string): string {
  return `v${numberColumns(design).indexOf(column)}`;
}

/** The numbers of a metric in the table `units`, by the position of its columns among `unitColumns`. */
export function unitValueNames(design: ExperimentDesign, metric: ExperimentMetric): readonly string[] {
  const keys = unitColumns(design).map(columnKey);
  return unitColumnsOf(design, metric).map((column) => `v${keys.indexOf(columnKey(column))}`);
}

/** What rows are read from; `line`: their number in the file from 0, where they are not read in its order. */
export interface RowSource extends Pick<OpenTable, "from" | "cell" | "numbers"> {
  readonly line?: string;
}

/**
 * `observed`: one row a row of the file: its number from 0, unit, cluster, arm, day, exposed, a number a column, and the text that stands there when it is none.
 * `as`: a view reads the file anew each time; a table holds it, as `read`.
 */
export function readRows(design: ExperimentDesign, { from, cell, numbers, line }: RowSource, as: "TABLE" | "VIEW"): readonly string[] {
  const { columns, segments } = design;
  const text = (name: string | undefined): string => (name === undefined ? "CAST(NULL AS VARCHAR)" : `trim(${cell(name)})`);
  const values = numberColumns(design).map((column, index) => {
    const number = numbers.get(column);
    const [name, stands] = [`v${index}`, `t${index}`];
    return number === undefined
      ? {
          read: [`${text(column)} AS ${stands}`, `${numberOf(text(column))} AS ${name}`],
          bad: `CASE WHEN ${isBad(stands, name)} THEN ${stands} END`,
        }
      : {
          read: [`CAST(${number.sql} AS DOUBLE) AS ${name}`],
          bad: `CASE WHEN abs(${name}) > ${numberMax} THEN CAST(${name} AS VARCHAR) END`,
        };
  });
  const read = [
    ...(line === undefined ? [] : [`${line} AS line`]),
    `${text(columns.unit)} AS unit_text, ${text(clusterColumn(design))} AS cluster, ${text(columns.arm)} AS arm_name`,
    `${text(columns.day)} AS day_text, ${text(columns.exposed)} AS exposed_text`,
    ...values.flatMap((value) => value.read),
    ...segments.map((name, index) => `coalesce(nullif(${text(name)}, ''), 'unknown') AS s${index}`),
  ];
  const span = `CASE WHEN unit_text <> '' THEN unit_text || ${quoteText(spanSeparator)} || coalesce(${spanOf(design, dayOf(design, "day_text"))}::VARCHAR, '') END`;
  const rows = `SELECT ${line === undefined ? "" : "line, "}${dealtThing(design).kind === "switchback" ? span : "unit_text"} AS unit, cluster, arm_name,
    ${dayOf(design, "day_text")} AS day, coalesce(day_text, '') AS day_text, ${dayOf(design, "exposed_text")} AS exposed, coalesce(exposed_text, '') AS exposed_text,
    ${[...values.flatMap(({ bad }, index) => [`v${index}`, `${bad} AS bad${index}`]), ...segments.map((_, index) => `s${index}`)].join(", ")}
    FROM (SELECT ${read.join(", ")} FROM ${from})`;
  if (as === "VIEW") return [`CREATE VIEW observed AS ${rows}`];
  // Rows are numbered by their place in the table: a window over all rows would be read by one thread.
  return [`CREATE TABLE read AS ${rows}`, `CREATE VIEW observed AS SELECT ${line === undefined ? "rowid AS line, " : ""}* FROM read`];
}

/**
 * A day, of the years that the calendar knows: written YYYY-MM-DD, with or without a time after it, or where the design says that days are numbered a whole number from the plan's
 * start on. DuckDB would read '25-3-4' as a day of the year 25.
 */
export function dayOf(design: ExperimentDesign, text: string): string {
  const { daysFrom } = design.columns;
  const isKnown = (day: string): string => `${day} BETWEEN DATE '1900-01-01' AND DATE '2199-12-31'`;
  if (daysFrom !== undefined) {
    const numbered = `${originOf(design)} + (TRY_CAST(regexp_extract(${text}, '^(-?\\d{1,5})(\\.0+)?$', 1) AS INTEGER) - ${daysFrom})`;
    return `CASE WHEN ${isKnown(`(${numbered})`)} THEN CAST(${numbered} AS DATE) END`;
  }
  const day = `TRY_CAST(left(${text}, 10) AS DATE)`;
  return `CASE WHEN regexp_full_match(${text}, '\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}.*)?') AND ${isKnown(day)} THEN ${day} END`;
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
  const { columns } = design;
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
  if (columns.exposed !== undefined)
    reject("bad-day", `exposed IS NULL AND exposed_text NOT ${isMissing}`, `'day ' || ${clipped("exposed_text")}`);
  rejectDays(design, hasLog, reject);
  const numbers = numberColumns(design).map((column, index) => {
    const says = `CASE WHEN isfinite(v${index}) THEN 'beyond ${numberMax}: ' ELSE 'no number: ' END || ${clipped(`bad${index}`)}`;
    return { flag: `bad${index} IS NOT NULL`, says: `${quoteText(`${column} is `)} || ${says}` };
  });
  const example = `CASE ${numbers.map(({ flag, says }) => `WHEN ${flag} THEN ${says}`).join(" ")} END`;
  reject("bad-number", numbers.map(({ flag }) => flag).join(" OR "), example);
  return found;
}

/** Days that the design itself does not count. Before numbers: of a row that does not count it is no fault what stands in it. */
function rejectDays(
  design: ExperimentDesign,
  hasLog: boolean,
  reject: (code: Rejection["code"], where: string, example: string) => void,
): void {
  const { columns, start, weeks } = design;
  const deals = dealtThing(design);
  if (columns.day === undefined) return;
  if (start !== undefined) reject("before-start", `day < ${originOf(design)}`, "'day ' || day_text || ', before the first planned one'");
  if (start !== undefined && weeks !== undefined)
    reject("after-end", `day >= ${originOf(design)} + ${7 * weeks}`, "'day ' || day_text || ', after the last planned one'");
  if (columns.exposed !== undefined || hasLog)
    reject("before-exposure", "day < exposed", "'day ' || day_text || ', exposed ' || exposed::VARCHAR");
  if (deals.kind === "switchback" && deals.washoutDays > 0) {
    const where = `(day - ${originOf(design)}) % ${deals.everyDays} < ${deals.washoutDays}`;
    reject("washout", where, "'day ' || day_text || ', when the arm before may still be felt'");
  }
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
    QUALIFY row_number() OVER (PARTITION BY unit, day${design.columns.arm === undefined ? "" : ", arm_name"}${hasClusters(design) ? ", cluster" : ""} ORDER BY line DESC) = 1`;
}

/** The table `kept` where every row is about another unit and all are used. */
export const keepAllRows = "CREATE VIEW kept AS FROM observed";

/** Rows that are used, before later ones replace earlier ones; and how many different ones there are among them. */
export function countKept(design: ExperimentDesign, hasLog = false): string {
  const where = rejections(design, hasLog).map(({ where: condition }) => `NOT coalesce(${condition}, false)`);
  const columns = [
    "unit",
    ...(hasClusters(design) ? ["cluster"] : []),
    "arm_name",
    "day",
    "exposed",
    ...numberColumns(design).map((_, index) => `v${index}`),
    ...design.segments.map((_, i) => `s${i}`),
  ];
  return `SELECT count(*), count(DISTINCT hash(${columns.join(", ")})) FROM observed WHERE ${where.join(" AND ")}`;
}

function hasClusters(design: ExperimentDesign): boolean {
  return clusterColumn(design) !== undefined;
}

/** The day of a unit's exposure, or of its first row where none is stated. */
const firstDay = "min(coalesce(exposed, day))";

/** Whether all days of a window, of a unit that is exposed on `first`, lie within the plan and before the end of the rows that are kept. */
export function isOver({ start }: ExperimentDesign, { fromDay, days }: MetricWindow, first: string): string {
  const begins = start === undefined ? "" : ` AND ${first} + ${fromDay} >= DATE ${quoteText(start)}`;
  return `(${first} + ${fromDay + days - 1} <= (SELECT max(day) FROM kept)${begins})`;
}

/**
 * `per_unit`: one row a unit in the order of units: its arm's name (null where it has two, or two clusters), how many arms and clusters, first day, numbers over its rows (sums as `sumOf` writes them; of a
 * share the largest; of a covariate the first known) or those of its window (null until that is over), texts of the segments.
 */
export function unitsOfRows(design: ExperimentDesign, sumOf: (name: string, as?: string) => string): string {
  const windowed: string[] = [];
  const values = unitColumns(design).map(({ name, value: how, within }, index) => {
    const value = valueName(design, name);
    const lies = within === undefined ? value : `w${index}`;
    const told = how === "first" ? `arg_min(${value}, line)` : how === "largest" ? `max(${lies})` : sumOf(value, lies);
    if (within === undefined) return `${told} AS v${index}`;
    windowed.push(`CASE WHEN day - first BETWEEN ${within.fromDay} AND ${within.fromDay + within.days - 1} THEN ${value} END AS ${lies}`);
    return `CASE WHEN ${isOver(design, within, "min(first)")} THEN ${within.missing === "zero" ? `coalesce(${told}, 0)` : told} END AS v${index}`;
  });
  const from =
    windowed.length === 0
      ? "kept"
      : `(SELECT *, ${windowed.join(", ")} FROM (SELECT *, ${firstDay} OVER (PARTITION BY unit) AS first FROM kept))`;
  const texts = design.segments.map((_, index) => `arg_min(s${index}, line) AS s${index}`);
  const clusters = hasClusters(design) ? "count(DISTINCT cluster)" : "1";
  return `CREATE TABLE per_unit AS SELECT unit, min(cluster) AS cluster, ${clusters} AS cluster_count,
    CASE WHEN count(DISTINCT arm_name) < 2 AND ${clusters} < 2 THEN min(arm_name) END AS arm_name, count(DISTINCT arm_name) AS arms, ${firstDay} AS first_day, ${[...values, ...texts].join(", ")}
    FROM ${from} GROUP BY unit ORDER BY unit`;
}

/** `per_unit` where no unit has two rows in an arm and cluster: the row itself. A unit in two arms or clusters is one, without an arm. */
export function unitsAreRows(design: ExperimentDesign, areAlone: boolean): string {
  const numbers = unitColumns(design).map(({ name }, index) => `${valueName(design, name)} AS v${index}`);
  const values = [...numbers, ...design.segments.map((_, index) => `s${index}`)].join(", ");
  if (areAlone)
    return `CREATE VIEW per_unit AS SELECT unit, cluster, 1 AS cluster_count, arm_name, 1 AS arms, NULL::DATE AS first_day, ${values} FROM kept`;
  const counts = hasClusters(design)
    ? "count(DISTINCT arm_name) AS arms, count(DISTINCT cluster) AS cluster_count"
    : "count(*) AS arms, 1 AS cluster_count";
  return `CREATE TABLE per_unit AS SELECT unit, cluster, cluster_count, CASE WHEN arms < 2 AND cluster_count < 2 THEN arm_name END AS arm_name, arms,
    NULL::DATE AS first_day, ${values} FROM kept JOIN (SELECT unit, ${counts}, min(line) AS line FROM kept GROUP BY unit) USING (unit, line)`;
}

/**
 * A metric's columns in the table `units`, with missing values by its rule, and its cap where one is given. `isFilled` false: what counts as 0 may be null, which
 * adds as little to a sum.
 */
export function metricColumns(
  design: ExperimentDesign,
  metric: ExperimentMetric,
  cap: number | undefined,
  { isFilled = true }: { readonly isFilled?: boolean } = {},
): readonly string[] {
  const [outcome = "", ...rest] = unitValueNames(design, metric);
  const filled = (column: string): string => (isFilled && !leavesOut(metric) ? `coalesce(${column}, 0)` : column);
  const denominators = metric.form.kind === "ratio" ? 1 : 0;
  const value = metric.form.kind === "share" ? `CAST(${filled(outcome)} <> 0 AS DOUBLE)` : filled(outcome);
  return [
    cap === undefined ? value : `CASE WHEN ${value} > ${cap} THEN ${cap} ELSE ${value} END`,
    ...rest.slice(0, denominators).map(filled),
    ...rest.slice(denominators).map((column) => (isFilled ? `coalesce(${column}, 0)` : column)),
  ];
}
