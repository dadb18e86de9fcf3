/**
 * Moments of units by SQL, the same bytes in whatever order rows come and on any number of threads: every sum is exact. Whole numbers are added as they are while their sum
 * stays below 2^53. Others are cut into a high and a low part, both multiples of a power of two that all sums keep, and what lies below the low part is left
 * out: less than 2^-40 of the largest value for a million units. Rump, Ogita and Oishi (2008), SIAM J. Sci. Comput. 31, 189-224.
 */
import type { DuckDb, SqlValue } from "../../../data/engines/index.ts";
import type { MetricMoments } from "./observations.ts";

/** What is known of a column of numbers before it is summed. */
export interface ColumnRange {
  readonly smallest: number;
  readonly largest: number;
  /** Nothing but whole numbers. */
  readonly isWhole: boolean;
}

/** What a metric is summed from: columns of a table of units or clusters. */
export interface MetricSource {
  /** The columns as SQL. `isFilled` false: what counts as 0 may be null, which adds as little to a sum. */
  readonly columns: (how: { readonly isFilled: boolean }) => readonly string[];
  readonly ranges: readonly ColumnRange[];
  /** Of the columns, those before the covariates. */
  readonly outcomes: number;
  /** A missing outcome counts as 0; else who has none is left out. A missing covariate is 0. */
  readonly countsMissing: boolean;
  readonly isCapped: boolean;
  /** The column whose units with a value are counted. */
  readonly known: string;
}

/** A table with an arm a row, and what the metrics of a design are summed from in it. */
export interface MomentSource {
  readonly table: "units" | "clusters" | "spans";
  readonly metrics: readonly MetricSource[];
}

/** How a metric's column is summed: less its centre, and then not beyond its bound. */
interface Placed {
  readonly centre: number;
  readonly bound: number;
  readonly isWhole: boolean;
}

/** How all metrics of a design are summed. */
export interface MomentPlan {
  readonly source: MomentSource;
  /** Rows at most. */
  readonly rows: number;
  readonly metrics: readonly (readonly Placed[])[];
}

/** The moments of one arm and group. */
export interface MomentRow {
  readonly arm: number;
  readonly group: string;
  readonly units: number;
  readonly metrics: readonly MetricMoments[];
  /** By metric: units whose outcome has a value. */
  readonly known: readonly number[];
  /** Whether every sum is a number. */
  readonly areNumbers: boolean;
}

/** A column of which so little is left beside its mean is summed again about its mean. */
const leastSpread = 2 ** -20;
/** What is left of a sum of squares after rounding alone. */
const rounding = 2 ** -48;
/** Room for what the bounds themselves were rounded by. */
const roomy = 1 + 2 ** -40;

/** How to sum so many rows at most. */
export function planMoments(source: MomentSource, rows: number): MomentPlan {
  const metrics = source.metrics.map((metric) =>
    metric.ranges.map((range, index) => {
      const span = range.largest - range.smallest;
      const isFarAway = span < Math.max(Math.abs(range.smallest), Math.abs(range.largest)) / 2;
      return placed(metric, index, isFarAway ? range.smallest + span / 2 : 0);
    }),
  );
  return { source, rows, metrics };
}

/** The plan with other centres where the moments found show that values lie close together and far from theirs; undefined where nowhere. */
export function recentred(plan: MomentPlan, whole: readonly (readonly MetricMoments[])[]): MomentPlan | undefined {
  let isBetter = false;
  const metrics = plan.metrics.map((columns, index) => {
    const metric = plan.source.metrics[index] as MetricSource;
    return columns.map((column, i) => {
      // Of the arms whose values lie closest together, as seen from the centre.
      const seen = whole.flatMap((arm) => {
        const { n, means, covariances } = arm[index] as MetricMoments;
        const away = n < 2 ? 0 : n * ((means[i] as number) - column.centre) ** 2;
        const squares = (n - 1) * (covariances[i]?.[i] ?? 0);
        return away > 0 && squares <= leastSpread * away ? [{ mean: means[i] as number, share: squares / away }] : [];
      });
      const [closest] = seen.toSorted((a, b) => a.share - b.share);
      if (closest === undefined || !Number.isFinite(closest.mean)) return column;
      isBetter = true;
      return placed(metric, i, closest.mean);
    });
  });
  return isBetter ? { ...plan, metrics } : undefined;
}

