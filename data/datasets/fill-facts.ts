/** Events and outcomes of a run of entities, sorted as panels promise. */

import type { DuckDb } from "../engines/index.ts";
import { type EventColumns, eventFieldNames, type OutcomeColumns, type PanelSchema, startsOf } from "../panel/index.ts";
import type { CheckedFile } from "./check-files.ts";
import { rangeFilter } from "./fill-rows.ts";
import { cellIndex } from "./row-checks.ts";

/** Entities from `from` to `to` - 1. */
interface EntityRange {
  readonly from: number;
  readonly to: number;
}

const eventOrder = "ORDER BY code, known, id, day, kind";
const outcomeOrder = "ORDER BY code, day, source, known, harmful";

/**
 * Puts events and outcomes into the order of panels, so that those of a run of entities are read at the cost of their own rows. A file without
 * known-at days: events are known when they happened, labels after their source's horizon and lag.
 */
export async function orderFacts(db: DuckDb, schema: PanelSchema, files: readonly CheckedFile[]): Promise<void> {
  const order = async (table: string, parts: readonly string[], by: string) => {
    if (parts.length > 0) await db.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM (${parts.join(" UNION ALL ")}) ${by}`);
  };
  await order("ordered_events", eventParts(schema, files), eventOrder);
  await order("ordered_outcomes", outcomeParts(schema, files), outcomeOrder);
}

function eventParts(schema: PanelSchema, files: readonly CheckedFile[]): string[] {
  const parts: string[] = [];
  const names = schema.events.map((each) => each.name);
  for (const { file, good } of files) {
    if (file.holds !== "events") continue;
    const cell = (part: typeof file.known) => (part === undefined ? "NULL" : `p.v${cellIndex(file, part)}`);
    const known = file.known === undefined ? cell(file.date) : cell(file.known);
    const texts = eventFieldNames(schema).map((name, index) => {
      const held = file.fields.find((field) => field.name === name);
      return `, coalesce(CAST(${cell(held)} AS VARCHAR), '') AS f${index}`;
    });
    parts.push(
      `SELECT e.code, ${codeSql(cell(file.kind), names)} AS kind, ${cell(file.date)} AS day, ${known} AS known, CAST(${cell(file.points)} AS DOUBLE) + 0.0 AS points, ${cell(file.id)} AS id${texts.join("")} FROM ${good} p JOIN entity e ON p.key = e.key`,
    );
  }
  return parts;
}

function outcomeParts(schema: PanelSchema, files: readonly CheckedFile[]): string[] {
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
      `SELECT e.code, ${source} AS source, ${cell(file.date)} AS day, CAST(${known} AS INTEGER) AS known, CAST(${harmful} AS INTEGER) AS harmful, CAST(${cell(file.probability)} AS DOUBLE) AS probability FROM ${good} p JOIN entity e ON p.key = e.key`,
    );
  }
  return parts;
}

/** Reads the events, ordered by entity, known day, id. */
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
  if (files.some(({ file }) => file.holds === "events")) {
    await db.stream(`SELECT * FROM ordered_events${rangeFilter(from, to)} ${eventOrder}`, (batch) => {
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

/** Reads the labels, ordered by entity, day, source, known day. */
export async function fillOutcomes(db: DuckDb, files: readonly CheckedFile[], { from, to }: EntityRange): Promise<OutcomeColumns> {
  const columns: number[][] = [[], [], [], [], [], []];
  if (files.some(({ file }) => file.holds === "outcomes")) {
    await db.stream(`SELECT * FROM ordered_outcomes${rangeFilter(from, to)} ${outcomeOrder}`, (batch) => {
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

function codeSql(cell: string, names: readonly string[]): string {
  const cases = names.map((name, code) => `WHEN '${name.replaceAll("'", "''")}' THEN ${code}`).join(" ");
  return `CAST(CASE ${cell} ${cases} ELSE -1 END AS INTEGER)`;
}
