/** Units whose values stand out, so that somebody looks whether they are what they say. */
import type { DuckDb } from "../../../data/engines/index.ts";
import { present } from "../../../data/foundation/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import type { ColumnRange, MomentRow } from "./exact-moments.ts";
import { unitValueNames } from "./observation-sql.ts";
import { type Extreme, type MetricMoments, mergeMoments } from "./observations.ts";

const extremesMax = 5;
/** Units so many standard deviations above the mean are shown. */
const extremeDeviations = 10;

/** Units far above the mean of all units with a value. */
export async function extremesOf(
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
    const [column = ""] = unitValueNames(design, metric);
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
