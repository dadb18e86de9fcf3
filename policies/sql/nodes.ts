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
  | { readonly kind: "subquery"; readonly select: SqlSelect };

/** Operators of two operands. `IS DISTINCT FROM` treats two missing values as equal. */
export type SqlOperator = "+" | "-" | "*" | "/" | "<" | "<=" | ">" | ">=" | "=" | "<>" | "AND" | "OR" | "IS DISTINCT FROM";
export type SqlFunction =
  | "sum"
  | "min"
  | "max"
  | "count"
  | "row_number"
  | "coalesce"
  | "greatest"
  | "least"
  | "floor"
  | "ceil"
  | "abs"
  | "format"
  | "nullif"
  | "nextafter";
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

/** A table by name or a query in its place, under an alias. */
export interface SqlSource {
  readonly from: string | SqlSelect;
  readonly as: string;
}

/** One query. `everything`: all columns of the sources come before `columns`. */
export interface SqlSelect {
  readonly kind: "select";
  readonly everything: boolean;
  readonly distinct?: boolean;
  readonly columns: readonly SqlColumn[];
  readonly source: SqlSource;
  readonly joins?: readonly { readonly source: SqlSource; readonly outer: boolean; readonly on: SqlExpression }[];
  readonly where?: SqlExpression;
}

/** A table of whole numbers written into the query. */
export interface SqlNumbers {
  readonly kind: "numbers";
  readonly names: readonly string[];
  readonly rows: readonly (readonly (number | undefined)[])[];
}

/** Named steps, then the query that reads them. A recursive step repeats its second query on what the round before gave. */
export interface SqlStatement {
  readonly steps: readonly {
    readonly name: string;
    readonly query: SqlSelect | SqlNumbers | { readonly kind: "recursive"; readonly first: SqlSelect; readonly next: SqlSelect };
  }[];
  readonly result: SqlSelect;
}

/** What a database runs: text with places `$1`, `$2`, and the values for them. */
export interface SqlText {
  readonly sql: string;
  readonly parameters: readonly (number | string)[];
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
