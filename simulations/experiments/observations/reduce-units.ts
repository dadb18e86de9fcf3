/** Units -> Observations: capped, and reduced by SQL to sums that are exact. */
import type { OpenTable } from "../../../data/datasets/index.ts";
import type { DuckDb } from "../../../data/engines/index.ts";
import { analysedDesign, dealtThing, type ExperimentDesign, leavesOut, unitColumns } from "../design/experiment-design.ts";
import { growsByPlan } from "../design/grows-by-plan.ts";
import { concurrentGroups } from "./concurrent.ts";
import { type ColumnRange, type MomentPlan, type MomentRow, momentRows, planMoments, recentred } from "./exact-moments.ts";
import { extremesOf } from "./extremes.ts";
import { withFew } from "./few-dealt.ts";
import { countArms } from "./join-arms.ts";
import { judgedSource, unitSource } from "./moment-source.ts";
import { metricColumns } from "./observation-sql.ts";
import { type ArmMoments, emptyArm, type GroupMoments, type Observations } from "./observations.ts";
import { openWindows } from "./open-windows.ts";
import { armQuantiles, quantileCourse, withGroupQuantiles } from "./quantiles.ts";
import { forgetInPlace, type ReadUnits, type Reduction, type ReductionOptions, unitsInPlace, unitsRead } from "./read-units.ts";
import { exposureOf } from "./since-exposure.ts";

/**
 * Reduces a table of one row a unit, or one a unit and day, or either in long form. Arms come from the file, or from the design's rule, and then a recorded arm is checked
 * against it. A Parquet file of numbers with one row a unit is read column by column where it lies; others are read once into tables, in DuckDB's memory. All columns
 * of the design must be there. @throws InputRefused as `rejectedRows`.
 */
export async function reduceUnits(
  db: DuckDb,
  design: ExperimentDesign,
  table: OpenTable,
  options: ReductionOptions & { readonly isInLongForm?: boolean } = {},
): Promise<Observations> {
  const reduction: Reduction = { db, design, table, options };
  const inPlace = await unitsInPlace(reduction);
  if (inPlace !== undefined) {
    const { observations, areNumbers } = await reduceTable(reduction, inPlace);
    if (areNumbers && observations.arms.reduce((sum, { units }) => sum + units, 0) === inPlace.rows) return observations;
    await forgetInPlace(db);
  }
  return (await reduceTable(reduction, await unitsRead(reduction))).observations;
}

