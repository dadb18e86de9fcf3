/** Rows of a file -> Observations: checked, joined to arms, reduced by SQL, merged in a fixed order. */
import type { OpenTable, RowPlace } from "../../../data/datasets/index.ts";
import { type DuckDb, quoteText, type SqlValue } from "../../../data/engines/index.ts";
import { diagnose, InputRefused, present } from "../../../data/foundation/index.ts";
import { armNamed } from "../assignment/arm-named.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import {
  countKept,
  keepRows,
  metricColumns,
  momentsByBlock,
  readRows,
  rejections,
  textColumns,
  unitsOfRows,
  valueName,
} from "./observation-sql.ts";
import type { ArmMoments, Extreme, GroupMoments, MetricMoments, Observations, RejectedRows } from "./observations.ts";
import { mergeArms } from "./observations.ts";

const examplesMax = 10;
const extremesMax = 5;
/** Units so many standard deviations above the mean are shown. */
const extremeDeviations = 10;

/**
 * Reduces a file of one row a unit, or one a unit and day. Arms come from the file, or from the design's rule, and then a recorded arm is checked
 * against it. `isHistory`: units of the past, all in the first arm. Cost: one pass to read, one to group by unit, one a segment; memory is DuckDB's. All columns of the design must be there. @throws InputRefused what `OpenTable.unsplit` throws, and `unreadable-file` for a cell that runs over lines.
 */
