/** Observations that come as sufficient statistics: one row an arm and metric, or an arm, metric and day. */
import type { OpenTable, UnsplitRecord } from "../../../data/datasets/index.ts";
import type { DuckDb } from "../../../data/engines/index.ts";
import { diagnose, InputRefused, nearestName, parseDay } from "../../../data/foundation/index.ts";
import { columnsOf, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";
import { numberMax } from "./observation-sql.ts";
import {
  type ArmMoments,
  emptyArm,
  type GroupMoments,
  type MetricMoments,
  mergeArms,
  type Observations,
  type RejectedRows,
} from "./observations.ts";
import { wordsOf } from "./rejected-rows.ts";

/** Columns that a file of summaries has, besides arm and day: `n` and the rest by name. */
const needed = ["metric", "n"] as const;

/**
 * Whether a file's columns are those of summaries: metric and n, and a mean or a sum.
 *
 * @example
 * [isSummary(["arm", "metric", "n", "mean", "variance"]), isSummary(["user", "arm", "bought"])]
 * // => [true, false]
 */
export function isSummary(columns: readonly string[]): boolean {
  return needed.every((name) => columns.includes(name)) && ["mean", "sum"].some((name) => columns.includes(name));
}

/** The columns that are read of a file of summaries with such columns. */
export function summaryColumns(design: ExperimentDesign, columns: readonly string[]): readonly string[] {
  const { arm, day } = namesIn(design, columns);
  return [arm, ...needed, ...numberNames.filter((name) => name !== "n" && columns.includes(name)), ...(day === undefined ? [] : [day])];
}

function namesIn(
  { columns: named }: ExperimentDesign,
  columns: readonly string[],
): { readonly arm: string; readonly day: string | undefined } {
  return {
    arm: columns.find((name) => name === named.arm) ?? "arm",
    day: [named.day, "day", "date"].find((name) => name !== undefined && columns.includes(name)),
  };
}

/**
 * Reads a table of summaries. Columns: the arm (the design's column for it, or `arm`), `metric`, `n`; `mean` or `sum`; one of `variance`, `sd`,
 * `sum_squares` (a share needs none); for ratios and covariates also `mean_2`, `variance_2`, `covariance`. With a day each row is of that day's
 * own units. Of rows about one arm, metric and day the last counts; rows about a quantile are refused. @throws InputRefused `bad-observations` for a metric of the design without a row.
 */
export async function reduceSummary(db: DuckDb, design: ExperimentDesign, table: OpenTable): Promise<Observations> {
  const { arm: armColumn, day: dayColumn } = namesIn(design, table.columns);
  const wanted = summaryColumns(design, table.columns);
  const rows = await db.rows(`SELECT ${wanted.map((name) => table.cell(name)).join(", ")} FROM ${table.from}`);
  const unsplit = await table.unsplit();
  const faults: { readonly code: RejectedRows["code"]; readonly row: number; readonly what: string }[] = [];
  const days = new Map<string, (MetricMoments | undefined)[][]>();
  const seen = new Map<string, string>();
  const named = new Set<number>();
  let [duplicates, replaced] = [0, 0];
  for (const [row, cells] of rows.entries()) {
    const cell = (name: string): string => String(cells[wanted.indexOf(name)] ?? "").trim();
    const refuse = (code: RejectedRows["code"], what: string) => faults.push({ code, row, what });
    const arm = design.arms.findIndex(({ name }) => name === cell(armColumn));
    const metric = design.metrics.findIndex(({ name }) => name === cell("metric"));
    const day = dayColumn === undefined ? "" : cell(dayColumn).slice(0, 10);
    const parsed = parseDay(day);
    if (metric < 0) {
      refuse("unknown-metric", `metric ${clipped(cell("metric"))}`);
      continue;
    }
    named.add(metric);
    if (arm < 0) {
      refuse("unknown-arm", `arm ${clipped(cell(armColumn))}`);
      continue;
    }
    if (dayColumn !== undefined && parsed === undefined) {
      refuse("bad-day", `day ${clipped(cell(dayColumn))}`);
      continue;
    }
    if (parsed !== undefined && parsed >= endOf(design)) {
      refuse("after-end", `day ${day}, after the last planned one`);
      continue;
    }
    if (isQuantile(design.metrics[metric])) {
      refuse("no-summary", `${clipped(cell("metric"))} is a quantile, which no mean and variance tell`);
      continue;
    }
    const moments = momentsOf(design, metric, cell);
    if (typeof moments === "string") {
      refuse("bad-number", moments);
      continue;
    }
    const key = `${day} ${arm} ${metric}`;
    const earlier = seen.get(key);
    const text = JSON.stringify(moments);
    if (earlier === text) duplicates++;
    else if (earlier !== undefined) replaced++;
    seen.set(key, text);
    const table = days.get(day) ?? design.arms.map(() => design.metrics.map(() => undefined));
    (table[arm] as (MetricMoments | undefined)[])[metric] = moments;
    days.set(day, table);
  }
  requireMetrics(design, table, { named, unknown: rows.map((cells) => String(cells[wanted.indexOf("metric")] ?? "").trim()) });
  const groups = [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, table]): GroupMoments => ({ value, arms: table.map((metrics) => armOf(design, metrics)) }));
  const arms = groups
    .map((group) => group.arms)
    .reduce<readonly ArmMoments[]>(
      (sum, group) => sum.map((arm, index) => mergeArms(arm, group[index] as ArmMoments)),
      design.arms.map(() => emptyArm(design)),
    );
  const units = arms.reduce((sum, arm) => sum + arm.units, 0);
  const [first, last] = [groups[0]?.value, groups.at(-1)?.value];
  return {
    form: "summary",
    rows: rows.length + unsplit.length,
    units,
    rejected: await rejectedOf(table, rows.length, { unsplit, faults }),
    duplicates,
    replaced,
    crossovers: 0,
    misassigned: 0,
    setAside: {},
    ...(first === undefined || first === "" || last === undefined ? {} : { days: { first, last } }),
    arms,
    caps: [],
    segments: [],
    byDay: dayColumn === undefined ? [] : groups,
    missing: design.metrics.map(() => design.arms.map(() => 0)),
    extremes: [],
  };
}

