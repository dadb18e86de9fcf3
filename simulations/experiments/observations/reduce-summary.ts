/** Observations that come as sufficient statistics: one row an arm and metric, or an arm, metric and day. */
import { type DuckDb, quoteName } from "../../../data/engines/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { sourceOf } from "./observation-sql.ts";
import { type ArmMoments, type GroupMoments, type MetricMoments, mergeArms, type Observations, type RejectedRows } from "./observations.ts";
import { emptyArm } from "./reduce-units.ts";

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

/**
 * Reads a file of summaries. Columns: the arm (the design's column for it, or `arm`), `metric`, `n`; `mean` or `sum`; one of `variance`, `sd`,
 * `sum_squares` (a share needs none); for ratios and covariates also `mean_2`, `variance_2`, `covariance`. With a day each row is of that day's own units.
 */
export async function reduceSummary(db: DuckDb, design: ExperimentDesign, path: string): Promise<Observations> {
  const names = (await db.describe(`SELECT * FROM ${sourceOf(path)}`)).map(({ name }) => name);
  const armColumn = names.find((name) => name === design.columns.arm) ?? "arm";
  const dayColumn = [design.columns.day, "day", "date"].find((name) => name !== undefined && names.includes(name));
  const wanted = [...numberNames, "metric", armColumn, ...(dayColumn === undefined ? [] : [dayColumn])].filter((name) =>
    names.includes(name),
  );
  const rows = await db.rows(`SELECT ${wanted.map((name) => `CAST(${quoteName(name)} AS VARCHAR)`).join(", ")} FROM ${sourceOf(path)}`);
  const faults = new Map<RejectedRows["code"], string[]>();
  const days = new Map<string, (MetricMoments | undefined)[][]>();
  for (const [index, cells] of rows.entries()) {
    const cell = (name: string): string => String(cells[wanted.indexOf(name)] ?? "").trim();
    const refuse = (code: RejectedRows["code"], what: string) =>
      faults.set(code, [...(faults.get(code) ?? []), `line ${index + 2}: ${what}`]);
    const arm = design.arms.findIndex(({ name }) => name === cell(armColumn));
    const metric = design.metrics.findIndex(({ name }) => name === cell("metric"));
    if (metric < 0) continue;
    if (arm < 0) {
      refuse("unknown-arm", `arm ${cell(armColumn) || "empty"}`);
      continue;
    }
    const moments = momentsOf(design, metric, cell);
    if (typeof moments === "string") {
      refuse("bad-number", moments);
      continue;
    }
    const day = dayColumn === undefined ? "" : cell(dayColumn).slice(0, 10);
    const table = days.get(day) ?? design.arms.map(() => design.metrics.map(() => undefined));
    (table[arm] as (MetricMoments | undefined)[])[metric] = moments;
    days.set(day, table);
  }
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
    rows: rows.length,
    units,
    rejected: [...faults].map(([code, examples]) => ({ code, count: examples.length, examples: examples.slice(0, 10) })),
    duplicates: 0,
    replaced: 0,
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

const numberNames = ["n", "mean", "sum", "variance", "sd", "sum_squares", "mean_2", "variance_2", "covariance"] as const;

/** The moments that a row states, or what is wrong with it. */
function momentsOf({ metrics }: ExperimentDesign, index: number, cell: (name: string) => string): MetricMoments | string {
  const metric = metrics[index];
  if (metric === undefined) return "no such metric";
  const number = (name: string): number | undefined => (cell(name) === "" ? undefined : Number(cell(name)));
  for (const name of numberNames) if (Number.isNaN(number(name) ?? 0) || !Number.isFinite(number(name) ?? 0)) return `${name} is no number`;
  const n = number("n");
  if (n === undefined || !Number.isInteger(n) || n < 0) return "n is no whole number from 0 on";
  const sum = number("sum");
  const mean = number("mean") ?? (sum === undefined || n === 0 ? undefined : sum / n);
  if (mean === undefined) return n === 0 ? { n: 0, means: [0], covariances: [] } : "neither mean nor sum";
  const squares = number("sum_squares");
  const fromSquares = squares === undefined || n < 2 ? undefined : (squares - n * mean * mean) / (n - 1);
  const deviation = number("sd");
  const ofShare = metric.form.kind === "share" && n > 1 ? (mean * (1 - mean) * n) / (n - 1) : undefined;
  const variance = number("variance") ?? (deviation === undefined ? undefined : deviation ** 2) ?? fromSquares ?? ofShare;
  if (n > 1 && variance === undefined) return "none of variance, sd, sum_squares";
  if ((variance ?? 0) < 0) return "the variance is below 0";
  if (metric.form.kind === "share" && (mean < 0 || mean > 1)) return "a share is from 0 to 1";
  if (metric.form.kind !== "ratio" && metric.covariates.length === 0)
    return { n, means: [mean], covariances: n < 2 ? [] : [[variance ?? 0]] };
  const [second, secondVariance, covariance] = [number("mean_2"), number("variance_2"), number("covariance")];
  if (second === undefined || secondVariance === undefined || covariance === undefined)
    return `mean_2, variance_2 and covariance of ${metric.form.kind === "ratio" ? "the denominator" : "the covariate"} are needed`;
  if (metric.covariates.length > 1) return "summaries carry one covariate at most";
  return {
    n,
    means: [mean, second],
    covariances:
      n < 2
        ? []
        : [
            [variance ?? 0, covariance],
            [covariance, secondVariance],
          ],
  };
}

/** An arm's units are those of its fullest metric. */
function armOf(design: ExperimentDesign, metrics: readonly (MetricMoments | undefined)[]): ArmMoments {
  const empty = emptyArm(design);
  const known = metrics.map((moments, index) => moments ?? (empty.metrics[index] as MetricMoments));
  return { units: Math.max(0, ...known.map(({ n }) => n)), metrics: known };
}
