/** The two tables that the SQL of a policy reads, the panel's rows and its events, and the one that says what they are. */
import { eventFieldNames, type PanelSchema } from "../../data/panel/index.ts";
import type { SqlType } from "./nodes.ts";

/** A column of a table that the query reads. */
export interface TableColumn {
  readonly name: string;
  readonly type: SqlType;
}

/**
 * The columns of table `panel`, one row an entity and period, without gaps between an entity's first and last. Measures are
 * stored integers, NULL where missing; text attributes are texts, days are day numbers.
 */
export function panelTableColumns(schema: PanelSchema): readonly TableColumn[] {
  return [
    { name: "entity", type: "VARCHAR" },
    { name: "period", type: "INTEGER" },
    ...schema.measures.map(({ name }): TableColumn => ({ name: measureColumn(name), type: "BIGINT" })),
    ...schema.attributes.map(({ name, type }): TableColumn => {
      return { name: attributeColumn(name), type: type === "text" ? "VARCHAR" : type === "day" ? "INTEGER" : "DOUBLE" };
    }),
  ];
}

/**
 * The columns of table `events`, one row an event. Days are day numbers; `number` counts an entity's events of one kind, and `position` all
 * of them, in the order in which they were known, from 1.
 */
export function eventTableColumns(schema: PanelSchema): readonly TableColumn[] {
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
 * The columns of table `laid`, of one row: the content digest of the dataset that the other two hold, their shards, the rows of table `panel`,
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

/** The column of an attribute in table `panel`. */
export function attributeColumn(name: string): string {
  return `attribute ${name}`;
}
