/** What databases write differently, as data: the only thing that telling policies to another one takes. */
import type { SqlFunction, SqlType } from "./nodes.ts";

/** A database whose SQL is spoken. */
export type DialectName = "duckdb" | "trino" | "spark";

/** Functions that every database has under a name of its own. */
export type NamedFunction = Extract<SqlFunction, `list ${string}` | "sequence" | "month end">;

/** Functions of one number that databases give different types. */
export type WholeFunction = Extract<SqlFunction, "floor" | "ceil">;

/** A window function over the rows of periods from `back` to `lag` before the row's own, which may differ from row to row. */
export interface VaryingFrame {
  readonly name: string;
  readonly value: string;
  readonly back: string;
  readonly lag: string;
  /** `OVER (..)` of the entity's rows so far, and the row's period. */
  readonly soFar: string;
  readonly period: string;
}

/** How one database writes what others write otherwise. Arguments are texts that are SQL already. */
export interface SqlDialect {
  readonly name: DialectName;
  /** A name of a table, column or variable. */
  readonly quote: (name: string) => string;
  readonly types: Readonly<Record<SqlType, string>>;
  readonly listType: (item: string) => string;
  /** The place of the parameter at a position, from 1. */
  readonly place: (position: number) => string;
  /** Whole numbers of 0 or more. */
  readonly divide: (left: string, right: string) => string;
  /** The whole number as a double. */
  readonly whole: (name: WholeFunction, operand: string) => string;
  /** Absent where the bounds of a frame may come from columns, and a frame may be empty. */
  readonly varyingFrame?: (frame: VaryingFrame) => string;
  /** Days since 1970-01-01, of a date or a moment. */
  readonly dayNumber: (date: string) => string;
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
  readonly functions: Readonly<Record<NamedFunction, string>>;
  /** The window function that gives the last value so far that is not missing. */
  readonly lastKnown: (value: string) => string;
  /** One row an item of lists of equal length; see `SqlUnnest`. */
  readonly unnest: (parts: {
    readonly from: string;
    readonly keep: readonly string[];
    readonly records?: string;
    readonly fieldsThere: readonly string[];
    readonly fields: readonly string[];
    readonly beside: readonly { readonly list: string; readonly as: string }[];
  }) => string;
}

