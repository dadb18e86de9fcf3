/** Rows of a file -> Observations: checked, joined to arms, reduced by SQL, merged in a fixed order. */
import type { OpenTable } from "../../../data/datasets/index.ts";
import type { DuckDb, SqlValue } from "../../../data/engines/index.ts";
import { present } from "../../../data/foundation/index.ts";
import { analysedDesign, columnsOf, dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";
import { countArms, joinArms, joinExposures, type WrittenBefore } from "./join-arms.ts";
import { countLong, layOut } from "./long-form.ts";
import {
  clusterSource,
  countKept,
  keepRows,
  type MomentSource,
  metricColumns,
  momentsByBlock,
  type RowSource,
  readRows,
  unitSource,
  unitsOfRows,
  valueName,
} from "./observation-sql.ts";
import {
  type ArmMoments,
  type Extreme,
  emptyArm,
  type GroupMoments,
  type MetricMoments,
  mergeArms,
  type Observations,
} from "./observations.ts";
import { rejectedRows } from "./rejected-rows.ts";

const extremesMax = 5;
/** Units so many standard deviations above the mean are shown. */
const extremeDeviations = 10;

/** How to reduce. `isHistory`: units of the past, all in the first arm. */
export interface ReductionOptions extends WrittenBefore {
  readonly isHistory?: boolean;
}

/**
 * Reduces a table of one row a unit, or one a unit and day, or either in long form. Arms come from the file, or from the design's rule, and then a recorded arm is checked
 * against it. Cost: one pass to read, one to group by unit, one a segment; memory is DuckDB's. All columns of the design must be there. @throws InputRefused as
 * `rejectedRows`.
 */
export async function reduceUnits(
  db: DuckDb,
  design: ExperimentDesign,
  table: OpenTable,
  options: ReductionOptions & { readonly isInLongForm?: boolean } = {},
): Promise<Observations> {
  const { isHistory = false, isInLongForm = false } = options;
  const hasLog = options.exposures !== undefined;
  const one = async (sql: string): Promise<readonly SqlValue[]> => (await db.rows(sql))[0] ?? [];
  const source: RowSource = isInLongForm ? await laidOut(db, design, table) : table;
  await db.run(readRows(design, source));
  await joinExposures(db, options);
  const rejected = await rejectedRows(db, design, { table, counted: isInLongForm ? "long_read" : "observed", hasLog });
  const malformed = rejected.find(({ code }) => code === "malformed-row")?.count ?? 0;
  const [read, different] = await one(countKept(design, hasLog));
  await db.run(keepRows(design, hasLog));
  await db.run(unitsOfRows(design));
  await joinArms(db, design, options, isHistory);
  const [longRows, longDifferent, longKept] = isInLongForm ? await one(countLong(design)) : [];
  const [rows] = isInLongForm ? [longRows] : await one("SELECT count(*) FROM observed");
  const [kept] = await one("SELECT count(*) FROM kept");
  const counts = await countArms(db, design);
  const [first, last] = await one("SELECT min(day)::VARCHAR, max(day)::VARCHAR FROM kept");
  const caps = await findCaps(db, design);
  const thresholds = new Map(caps.map(({ metric, threshold }) => [metric, threshold]));
  const judged = analysedDesign(design);
  const byGroup = async (group: string | undefined, cuts: ReadonlyMap<string, number>) =>
    momentsOf(judged, await db.rows(momentsByBlock(await sourceFor(db, design, group, cuts))));
  const whole = async (cuts: ReadonlyMap<string, number>) => armsOf(judged, (await byGroup(undefined, cuts)).get("") ?? []);
  const segments = [];
  for (const [index, column] of design.segments.entries())
    segments.push({ column, groups: groupsOf(judged, await byGroup(`s${index}`, thresholds)) });
  // A cluster comes in over many days, and is one unit.
  const hasDays = (design.columns.day !== undefined || design.columns.exposed !== undefined || hasLog) && judged === design;
  const byDay = hasDays ? groupsOf(judged, await byGroup("first_day::VARCHAR", thresholds)) : [];
  return {
    form: "units",
    rows: Number(rows) + malformed,
    rejected,
    duplicates: isInLongForm ? Number(longRows) - Number(longDifferent) : Number(read) - Number(different),
    replaced: isInLongForm ? Number(longDifferent) - Number(longKept) : Number(different) - Number(kept),
    ...counts,
    ...(judged === design ? {} : { clusterUnits: await unitsByArm(db, design) }),
    ...(typeof first === "string" && typeof last === "string" ? { days: { first, last } } : {}),
    arms: await whole(thresholds),
    ...(caps.length === 0 ? {} : { uncapped: await whole(new Map()) }),
    caps,
    segments,
    byDay,
    missing: await missingOf(db, design),
    extremes: await extremesOf(db, design),
  };
}

async function laidOut(db: DuckDb, design: ExperimentDesign, table: OpenTable): Promise<RowSource> {
  const { create, ...source } = layOut(design, table);
  for (const sql of create) await db.run(sql);
  return source;
}

/** Units, or where clusters are dealt a table of them that is made here. */
async function sourceFor(
  db: DuckDb,
  design: ExperimentDesign,
  group: string | undefined,
  caps: ReadonlyMap<string, number>,
): Promise<MomentSource> {
  if (dealtThing(design).kind !== "cluster") return unitSource(design, group, caps);
  const { create, ...source } = clusterSource(design, group, caps);
  await db.run(create);
  return source;
}

async function unitsByArm(db: DuckDb, design: ExperimentDesign): Promise<readonly number[]> {
  const rows = await db.rows("SELECT arm, count(*) FROM units WHERE arm IS NOT NULL GROUP BY arm");
  return design.arms.map((_, index) => Number(rows.find(([arm]) => arm === index)?.[1] ?? 0));
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

async function missingOf(db: DuckDb, design: ExperimentDesign): Promise<Observations["missing"]> {
  const counts = design.metrics.map(({ form }) => `count(*) FILTER (WHERE ${valueName(design, form.of)} IS NULL)`);
  const rows = await db.rows(`SELECT arm, ${counts.join(", ")} FROM units WHERE arm IS NOT NULL GROUP BY arm ORDER BY arm`);
  return design.metrics.map((_, metric) => design.arms.map((_, arm) => Number(rows.find(([code]) => code === arm)?.[metric + 1] ?? 0)));
}

async function extremesOf(db: DuckDb, design: ExperimentDesign): Promise<readonly Extreme[]> {
  const found: Extreme[] = [];
  for (const metric of design.metrics) {
    if (metric.form.kind !== "mean") continue;
    const value = valueName(design, metric.form.of);
    const rows = await db.rows(
      `WITH spread AS (SELECT avg(${value}) AS mean, stddev_samp(${value}) AS deviation FROM units WHERE arm IS NOT NULL),
         sums AS (SELECT arm, sum(${value}) AS total FROM units WHERE arm IS NOT NULL GROUP BY arm)
       SELECT unit, units.arm, ${value}, ${value} / total, (${value} - mean) / deviation FROM units JOIN sums USING (arm), spread
       WHERE deviation > 0 AND total <> 0 AND ${value} > mean + ${extremeDeviations} * deviation ORDER BY ${value} DESC, unit LIMIT ${extremesMax}`,
    );
    for (const [unit, arm, size, share, deviations] of rows) {
      const name = present(design.arms[Number(arm)], "an arm").name;
      found.push({
        metric: metric.name,
        unit: String(unit),
        arm: name,
        value: Number(size),
        shareOfSum: Number(share),
        deviations: Number(deviations),
      });
    }
  }
  return found;
}

/** Blocks merged in their order, by group and arm. */
function momentsOf(design: ExperimentDesign, rows: readonly (readonly SqlValue[])[]): ReadonlyMap<string, (ArmMoments | undefined)[]> {
  const groups = new Map<string, (ArmMoments | undefined)[]>();
  for (const [arm, group, units, ...rest] of rows) {
    const block: ArmMoments = { units: Number(units), metrics: metricsOf(design, rest) };
    const arms = groups.get(String(group)) ?? design.arms.map(() => undefined);
    const known = arms[Number(arm)];
    arms[Number(arm)] = known === undefined ? block : mergeArms(known, block);
    groups.set(String(group), arms);
  }
  return groups;
}

function metricsOf(design: ExperimentDesign, values: readonly SqlValue[]): readonly MetricMoments[] {
  let at = 0;
  const next = (): number | undefined => {
    const value = values[at++];
    return value === null || value === undefined ? undefined : Number(value);
  };
  return design.metrics.map((metric) => {
    const width = columnsOf(metric).length;
    const n = next() ?? 0;
    const means = Array.from({ length: width }, () => next() ?? 0);
    const covariances = means.map(() => means.map(() => 0));
    for (let i = 0; i < width; i++) {
      for (let j = i; j < width; j++) {
        const value = next() ?? 0;
        (covariances[i] as number[])[j] = value;
        (covariances[j] as number[])[i] = value;
      }
    }
    return { n, means, covariances: n < 2 ? [] : covariances };
  });
}

function armsOf(design: ExperimentDesign, arms: readonly (ArmMoments | undefined)[]): readonly ArmMoments[] {
  return design.arms.map((_, index) => arms[index] ?? emptyArm(design));
}

function groupsOf(design: ExperimentDesign, moments: ReturnType<typeof momentsOf>): readonly GroupMoments[] {
  return [...moments].map(([value, arms]) => ({ value, arms: armsOf(design, arms) }));
}

/** After `reduceUnits`: the values of what is dealt, units or clusters, by metric and column; NaN where a value is missing and left out. */
export async function unitValues(
  db: DuckDb,
  design: ExperimentDesign,
  caps: Observations["caps"],
): Promise<readonly (readonly Float64Array[])[]> {
  const thresholds = new Map(caps.map(({ metric, threshold }) => [metric, threshold]));
  const { table, metrics } = await sourceFor(db, design, undefined, thresholds);
  const [count] = (await db.rows(`SELECT count(*) FROM ${table} WHERE arm IS NOT NULL`))[0] ?? [];
  const found: (readonly Float64Array[])[] = [];
  for (const { columns: expressions } of metrics) {
    const columns = expressions.map(() => new Float64Array(Number(count)));
    let row = 0;
    await db.stream(
      `SELECT ${expressions.map((text) => `CAST(${text} AS DOUBLE)`).join(", ")} FROM ${table} WHERE arm IS NOT NULL ORDER BY ${table === "units" ? "unit" : "cluster"}`,
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
