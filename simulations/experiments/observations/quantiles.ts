/** Quantiles of units by SQL: of each group a few order statistics, exact and from values that stay where they lie, however many. */
import { type DuckDb, quoteText } from "../../../data/engines/index.ts";
import { parseDay } from "../../../data/foundation/index.ts";
import { independentShareError, outerRanks, type QuantileSummary, quantileOf } from "../../statistics/index.ts";
import { clusterColumn, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";
import { metricColumns } from "./observation-sql.ts";
import { type ArmMoments, type GroupMoments, type Observations, toldApart } from "./observations.ts";

/** Adds to arms what the design's quantiles rest on, which no cap of another metric changes. */
export async function armQuantiles(db: DuckDb, design: ExperimentDesign): Promise<(arms: readonly ArmMoments[]) => readonly ArmMoments[]> {
  const [whole] = await quantilesOf(db, design, { group: "0", groups: 1 });
  return (arms) => arms.map((arm, place) => withSummaries(arm, whole?.[place]));
}

/** The groups of a column of `units` with theirs: those that are told apart have some. */
export async function withGroupQuantiles(
  db: DuckDb,
  design: ExperimentDesign,
  { column, groups }: { readonly column: string; readonly groups: readonly GroupMoments[] },
): Promise<readonly GroupMoments[]> {
  const values = toldApart(groups).told.map(({ value }) => value);
  const group = `list_position([${values.map(quoteText).join(", ")}], ${column}) - 1`;
  const found = await quantilesOf(db, design, { group, groups: values.length });
  return groups.map(({ value, arms }) => ({
    value,
    arms: arms.map((arm, place) => withSummaries(arm, found[values.indexOf(value)]?.[place])),
  }));
}

/** So many days of a course: each needs a sort of the units that are there by then. */
const courseDaysMax = 20;

/**
 * What the design's quantiles rest on over the units that came by each of up to twenty days, evenly spread, the last among them. Of secondary ones none.
 * `days`: those on which units came, ascending. Cost: a sort of the units a quantile and day.
 */
export async function quantileCourse(
  db: DuckDb,
  design: ExperimentDesign,
  days: readonly string[],
): Promise<NonNullable<Observations["quantilesByDay"]>> {
  const metrics = design.metrics.map((metric) =>
    metric.role === "secondary" ? { ...metric, form: { kind: "mean" as const, of: metric.form.of } } : metric,
  );
  const course: { day: string; arms: readonly Summaries[] }[] = [];
  // A unit that is neither exposed nor has a day is in no course.
  const known = days.filter((day) => parseDay(day) !== undefined);
  const step = Math.max(1, Math.ceil(known.length / courseDaysMax));
  for (const day of known.filter((_, index) => (known.length - 1 - index) % step === 0)) {
    const [arms] = await quantilesOf(
      db,
      { ...design, metrics },
      { group: `CASE WHEN first_day <= DATE ${quoteText(day)} THEN 0 END`, groups: 1 },
    );
    if (arms !== undefined) course.push({ day, arms });
  }
  return course;
}

/** By metric of the design. */
type Summaries = readonly (QuantileSummary | undefined)[];

function withSummaries({ units, metrics }: ArmMoments, summaries: Summaries | undefined): ArmMoments {
  return {
    units,
    metrics: metrics.map((moments, index) => {
      const quantile = summaries?.[index];
      // Sums over clusters say nothing of a quantile.
      const { few: _, ...rest } = moments;
      return quantile === undefined ? moments : { ...rest, quantile };
    }),
  };
}

/** By group, arm and metric. `group`: an expression over `units` that numbers the groups from 0, null for units in none. Cost: a sort of the units a quantile. */
async function quantilesOf(
  db: DuckDb,
  design: ExperimentDesign,
  { group, groups }: { readonly group: string; readonly groups: number },
): Promise<readonly (readonly Summaries[])[]> {
  const found = Array.from({ length: groups }, () =>
    design.arms.map(() => design.metrics.map((): QuantileSummary | undefined => undefined)),
  );
  if (groups === 0) return found;
  for (const [index, metric] of design.metrics.entries()) {
    if (metric.form.kind !== "quantile") continue;
    await sortUnits(db, design, metric, group);
    for (const { arm, place, summary } of await summariesOf(db, design, metric.form.share)) {
      const own = found[place]?.[arm];
      if (own !== undefined) own[index] = summary;
    }
  }
  await db.run("DROP TABLE IF EXISTS sorted_units");
  return found;
}

async function sortUnits(db: DuckDb, design: ExperimentDesign, metric: ExperimentMetric, group: string): Promise<void> {
  const [value = ""] = metricColumns(design, metric, undefined);
  const cluster = clusterColumn(design) === undefined ? "NULL" : "cluster";
  await db.run(
    `CREATE OR REPLACE TABLE sorted_units AS SELECT *, row_number() OVER (PARTITION BY arm, grp ORDER BY x) AS place
     FROM (SELECT arm, ${group} AS grp, ${cluster} AS cluster, CAST(${value} AS DOUBLE) AS x FROM units WHERE arm IS NOT NULL)
     WHERE x IS NOT NULL AND grp IS NOT NULL`,
  );
}

/** A group in an arm. */
interface Cell {
  readonly arm: number;
  readonly place: number;
}

async function summariesOf(
  db: DuckDb,
  design: ExperimentDesign,
  share: number,
): Promise<readonly (Cell & { readonly summary: QuantileSummary })[]> {
  const isClustered = clusterColumn(design) !== undefined;
  const counts = await db.rows("SELECT arm, grp, count(*) FROM sorted_units GROUP BY arm, grp ORDER BY arm, grp");
  const sized = counts.map(([arm, place, values]) => ({ arm: Number(arm), place: Number(place), values: Number(values) }));
  const around = await valuesAt(
    db,
    sized.map((cell) => {
      const below = Math.floor((cell.values - 1) * share) + 1;
      return { ...cell, ranks: [below, Math.min(below + 1, cell.values)] };
    }),
  );
  const valued = sized.map((cell, index) => ({ ...cell, value: quantileOf(around[index] ?? [], ((cell.values - 1) * share) % 1) }));
  const clusters = isClustered ? await clusterErrors(db, valued) : undefined;
  const bounded = valued.map((cell, index) => {
    const shareError = clusters === undefined ? independentShareError(cell.values, share) : (clusters[index]?.shareError ?? 0);
    return { ...cell, ranks: outerRanks({ values: cell.values, share, shareError }) ?? [] };
  });
  const outer = await valuesAt(db, bounded);
  const alike = await mostAlike(
    db,
    bounded.map((cell, index) => ({ ...cell, bounds: outer[index] ?? [] })),
  );
  return bounded.map(({ arm, place, values, value, ranks: [from, to] }, index) => {
    const [lower, upper] = outer[index] ?? [];
    const isBounded = from !== undefined && to !== undefined && lower !== undefined && upper !== undefined;
    return {
      arm,
      place,
      summary: {
        share,
        values,
        independent: clusters?.[index]?.clusters ?? values,
        isClustered,
        value,
        ...(isBounded ? { outer: { lower, upper, ranks: to - from, mostAlike: alike[index] ?? 0 } } : {}),
      },
    };
  });
}

/** The values at ranks from 1, by cell. */
async function valuesAt(
  db: DuckDb,
  cells: readonly (Cell & { readonly ranks: readonly number[] })[],
): Promise<readonly (readonly number[])[]> {
  const asked = cells.flatMap(({ ranks }, index) => ranks.map((rank) => ({ index, rank })));
  if (asked.length === 0) return cells.map(() => []);
  const rows = await db.rows(
    `SELECT asked.number, x FROM sorted_units JOIN (VALUES ${asked
      .map(({ index, rank }, number) => `(${number}, ${cells[index]?.arm}, ${cells[index]?.place}, ${rank})`)
      .join(
        ", ",
      )}) AS asked(number, arm, grp, place) ON sorted_units.arm = asked.arm AND sorted_units.grp = asked.grp AND sorted_units.place = asked.place
     ORDER BY asked.number`,
  );
  const found = new Map(rows.map(([number, x]) => [Number(number), Number(x)]));
  const values = cells.map((): number[] => []);
  for (const [number, { index }] of asked.entries()) values[index]?.push(found.get(number) as number);
  return values;
}

/** The error of the share at or below each cell's value when whole clusters are drawn, from exact counts: a ratio of cluster sums by the delta method. */
async function clusterErrors(
  db: DuckDb,
  cells: readonly (Cell & { readonly values: number; readonly value: number })[],
): Promise<readonly { readonly clusters: number; readonly shareError: number }[]> {
  const rows = await db.rows(
    `SELECT number, count(*), sum(below), sum(below * below), sum(below * size), sum(size * size)
     FROM (SELECT number, count(*) AS size, count(*) FILTER (WHERE x <= value) AS below
       FROM sorted_units JOIN (VALUES ${cells
         .map(({ arm, place, value }, number) => `(${number}, ${arm}, ${place}, ${real(value)})`)
         .join(", ")}) AS asked(number, arm, grp, value) ON sorted_units.arm = asked.arm AND sorted_units.grp = asked.grp
       GROUP BY number, cluster)
     GROUP BY number`,
  );
  const found = new Map(rows.map((row) => [Number(row[0]), row.slice(1).map(Number)]));
  return cells.map(({ values }, index) => {
    const [clusters = 0, below = 0, belowSquares = 0, products = 0, sizeSquares = 0] = found.get(index) ?? [];
    const share = below / values;
    const squares = Math.max(0, belowSquares - 2 * share * products + share * share * sizeSquares);
    return { clusters, shareError: clusters < 2 ? 0 : Math.sqrt((squares * clusters) / (clusters - 1)) / values };
  });
}

/** By cell, how many values between its bounds are one and the same, at most. */
async function mostAlike(
  db: DuckDb,
  cells: readonly (Cell & { readonly bounds: readonly number[] })[],
): Promise<readonly (number | undefined)[]> {
  const asked = cells.flatMap(({ arm, place, bounds: [lower, upper] }, number) =>
    lower === undefined || upper === undefined ? [] : [`(${number}, ${arm}, ${place}, ${real(lower)}, ${real(upper)})`],
  );
  if (asked.length === 0) return cells.map(() => undefined);
  const rows = await db.rows(
    `SELECT number, max(alike) FROM (SELECT number, count(*) AS alike
       FROM sorted_units JOIN (VALUES ${asked.join(", ")}) AS asked(number, arm, grp, lower, upper)
         ON sorted_units.arm = asked.arm AND sorted_units.grp = asked.grp AND x BETWEEN lower AND upper
       GROUP BY number, x)
     GROUP BY number`,
  );
  const found = new Map(rows.map(([number, count]) => [Number(number), Number(count)]));
  return cells.map((_, number) => found.get(number));
}

/** A number as SQL writes a DOUBLE. */
function real(value: number): string {
  return `(${value.toExponential()})::DOUBLE`;
}
