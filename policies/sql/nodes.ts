/** SQL as plain nodes: what a policy is turned into before any text exists. Names and values never mix with text. */

/** Anything with a value in a row. */
export type SqlExpression =
  /** A number or text of the policy: becomes a bound parameter, cast to its type. */
  | { readonly kind: "parameter"; readonly value: number | string }
  /** A whole number that the structure of the query needs: a tier code, a count, a day. */
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "null" }
  | { readonly kind: "column"; readonly table?: string; readonly name: string }
  | { readonly kind: "binary"; readonly operator: SqlOperator; readonly left: SqlExpression; readonly right: SqlExpression }
  | { readonly kind: "unary"; readonly operator: "NOT" | "-"; readonly operand: SqlExpression }
  | { readonly kind: "null-test"; readonly operand: SqlExpression; readonly isNull: boolean }
  | { readonly kind: "in"; readonly operand: SqlExpression; readonly values: readonly SqlExpression[] }
  | { readonly kind: "call"; readonly function: SqlFunction; readonly arguments: readonly SqlExpression[] }
  | { readonly kind: "cast"; readonly operand: SqlExpression; readonly type: SqlType }
  | {
      readonly kind: "case";
      readonly whens: readonly { readonly when: SqlExpression; readonly result: SqlExpression }[];
      readonly otherwise: SqlExpression;
    }
  | { readonly kind: "window"; readonly call: SqlExpression; readonly frame?: SqlFrame }
  /** A function over the rows with the same values, in an order of its own; without one, over all of them. */
  | {
      readonly kind: "over";
      readonly call: SqlExpression;
      readonly within: readonly SqlExpression[];
      readonly order: readonly SqlExpression[];
    }
  /** What a lambda or a `let` calls a value. */
  | { readonly kind: "variable"; readonly name: string }
  /** A value under a name, once, for an expression that reads it more than once. */
  | { readonly kind: "let"; readonly name: string; readonly value: SqlExpression; readonly body: SqlExpression }
  | { readonly kind: "record"; readonly fields: readonly SqlField[] }
  | { readonly kind: "field"; readonly of: SqlExpression; readonly name: string }
  /** A list with one item. */
  | { readonly kind: "list"; readonly item: SqlExpression }
  /** Items of a list: those for which `body` is true, or what it makes of each. */
  | { readonly kind: "filter" | "transform"; readonly list: SqlExpression; readonly item: string; readonly body: SqlExpression }
  /** From the first item to the last: `body` over what it gave before and the item. */
  | {
      readonly kind: "fold";
      readonly list: SqlExpression;
      readonly initial: SqlExpression;
      readonly before: string;
      readonly item: string;
      readonly body: SqlExpression;
    }
  /** The records of a group as a list, in ascending order of a column. */
  | { readonly kind: "gather"; readonly record: Extract<SqlExpression, { kind: "record" }>; readonly order: SqlExpression };

/** A field of a record. */
export interface SqlField {
  readonly name: string;
  readonly type: SqlType | { readonly listOf: SqlType };
  readonly value: SqlExpression;
}

/** Operators of two operands. `div` and `mod` are those of whole numbers of 0 or more. `IS DISTINCT FROM` treats two missing values as equal. */
export type SqlOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "div"
  | "mod"
  | "<"
  | "<="
  | ">"
  | ">="
  | "="
  | "<>"
  | "AND"
  | "OR"
  | "IS DISTINCT FROM"
  | "||";
/**
 * Functions. `trim` takes spaces away at both ends, `last known` is a window function that passes over missing values, `sequence` the list of
 * all whole numbers from one to another, both in it, and `month end` a date.
 */
export type SqlFunction =
  | "sum"
  | "min"
  | "max"
  | "count"
  | "coalesce"
  | "greatest"
  | "least"
  | "floor"
  | "ceil"
  | "abs"
  | "nullif"
  | "year"
  | "month"
  | "trim"
  | "row_number"
  | "lead"
  | "last known"
  | "day number"
  | "month end"
  | "sequence"
  | "list length"
  | "list distinct"
  | "list max"
  | "list concat";
export type SqlType = "BIGINT" | "HUGEINT" | "INTEGER" | "DOUBLE" | "VARCHAR" | "BOOLEAN";

/** Which rows of the same entity, in order of period, a window function reads. */
export interface SqlFrame {
  readonly unit: "ROWS" | "RANGE";
  /** Preceding rows or periods; `unbounded` from the first on. */
  readonly from: SqlExpression | "unbounded";
  /** Absent: the current row. */
  readonly to?: SqlExpression;
}

/** A named result column. */
export interface SqlColumn {
  readonly as: string;
  readonly expression: SqlExpression;
}

/** A table by name (or by the names of catalogue, schema and table), or a query in its place, under an alias. */
export interface SqlSource {
  readonly from: string | readonly string[] | SqlSelect | SqlUnion;
  readonly as: string;
}

/** The rows of queries one after another; columns go by their place. */
export interface SqlUnion {
  readonly kind: "union";
  readonly queries: readonly SqlSelect[];
}

/** Lists of equal length side by side, one row an item: columns `keep`, fields of the records where there are some, and the other lists' items. */
export interface SqlUnnest {
  readonly kind: "unnest";
  readonly from: string;
  readonly keep: readonly string[];
  readonly records?: string;
  /** All fields of a record, in their order, and those that are columns. */
  readonly fieldsThere: readonly string[];
  readonly fields: readonly string[];
  readonly beside: readonly { readonly list: string; readonly as: string }[];
}

