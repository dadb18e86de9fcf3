/** What moments are summed from: the table `units`, or a table of clusters with the sums over their units. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { dealtThing, type ExperimentDesign, leavesOut, unitColumns } from "../design/experiment-design.ts";
import { type ColumnRange, exactSum, knownIn, type MomentSource } from "./exact-moments.ts";
import { metricColumns, numberColumns, unitValueNames } from "./observation-sql.ts";

/** Units, how many there are, and the ranges of their columns (by position among `unitColumns`). */
export interface UnitTable {
  readonly design: ExperimentDesign;
  readonly rows: number;
  readonly ranges: readonly ColumnRange[];
}

/** The table `units`, with metrics cut at their thresholds. */
export function unitSource({ design, ranges }: UnitTable, caps: ReadonlyMap<string, number>): MomentSource {
  const metrics = design.metrics.map((metric) => {
    const cap = caps.get(metric.name);
    const names = unitValueNames(design, metric);
    return {
      columns: (how: { readonly isFilled: boolean }) => metricColumns(design, metric, cap, how),
      ranges: names.map((name, place) => {
        if (place === 0 && metric.form.kind === "share") return { smallest: 0, largest: 1, isWhole: true };
        const range = ranges[Number(name.slice(1))] as ColumnRange;
        return place > 0 || cap === undefined ? range : cutAt(range, cap);
      }),
      outcomes: metric.form.kind === "ratio" ? 2 : 1,
      countsMissing: !leavesOut(metric),
      isCapped: cap !== undefined,
      known: names[0] ?? "",
    };
  });
  return { table: "units", metrics };
}

function cutAt({ smallest, largest, isWhole }: ColumnRange, cap: number): ColumnRange {
  return { smallest: Math.min(smallest, cap), largest: Math.min(largest, cap), isWhole: isWhole && Number.isInteger(cap) };
}

/** What the metrics of a design are judged by: units, or where clusters are dealt a table of them that is made here, by group as `grp`. */
export async function judgedSource(
  db: DuckDb,
  units: UnitTable,
  caps: ReadonlyMap<string, number>,
  group: string | undefined,
): Promise<MomentSource> {
  const source = unitSource(units, caps);
  return dealtThing(units.design).kind === "cluster" ? await clusterSource(db, units, source, group) : source;
}

/**
 * The table `clusters`: one row a cluster and group with the exact sums over its units; of means and shares the number of units beside each sum, so that every
 * metric is a ratio.
 */
async function clusterSource(db: DuckDb, units: UnitTable, source: MomentSource, group: string | undefined): Promise<MomentSource> {
  const values: string[] = [];
  const metrics = source.metrics.map((metric, index) => {
    const isRatio = units.design.metrics[index]?.form.kind === "ratio";
    return metric.columns({ isFilled: true }).flatMap((column, i) => {
      const name = `x${index}_${i}`;
      values.push(`CASE WHEN ${knownIn(metric)} THEN CAST(${column} AS DOUBLE) END AS ${name}`);
      const { smallest, largest, isWhole } = metric.ranges[i] as ColumnRange;
      const [high, low] = exactSum(name, { bound: Math.max(Math.abs(smallest), Math.abs(largest)), isWhole }, units.rows);
      const sum = `coalesce(${high} + ${low}, 0.0)`;
      return isRatio ? [sum] : [sum, `CAST(count(${name}) AS DOUBLE)`];
    });
  });
  const named = metrics.map((parts, index) => parts.map((part, place) => ({ name: `m${index}_${place}`, part })));
  await db.run(
    `CREATE OR REPLACE TABLE clusters AS SELECT arm, cluster, grp, ${named
      .flat()
      .map(({ name, part }) => `${part} AS ${name}`)
      .join(", ")}
     FROM (SELECT arm, cluster, ${group ?? "''"} AS grp, ${values.join(", ")} FROM units WHERE arm IS NOT NULL) GROUP BY arm, cluster, grp`,
  );
  const ranges = await rangesOf(
    db,
    "clusters",
    named.flat().map(({ name }) => name),
  );
  let at = 0;
  return {
    table: "clusters",
    metrics: named.map((parts) => ({
      columns: () => parts.map(({ name }) => name),
      ranges: parts.map(() => ranges[at++] as ColumnRange),
      outcomes: 2,
      countsMissing: true,
      isCapped: false,
      known: parts[0]?.name ?? "",
    })),
  };
}

/** The ranges of columns of a table; of one without values 0. */
export async function rangesOf(db: DuckDb, table: string, columns: readonly string[]): Promise<readonly ColumnRange[]> {
  const ends = columns.map((name) => `min(${name}), max(${name}), coalesce(bool_and(${name} = floor(${name})), true)`);
  const [found = []] = await db.rows(`SELECT ${ends.join(", ")} FROM ${table}`);
  return columns.map((_, index) => ({
    smallest: Number(found[3 * index] ?? 0),
    largest: Number(found[3 * index + 1] ?? 0),
    isWhole: found[3 * index + 2] === true,
  }));
}

/** How the numbers of the table `kept`, or a part of them that is called `as`, are summed by group, exactly: null where a group has none. */
export async function sumsOfKept(db: DuckDb, design: ExperimentDesign): Promise<(name: string, as?: string) => string> {
  const [[count] = []] = await db.rows("SELECT count(*) FROM kept");
  const names = numberColumns(design).map((_, index) => `v${index}`);
  const ranges = await rangesOf(db, "kept", names);
  return (name, as = name) => {
    const { smallest, largest, isWhole } = ranges[names.indexOf(name)] as ColumnRange;
    const [high, low] = exactSum(as, { bound: Math.max(Math.abs(smallest), Math.abs(largest)), isWhole }, Number(count));
    return `${high} + ${low}`;
  };
}

/** The table `units` as it lies. */
export async function unitTable(db: DuckDb, design: ExperimentDesign): Promise<UnitTable> {
  const [[count] = []] = await db.rows("SELECT count(*) FROM units");
  const names = unitColumns(design).map((_, index) => `v${index}`);
  return { design, rows: Number(count), ranges: await rangesOf(db, "units", names) };
}

/** After `reduceUnits`: the values of what is dealt, units or clusters, by metric and column; NaN where a value is missing and left out. */
export async function unitValues(
  db: DuckDb,
  design: ExperimentDesign,
  caps: readonly { readonly metric: string; readonly threshold: number }[],
): Promise<readonly (readonly Float64Array[])[]> {
  const thresholds = new Map(caps.map(({ metric, threshold }) => [metric, threshold]));
  const { table, metrics } = await judgedSource(db, await unitTable(db, design), thresholds, undefined);
  const [count] = (await db.rows(`SELECT count(*) FROM ${table} WHERE arm IS NOT NULL`))[0] ?? [];
  const found: (readonly Float64Array[])[] = [];
  for (const metric of metrics) {
    const expressions = metric.columns({ isFilled: true });
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