const common = {
  quote: (name: string) => `"${name.replaceAll('"', '""')}"`,
  whole: (name: WholeFunction, operand: string) => `${name}(${operand})`,
  dayNumber: (date: string) => `CAST(date_diff('day', DATE '1970-01-01', CAST(${date} AS DATE)) AS INTEGER)`,
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
  functions: {
    "list length": "len",
    "list distinct": "list_distinct",
    "list max": "list_max",
    "list concat": "list_concat",
    sequence: "generate_series",
    "month end": "last_day",
  },
  lastKnown: (value) => `last_value(${value} IGNORE NULLS)`,
  unnest: ({ from, keep, records, fields, beside }) => {
    const lists = [
      ...(records === undefined ? [] : [`unnest(${records}) AS "item"`]),
      ...beside.map(({ list, as }) => `unnest(${list}) AS ${as}`),
    ];
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
  functions: {
    "list length": "cardinality",
    "list distinct": "array_distinct",
    "list max": "array_max",
    "list concat": "concat",
    sequence: "sequence",
    "month end": "last_day_of_month",
  },
  lastKnown: (value) => `last_value(${value}) IGNORE NULLS`,
  unnest: ({ from, keep, records, fieldsThere, fields, beside }) => {
    const others = beside.map(({ as }) => as);
    const [shown, there] = [fields, fieldsThere].map((names) => [...names, ...others].join(", "));
    const lists = listsOf(records, beside).join(", ");
    return `SELECT ${[...keep, shown].join(", ")} FROM ${from} CROSS JOIN UNNEST(${lists}) AS "items" (${there})`;
  },
};

/**
 * Spark, with its rules of ANSI SQL as it comes. Bounds of frames must be literals: where they differ from row to row the rows so far are
 * gathered beside each row, and those within the bounds picked from them.
 */
const spark: SqlDialect = {
  name: "spark",
  quote: backQuoted,
  types: { BIGINT: "BIGINT", HUGEINT: "DECIMAL(38, 0)", INTEGER: "INT", DOUBLE: "DOUBLE", VARCHAR: "STRING", BOOLEAN: "BOOLEAN" },
  listType: (item) => `ARRAY<${item}>`,
  place: () => "?",
  divide: (left, right) => `(${left} DIV ${right})`,
  // It gives a whole number of 64 bits: from 2^53 on a double is whole already.
  whole: (name, operand) => {
    const inside = `CASE WHEN abs(\`whole\`) < 9007199254740992 THEN CAST(${name}(\`whole\`) AS DOUBLE) ELSE \`whole\` END`;
    return `element_at(transform(array(${operand}), \`whole\` -> ${inside}), 1)`;
  },
  varyingFrame: ({ name, value, back, lag, soFar, period }) => {
    const rows = `collect_list(struct(${period} AS \`period\`, ${value} AS \`value\`)) ${soFar}`;
    const framed = `filter(${rows}, \`row\` -> \`row\`.\`period\` BETWEEN ${period} - ${back} AND ${period} - ${lag})`;
    const values = `filter(transform(${framed}, \`row\` -> \`row\`.\`value\`), \`value\` -> \`value\` IS NOT NULL)`;
    if (name === "count") return `CAST(array_size(${values}) AS BIGINT)`;
    if (name !== "sum") return `array_${name}(${values})`;
    return `aggregate(${values}, CAST(NULL AS BIGINT), (\`sum\`, \`value\`) -> coalesce(\`sum\`, CAST(0 AS BIGINT)) + \`value\`)`;
  },
  dayNumber: (date) => `datediff(CAST(${date} AS DATE), DATE'1970-01-01')`,
  lambda: (names, body) => `${names.length === 1 ? names[0] : `(${names.join(", ")})`} -> ${body}`,
  record: (fields) => `struct(${fields.map(({ name, value }) => `${value} AS ${name}`).join(", ")})`,
  list: (item) => `array(${item})`,
  first: (list) => `element_at(${list}, 1)`,
  filter: (list, lambda) => `filter(${list}, ${lambda})`,
  transform: (list, lambda) => `transform(${list}, ${lambda})`,
  fold: (list, initial, lambda) => `aggregate(${list}, ${initial}, ${lambda})`,
  // Gathered rows come in no order: they are sorted by what stands first in them, which no two of a group share.
  gather: (record, order) =>
    `transform(array_sort(collect_list(struct(${order} AS \`order\`, ${record} AS \`record\`))), \`each\` -> \`each\`.\`record\`)`,
  functions: {
    "list length": "array_size",
    "list distinct": "array_distinct",
    "list max": "array_max",
    "list concat": "concat",
    sequence: "sequence",
    "month end": "last_day",
  },
  lastKnown: (value) => `last_value(${value}) IGNORE NULLS`,
  unnest: ({ from, keep, records, fields, beside }) => {
    const shown = [...keep, ...fields.map((name) => `\`item\`.${name} AS ${name}`), ...beside.map(({ as }) => as)];
    const lists = listsOf(records, beside).join(", ");
    const names = [...(records === undefined ? [] : ["`item`"]), ...beside.map(({ as }) => as)].join(", ");
    return `SELECT ${shown.join(", ")} FROM ${from} LATERAL VIEW inline(arrays_zip(${lists})) \`items\` AS ${names}`;
  },
};

function listsOf(records: string | undefined, beside: readonly { readonly list: string }[]): readonly string[] {
  return [...(records === undefined ? [] : [records]), ...beside.map(({ list }) => list)];
}

function backQuoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Every dialect by name. */
export const dialects: Readonly<Record<DialectName, SqlDialect>> = { duckdb, trino, spark };