/** @throws InputRefused `bad-observations`. */
function requireMetrics(
  { metrics }: ExperimentDesign,
  { file }: OpenTable,
  { named, unknown }: { readonly named: ReadonlySet<number>; readonly unknown: readonly string[] },
): void {
  if (named.size === 0) return;
  const absent = metrics.filter((metric, index) => !named.has(index) && !isQuantile(metric));
  if (absent.length === 0) return;
  throw new InputRefused(
    absent.map(({ name }) =>
      diagnose("bad-observations", {
        message: `no row of the file is about the metric '${name}', which the design names`,
        place: { file, line: 1, column: 1 },
        found: name,
        near: nearestName(
          name,
          [...new Set(unknown)].filter((each) => !metrics.some((metric) => metric.name === each)),
        ),
        cure: `Give a row of it for each arm${named.size === 0 ? "" : ", or take it out of the design by an amendment"}.`,
      }),
    ),
  );
}

/** Summaries hold no quantile: its rows are refused, and none is asked for. */
function isQuantile(metric: ExperimentMetric | undefined): boolean {
  return metric?.form.kind === "quantile";
}

/** The first day after the plan. */
function endOf({ start, weeks }: ExperimentDesign): number {
  const first = start === undefined ? undefined : parseDay(start);
  return first === undefined || weeks === undefined ? Number.POSITIVE_INFINITY : first + 7 * weeks;
}

async function rejectedOf(
  table: OpenTable,
  count: number,
  {
    unsplit,
    faults,
  }: {
    readonly unsplit: readonly UnsplitRecord[];
    readonly faults: readonly { readonly code: RejectedRows["code"]; readonly row: number; readonly what: string }[];
  },
): Promise<readonly RejectedRows[]> {
  const places =
    faults.length === 0
      ? undefined
      : await table.placesOf(
          faults.map(({ row }) => row),
          count,
        );
  const byCode = new Map<RejectedRows["code"], string[]>();
  const tell = (code: RejectedRows["code"], text: string) => byCode.set(code, [...(byCode.get(code) ?? []), text]);
  for (const { line, reason } of unsplit) tell("malformed-row", `line ${line}: ${reason}`);
  for (const { code, row, what } of faults) tell(code, `${wordsOf(places?.get(row))}: ${what}`);
  return [...byCode].map(([code, examples]) => ({ code, count: examples.length, examples: examples.slice(0, 10) }));
}

