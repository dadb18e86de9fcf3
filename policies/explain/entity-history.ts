/** One entity's past, row by row: what the slow evaluator and the explanation read. */

import { present } from "../../data/foundation/index.ts";
import type { EventColumns, PanelChunk, PanelSchema } from "../../data/panel/index.ts";

/** One period of an entity. Stored integers as in the panel; a missing level is undefined. */
export interface HistoryRow {
  readonly period: number;
  readonly measures: Readonly<Record<string, number | undefined>>;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
}

/** A dated fact, by the day that it was known. */
export interface HistoryEvent {
  readonly kind: string;
  readonly day: number;
  readonly knownDay: number;
  readonly points: number | undefined;
  readonly id: string;
  /** By name; only those that the event carries, so none is empty. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Consecutive periods from entry to exit, oldest first. */
export interface EntityHistory {
  readonly entity: string;
  readonly rows: readonly HistoryRow[];
  readonly events: readonly HistoryEvent[];
}

/** Takes one entity out of a chunk. Cost: its rows times its columns. */
export function entityHistory(schema: PanelSchema, chunk: PanelChunk, entityIndex: number): EntityHistory {
  const start = present(chunk.rowStart[entityIndex], "row start");
  const end = present(chunk.rowStart[entityIndex + 1], "row end");
  const firstPeriod = present(chunk.firstPeriod[entityIndex], "first period");
  const rows: HistoryRow[] = [];
  for (let row = start; row < end; row++) {
    const measures: Record<string, number | undefined> = {};
    for (const [column, measure] of schema.measures.entries()) {
      const value = present(chunk.measures[column]?.[row], measure.name);
      measures[measure.name] = Number.isNaN(value) ? undefined : value;
    }
    const attributes: Record<string, string | number | undefined> = {};
    for (const [column, attribute] of schema.attributes.entries()) {
      const value = present(chunk.attributes[column]?.[attribute.scope === "entity" ? entityIndex : row], attribute.name);
      if (attribute.type === "text") attributes[attribute.name] = attribute.values?.[value];
      else attributes[attribute.name] = Number.isNaN(value) ? undefined : value;
    }
    rows.push({ period: firstPeriod + row - start, measures, attributes });
  }
  const { events } = chunk;
  const list: HistoryEvent[] = [];
  for (let i = present(events.start[entityIndex], "event start"); i < present(events.start[entityIndex + 1], "event end"); i++) {
    const points = present(events.points[i], "points");
    list.push({
      kind: present(schema.events[present(events.kind[i], "kind")]?.name, "event kind"),
      day: present(events.day[i], "day"),
      knownDay: present(events.knownDay[i], "known day"),
      points: Number.isNaN(points) ? undefined : points,
      id: present(events.id[i], "event id"),
      fields: fieldsOf(events, i),
    });
  }
  return { entity: present(chunk.entities[entityIndex], "entity key"), rows, events: list };
}

function fieldsOf(events: EventColumns, event: number): Readonly<Record<string, string>> {
  const carried: Record<string, string> = {};
  for (const [name, texts] of events.fields) {
    const text = texts[event] ?? "";
    if (text !== "") carried[name] = text;
  }
  return carried;
}
