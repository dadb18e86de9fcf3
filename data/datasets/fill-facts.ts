/** Events and outcomes of a run of entities, sorted as panels promise, and the kept versions of corrected rows. */

import type { DuckDb } from "../engines/index.ts";
import { present } from "../foundation/index.ts";
import { type EventColumns, eventFieldNames, type FileColumn, type OutcomeColumns, type PanelSchema, startsOf } from "../panel/index.ts";
import type { CheckedFile } from "./check-files.ts";
import type { DatedFile } from "./compare-rows.ts";
import { numberSql, rangeFilter } from "./fill-rows.ts";
import { NumberBuffer } from "./number-buffer.ts";
import { cellIndex } from "./row-checks.ts";

/** Entities from `from` to `to` - 1. */
interface EntityRange {
  readonly from: number;
  readonly to: number;
}

/** Reads the events, ordered by entity, known day, id. A file without known-at days: known when they happened. */
export async function fillEvents(
  db: DuckDb,
  schema: PanelSchema,
  files: readonly CheckedFile[],
  { from, to }: EntityRange,
): Promise<EventColumns> {
  const owners: number[] = [];
  const [kind, day, knownDay, points]: number[][] = [[], [], [], []];
  const id: string[] = [];
  const fields = new Map(eventFieldNames(schema).map((name): [string, string[]] => [name, []]));
  const parts: string[] = [];
  for (const { file, good } of files) {
    if (file.holds !== "events") continue;
    const cell = (part: typeof file.known) => (part === undefined ? "NULL" : `p.v${cellIndex(file, part)}`);
    const known = file.known === undefined ? cell(file.date) : cell(file.known);
    const code = codeSql(
      cell(file.kind),
      schema.events.map((each) => each.name),
    );
    const texts = [...fields.keys()].map((name, index) => {
      const held = file.fields.find((field) => field.name === name);
      return `, coalesce(CAST(${cell(held)} AS VARCHAR), '') AS f${index}`;
    });
    parts.push(
      `SELECT e.code, ${code} AS kind, ${cell(file.date)} AS day, ${known} AS known, CAST(${cell(file.points)} AS DOUBLE) + 0.0 AS points, ${cell(file.id)} AS id${texts.join("")} FROM ${good} p JOIN entity e ON p.key = e.key${rangeFilter(from, to)}`,
    );
  }
  if (parts.length > 0) {
    await db.stream(`SELECT * FROM (${parts.join(" UNION ALL ")}) ORDER BY code, known, id, day, kind`, (batch) => {
      const columns = [0, 1, 2, 3].map((column) => batch.numbers(column, 0));
      const [pointed, ids] = [batch.numbers(4, Number.NaN), batch.texts(5)];
      for (let i = 0; i < batch.rowCount; i++) {
        owners.push((columns[0]?.[i] as number) - from);
        kind?.push(columns[1]?.[i] as number);
        day?.push(columns[2]?.[i] as number);
        knownDay?.push(columns[3]?.[i] as number);
        points?.push(pointed[i] as number);
        id.push(ids[i] ?? "");
      }
      for (const [index, texts] of [...fields.values()].entries()) {
        const cells = batch.texts(6 + index);
        for (let i = 0; i < batch.rowCount; i++) texts.push(cells[i] ?? "");
      }
    });
  }
  return {
    count: owners.length,
    start: startsOf(to - from, owners),
    kind: Int32Array.from(kind ?? []),
    day: Int32Array.from(day ?? []),
    knownDay: Int32Array.from(knownDay ?? []),
    points: Float64Array.from(points ?? []),
    id,
    fields,
  };
}

/** Reads the labels, ordered by entity, day, source, known day. A file without known-at days: known after the source's horizon and lag. */
export async function fillOutcomes(
  db: DuckDb,
  schema: PanelSchema,
  files: readonly CheckedFile[],
  { from, to }: EntityRange,
): Promise<OutcomeColumns> {
  const columns: number[][] = [[], [], [], [], [], []];
  const parts: string[] = [];
  const names = schema.outcomes.map((source) => source.name);
  for (const { file, good } of files) {
    if (file.holds !== "outcomes") continue;
    const cell = (part: typeof file.known) => (part === undefined ? "NULL" : `p.v${cellIndex(file, part)}`);
    const source = codeSql(cell(file.source), names);
    const delays = schema.outcomes.map((each, code) => `WHEN ${code} THEN ${each.horizonDays + each.lagDays}`).join(" ");
    const known = file.known === undefined ? `${cell(file.date)} + CASE ${source} ${delays} ELSE 0 END` : cell(file.known);
    const harmful = `CASE ${cell(file.outcome)} WHEN 'harmful' THEN 1 WHEN 'fine' THEN 0 ELSE -1 END`;
    parts.push(
      `SELECT e.code, ${source} AS source, ${cell(file.date)} AS day, CAST(${known} AS INTEGER) AS known, CAST(${harmful} AS INTEGER) AS harmful, CAST(${cell(file.probability)} AS DOUBLE) AS probability FROM ${good} p JOIN entity e ON p.key = e.key${rangeFilter(from, to)}`,
    );
  }
  if (parts.length > 0) {
    await db.stream(`SELECT * FROM (${parts.join(" UNION ALL ")}) ORDER BY code, day, source, known, harmful`, (batch) => {
      for (const [column, values] of columns.entries()) {
        const cells = batch.numbers(column, Number.NaN);
        for (let i = 0; i < batch.rowCount; i++) values.push(cells[i] as number);
      }
    });
  }
  const [codes, source, day, knownDay, harmful, probability] = columns as [number[], number[], number[], number[], number[], number[]];
  const owners = codes.map((code) => code - from);
  return {
    count: owners.length,
    start: startsOf(to - from, owners),
    source: Int32Array.from(source),
    day: Int32Array.from(day),
    knownDay: Int32Array.from(knownDay),
    harmful: Int8Array.from(harmful),
    probability: Float64Array.from(probability),
  };
}