function clipped(text: string): string {
  return text === "" ? "empty" : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const numberNames = ["n", "mean", "sum", "variance", "sd", "sum_squares", "mean_2", "variance_2", "covariance"] as const;

type NumberName = (typeof numberNames)[number];

/** Figures that should agree and are written with few digits differ by less than this share. */
const roundingShare = 0.01;

/** The moments that a row states, or what is wrong with it. */
function momentsOf({ metrics }: ExperimentDesign, index: number, cell: (name: string) => string): MetricMoments | string {
  const metric = metrics[index];
  if (metric === undefined) return "no such metric";
  const numbers: Partial<Record<NumberName, number>> = {};
  for (const name of numberNames) {
    const text = cell(name);
    if (text === "") continue;
    const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(value)) return `${name} is no number: ${clipped(text)}`;
    if (Math.abs(value) > numberMax) return `${name} is beyond ${numberMax}: ${clipped(text)}`;
    numbers[name] = value;
  }
  const { n } = numbers;
  if (n === undefined || !Number.isSafeInteger(n) || n < 0) return `n is no whole number from 0 on: ${clipped(cell("n"))}`;
  if (n === 0) return { n: 0, means: columnsOf(metric).map(() => 0), covariances: [] };
  const mean = meanOf(numbers, n);
  if (typeof mean === "string") return mean;
  const isShare = metric.form.kind === "share";
  if (isShare && (mean < 0 || mean > 1)) return `a share is from 0 to 1: ${mean}`;
  const variance = varianceOf(numbers, { n, mean, isShare });
  if (typeof variance === "string") return variance;
  if (metric.form.kind !== "ratio" && metric.covariates.length === 0) return { n, means: [mean], covariances: n < 2 ? [] : [[variance]] };
  const { mean_2: second, variance_2: secondVariance, covariance } = numbers;
  if (second === undefined || secondVariance === undefined || covariance === undefined)
    return `mean_2, variance_2 and covariance of ${metric.form.kind === "ratio" ? "the denominator" : "the covariate"} are needed`;
  if (metric.covariates.length > 1) return "summaries carry one covariate at most";
  if (secondVariance < 0) return `variance_2 is below 0: ${secondVariance}`;
  if (n > 1 && covariance ** 2 > variance * secondVariance * (1 + roundingShare) ** 2)
    return `no two columns with these variances have the covariance ${covariance}`;
  return {
    n,
    means: [mean, second],
    covariances:
      n < 2
        ? []
        : [
            [variance, covariance],
            [covariance, secondVariance],
          ],
  };
}

function meanOf({ mean, sum }: Partial<Record<NumberName, number>>, n: number): number | string {
  if (mean === undefined) return sum === undefined ? "neither mean nor sum" : sum / n;
  return sum !== undefined && areApart(mean * n, sum) ? `the sum ${sum} is not n times the mean ${mean}` : mean;
}

/** The variance that a row states in one of three ways, which must agree where there are several; of one unit 0. */
function varianceOf(
  { variance, sd, sum_squares: squares }: Partial<Record<NumberName, number>>,
  { n, mean, isShare }: { readonly n: number; readonly mean: number; readonly isShare: boolean },
): number | string {
  if (sd !== undefined && sd < 0) return `sd is below 0: ${sd}`;
  if (variance !== undefined && variance < 0) return `the variance is below 0: ${variance}`;
  if (variance !== undefined && sd !== undefined && areApart(variance, sd ** 2))
    return `the variance ${variance} is not the square of sd ${sd}`;
  if (n < 2) return 0;
  const fromSquares = squares === undefined ? undefined : (squares - n * mean * mean) / (n - 1);
  if (fromSquares !== undefined && fromSquares < 0 && areApart(squares ?? 0, n * mean * mean))
    return `sum_squares is below n times the square of the mean: ${squares}`;
  const ofShare = isShare ? (mean * (1 - mean) * n) / (n - 1) : undefined;
  const found =
    variance ?? (sd === undefined ? undefined : sd ** 2) ?? (fromSquares === undefined ? undefined : Math.max(0, fromSquares)) ?? ofShare;
  if (found === undefined) return "none of variance, sd, sum_squares";
  if (isShare && found > ((0.25 * n) / (n - 1)) * (1 + roundingShare)) return `the variance of a share is at most a quarter: ${found}`;
  return found;
}

function areApart(a: number, b: number): boolean {
  return Math.abs(a - b) > roundingShare * Math.max(Math.abs(a), Math.abs(b));
}

/** An arm's units are those of its fullest metric. */
function armOf(design: ExperimentDesign, metrics: readonly (MetricMoments | undefined)[]): ArmMoments {
  const empty = emptyArm(design);
  const known = metrics.map((moments, index) => moments ?? (empty.metrics[index] as MetricMoments));
  return { units: Math.max(0, ...known.map(({ n }) => n)), metrics: known };
}
