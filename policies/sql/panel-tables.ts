/** The tables that the SQL of a policy reads, the panel's rows, its events and its outcomes, and the one that says what they are. */
import { eventFieldNames, type PanelSchema } from "../../data/panel/index.ts";
import type { SqlType } from "./nodes.ts";

/** The tables whose rows are of entities, in shards of whole ones. */
export function shardedTables({ outcomes }: Pick<PanelSchema, "outcomes">): readonly ("panel" | "events" | "outcomes")[] {
  return outcomes.length === 0 ? ["panel", "events"] : ["panel", "events", "outcomes"];
}

/** A column of a table that the query reads. */
export interface TableColumn {
  readonly name: string;
  readonly type: SqlType;
}

/**
 * The columns of table `panel`, one row an entity and period, without gaps between an entity's first and last. Measures are
 * stored integers, NULL where missing; text attributes are texts, days are day numbers. The tier really assigned stands there where the panel carries one.
 */
export function panelTableColumns(schema: PanelSchema): readonly TableColumn[] {
  return [
    { name: "entity", type: "VARCHAR" },
    { name: "period", type: "INTEGER" },
    ...schema.measures.map(({ name }): TableColumn => ({ name: measureColumn(name), type: "BIGINT" })),
    ...schema.attributes.map(({ name, type }): TableColumn => {
      return { name: attributeColumn(name), type: type === "text" ? "VARCHAR" : type === "day" ? "INTEGER" : "DOUBLE" };
    }),
    ...(schema.assignedTiers.length === 0 ? [] : [{ name: assignedColumn, type: "VARCHAR" } as const]),
  ];
}

/**
 * The columns of table `events`, one row an event. Days are day numbers; `number` counts an entity's events of one kind, and `position` all
 * of them, in the order in which they were known, from 1.
 */
export function eventTableColumns(schema: Pick<PanelSchema, "events">): readonly TableColumn[] {
  return [
    { name: "entity", type: "VARCHAR" },
    { name: "position", type: "INTEGER" },
    { name: "kind", type: "VARCHAR" },
    { name: "id", type: "VARCHAR" },
    { name: "known_day", type: "INTEGER" },
    { name: "number", type: "INTEGER" },
    { name: "points", type: "DOUBLE" },
    ...eventFieldNames(schema).map((name): TableColumn => ({ name: eventFieldColumn(name), type: "VARCHAR" })),
  ];
}

/**
 * The columns of table `outcomes`, one row a label: the last day of the period that it is about, and when it was known, as day numbers; `harmful`
 * is 1, 0 of a fine entity, -1 while an appeal is pending. `position` counts the labels of an entity from 1: of those of one source about one day the
 * later known has the higher.
 */
export const outcomeTableColumns: readonly TableColumn[] = [
  { name: "entity", type: "VARCHAR" },
  { name: "position", type: "INTEGER" },
  { name: "source", type: "VARCHAR" },
  { name: "day", type: "INTEGER" },
  { name: "known_day", type: "INTEGER" },
  { name: "harmful", type: "INTEGER" },
];

/**
 * The columns of table `laid`, of one row: the content digest of the dataset that the others hold, their shards, the rows of table `panel`,
 * and what the dataset is but for its rows, as JSON.
 */
export const laidTableColumns: readonly TableColumn[] = [
  { name: "dataset", type: "VARCHAR" },
  { name: "shards", type: "INTEGER" },
  { name: "rows", type: "BIGINT" },
  { name: "described", type: "VARCHAR" },
];

/** The column of an event's text field in table `events`; NULL where an event carries none. */
export function eventFieldColumn(name: string): string {
  return `field ${name}`;
}

/**
 * The column of a measure in table `panel`.
 *
 * @example
 * measureColumn("orders")
 * // => "measure orders"
 */
export function measureColumn(name: string): string {
  return `measure ${name}`;
}

/** The column of the tier really assigned in table `panel`; NULL where it is not known. */
export const assignedColumn = "assigned";

/** The column of an attribute in table `panel`. */
export function attributeColumn(name: string): string {
  return `attribute ${name}`;
}
