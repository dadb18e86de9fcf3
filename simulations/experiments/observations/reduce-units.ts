/** Rows of a file -> Observations: checked, joined to arms, reduced by SQL. */
import { type DuckDb, quoteName, quoteText, type SqlValue } from "../../../data/engines/index.ts";
import { present } from "../../../data/foundation/index.ts";
import { armNamed } from "../assignment/arm-named.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { type ColumnRange, type MomentRow, momentRows, planMoments, recentred } from "./exact-moments.ts";
import {
  countKept,
  isNumberType,
  isParquet,
  keepAllRows,
  keepRows,
  metricColumns,
  numberColumns,
  type ReadAs,
  readRows,
  rejections,
  sourceOf,
  unitsAreRows,
  unitsOfRows,
  valueName,
} from "./observation-sql.ts";
import type { ArmMoments, Extreme, GroupMoments, MetricMoments, Observations, RejectedRows } from "./observations.ts";
import { mergeMoments } from "./observations.ts";

const examplesMax = 10;
const extremesMax = 5;
/** Units so many standard deviations above the mean are shown. */
const extremeDeviations = 10;

/** The columns of a file, in its order, with their types. */
export async function columnsOfFile(db: DuckDb, path: string): Promise<ReadonlyMap<string, string>> {
  return new Map((await db.describe(`SELECT * FROM ${sourceOf(path)}`)).map(({ name, type }) => [name, type]));
}

/** A file that is being reduced. */
interface Reduction {
  readonly db: DuckDb;
  readonly design: ExperimentDesign;
  readonly path: string;
  readonly types: ReadonlyMap<string, string>;
  /** Units of the past, all in the first arm. */
  readonly isHistory: boolean;
}

/**
 * Reduces a file of one row a unit, or one a unit and day. Arms come from the file, or from the design's rule, and then a recorded arm is checked
 * against it. `isHistory`: units of the past, all in the first arm. A Parquet file of numbers with one row a unit is read column by column where it lies; others are
 * read once into tables, in DuckDB's memory. All columns of the design must be there.
 */
export async function reduceUnits(reduction: Reduction): Promise<Observations> {
  return (await reduceInPlace(reduction)) ?? (await reduceRead(reduction));
}

/** Without a copy of the file: undefined where its rows are not units just as they stand. */
async function reduceInPlace(reduction: Reduction): Promise<Observations | undefined> {
  const { db, design, path, types, isHistory } = reduction;
  const numbers = numberColumns(design);
  if (!isParquet(path) || !areRowsUnits(design) || !numbers.every((column) => isNumberType(types.get(column)))) return undefined;
  if (design.assignment.kind === "rule" && !isHistory) return undefined;
  for (const statement of readRows(design, path, { as: "VIEW", types })) await db.run(statement);
  const unit = `CAST(${quoteName(design.columns.unit)} AS VARCHAR)`;
  const [rows, different, untidy] = await one(
    db,
    `SELECT count(*), count(DISTINCT hash(${unit})), count(*) FILTER (WHERE ${unit} IS NULL OR ${unit} = '' OR ${unit} LIKE ' %' OR ${unit} LIKE '% ') FROM ${sourceOf(path)}`,
  );
  if (rows === different && Number(untidy) === 0) {
    await db.run(keepAllRows);
    await db.run(unitsAreRows(design, true));
    await joinArms(db, design, isHistory);
    // Without expressions: Parquet itself says these.
    const ends = numbers.map((column) => `min(${quoteName(column)}), max(${quoteName(column)})`);
    const found = await one(db, `SELECT ${ends.join(", ")} FROM ${sourceOf(path)}`);
    const ranges = numbers.map((column, index) => ({
      smallest: Number(found[2 * index] ?? 0),
      largest: Number(found[2 * index + 1] ?? 0),
      isWhole: types.get(column) !== "DOUBLE",
    }));
    const reduced = await reduceTable(reduction, { rows: Number(rows), rejected: [], duplicates: 0, replaced: 0, ranges });
    if (reduced.areNumbers && reduced.observations.arms.reduce((sum, { units }) => sum + units, 0) === Number(rows))
      return reduced.observations;
    for (const view of ["units", "per_unit", "kept"]) await db.run(`DROP VIEW ${view}`);
  }
  await db.run("DROP VIEW observed");
  return undefined;
}

