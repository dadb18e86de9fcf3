/** A table of observations -> the table `units` of a database: rows read and checked, brought together by unit, joined to arms. */
import type { OpenTable } from "../../../data/datasets/index.ts";
import type { DuckDb, SqlValue } from "../../../data/engines/index.ts";
import { limits, present } from "../../../data/foundation/index.ts";
import { dealtThing, type ExperimentDesign, unitColumns } from "../design/experiment-design.ts";
import type { ColumnRange } from "./exact-moments.ts";
import { joinArms, joinExposures, type WrittenBefore } from "./join-arms.ts";
import { countLong, layOut } from "./long-form.ts";
import { sumsOfKept, unitTable } from "./moment-source.ts";
import {
  countKept,
  keepAllRows,
  keepRows,
  numberColumns,
  numberMax,
  type RowSource,
  readRows,
  unitsAreRows,
  unitsOfRows,
} from "./observation-sql.ts";
import type { Observations } from "./observations.ts";
import { rejectedRows } from "./rejected-rows.ts";

/** How to reduce. `isHistory`: units of the past, all in the first arm. */
export interface ReductionOptions extends WrittenBefore {
  readonly isHistory?: boolean;
}

/** A table that is being reduced. */
export interface Reduction {
  readonly db: DuckDb;
  readonly design: ExperimentDesign;
  readonly table: OpenTable;
  readonly options: ReductionOptions & { readonly isInLongForm?: boolean };
}

/** What is known when the table `units` is made, before it is summed. */
export interface ReadUnits extends Pick<Observations, "rows" | "rejected" | "duplicates" | "replaced"> {
  readonly ranges: readonly ColumnRange[];
}

/** `units` without a copy of the file: undefined where its rows are not units just as they stand. */
export async function unitsInPlace({ db, design, table, options }: Reduction): Promise<ReadUnits | undefined> {
  const { isHistory = false, isInLongForm = false } = options;
  const numbers = numberColumns(design).map((column) => table.numbers.get(column));
  const { inPlace } = table;
  if (inPlace === undefined || isInLongForm || !areRowsUnits(design, options)) return undefined;
  if (numbers.includes(undefined) || (design.assignment.kind === "rule" && !isHistory)) return undefined;
  if (dealtThing(design).kind === "cluster") return undefined;
  const unitName = design.columns.unit;
  const unit = table.cell(unitName);
  const isLong = (text: string): string =>
    `strlen(${text}) > ${limits.keyBytes.value} OR contains(${text}, chr(10)) OR contains(${text}, chr(0))`;
  const untidy = [
    `${unit} IS NULL OR ${unit} = '' OR ${unit} LIKE ' %' OR ${unit} LIKE '% ' OR ${isLong(unit)}`,
    ...design.segments.map((name) => isLong(table.cell(name))),
  ];
  const [rows, different, apart] = await one(
    db,
    `SELECT count(*), count(DISTINCT hash(${unit})), count(*) FILTER (WHERE ${untidy.join(" OR ")}) FROM ${table.from}`,
  );
  if (rows !== different || Number(apart) !== 0 || (await table.holdsNul([unitName, ...design.segments]))) return undefined;
  // Without expressions: Parquet itself says these.
  const ends = numbers.map((number) => `min(${number?.sql}), max(${number?.sql})`);
  const found = await one(db, `SELECT ${ends.join(", ")} FROM ${table.from}`);
  const ranges = numbers.map((number, index) => ({
    smallest: Number(found[2 * index] ?? 0),
    largest: Number(found[2 * index + 1] ?? 0),
    isWhole: number?.isWhole === true,
  }));
  if (ranges.some(({ smallest, largest }) => !(smallest >= -numberMax && largest <= numberMax))) return undefined;
  const source: RowSource = { ...table, from: inPlace.from, line: inPlace.row };
  for (const statement of readRows(design, source, "VIEW")) await db.run(statement);
  await db.run(keepAllRows);
  await db.run(unitsAreRows(design, true));
  await joinArms(db, design, options, isHistory);
  const names = numberColumns(design);
  const ofUnits = unitColumns(design).map(({ name }) => present(ranges[names.indexOf(name)], "the range of a column"));
  return { rows: Number(rows), rejected: [], duplicates: 0, replaced: 0, ranges: ofUnits };
}

/** After `unitsInPlace`: as if nothing had been read. */
export async function forgetInPlace(db: DuckDb): Promise<void> {
  for (const view of ["units", "per_unit", "kept", "observed"]) await db.run(`DROP VIEW ${view}`);
}

/** `units` of rows that are read once into a table. @throws InputRefused as `rejectedRows`. */
export async function unitsRead(reduction: Reduction): Promise<ReadUnits> {
  const { db, design, options } = reduction;
  const { isHistory = false, isInLongForm = false } = options;
  const hasLog = options.exposures !== undefined;
  const table = await readTable(reduction);
  await joinExposures(db, options);
  const rejected = await rejectedRows(db, design, { table, isInLongForm, hasLog });
  const malformed = rejected.find(({ code }) => code === "malformed-row")?.count ?? 0;
  const [rows, units] = await one(db, "SELECT count(*), count(DISTINCT hash(unit)) FROM observed");
  const areAlone = rejected.every(({ code }) => code === "malformed-row") && rows === units;
  const [read, different] = areAlone ? [rows, rows] : await one(db, countKept(design, hasLog));
  await db.run(areAlone ? keepAllRows : keepRows(design, hasLog));
  const [kept] = await one(db, "SELECT count(*) FROM kept");
  await db.run(areRowsUnits(design, options) ? unitsAreRows(design, areAlone) : unitsOfRows(design, await sumsOfKept(db, design)));
  await joinArms(db, design, options, isHistory);
  const { ranges } = await unitTable(db, design);
  const counts = isInLongForm ? await one(db, countLong(design, rejected.length === 0)) : [rows, read, different, kept];
  const [all, used, once, last] = counts.map(Number) as [number, number, number, number];
  return { rows: all + malformed, rejected, duplicates: used - once, replaced: once - last, ranges };
}

/** Reads the file as `observed`. The columns of a CSV file are first taken for numbers; where one is not, everything is read as texts. */
async function readTable({ db, design, table, options }: Reduction): Promise<OpenTable> {
  const run = async (statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await db.run(statement);
  };
  if (options.isInLongForm === true) {
    const laidOut = layOut(design, table);
    await run([...laidOut.create, ...readRows(design, laidOut, "TABLE")]);
    return table;
  }
  const numbered = await table.asNumbers?.(numberColumns(design));
  if (numbered !== undefined) {
    // What is no number, or no row, is said from the texts.
    const isRead = await run(readRows(design, numbered, "TABLE")).then(
      () => true,
      () => false,
    );
    const beyond = numberColumns(design).map((_, index) => `bad${index} IS NOT NULL`);
    if (isRead && Number((await one(db, `SELECT count(*) FROM read WHERE ${beyond.join(" OR ")}`))[0]) === 0) return numbered;
    if (isRead) await run(["DROP VIEW observed", "DROP TABLE read"]);
  }
  await run(readRows(design, table, "TABLE"));
  return table;
}

/** Whether a file of this design has one row a unit: no day, so that only an arm can tell two rows of a unit apart. */
function areRowsUnits({ columns }: ExperimentDesign, { exposures }: WrittenBefore): boolean {
  return columns.day === undefined && columns.exposed === undefined && exposures === undefined;
}

async function one(db: DuckDb, sql: string): Promise<readonly SqlValue[]> {
  return (await db.rows(sql))[0] ?? [];
}
