/** A chunk of a panel as rows of the tables that the SQL of policies reads. */
import { present } from "../../data/foundation/index.ts";
import type { PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import { eventTableColumns, outcomeTableColumns, panelTableColumns, type TableColumn } from "./panel-tables.ts";

/** Values of a column, one a row: texts, numbers, whole numbers of 64 bits as bigints; null where missing. */
export type TableValues = readonly (string | number | bigint | null)[];

/** Rows of a table by column, in the order of its columns. */
export interface TableRows {
  readonly columns: readonly TableColumn[];
  readonly values: readonly TableValues[];
  readonly rowCount: number;
}

/** The chunk's rows of table `panel`: entity, period, measures, attributes, assigned tier. */
export function panelRowsOf(schema: PanelSchema, chunk: PanelChunk): TableRows {
  const { rowCount, entityCount, rowStart, firstPeriod, entities } = chunk;
  const owner = new Int32Array(rowCount);
  const period = new Int32Array(rowCount);
  for (let entity = 0; entity < entityCount; entity++) {
    const begin = rowStart[entity] as number;
    for (let row = begin; row < (rowStart[entity + 1] as number); row++) {
      owner[row] = entity;
      period[row] = (firstPeriod[entity] as number) + row - begin;
    }
  }
  const rows = <T>(value: (row: number) => T): T[] => Array.from({ length: rowCount }, (_, row) => value(row));
  const measures = chunk.measures.map((values) => rows((row) => wholeOrMissing(values[row] as number)));
  const attributes = schema.attributes.map(({ scope, type, values: texts = [] }, index) => {
    const values = present(chunk.attributes[index], "an attribute");
    return rows((row) => {
      const value = values[scope === "row" ? row : (owner[row] as number)] as number;
      if (type === "text") return texts[value] ?? null;
      return Number.isNaN(value) ? null : value;
    });
  });
  const keys = rows((row) => entities[owner[row] as number] as string);
  const { assignedTiers } = schema;
  const assigned = assignedTiers.length === 0 ? [] : [rows((row) => assignedTiers[chunk.assignedTier[row] ?? -1] ?? null)];
  return { columns: panelTableColumns(schema), values: [keys, Array.from(period), ...measures, ...attributes, ...assigned], rowCount };
}

/** The chunk's rows of table `events`, numbered as evaluations see them. */
export function eventRowsOf(schema: PanelSchema, { events, entities }: PanelChunk): TableRows {
  const { count, start, kind, knownDay, points, id, fields } = events;
  const keys: string[] = [];
  const position: number[] = [];
  const number: number[] = [];
  for (const [entity, key] of entities.entries()) {
    const counts = new Map<number, number>();
    for (let event = start[entity] as number; event < (start[entity + 1] as number); event++) {
      const seen = (counts.get(kind[event] as number) ?? 0) + 1;
      counts.set(kind[event] as number, seen);
      keys.push(key);
      position.push(event - (start[entity] as number) + 1);
      number.push(seen);
    }
  }
  const kinds = Array.from(kind, (code) => present(schema.events[code], "a kind of event").name);
  const known = Array.from(points, (value) => (Number.isNaN(value) ? null : value));
  const texts = [...fields.values()].map((values) => values.map((text) => (text === "" ? null : text)));
  return {
    columns: eventTableColumns(schema),
    values: [keys, position, kinds, [...id], Array.from(knownDay), number, known, ...texts],
    rowCount: count,
  };
}

/** The chunk's rows of table `outcomes`, in the order in which they lie. */
export function outcomeRowsOf(schema: PanelSchema, { outcomes, entities }: PanelChunk): TableRows {
  const { count, start, source, day, knownDay, harmful } = outcomes;
  const keys: string[] = [];
  const position: number[] = [];
  for (const [entity, key] of entities.entries()) {
    const begin = start[entity] as number;
    for (let label = begin; label < (start[entity + 1] as number); label++) {
      keys.push(key);
      position.push(label - begin + 1);
    }
  }
  const sources = Array.from(source, (code) => present(schema.outcomes[code], "an outcome source").name);
  return {
    columns: outcomeTableColumns,
    values: [keys, position, sources, Array.from(day), Array.from(knownDay), Array.from(harmful)],
    rowCount: count,
  };
}

function wholeOrMissing(value: number): bigint | null {
  return Number.isNaN(value) ? null : BigInt(value);
}