async function reduceRead(reduction: Reduction): Promise<Observations> {
  const { db, design, isHistory } = reduction;
  await readTable(reduction);
  const rejected = await rejectedRows(db, design);
  const [rows, units] = await one(db, "SELECT count(*), count(DISTINCT hash(unit)) FROM observed");
  const areAlone = rejected.length === 0 && rows === units;
  const [read, different] = areAlone ? [rows, rows] : await one(db, countKept(design));
  await db.run(areAlone ? keepAllRows : keepRows(design));
  const [kept] = await one(db, "SELECT count(*) FROM kept");
  await db.run(areRowsUnits(design) ? unitsAreRows(design, areAlone) : unitsOfRows(design));
  await joinArms(db, design, isHistory);
  const ends = numberColumns(design).map(
    (_, index) => `min(v${index}), max(v${index}), coalesce(bool_and(v${index} = floor(v${index})), true)`,
  );
  const found = await one(db, `SELECT ${ends.join(", ")} FROM units`);
  const ranges = numberColumns(design).map((_, index) => ({
    smallest: Number(found[3 * index] ?? 0),
    largest: Number(found[3 * index + 1] ?? 0),
    isWhole: found[3 * index + 2] === true,
  }));
  const { observations } = await reduceTable(reduction, {
    rows: Number(rows),
    rejected,
    duplicates: Number(read) - Number(different),
    replaced: Number(different) - Number(kept),
    ranges,
  });
  return observations;
}

/** Reads the file into a table. Of a CSV file the columns are first taken for numbers; where one is not, everything is read as texts. */
async function readTable({ db, design, path, types }: Reduction): Promise<void> {
  const numbers = numberColumns(design);
  const run = async (how: Pick<ReadAs, "types" | "numbers">): Promise<void> => {
    for (const statement of readRows(design, path, { as: "TABLE", ...how })) await db.run(statement);
  };
  if (isParquet(path)) return await run({ types });
  try {
    await run({ types: new Map([...types, ...numbers.map((column) => [column, "DOUBLE"] as const)]), numbers });
  } catch {
    // A word where a number is expected: which one is said from the texts.
    await run({ types });
  }
}

/** What is known before the table `units` is summed. */
interface Counted extends Pick<Observations, "rows" | "rejected" | "duplicates" | "replaced"> {
  readonly ranges: readonly ColumnRange[];
}

async function reduceTable(
  { db, design }: Reduction,
  { ranges, ...counted }: Counted,
): Promise<{ readonly observations: Observations; readonly areNumbers: boolean }> {
  const [units, crossovers, misassigned] = await one(
    db,
    "SELECT count(*), count(*) FILTER (WHERE arms > 1), count(*) FILTER (WHERE arms < 2 AND arm IS NULL) FROM units",
  );
  const [first, last] = design.columns.day === undefined ? [] : await one(db, "SELECT min(day)::VARCHAR, max(day)::VARCHAR FROM kept");
  const caps = await findCaps(db, design);
  const thresholds = new Map(caps.map(({ metric, threshold }) => [metric, threshold]));
  const size = { rows: Number(units), ranges };
  const whole = async (cuts: ReadonlyMap<string, number>) => {
    const plan = planMoments(design, cuts, size);
    const rows = await momentRows(db, plan, undefined);
    const better = recentred(
      plan,
      ranges,
      rows.map(({ metrics }) => metrics),
    );
    return better === undefined ? { plan, rows } : { plan: better, rows: await momentRows(db, better, undefined) };
  };
  const cut = await whole(thresholds);
  const uncut = caps.length === 0 ? cut : await whole(new Map());
  const groups = async (by: string) => groupsOf(design, await momentRows(db, cut.plan, by));
  const segments = [];
  for (const [index, column] of design.segments.entries()) segments.push({ column, groups: await groups(`s${index}`) });
  const hasDays = design.columns.day !== undefined || design.columns.exposed !== undefined;
  const missing = design.metrics.map((_, metric) =>
    design.arms.map((_, arm) => {
      const row = cut.rows.find((found) => found.arm === arm);
      return row === undefined ? 0 : row.units - (row.known[metric] as number);
    }),
  );
  const observations: Observations = {
    form: "units",
    ...counted,
    units: Number(units),
    crossovers: Number(crossovers),
    misassigned: Number(misassigned),
    ...(typeof first === "string" && typeof last === "string" ? { days: { first, last } } : {}),
    arms: armsOf(design, cut.rows),
    ...(caps.length === 0 ? {} : { uncapped: armsOf(design, uncut.rows) }),
    caps,
    segments,
    byDay: hasDays ? await groups("first_day::VARCHAR") : [],
    missing,
    extremes: await extremesOf(db, design, { rows: uncut.rows, ranges }),
  };
  return { observations, areNumbers: [...cut.rows, ...uncut.rows].every((row) => row.areNumbers) };
}

