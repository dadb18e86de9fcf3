/** Observations that come as sufficient statistics: one row an arm and metric, by day and by segment where these are told apart. */
import type { OpenTable, UnsplitRecord } from "../../../data/datasets/index.ts";
import type { DuckDb } from "../../../data/engines/index.ts";
import { diagnose, formatDay, InputRefused, limits, nearestName, parseDay, present } from "../../../data/foundation/index.ts";
import { clusterColumn, type ExperimentDesign, type ExperimentMetric } from "../design/experiment-design.ts";
import {
  type ArmMoments,
  emptyArm,
  type GroupMoments,
  type MetricMoments,
  mergeArms,
  type Observations,
  type RejectedRows,
} from "./observations.ts";
import { clippedCell, refuseNul, wordsOf } from "./rejected-rows.ts";
import { namesRead, type SummaryColumns } from "./summary-columns.ts";
import { momentsOf } from "./summary-moments.ts";

/** What one row says: of an arm and metric, on a day, in a value of each segment. */
interface Cell {
  readonly row: number;
  readonly day: string;
  readonly values: readonly string[];
  readonly arm: number;
  readonly metric: number;
  readonly moments: MetricMoments;
  /** What stands in the columns that are not read. */
  readonly beside: readonly string[];
}

interface Fault {
  readonly code: RejectedRows["code"];
  readonly row: number;
  readonly what: string;
}

/**
 * Reads a table of summaries. Columns: the arm (the design's column for it, or `arm`), `metric`, `n`; `mean` or `sum`; one of `variance`, `sd`,
 * `sum_squares` (a share needs none); for ratios and covariates also `mean_2`, `variance_2`, `covariance`. With a day each row is of that day's
 * own units, with `until` in its place of all units up to then. A row may state both arms of a design of two (`mean_c`, `mean_t`). Columns of segments part the units further. Of rows about the same the last counts; rows about a quantile are refused.
 * @throws InputRefused `bad-observations` for a metric of the design without a row, where clusters are dealt, for rows about the same that differ in what is not
 * read, for rows of totals, and where n falls although it is of all units so far.
 */
export async function reduceSummary(
  db: DuckDb,
  design: ExperimentDesign,
  table: OpenTable,
  columns: SummaryColumns,
): Promise<Observations> {
  refuseClusters(design, table);
  const rows = await db.rows(`SELECT ${table.columns.map((name) => table.cell(name)).join(", ")} FROM ${table.from}`);
  const unsplit = await table.unsplit();
  await refuseNul(db, table);
  const placeOf = new Map(table.columns.map((name, place) => [name, place]));
  const read = readCells(
    design,
    columns,
    rows.map((cells) => (name: string) => String(cells[placeOf.get(name) ?? -1] ?? "").trim()),
    table,
  );
  requireMetrics(design, table, read);
  const { cells, duplicates, replaced } = await lastOfEach(table, design, { columns, cells: read.cells, count: rows.length });
  const isUpTo = columns.day?.isUpTo === true;
  const daily = groupsBy(design, cells, ({ day }) => day);
  if (columns.day?.isUpTo === true) refuseFall(design, table, daily, columns.day.name);
  const whole = isUpTo ? latest(cells) : cells;
  const arms = merged(design, whole);
  const segments = columns.segments.map((column, place) => ({
    column,
    groups: groupsBy(design, whole, ({ values }) => values[place] ?? ""),
  }));
  refuseTotals(table, segments);
  const places = (design.strataColumns ?? []).map((name) => columns.segments.indexOf(name));
  const crossed =
    places.length === 0 || places.includes(-1)
      ? undefined
      : groupsBy(design, whole, ({ values }) => JSON.stringify(places.map((place) => values[place])));
  const [first, last] = [daily[0]?.value, daily.at(-1)?.value];
  return {
    form: "summary",
    rows: rows.length + unsplit.length,
    units: arms.reduce((sum, { units }) => sum + units, 0),
    rejected: await rejectedOf(table, rows.length, { unsplit, faults: read.faults }),
    duplicates,
    replaced,
    crossovers: 0,
    misassigned: 0,
    setAside: {},
    ...(columns.day === undefined || first === undefined || last === undefined ? {} : { days: { first, last } }),
    arms,
    caps: [],
    segments,
    ...(crossed === undefined
      ? {}
      : { crossed: crossed.map(({ value, arms: own }) => ({ value: (JSON.parse(value) as string[]).join(", "), arms: own })) }),
    byDay: columns.day === undefined || isUpTo ? [] : daily,
    ...(isUpTo ? { upTo: daily } : {}),
    missing: design.metrics.map((metric, index) =>
      arms.map(({ units, metrics }) => (isQuantile(metric) ? 0 : units - (metrics[index]?.n ?? 0))),
    ),
    extremes: [],
  };
}