async function reduceTable(
  { db, design, options }: Reduction,
  { ranges, ...counted }: ReadUnits,
): Promise<{ readonly observations: Observations; readonly areNumbers: boolean }> {
  const counts = await countArms(db, design);
  const units = { design, rows: counts.units, ranges };
  const [range] = design.columns.day === undefined ? [] : await db.rows("SELECT min(day)::VARCHAR, max(day)::VARCHAR FROM kept");
  const [first, last] = range ?? [];
  const grown = growsByPlan(design) ? await db.rows("SELECT 1 FROM kept GROUP BY unit HAVING min(day) < max(day) LIMIT 1") : [];
  const caps = await findCaps(db, design);
  const thresholds = new Map(caps.map(({ metric, threshold }) => [metric, threshold]));
  const judged = analysedDesign(design);
  const areClusters = judged !== design;
  const ofUnits = async (cuts: ReadonlyMap<string, number>) => await wholeOf(db, planMoments(unitSource(units, cuts), units.rows));
  const ofClusters = async (cuts: ReadonlyMap<string, number>) =>
    await wholeOf(db, planMoments(await judgedSource(db, units, cuts, undefined), units.rows));
  const cut = await ofUnits(thresholds);
  const uncut = caps.length === 0 ? cut : await ofUnits(new Map());
  const hasQuantiles = design.metrics.some(({ form }) => form.kind === "quantile");
  const groups = async (by: string) => {
    const plan = areClusters ? planMoments(await judgedSource(db, units, thresholds, by), units.rows) : cut.plan;
    return groupsOf(judged, await momentRows(db, plan, areClusters ? "grp" : by));
  };
  const segments = [];
  for (const [index, column] of design.segments.entries()) {
    const found = await groups(`s${index}`);
    segments.push({ column, groups: hasQuantiles ? await withGroupQuantiles(db, design, { column: `s${index}`, groups: found }) : found });
  }
  const isBySpans = dealtThing(design).kind === "switchback";
  const others = areClusters || isBySpans || options.isHistory === true ? [] : (options.concurrent ?? []);
  const concurrent = await concurrentGroups(db, others, groups);
  const crossed = (design.strataColumns ?? []).map((column) => `s${design.segments.indexOf(column)}`);
  // A cluster comes in over many days, and is one unit.
  const hasDays = design.columns.day !== undefined || design.columns.exposed !== undefined || options.exposures !== undefined;
  const byArm = (count: (row: MomentRow) => number): readonly number[] =>
    design.arms.map((_, arm) => cut.rows.filter((row) => row.arm === arm).reduce((sum, row) => sum + count(row), 0));
  const withQuantiles = hasQuantiles ? await armQuantiles(db, design) : (found: readonly ArmMoments[]) => found;
  const few = async ({ plan: { source }, rows }: Awaited<ReturnType<typeof wholeOf>>) =>
    withQuantiles(await withFew(db, design, { source, arms: armsOf(judged, rows) }));
  // What was summed last is what the table of clusters holds: values of few are read before it is made anew.
  const arms = await few(areClusters ? await ofClusters(thresholds) : cut);
  const open = await openWindows(db, design);
  const openIn = (metric: number, arm: number): number =>
    open.find(({ metric: name }) => name === design.metrics[metric]?.name)?.units[arm] ?? 0;
  const byDay = hasDays && !areClusters ? await groups("first_day::VARCHAR") : [];
  const hasCourse = byDay.length > 1 && design.metrics.some(({ form, role }) => form.kind === "quantile" && role !== "secondary");
  const days = byDay.map(({ value }) => value);
  const observations: Observations = {
    form: "units",
    ...counted,
    ...counts,
    ...(areClusters ? { clusterUnits: byArm((row) => row.units) } : {}),
    ...(typeof first === "string" && typeof last === "string"
      ? { days: { first, last, ...(grown.length === 0 ? {} : { areSeveral: true as const }) } }
      : {}),
    arms,
    ...(caps.length === 0 ? {} : { uncapped: await few(areClusters ? await ofClusters(new Map()) : uncut) }),
    caps,
    segments,
    ...(crossed.length === 0 ? {} : { crossed: namedTogether(await groups(`concat_ws(chr(31), ${crossed.join(", ")})`)) }),
    byDay,
    ...(hasCourse ? { quantilesByDay: await quantileCourse(db, design, days) } : {}),
    missing: design.metrics.map((metric, index) => {
      // Of a ratio who has no denominator is left out as well.
      const known = (row: MomentRow): number => (leavesOut(metric) ? row.metrics[index]?.n : row.known[index]) ?? 0;
      return byArm((row) => row.units - known(row) - openIn(index, row.arm));
    }),
    ...(open.length === 0 ? {} : { openWindows: open }),
    ...(concurrent.length === 0 ? {} : { concurrent }),
    extremes: await extremesOf(db, design, { rows: uncut.rows, ranges }),
    ...belowZeroOf(design, ranges),
    ...(options.isHistory === true || areClusters || isBySpans ? {} : await exposureOf(db, design, options.exposures !== undefined)),
  };
  return { observations, areNumbers: [...cut.rows, ...uncut.rows].every((row) => row.areNumbers) };
}

/** Of columns that count things: what a share and a ratio of a part are made of, and what any ratio is over. */
function belowZeroOf(design: ExperimentDesign, ranges: readonly ColumnRange[]): Pick<Observations, "belowZero"> {
  const counts = design.metrics.flatMap(({ form }) =>
    form.kind === "share" ? [form.of] : form.kind === "ratio" ? [form.over, ...(form.isNoPart === true ? [] : [form.of])] : [],
  );
  const least = new Map<string, number>();
  for (const [place, { name }] of unitColumns(design).entries()) {
    const smallest = ranges[place]?.smallest ?? 0;
    if (counts.includes(name) && smallest < 0) least.set(name, Math.min(smallest, least.get(name) ?? 0));
  }
  return least.size === 0 ? {} : { belowZero: [...least].map(([column, smallest]) => ({ column, least: smallest })) };
}

/** Combinations of values, which a character parts that no text has, as they are read. */
function namedTogether(groups: readonly GroupMoments[]): readonly GroupMoments[] {
  return groups.map((group) => ({ ...group, value: group.value.replaceAll("\u001f", ", ") }));
}

/** All rows by arm, summed about centres that keep what lies close together. */
async function wholeOf(db: DuckDb, plan: MomentPlan): Promise<{ readonly plan: MomentPlan; readonly rows: readonly MomentRow[] }> {
  const rows = await momentRows(db, plan, undefined);
  const better = recentred(
    plan,
    rows.map(({ metrics }) => metrics),
  );
  return better === undefined ? { plan, rows } : { plan: better, rows: await momentRows(db, better, undefined) };
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