export async function reduceUnits(
  db: DuckDb,
  design: ExperimentDesign,
  table: OpenTable,
  { isHistory = false }: { readonly isHistory?: boolean } = {},
): Promise<Observations> {
  await db.run(readRows(design, table));
  const rejected = await rejectedRows(db, design, table);
  const [read, different] = (await db.rows(countKept(design)))[0] ?? [];
  await db.run(keepRows(design));
  await db.run(unitsOfRows(design));
  await joinArms(db, design, isHistory);
  const one = async (sql: string): Promise<readonly SqlValue[]> => (await db.rows(sql))[0] ?? [];
  const [rows] = await one("SELECT count(*) FROM observed");
  const [kept] = await one("SELECT count(*) FROM kept");
  const [units, crossovers, misassigned] = await one(
    "SELECT count(*), count(*) FILTER (WHERE arms > 1), count(*) FILTER (WHERE arms < 2 AND arm IS NULL) FROM units",
  );
  const [first, last] = await one("SELECT min(day)::VARCHAR, max(day)::VARCHAR FROM kept");
  const caps = await findCaps(db, design);
  const thresholds = new Map(caps.map(({ metric, threshold }) => [metric, threshold]));
  const whole = async (cuts: ReadonlyMap<string, number>) =>
    armsOf(design, momentsOf(design, await db.rows(momentsByBlock(design, undefined, cuts))).get("") ?? []);
  const segments = [];
  for (const [index, column] of design.segments.entries())
    segments.push({ column, groups: groupsOf(design, await db.rows(momentsByBlock(design, `s${index}`, thresholds))) });
  const byDay =
    design.columns.day === undefined && design.columns.exposed === undefined
      ? []
      : groupsOf(design, await db.rows(momentsByBlock(design, "first_day::VARCHAR", thresholds)));
  return {
    form: "units",
    rows: Number(rows) + (rejected.find(({ code }) => code === "malformed-row")?.count ?? 0),
    units: Number(units),
    rejected,
    duplicates: Number(read) - Number(different),
    replaced: Number(different) - Number(kept),
    crossovers: Number(crossovers),
    misassigned: Number(misassigned),
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

async function rejectedRows(db: DuckDb, design: ExperimentDesign, table: OpenTable): Promise<readonly RejectedRows[]> {
  const unsplit = await table.unsplit();
  await refuseOpenCells(db, design, table);
  const found: { code: RejectedRows["code"]; count: number; rows: readonly { row: number; text: string }[] }[] = [];
  const before: string[] = [];
  for (const { code, where, example } of rejections(design)) {
    const condition = [...before.map((earlier) => `NOT coalesce(${earlier}, false)`), `coalesce(${where}, false)`].join(" AND ");
    const [count] = (await db.rows(`SELECT count(*) FROM observed WHERE ${condition}`))[0] ?? [];
    before.push(`(${where})`);
    if (Number(count) === 0) continue;
    const examples = await db.rows(`SELECT line, ${example} FROM observed WHERE ${condition} ORDER BY line LIMIT ${examplesMax}`);
    found.push({ code, count: Number(count), rows: examples.map(([row, text]) => ({ row: Number(row), text: String(text) })) });
  }
  const places = await placesOf(
    db,
    table,
    found.flatMap(({ rows }) => rows.map(({ row }) => row)),
  );
  const malformed = unsplit.slice(0, examplesMax).map(({ line, reason }) => `line ${line}: ${reason}`);
  return [
    ...(unsplit.length === 0 ? [] : [{ code: "malformed-row" as const, count: unsplit.length, examples: malformed }]),
    ...found.map(({ code, count, rows }) => ({
      code,
      count,
      examples: rows.map(({ row, text }) => `${wordsOf(places.get(row))}: ${text}`),
    })),
  ];
}

async function placesOf(db: DuckDb, table: OpenTable, rows: readonly number[]): Promise<ReadonlyMap<number, RowPlace>> {
  if (rows.length === 0) return new Map();
  const [count] = (await db.rows("SELECT count(*) FROM observed"))[0] ?? [];
  return await table.placesOf(rows, Number(count));
}

/** A quote that is left open swallows rows up to the next one, and what comes out may look like a row. */
async function refuseOpenCells(db: DuckDb, design: ExperimentDesign, table: OpenTable): Promise<void> {
  const texts = textColumns(design);
  const which = texts.map(({ column }, index) => `WHEN contains(${column}, chr(10)) THEN ${index}`).join(" ");
  const [first] = await db.rows(
    `SELECT line, place FROM (SELECT line, CASE ${which} END AS place FROM observed) WHERE place IS NOT NULL ORDER BY line LIMIT 1`,
  );
  if (first === undefined) return;
  const [row, at] = first.map(Number) as [number, number];
  const found = (await placesOf(db, table, [row])).get(row);
  throw new InputRefused([
    diagnose("bad-observations", {
      message: `the cell of '${texts[at]?.name ?? ""}' in the row of ${wordsOf(found)} runs over several lines: a quote in it may be left open, and rows after it part of it`,
      ...(found?.word === "line" ? { place: { file: table.file, line: found.number, column: 1 } } : {}),
      cure: "Close the quote; a cell that the design reads stands on one line.",
    }),
  ]);
}

/** Where a row stands, in words. */
export function wordsOf(place: RowPlace | undefined): string {
  return place === undefined ? "a row" : `${place.word} ${place.number}`;
}

/** `units`: `per_unit` with the arm's position in the design; null for units in two arms, and for those whose recorded arm is not the rule's. */
async function joinArms(db: DuckDb, design: ExperimentDesign, isHistory: boolean): Promise<void> {
  if (isHistory) {
    await db.run("CREATE TABLE units AS SELECT *, 0 AS arm FROM per_unit ORDER BY unit");
    return;
  }
  if (design.assignment.kind === "recorded") {
    const cases = design.arms.map(({ name }, index) => `WHEN ${quoteText(name)} THEN ${index}`).join(" ");
    await db.run(`CREATE TABLE units AS SELECT *, CASE arm_name ${cases} END AS arm FROM per_unit ORDER BY unit`);
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
    const width = metricColumns(design, metric, undefined).length;
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

function groupsOf(design: ExperimentDesign, rows: readonly (readonly SqlValue[])[]): readonly GroupMoments[] {
  return [...momentsOf(design, rows)].map(([value, arms]) => ({ value, arms: armsOf(design, arms) }));
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