/** @throws InputRefused `bad-observations`. */
function refuseClusters(design: ExperimentDesign, { file }: OpenTable): void {
  const cluster = clusterColumn(design);
  if (cluster === undefined) return;
  throw new InputRefused([
    diagnose("bad-observations", {
      message: `values of '${cluster}' are dealt, and a file of summaries does not tell how far they differ from each other`,
      place: { file, line: 1, column: 1 },
      cure: `Observe a row a unit, with the column '${cluster}'.`,
    }),
  ]);
}

/** The rows that can be used, what is wrong with the others, and the metrics that are named. */
function readCells(
  design: ExperimentDesign,
  columns: SummaryColumns,
  rows: readonly ((name: string) => string)[],
  table: OpenTable,
): {
  readonly cells: readonly Cell[];
  readonly faults: readonly Fault[];
  readonly named: ReadonlySet<number>;
  readonly unknown: readonly string[];
} {
  const beside = besideOf(table, columns);
  const cells: Cell[] = [];
  const faults: Fault[] = [];
  const [named, unknown] = [new Set<number>(), new Set<string>()];
  for (const [row, cell] of rows.entries()) {
    const metricText = cell(columns.metric);
    const metric = design.metrics.findIndex(({ name }) => name === metricText);
    if (metric < 0) {
      unknown.add(metricText);
      faults.push({ row, code: "unknown-metric", what: `metric ${clippedCell(metricText)}` });
      continue;
    }
    named.add(metric);
    const found = readRow(design, columns, metric, cell);
    if ("code" in found) faults.push({ ...found, row });
    else cells.push(...found.map((one) => ({ ...one, row, metric, beside: beside.map(cell) })));
  }
  return { cells, faults, named, unknown: [...unknown] };
}

/** What a row says of each of its arms, or why it is not used. */
function readRow(
  design: ExperimentDesign,
  columns: SummaryColumns,
  metric: number,
  cell: (name: string) => string,
): readonly Pick<Cell, "day" | "values" | "arm" | "moments">[] | Omit<Fault, "row"> {
  const dayText = columns.day === undefined ? "" : cell(columns.day.name);
  const day = dayIn(design, dayText);
  const values = columns.segments.map((name) => cell(name) || "unknown");
  const armText = columns.arm === undefined ? "" : cell(columns.arm);
  const arm = design.arms.findIndex(({ name }) => name === armText);
  const { from, to } = daysOf(design);
  if (columns.arm !== undefined && arm < 0) return { code: "unknown-arm", what: `arm ${clippedCell(armText)}` };
  if (values.some((value) => Buffer.byteLength(value) > limits.keyBytes.value))
    return { code: "too-long", what: `more than ${limits.keyBytes.value} bytes in ${columns.segments.join(" or ")}` };
  if (columns.day !== undefined) {
    if (day === undefined && columns.day.isUpTo && design.columns.daysFrom !== undefined && partOfDay.test(dayText))
      return { code: "within-day", what: `day ${clippedCell(dayText)}, which is not over then` };
    if (day === undefined) return { code: "bad-day", what: `day ${clippedCell(dayText)}` };
    if (day < from) return { code: "before-start", what: `day ${clippedCell(dayText)}, before the first planned one` };
    if (day >= to) return { code: "after-end", what: `day ${clippedCell(dayText)}, after the last planned one` };
  }
  const asked = present(design.metrics[metric], "a metric of the design");
  if (isQuantile(asked)) return { code: "no-summary", what: `${asked.name} is a quantile, which no mean and variance tell` };
  const found: Pick<Cell, "day" | "values" | "arm" | "moments">[] = [];
  for (const side of columns.sides) {
    const moments = momentsOf(asked, (name) => {
      const column = side.figures.get(name);
      return column === undefined ? "" : cell(column);
    });
    if (typeof moments === "string") return { code: "bad-number", what: moments };
    found.push({ day: day === undefined ? "" : formatDay(day), values, arm: side.arm ?? arm, moments });
  }
  return found;
}

