/** What databases write differently, as data: the only thing that telling policies to another one takes. */
import type { SqlFunction, SqlType } from "./nodes.ts";

/** A database whose SQL is spoken. */
export type DialectName = "duckdb" | "trino";

/** Functions of lists, which every database calls otherwise. */
export type ListFunction = Extract<SqlFunction, `list ${string}`>;

/** How one database writes what others write otherwise. Arguments are texts that are SQL already. */
export interface SqlDialect {
  readonly name: DialectName;
  readonly types: Readonly<Record<SqlType, string>>;
  readonly listType: (item: string) => string;
  /** The place of the parameter at a position, from 1. */
  readonly place: (position: number) => string;
  /** Whole numbers of 0 or more. */
  readonly divide: (left: string, right: string) => string;
  readonly lambda: (names: readonly string[], body: string) => string;
  /** Texts are quoted names; values are cast to their types already. */
  readonly record: (fields: readonly { readonly name: string; readonly type: string; readonly value: string }[]) => string;
  readonly list: (item: string) => string;
  /** The first item of a list. */
  readonly first: (list: string) => string;
  readonly filter: (list: string, lambda: string) => string;
  readonly transform: (list: string, lambda: string) => string;
  readonly fold: (list: string, initial: string, lambda: string) => string;
  readonly gather: (record: string, order: string) => string;
  readonly functions: Readonly<Record<ListFunction, string>>;
  /** One row an item of lists of equal length; see `SqlUnnest`. */
  readonly unnest: (parts: {
    readonly from: string;
    readonly keep: readonly string[];
    readonly records: string;
    readonly fields: readonly string[];
    readonly beside: readonly { readonly list: string; readonly as: string }[];
  }) => string;
}

const common = {
  list: (item: string) => `ARRAY[${item}]`,
  listType: (item: string) => `${item}[]`,
};

/** DuckDB, embedded. */
const duckdb: SqlDialect = {
  ...common,
  name: "duckdb",
  types: { BIGINT: "BIGINT", HUGEINT: "HUGEINT", INTEGER: "INTEGER", DOUBLE: "DOUBLE", VARCHAR: "VARCHAR", BOOLEAN: "BOOLEAN" },
  place: (position) => `$${position}`,
  divide: (left, right) => `(${left} // ${right})`,
  lambda: (names, body) => `lambda ${names.join(", ")}: ${body}`,
  record: (fields) => `{${fields.map(({ name, value }) => `${name}: ${value}`).join(", ")}}`,
  first: (list) => `list_extract(${list}, 1)`,
  filter: (list, lambda) => `list_filter(${list}, ${lambda})`,
  transform: (list, lambda) => `list_transform(${list}, ${lambda})`,
  fold: (list, initial, lambda) => `list_reduce(${list}, ${lambda}, ${initial})`,
  gather: (record, order) => `list(${record} ORDER BY ${order})`,
  functions: { "list length": "len", "list distinct": "list_distinct", "list max": "list_max", "list concat": "list_concat" },
  unnest: ({ from, keep, records, fields, beside }) => {
    const lists = [`unnest(${records}) AS "item"`, ...beside.map(({ list, as }) => `unnest(${list}) AS ${as}`)];
    const shown = [...keep, ...fields.map((name) => `"item".${name} AS ${name}`), ...beside.map(({ as }) => as)];
    return `SELECT ${shown.join(", ")} FROM (SELECT ${[...keep, ...lists].join(", ")} FROM ${from})`;
  },
};

/** Trino, a distributed engine over the files of a warehouse. */
const trino: SqlDialect = {
  ...common,
  name: "trino",
  types: { BIGINT: "BIGINT", HUGEINT: "DECIMAL(38, 0)", INTEGER: "INTEGER", DOUBLE: "DOUBLE", VARCHAR: "VARCHAR", BOOLEAN: "BOOLEAN" },
  listType: (item) => `ARRAY(${item})`,
  place: () => "?",
  divide: (left, right) => `(${left} / ${right})`,
  lambda: (names, body) => `(${names.join(", ")}) -> ${body}`,
  record: (fields) =>
    `CAST(ROW(${fields.map(({ value }) => value).join(", ")}) AS ROW(${fields.map(({ name, type }) => `${name} ${type}`).join(", ")}))`,
  first: (list) => `element_at(${list}, 1)`,
  filter: (list, lambda) => `filter(${list}, ${lambda})`,
  transform: (list, lambda) => `transform(${list}, ${lambda})`,
  fold: (list, initial, lambda) => `reduce(${list}, ${initial}, ${lambda}, "last" -> "last")`,
  gather: (record, order) => `array_agg(${record} ORDER BY ${order})`,
  functions: { "list length": "cardinality", "list distinct": "array_distinct", "list max": "array_max", "list concat": "concat" },
  unnest: ({ from, keep, records, fields, beside }) => {
    const names = [...fields, ...beside.map(({ as }) => as)];
    const lists = [records, ...beside.map(({ list }) => list)].join(", ");
    return `SELECT ${[...keep, ...names].join(", ")} FROM ${from} CROSS JOIN UNNEST(${lists}) AS "items" (${names.join(", ")})`;
  },
};

/** Every dialect by name. */
export const dialects: Readonly<Record<DialectName, SqlDialect>> = { duckdb, trino };