/** Rows beside those of the source; `outer`: a row of the source that has none stays. */
export interface SqlJoin {
  readonly source: SqlSource;
  readonly outer: boolean;
  readonly on: SqlExpression;
}

/** One query. `everything`: all columns of the sources come before `columns`. */
export interface SqlSelect {
  readonly kind: "select";
  readonly everything: boolean;
  readonly columns: readonly SqlColumn[];
  readonly source: SqlSource;
  readonly joins?: readonly SqlJoin[];
  readonly where?: SqlExpression;
  /** Positions of columns, from 1. */
  readonly groupBy?: readonly number[];
}

/** A table of whole numbers written into the query. */
export interface SqlNumbers {
  readonly kind: "numbers";
  readonly names: readonly string[];
  readonly rows: readonly (readonly (number | undefined)[])[];
}

/** Named steps, then the query that reads them. */
export interface SqlStatement {
  readonly steps: readonly { readonly name: string; readonly query: SqlSelect | SqlNumbers | SqlUnnest }[];
  readonly result: SqlSelect;
}

/** What a database runs: text with places for values, in the dialect's form, and the values in their order. */
export interface SqlText {
  readonly sql: string;
  readonly parameters: readonly (number | string)[];
}

/** The same nodes, which nobody can change any more, however many places share them. Cost: each node once. */
export function frozen<Nodes extends object>(nodes: Nodes): Nodes {
  if (Object.isFrozen(nodes)) return nodes;
  Object.freeze(nodes);
  for (const inner of Object.values(nodes)) if (typeof inner === "object" && inner !== null) frozen(inner);
  return nodes;
}

export const nothing: SqlExpression = { kind: "null" };

/** A value of the policy. */
export function parameter(value: number | string): SqlExpression {
  return { kind: "parameter", value };
}

/** A whole number of the query's structure. */
export function integer(value: number | bigint): SqlExpression {
  return { kind: "integer", value: BigInt(value) };
}

/** A column, of a named table when given. */
export function column(name: string, table?: string): SqlExpression {
  return table === undefined ? { kind: "column", name } : { kind: "column", name, table };
}

/** left operator right */
export function binary(left: SqlExpression, operator: SqlOperator, right: SqlExpression): SqlExpression {
  return { kind: "binary", operator, left, right };
}

/** All of the claims; none: always true. */
export function all(...claims: readonly SqlExpression[]): SqlExpression {
  return claims.length === 0 ? binary(integer(1), "=", integer(1)) : claims.reduce((a, b) => binary(a, "AND", b));
}

/** Any of the claims; none: never true. */
export function any(...claims: readonly SqlExpression[]): SqlExpression {
  return claims.length === 0 ? binary(integer(1), "=", integer(0)) : claims.reduce((a, b) => binary(a, "OR", b));
}

export function call(name: SqlFunction, ...operands: readonly SqlExpression[]): SqlExpression {
  return { kind: "call", function: name, arguments: operands };
}

export function cast(operand: SqlExpression, type: SqlType): SqlExpression {
  return { kind: "cast", operand, type };
}

export function isNull(operand: SqlExpression): SqlExpression {
  return { kind: "null-test", operand, isNull: true };
}

export function isKnown(operand: SqlExpression): SqlExpression {
  return { kind: "null-test", operand, isNull: false };
}

/** The result of the first claim that is true, else the last argument. */
export function choose(whens: readonly (readonly [SqlExpression, SqlExpression])[], otherwise: SqlExpression): SqlExpression {
  if (whens.length === 0) return otherwise;
  return { kind: "case", whens: whens.map(([when, result]) => ({ when, result })), otherwise };
}

/** The result unless any operand is missing. SQL's LEAST, GREATEST and CASE do not spread a missing operand by themselves. */
export function unlessMissing(operands: readonly SqlExpression[], result: SqlExpression): SqlExpression {
  return operands.length === 0 ? result : choose([[any(...operands.map(isNull)), nothing]], result);
}

/** A function over the rows with the same values, in an order of its own. */
export function over(called: SqlExpression, within: readonly SqlExpression[], order: readonly SqlExpression[] = []): SqlExpression {
  return { kind: "over", call: called, within, order };
}

/** A function over rows of the same entity. */
export function overRows(called: SqlExpression, frame: SqlFrame): SqlExpression {
  return { kind: "window", call: called, frame };
}

/** A value that a lambda or a `let` names. */
export function variable(name: string): SqlExpression {
  return { kind: "variable", name };
}

/** A field of a record. */
export function field(of: SqlExpression, name: string): SqlExpression {
  return { kind: "field", of, name };
}

/** Names of the fields that are read of records, anywhere within. */
export function fieldsRead(within: readonly unknown[]): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const look = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    if ("kind" in part && part.kind === "field" && "name" in part) names.add(String(part.name));
    for (const inner of Object.values(part)) look(inner);
  };
  look(within);
  return names;
}

/** `value`, called by a name, for `body`. */
export function letBe(name: string, value: SqlExpression, body: (value: SqlExpression) => SqlExpression): SqlExpression {
  return { kind: "let", name, value, body: body(variable(name)) };
}

/** Never true, nor unknown. */
export const never: SqlExpression = binary(integer(1), "=", integer(0));

/** The number below 0 that is as far from it. */
export function negative(operand: SqlExpression): SqlExpression {
  return { kind: "unary", operator: "-", operand };
}

/** The opposite; unknown of what is unknown. */
export function not(operand: SqlExpression): SqlExpression {
  return { kind: "unary", operator: "NOT", operand };
}

/** A result column. */
export function named(as: string, expression: SqlExpression): SqlColumn {
  return { as, expression };
}