/** A checkpoint before its day is over. */
const partOfDay = /^\d{1,5}\.\d{1,9}$/;

/** A day of the calendar, or where the design says that days are numbered a whole number from the plan's start on. */
function dayIn({ start, columns: { daysFrom } }: ExperimentDesign, text: string): number | undefined {
  if (daysFrom === undefined) return parseDay(text.slice(0, 10));
  const number = /^(-?\d{1,5})(\.0+)?$/.exec(text)?.[1];
  const first = start === undefined ? undefined : parseDay(start);
  return number === undefined || first === undefined ? undefined : first + Number(number) - daysFrom;
}

/** Columns that are not read. */
function besideOf({ columns: all }: OpenTable, columns: SummaryColumns): readonly string[] {
  const names = namesRead(columns);
  return all.filter((name) => !names.includes(name));
}

/** Of rows about the same the last. @throws InputRefused `bad-observations` where they differ in what is not read: they are then of parts of the units, and one would stand for all. */
async function lastOfEach(
  table: OpenTable,
  design: ExperimentDesign,
  { columns, cells, count }: { readonly columns: SummaryColumns; readonly cells: readonly Cell[]; readonly count: number },
): Promise<{ readonly cells: readonly Cell[]; readonly duplicates: number; readonly replaced: number }> {
  const kept = new Map<string, Cell>();
  const [duplicates, replaced] = [new Set<number>(), new Set<number>()];
  for (const cell of cells) {
    const key = JSON.stringify([cell.day, cell.values, cell.arm, cell.metric]);
    const earlier = kept.get(key);
    if (earlier !== undefined) {
      const at = cell.beside.findIndex((text, index) => text !== earlier.beside[index]);
      if (at >= 0) throw await differing(table, design, { cells: [earlier, cell], at: besideOf(table, columns)[at] ?? "", count });
      if (JSON.stringify(earlier.moments) === JSON.stringify(cell.moments)) duplicates.add(cell.row);
      else replaced.add(cell.row);
    }
    kept.set(key, cell);
  }
  // In an order of their own: sums are the same bytes in whatever order rows come.
  const sorted = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  return { cells: sorted, duplicates: [...duplicates].filter((row) => !replaced.has(row)).length, replaced: replaced.size };
}

async function differing(
  table: OpenTable,
  { arms, metrics }: ExperimentDesign,
  { cells, at, count }: { readonly cells: readonly [Cell, Cell]; readonly at: string; readonly count: number },
): Promise<InputRefused> {
  const places = await table.placesOf(
    cells.map(({ row }) => row),
    count,
  );
  const [first, second] = cells.map(({ row }) => places.get(row));
  const [{ arm, metric, day }] = cells;
  const what = `'${metrics[metric]?.name}' in the arm '${arms[arm]?.name}'${day === "" ? "" : ` on ${day}`}`;
  return new InputRefused([
    diagnose("bad-observations", {
      message: `${wordsOf(first)} and ${wordsOf(second)} are both about ${what}, and differ in '${clippedCell(at)}', which is not read: which of them counts is open`,
      place: { file: table.file, line: second?.word === "line" ? second.number : 1, column: 1 },
      found: at,
      cure: "Name what parts the rows: 'day' for days of their own units, 'until' for days up to which all units count (both as YYYY-MM-DD), or one of the design's segments. Otherwise keep one row.",
    }),
  ]);
}