/** Whether a file of this design has one row a unit: no day, so that only an arm can tell two rows of a unit apart. */
function areRowsUnits({ columns }: ExperimentDesign): boolean {
  return columns.day === undefined && columns.exposed === undefined;
}

async function one(db: DuckDb, sql: string): Promise<readonly SqlValue[]> {
  return (await db.rows(sql))[0] ?? [];
}

async function rejectedRows(db: DuckDb, design: ExperimentDesign): Promise<readonly RejectedRows[]> {
  const found: RejectedRows[] = [];
  const before: string[] = [];
  for (const { code, where, example } of rejections(design)) {
    const condition = [...before.map((earlier) => `NOT coalesce(${earlier}, false)`), `coalesce(${where}, false)`].join(" AND ");
    const [count] = (await db.rows(`SELECT count(*) FROM observed WHERE ${condition}`))[0] ?? [];
    before.push(`(${where})`);
    if (Number(count) === 0) continue;
    const examples = await db.rows(
      `SELECT 'line ' || line || ': ' || ${example} FROM observed WHERE ${condition} ORDER BY line LIMIT ${examplesMax}`,
    );
    found.push({ code: code as RejectedRows["code"], count: Number(count), examples: examples.map(([text]) => String(text)) });
  }
  return found;
}

/** `units`: `per_unit` with the arm's position in the design; null for units in two arms, and for those whose recorded arm is not the rule's. */
async function joinArms(db: DuckDb, design: ExperimentDesign, isHistory: boolean): Promise<void> {
  if (isHistory) {
    await db.run("CREATE VIEW units AS SELECT *, 0::UTINYINT AS arm FROM per_unit");
    return;
  }
  if (design.assignment.kind === "recorded") {
    const cases = design.arms.map(({ name }, index) => `WHEN ${quoteText(name)} THEN ${index}`).join(" ");
    await db.run(`CREATE VIEW units AS SELECT *, CAST(CASE arm_name ${cases} END AS UTINYINT) AS arm FROM per_unit`);
    return;
  }
  await db.run("CREATE TABLE dealt (unit VARCHAR, arm INTEGER)");
  const names: string[] = [];
  await db.stream("SELECT unit FROM per_unit ORDER BY unit", ({ texts }) => {
    for (const text of texts(0)) names.push(present(text, "a unit"));
  });
  const rule = armNamed(design);
  await db.appendNumbers("dealt", names, Int32Array.from(names, rule));
  const recorded =
    design.columns.arm === undefined
      ? "true"
      : `arm_name = CASE dealt.arm ${design.arms.map(({ name }, index) => `WHEN ${index} THEN ${quoteText(name)}`).join(" ")} END`;
  await db.run(
    `CREATE TABLE units AS SELECT per_unit.*, CASE WHEN arms < 2 AND ${recorded} THEN dealt.arm END AS arm FROM per_unit JOIN dealt USING (unit) ORDER BY unit`,
  );
}

async function findCaps(db: DuckDb, design: ExperimentDesign): Promise<Observations["caps"]> {
  const caps: { metric: string; threshold: number; cut: number[] }[] = [];
  for (const metric of design.metrics) {
    const { cap } = metric;
    if (cap === undefined) continue;
    const [value = ""] = metricColumns(design, metric, undefined);
    const [threshold] =
      cap.kind === "value"
        ? [cap.value]
        : ((await db.rows(`SELECT quantile_cont(${value}, ${cap.share}) FROM units WHERE arm IS NOT NULL`))[0] ?? []);
    if (typeof threshold !== "number") continue;
    const counts = await db.rows(`SELECT arm, count(*) FROM units WHERE arm IS NOT NULL AND ${value} > ${threshold} GROUP BY arm`);
    const cut = design.arms.map((_, arm) => Number(counts.find(([code]) => code === arm)?.[1] ?? 0));
    caps.push({ metric: metric.name, threshold, cut });
  }
  return caps;
}