/** All versions of all rows, ordered by entity, period, group of files, known day: what a panel pinned to a day is rebuilt from. */
export async function fillVersions(
  db: DuckDb,
  schema: PanelSchema,
  dated: readonly DatedFile[],
  { from, to }: EntityRange,
): Promise<{ rowCount: number; columns: FileColumn[] }> {
  const names = [
    ...schema.measures.map((measure) => measure.name),
    ...schema.attributes.filter((each) => each.scope === "row").map((each) => each.name),
  ];
  const decimals = new Map(schema.measures.map((measure) => [measure.name, measure.decimals]));
  const [entity, period, known, part, tier] = Array.from({ length: 5 }, integerBuffer) as [
    Integers,
    Integers,
    Integers,
    Integers,
    Integers,
  ];
  const integers = [period, known, part, tier];
  const floats = names.map(() => new NumberBuffer((length) => new Float64Array(length)));
  const parts = dated.map((file) => {
    const held = new Map(
      file.file.columns.map((column) => [
        column.kind === "measure" ? column.measure.name : column.kind === "attribute" ? column.name : "",
        column,
      ]),
    );
    const cells = names.map((name) => {
      const column = held.get(name);
      if (column === undefined) return "CAST(NULL AS DOUBLE)";
      if (column.kind !== "measure") return `${numberSql(file, column, "DOUBLE")} + 0.0`;
      const value = `round(${numberSql(file, column, "DOUBLE")} * ${10 ** (decimals.get(name) ?? 0)}) + 0.0`;
      return column.measure.kind === "flow" ? `coalesce(${value}, 0)` : value;
    });
    const tier = file.file.columns.find((column) => column.kind === "assigned_tier");
    const tierCode = tier === undefined ? "CAST(NULL AS INTEGER)" : numberSql(file, tier, "INTEGER");
    const source = `(SELECT *, ${file.known} AS known FROM ${file.good}) p JOIN entity e ON p.key = e.key${rangeFilter(from, to)}`;
    return `SELECT e.code, p.period, CAST(p.known AS INTEGER) AS known, ${file.group} AS part, ${tierCode} AS tier, ${cells.join(", ")} FROM ${source}`;
  });
  await db.stream(`SELECT * FROM (${parts.join(" UNION ALL ")}) ORDER BY 1, 2, 4, 3`, (batch) => {
    entity.add(batch.numbers(0, -1), batch.rowCount, from);
    for (const [index, buffer] of integers.entries()) buffer.add(batch.numbers(index + 1, -1), batch.rowCount);
    for (const [index, buffer] of floats.entries()) buffer.add(batch.numbers(index + 1 + integers.length, Number.NaN), batch.rowCount);
  });
  const owners = entity.finish();
  const columns: FileColumn[] = [
    { kind: "integer", name: "entity", values: owners },
    { kind: "integer", name: "period", values: period.finish() },
    { kind: "day", name: "known_on", values: known.finish() },
    { kind: "integer", name: "file", values: part.finish() },
  ];
  const { assignedTiers } = schema;
  if (assignedTiers.length > 0) columns.push({ kind: "coded", name: "assigned_tier", codes: tier.finish(), values: assignedTiers });
  for (const [index, name] of names.entries()) columns.push({ kind: "float", name, values: present(floats[index], name).finish() });
  return { rowCount: owners.length, columns };
}

type Integers = NumberBuffer<Int32Array>;

function integerBuffer(): Integers {
  return new NumberBuffer((length) => new Int32Array(length));
}

function codeSql(cell: string, names: readonly string[]): string {
  const cases = names.map((name, code) => `WHEN '${name.replaceAll("'", "''")}' THEN ${code}`).join(" ");
  return `CAST(CASE ${cell} ${cases} ELSE -1 END AS INTEGER)`;
}
