/** Units by the time since they first met the change: each week's values, and the first week beside all later ones. Values are per unit and day. */
import type { DuckDb } from "../../../data/engines/index.ts";
import type { ExperimentDesign, ExperimentMetric } from "../design/experiment-design.ts";
import { type ColumnRange, momentRows, planMoments } from "./exact-moments.ts";
import { rangesOf, sumsOfKept } from "./moment-source.ts";
import { valueName } from "./observation-sql.ts";
import type { ArmMoments, GroupMoments, Observations } from "./observations.ts";

/** Weeks that are told apart. */
const weeksMax = 12;
/** Of the units that could be seen in both spans so many must have rows in both: else their rows are totals, not days. */
const seenInBoth = 0.1;

/** How many columns a metric has in one span: of a ratio both sums. */
export function spanWidth({ form }: ExperimentMetric): number {
  return form.kind === "ratio" ? 2 : 1;
}

/**
 * After `units` and `kept` stand: units without a day of exposure by arm, and values by the time since it. A unit's first day is its exposure, or its first row
 * where none is stated. A week counts for the units that were there for all of it: those whose first day is early enough before the last day of all. Nothing
 * by week where rows are not days, or nobody is seen for two weeks.
 */
export async function exposureOf(
  db: DuckDb,
  design: ExperimentDesign,
  hasLog: boolean,
): Promise<Pick<Observations, "unexposed" | "sinceExposure">> {
  const counts =
    design.columns.exposed === undefined && !hasLog
      ? undefined
      : await db.rows(
          "SELECT arm, count(*) FROM units WHERE arm IS NOT NULL AND unit NOT IN (SELECT unit FROM kept WHERE exposed IS NOT NULL) GROUP BY arm",
        );
  const sinceExposure = await spansOf(db, design);
  return {
    ...(counts === undefined ? {} : { unexposed: design.arms.map((_, arm) => Number(counts.find(([code]) => code === arm)?.[1] ?? 0)) }),
    ...(sinceExposure === undefined ? {} : { sinceExposure }),
  };
}

async function spansOf(db: DuckDb, design: ExperimentDesign): Promise<Observations["sinceExposure"]> {
  if (design.columns.day === undefined) return undefined;
  const outcomes = [...new Set(design.metrics.flatMap(({ form }) => [form.of, ...(form.kind === "ratio" ? [form.over] : [])]))];
  const sumOf = await sumsOfKept(db, design);
  const sums = outcomes.map((column) => {
    const value = valueName(design, column);
    return `${sumOf(value)} AS sum_${value}, count(${value}) AS known_${value}, count(*) FILTER (WHERE ${value} <> 0) AS some_${value}`;
  });
  await db.run(
    "CREATE TABLE dated AS SELECT unit, arm, first_day, row_number() OVER (ORDER BY unit) AS place FROM units WHERE arm IS NOT NULL",
  );
  await db.run(
    `CREATE TABLE weekly AS SELECT place, dated.arm, dated.first_day, (kept.day - dated.first_day) // 7 AS week, ${sums.join(", ")}
     FROM kept JOIN dated USING (unit)
     WHERE kept.day >= dated.first_day GROUP BY ALL`,
  );
  const [both, all, last, weekCount] =
    (
      await db.rows(
        `WITH ends AS (SELECT max(day) AS last, min(first_day) AS first FROM kept, (SELECT min(first_day) AS first_day FROM weekly)),
           seen AS (SELECT bool_or(week = 0) AS early, bool_or(week > 0) AS late FROM weekly, ends WHERE first_day + 13 <= last GROUP BY place)
         SELECT (SELECT count(*) FROM seen WHERE early AND late), (SELECT count(*) FROM seen), last::VARCHAR, (last - first + 1) // 7 FROM ends`,
      )
    )[0] ?? [];
  if (typeof last !== "string" || Number(both) === 0 || Number(both) < seenInBoth * Number(all)) return undefined;
  const weeks: GroupMoments[] = [];
  for (let week = 0; week < Math.min(weeksMax, Number(weekCount)); week++)
    weeks.push({
      value: String(week + 1),
      arms: await spanMoments(db, design, last, 7 * week + 6, [{ where: `week = ${week}`, days: "7" }]),
    });
  const spans = [
    { where: "week = 0", days: "7" },
    { where: "week > 0", days: `(DATE '${last}' - first_day - 6)` },
  ];
  return { weeks, firstAndLater: await spanMoments(db, design, last, 13, spans) };
}

/** The moments of all units whose first day is so many days before the last one, by arm and block of rows. */
async function spanMoments(
  db: DuckDb,
  design: ExperimentDesign,
  last: string,
  daysSeen: number,
  spans: readonly { readonly where: string; readonly days: string }[],
): Promise<readonly ArmMoments[]> {
  const columns = design.metrics.map((metric) => spans.flatMap((span) => spanColumns(design, metric, span)));
  const named = columns.map((own, metric) => own.map((_, index) => `m${metric}_${index}`));
  const values = columns.flatMap((own, metric) => own.map((value, index) => `${value} AS ${named[metric]?.[index]}`));
  await db.run(
    `CREATE OR REPLACE TABLE spans AS SELECT u.place, u.arm, ${values.join(", ")}
     FROM (SELECT place, arm, first_day FROM dated WHERE first_day + ${daysSeen} <= DATE '${last}') AS u
     LEFT JOIN weekly ON weekly.place = u.place GROUP BY u.place, u.arm, u.first_day ORDER BY u.place`,
  );
  const ranges = await rangesOf(db, "spans", named.flat());
  const [[count] = []] = await db.rows("SELECT count(*) FROM spans");
  let at = 0;
  const metrics = named.map((own, index) => ({
    columns: () => own,
    ranges: own.map(() => ranges[at++] as ColumnRange),
    outcomes: own.length,
    countsMissing: design.metrics[index]?.missing === "zero",
    isCapped: false,
    known: own[0] ?? "",
  }));
  const rows = await momentRows(db, planMoments({ table: "spans", metrics }, Number(count)), undefined);
  const empty = named.map((own) => ({ n: 0, means: own.map(() => 0), covariances: [] }));
  return design.arms.map((_, arm) => {
    const row = rows.find((found) => found.arm === arm);
    return row === undefined ? { units: 0, metrics: empty } : { units: row.units, metrics: row.metrics };
  });
}

/** Per day; where missing values are left out, per day with a value. Of a share the days on which it holds. */
function spanColumns(
  design: ExperimentDesign,
  { form, missing }: ExperimentMetric,
  { where, days }: { readonly where: string; readonly days: string },
): readonly string[] {
  const per = (kind: "sum" | "some", column: string): string => {
    const value = valueName(design, column);
    const total = `sum(${kind}_${value} ORDER BY week) FILTER (WHERE ${where})`;
    const over = days.replace("first_day", "u.first_day");
    return missing === "zero" || form.kind === "ratio"
      ? `coalesce(${total}, 0.0) / ${over}`
      : `${total} / nullif(sum(known_${value}) FILTER (WHERE ${where}), 0)`;
  };
  return form.kind === "ratio" ? [per("sum", form.of), per("sum", form.over)] : [per(form.kind === "share" ? "some" : "sum", form.of)];
}