/** Units far above the mean of all units with a value. */
async function extremesOf(
  db: DuckDb,
  design: ExperimentDesign,
  { rows, ranges }: { readonly rows: readonly MomentRow[]; readonly ranges: readonly ColumnRange[] },
): Promise<readonly Extreme[]> {
  const asked = design.metrics.flatMap((metric, index) => {
    if (metric.form.kind !== "mean") return [];
    const arms = rows.map((row) => outcomeOfKnown(row, index));
    const all = arms.reduce((a, b) => mergeMoments(a, b), { n: 0, means: [0], covariances: [] });
    const mean = all.means[0] as number;
    const deviation = Math.sqrt(all.covariances[0]?.[0] ?? 0);
    const threshold = mean + extremeDeviations * deviation;
    const column = valueName(design, metric.form.of);
    const largest = ranges[Number(column.slice(1))]?.largest ?? 0;
    if (!(deviation > 0 && largest > threshold)) return [];
    const totals = new Map(rows.map(({ arm }, place) => [arm, (arms[place]?.n ?? 0) * (arms[place]?.means[0] ?? 0)]));
    return [{ metric: metric.name, column, mean, deviation, threshold, totals }];
  });
  if (asked.length === 0) return [];
  const beyond = asked.map(({ column, threshold }) => `${column} > ${threshold.toExponential()}`);
  const found = await db.rows(
    `SELECT unit, arm, ${asked.map(({ column }) => column).join(", ")} FROM units WHERE arm IS NOT NULL AND (${beyond.join(" OR ")}) ORDER BY unit`,
  );
  return asked.flatMap(({ metric, mean, deviation, threshold, totals }, place) =>
    found
      .map(([unit, arm, ...values]) => ({
        unit: String(unit),
        arm: Number(arm),
        value: values[place] === null ? Number.NaN : Number(values[place]),
      }))
      .filter(({ value, arm }) => value > threshold && totals.get(arm) !== 0)
      .toSorted((a, b) => b.value - a.value)
      .slice(0, extremesMax)
      .map(({ unit, arm, value }) => ({
        metric,
        unit,
        arm: present(design.arms[arm], "an arm").name,
        value,
        shareOfSum: value / (totals.get(arm) as number),
        deviations: (value - mean) / deviation,
      })),
  );
}

/** The moments of a metric's outcome over the units that have a value; where missing ones count as 0 those are taken out again. */
function outcomeOfKnown({ metrics, known }: MomentRow, index: number): MetricMoments {
  const { n, means, covariances } = metrics[index] as MetricMoments;
  const [mean, variance, count] = [means[0] as number, covariances[0]?.[0] ?? 0, known[index] as number];
  if (count >= n) return { n, means: [mean], covariances: n < 2 ? [] : [[variance]] };
  if (count === 0) return { n: 0, means: [0], covariances: [] };
  const own = (mean * n) / count;
  const squares = (n - 1) * variance - (n - count) * own * mean;
  return { n: count, means: [own], covariances: count < 2 ? [] : [[Math.max(0, squares) / (count - 1)]] };
}

function armsOf(design: ExperimentDesign, rows: readonly MomentRow[]): readonly ArmMoments[] {
  return design.arms.map((_, index) => {
    const row = rows.find(({ arm }) => arm === index);
    return row === undefined ? emptyArm(design) : { units: row.units, metrics: row.metrics };
  });
}

function groupsOf(design: ExperimentDesign, rows: readonly MomentRow[]): readonly GroupMoments[] {
  const values = [...new Set(rows.map(({ group }) => group))];
  return values.map((value) => ({
    value,
    arms: armsOf(
      design,
      rows.filter(({ group }) => group === value),
    ),
  }));
}

/** An arm of nobody. */
export function emptyArm(design: ExperimentDesign): ArmMoments {
  return {
    units: 0,
    metrics: design.metrics.map((metric) => ({ n: 0, means: metricColumns(design, metric, undefined).map(() => 0), covariances: [] })),
  };
}

/** After `reduceUnits`: the units' values themselves, by metric and column; NaN where a value is missing and left out. */
export async function unitValues(
  db: DuckDb,
  design: ExperimentDesign,
  caps: Observations["caps"],
): Promise<readonly (readonly Float64Array[])[]> {
  const thresholds = new Map(caps.map(({ metric, threshold }) => [metric, threshold]));
  const [count] = (await db.rows("SELECT count(*) FROM units WHERE arm IS NOT NULL"))[0] ?? [];
  const found: (readonly Float64Array[])[] = [];
  for (const metric of design.metrics) {
    const expressions = metricColumns(design, metric, thresholds.get(metric.name));
    const columns = expressions.map(() => new Float64Array(Number(count)));
    let row = 0;
    await db.stream(
      `SELECT ${expressions.map((text) => `CAST(${text} AS DOUBLE)`).join(", ")} FROM units WHERE arm IS NOT NULL ORDER BY unit`,
      (batch) => {
        for (const [place, column] of columns.entries()) {
          const values = batch.numbers(place, Number.NaN);
          for (let index = 0; index < batch.rowCount; index++) column[row + index] = values[index] as number;
        }
        row += batch.rowCount;
      },
    );
    found.push(columns);
  }
  return found;
}