/** Arms over some cells: an arm's units are those of its fullest metric on each day and in each value of the segments. */
function merged(design: ExperimentDesign, cells: readonly Cell[]): readonly ArmMoments[] {
  const parts = grouped(cells, ({ day, values }) => JSON.stringify([day, values]));
  return [...parts.values()].reduce<readonly ArmMoments[]>(
    (sum, part) => sum.map((arm, index) => mergeArms(arm, armOf(design, part, index))),
    design.arms.map(() => emptyArm(design)),
  );
}

function armOf(design: ExperimentDesign, part: readonly Cell[], arm: number): ArmMoments {
  const empty = emptyArm(design);
  const own = part.filter((cell) => cell.arm === arm);
  const metrics = empty.metrics.map((none, index) => own.find(({ metric }) => metric === index)?.moments ?? none);
  return { units: Math.max(0, ...metrics.map(({ n }) => n)), metrics };
}

function groupsBy(design: ExperimentDesign, cells: readonly Cell[], textOf: (cell: Cell) => string): readonly GroupMoments[] {
  return [...grouped(cells, textOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, own]) => ({ value, arms: merged(design, own) }));
}

function grouped(cells: readonly Cell[], keyOf: (cell: Cell) => string): ReadonlyMap<string, readonly Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return groups;
}

/** Of figures of all units so far, in the order of days, those of the last day. */
function latest(cells: readonly Cell[]): readonly Cell[] {
  return [...new Map(cells.map((cell) => [JSON.stringify([cell.values, cell.arm, cell.metric]), cell])).values()];
}

/** @throws InputRefused `bad-observations`. */
function refuseFall(design: ExperimentDesign, { file }: OpenTable, upTo: readonly GroupMoments[], column: string): void {
  for (const [index, { name }] of design.arms.entries()) {
    const there = upTo.map(({ value, arms }) => ({ value, units: arms[index]?.units ?? 0 })).filter(({ units }) => units > 0);
    const at = there.findIndex(({ units }, place) => units < (there[place - 1]?.units ?? 0));
    const [before, after] = [there[at - 1], there[at]];
    if (before === undefined || after === undefined) continue;
    throw new InputRefused([
      diagnose("bad-observations", {
        message: `the column '${column}' says that all units up to a day count, and n of '${name}' falls from ${before.units} on ${before.value} to ${after.units} on ${after.value}`,
        place: { file, line: 1, column: 1 },
        found: column,
        cure: "Name the column 'day' where each day's figures are of its own units.",
      }),
    ]);
  }
}

/** A value whose n is in every arm that of all others together is their total. @throws InputRefused `bad-observations`. */
function refuseTotals({ file }: OpenTable, segments: Observations["segments"]): void {
  for (const { column, groups } of segments) {
    const total = groups.find(({ value, arms }) =>
      arms.every(({ units }, arm) => {
        const others = groups.filter((group) => group.value !== value).map((group) => group.arms[arm]?.units ?? 0);
        return others.length > 1 && units > 0 && units === others.reduce((sum, one) => sum + one, 0);
      }),
    );
    if (total === undefined) continue;
    throw new InputRefused([
      diagnose("bad-observations", {
        message: `in every arm n of '${clippedCell(total.value)}' in '${column}' is that of all other values together: its rows are totals, and their units would count twice`,
        place: { file, line: 1, column: 1 },
        found: total.value,
        cure: "Leave rows of totals out.",
      }),
    ]);
  }
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
        near: nearestName(name, unknown),
        cure: "Give a row of it for each arm, or take it out of the design by an amendment.",
      }),
    ),
  );
}

/** Summaries hold no quantile: its rows are refused, and none is asked for. */
function isQuantile({ form }: ExperimentMetric): boolean {
  return form.kind === "quantile";
}

/** The first day of the plan, and the first after it. */
function daysOf({ start, weeks }: ExperimentDesign): { readonly from: number; readonly to: number } {
  const first = start === undefined ? undefined : parseDay(start);
  if (first === undefined) return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  return { from: first, to: weeks === undefined ? Number.POSITIVE_INFINITY : first + 7 * weeks };
}

async function rejectedOf(
  table: OpenTable,
  count: number,
  { unsplit, faults }: { readonly unsplit: readonly UnsplitRecord[]; readonly faults: readonly Fault[] },
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