/** Sums by arm and group. `group`: an expression over the table, or none. */
export async function momentRows(db: DuckDb, plan: MomentPlan, group: string | undefined): Promise<readonly MomentRow[]> {
  const { source, metrics } = plan;
  const values: string[] = [];
  const products: string[] = [];
  const sums: string[] = [];
  for (const [place, metric] of source.metrics.entries()) {
    const columns = metrics[place] as readonly Placed[];
    const isFilled = metric.isCapped || columns.some(({ centre }) => centre !== 0);
    const expressions = metric.columns({ isFilled });
    const isKnown = knownIn(metric);
    sums.push(metric.countsMissing ? "count(*)" : `count(x${place}_0)`, `count(${metric.known})`);
    for (const [i, { centre, bound, isWhole }] of columns.entries()) {
      const value = `CAST(${expressions[i]} AS DOUBLE)${centre === 0 ? "" : ` - ${real(centre)}`}`;
      const name = `x${place}_${i}`;
      values.push(`${metric.countsMissing ? value : `CASE WHEN ${isKnown} THEN ${value} END`} AS ${name}`);
      sums.push(...exactSum(name, { bound, isWhole }, plan.rows));
    }
    for (const [i, one] of columns.entries()) {
      for (const [j, other] of columns.entries()) {
        if (j < i) continue;
        const name = `p${place}_${i}_${j}`;
        products.push(`x${place}_${i} * x${place}_${j} AS ${name}`);
        sums.push(...exactSum(name, { bound: one.bound * other.bound * roomy, isWhole: one.isWhole && other.isWhole }, plan.rows));
      }
    }
  }
  const rows = await db.rows(
    `SELECT arm, ${group === undefined ? "''" : "grp"}, count(*), ${sums.join(", ")}
     FROM (SELECT *, ${products.join(", ")} FROM (SELECT *${source.table === "clusters" ? "" : `, ${group ?? "NULL"} AS grp`}, ${values.join(", ")} FROM ${source.table} WHERE arm IS NOT NULL))
     GROUP BY ${group === undefined ? "arm ORDER BY arm" : "arm, grp ORDER BY grp, arm"}`,
  );
  return rows.map((row) => readRow(plan, row));
}

/** Where a row of the table has a metric. */
export function knownIn({ columns, outcomes }: MetricSource): string {
  return columns({ isFilled: true })
    .slice(0, outcomes)
    .map((text) => `${text} IS NOT NULL`)
    .join(" AND ");
}

function readRow({ metrics }: MomentPlan, [arm, group, units, ...rest]: readonly SqlValue[]): MomentRow {
  let at = 0;
  const next = (): number => Number(rest[at++] ?? 0);
  const total = (): number => next() + next();
  const known: number[] = [];
  let areNumbers = true;
  const moments = metrics.map((columns): MetricMoments => {
    const n = next();
    known.push(next());
    const sums = columns.map(total);
    const covariances = columns.map(() => columns.map(() => 0));
    for (let i = 0; i < columns.length; i++) {
      for (let j = i; j < columns.length; j++) {
        const product = total();
        const apart = product - ((sums[i] as number) * (sums[j] as number)) / n;
        const value = i === j && apart < rounding * product ? 0 : apart / (n - 1);
        (covariances[i] as number[])[j] = value;
        (covariances[j] as number[])[i] = value;
        areNumbers &&= Number.isFinite(product);
      }
    }
    const means = columns.map(({ centre }, i) => (n === 0 ? 0 : centre + (sums[i] as number) / n));
    return { n, means, covariances: n < 2 ? [] : covariances };
  });
  return { arm: Number(arm), group: String(group), units: Number(units), metrics: moments, known, areNumbers };
}

/** High and low part of a sum of so many rows at most whose values lie within the bound. */
export function exactSum(name: string, { bound, isWhole }: Omit<Placed, "centre">, rows: number): readonly [high: string, low: string] {
  if (bound === 0 || (isWhole && bound * rows <= 2 ** 53)) return [`sum(${name})`, "0"];
  const step = stepFor(bound, rows);
  const high = `((${name} + ${shift(step)}) - ${shift(step)})`;
  const low = shift(stepFor(step / 2, rows));
  return [`sum(${high})`, `sum(((${name} - ${high}) + ${low}) - ${low})`];
}

/** The power of two of which sums of so many multiples stay exact. */
function stepFor(bound: number, rows: number): number {
  return 2 ** (Math.ceil(Math.log2(bound * roomy)) + Math.ceil(Math.log2(Math.max(rows, 4))) - 52);
}

/** What a number is added to and taken from to round it to a multiple of the step. */
function shift(step: number): string {
  return real(1.5 * 2 ** 52 * step);
}

/** A number as SQL writes a DOUBLE. */
function real(value: number): string {
  return Number.isFinite(value) ? `(${value.toExponential()})` : "'infinity'::DOUBLE";
}

function placed({ ranges, countsMissing, outcomes }: MetricSource, index: number, middle: number): Placed {
  const { smallest, largest, isWhole } = ranges[index] as ColumnRange;
  const centre = isWhole ? Math.round(middle) : middle;
  const mayBeZero = countsMissing || index >= outcomes;
  const ends = [smallest - centre, largest - centre, mayBeZero ? centre : 0].map(Math.abs);
  return { centre, bound: Math.max(...ends) * roomy, isWhole };
}
