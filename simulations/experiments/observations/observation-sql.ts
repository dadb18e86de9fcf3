/**
 * Observations where they lie: SQL that turns rows of a file into units. Names of columns are quoted, values never stand in it.
 */
import { quoteName, quoteText } from "../../../data/engines/index.ts";
import { columnsOf, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";

/** Types of columns that are numbers as they are; others are read as texts. Of a DECIMAL or FLOAT the text is the number that is meant. */
const numberTypes = /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)|DOUBLE|BOOLEAN)$/;

/** Whether a column of that type is read as it is. */
export function isNumberType(type: string | undefined): boolean {
  return type !== undefined && numberTypes.test(type);
}

/** How a number is written in a column of texts: empty is missing; yes and no are 1 and 0. The words are looked at only where no number stands. */
function numberOf(text: string): string {
  const word = `lower(trim(${text}))`;
  return `coalesce(TRY_CAST(${text} AS DOUBLE), CASE WHEN ${word} IN ('true', 'yes') THEN 1.0 WHEN ${word} IN ('false', 'no') THEN 0.0 END)`;
}

/** The columns of numbers that a design reads, each once. */
export function numberColumns({ metrics }: ExperimentDesign): readonly string[] {
  return [...new Set(metrics.flatMap(columnsOf))];
}

/** A unit's number in the table `units`, by its column's position among `numberColumns`. */
export function valueName(design: ExperimentDesign, column: string): string {
  return `v${numberColumns(design).indexOf(column)}`;
}

/** Whether a file has columns with types of their own. */
export function isParquet(path: string): boolean {
  return /\.parquet$/i.test(path);
}

/** The file as a table of texts, but for those columns of a CSV file that are taken for numbers: then what is none fails. Parquet is read as it is. */
export function sourceOf(
  path: string,
  { numbers = [], isNumbered = false }: { readonly numbers?: readonly string[]; readonly isNumbered?: boolean } = {},
): string {
  if (isParquet(path)) return `read_parquet(${quoteText(path)}${isNumbered ? ", file_row_number = true" : ""})`;
  const types =
    numbers.length === 0
      ? "all_varchar = true"
      : `auto_type_candidates = ['VARCHAR'], types = {${numbers.map((name) => `${quoteText(name)}: 'DOUBLE'`).join(", ")}}`;
  return `read_csv(${quoteText(path)}, header = true, ${types}, null_padding = true, ignore_errors = false)`;
}

/** How a file is read. */
export interface ReadAs {
  readonly as: "TABLE" | "VIEW";
  /** Types by column, as they are read. */
  readonly types: ReadonlyMap<string, string>;
  /** Columns of a CSV file that are taken for numbers. */
  readonly numbers?: readonly string[];
}

/**
 * `observed`: one row a row of the file: line, unit, arm, day, exposed, a number and a flag a column. The flag is set where something stands that
 * is no number. A view reads the file anew each time.
 */
export function readRows(design: ExperimentDesign, path: string, { as, types, numbers = [] }: ReadAs): readonly string[] {
  const { columns, segments } = design;
  const text = (name: string): string => `CAST(${quoteName(name)} AS VARCHAR)`;
  const day = (name: string | undefined): string => (name === undefined ? "NULL" : `TRY_CAST(left(trim(${text(name)}), 10) AS DATE)`);
  const read = numberColumns(design).map((column, index) =>
    isNumberType(types.get(column)) ? `CAST(${quoteName(column)} AS DOUBLE) AS v${index}` : `${numberOf(text(column))} AS v${index}`,
  );
  const flags = numberColumns(design).map((column, index) => {
    const something = isNumberType(types.get(column)) ? "false" : `coalesce(trim(${text(column)}), '') <> ''`;
    return `CASE WHEN v${index} IS NULL THEN ${something} ELSE NOT isfinite(v${index}) END AS bad${index}`;
  });
  // Lines are counted by the place in the file: a window over all rows would be read by one thread.
  const rows = `SELECT ${as === "VIEW" ? "file_row_number + 2 AS line, " : ""}trim(${text(columns.unit)}) AS unit,
    ${columns.arm === undefined ? "NULL" : `trim(${text(columns.arm)})`} AS arm_name,
    ${day(columns.day)} AS day, ${columns.day === undefined ? "''" : `trim(${text(columns.day)})`} AS day_text,
    ${day(columns.exposed)} AS exposed, ${columns.exposed === undefined ? "''" : `trim(${text(columns.exposed)})`} AS exposed_text,
    ${[...numberColumns(design).map((_, index) => `v${index}`), ...flags, ...segments.map((name, index) => `coalesce(nullif(trim(${text(name)}), ''), 'unknown') AS s${index}`)].join(", ")}
    FROM (SELECT *, ${read.join(", ")} FROM ${sourceOf(path, { numbers, isNumbered: as === "VIEW" })})`;
  return as === "VIEW"
    ? [`CREATE VIEW observed AS ${rows}`]
    : [`CREATE TABLE read AS ${rows}`, "CREATE VIEW observed AS SELECT rowid + 2 AS line, * FROM read"];
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

/** The table `kept` where every row is about another unit and all are used. */
export const keepAllRows = "CREATE VIEW kept AS FROM observed";

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

/** `per_unit` where no unit has two rows in an arm: the row itself. A unit in two arms is one, without an arm. */
export function unitsAreRows(design: ExperimentDesign, areAlone: boolean): string {
  const values = [...numberColumns(design).map((_, index) => `v${index}`), ...design.segments.map((_, index) => `s${index}`)].join(", ");
  if (areAlone) return `CREATE VIEW per_unit AS SELECT unit, arm_name, 1 AS arms, NULL::DATE AS first_day, ${values} FROM kept`;
  return `CREATE TABLE per_unit AS SELECT unit, CASE WHEN arms < 2 THEN arm_name END AS arm_name, arms, NULL::DATE AS first_day, ${values}
    FROM kept JOIN (SELECT unit, count(*) AS arms, min(line) AS line FROM kept GROUP BY unit) USING (unit, line)`;
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
  const [outcome = "", ...rest] = columnsOf(metric).map((column) => valueName(design, column));
  const filled = (column: string): string => (isFilled && metric.missing === "zero" ? `coalesce(${column}, 0)` : column);
  const covariates = rest.slice(rest.length - metric.covariates.length);
  const denominator = metric.form.kind === "ratio" ? [filled(rest[0] ?? "")] : [];
  const value = metric.form.kind === "share" ? `CAST(${filled(outcome)} <> 0 AS DOUBLE)` : filled(outcome);
  return [
    cap === undefined ? value : `CASE WHEN ${value} > ${cap} THEN ${cap} ELSE ${value} END`,
    ...denominator,
    ...covariates.map((column) => (isFilled ? `coalesce(${column}, 0)` : column)),
  ];
}
