/** A policy as a person would write it in SQL: what every row merits, and the step of movement, which each form puts to use. */

/** Names and expressions of one layer; a layer reads the layers before it. */
export type Layer = Readonly<Record<string, string>>;

/** What a form needs. */
export interface HandPolicy {
  /** Tier names by code. */
  readonly tiers: readonly string[];
  /** A query that gives seller, week and the inputs, one row a seller and week. */
  readonly merits: string;
  /** Columns that the step reads beside the state: small integers. */
  readonly inputs: readonly string[];
  /** State before the first week, by column; `held` is the tier's code. */
  readonly start: Readonly<Record<string, number>>;
  /** From state, inputs and `week` to the next state: the last layer gives every column of the state, under the names `next <column>`. */
  readonly step: readonly Layer[];
}

/** A number as a DOUBLE: without the exponent DuckDB would read a DECIMAL. */
export function double(value: number): string {
  return `${value}e0`;
}

/** Piecewise linear through points written `x y, x y`; flat outside the ends, NULL where the value is. */
export function curve(value: string, points: string): string {
  const anchors = points.split(", ").map((point) => point.split(" ").map(Number));
  const pieces = anchors.map(([x = 0, y = 0], index) => {
    const [x0 = 0, y0 = 0] = anchors[index - 1] ?? [];
    const line = `${double(y0)} + (${value} - ${double(x0)}) * ${double(y - y0)} / ${double(x - x0)}`;
    return `WHEN ${value} < ${double(x)} THEN ${index === 0 ? double(y) : line}`;
  });
  return `CASE WHEN ${value} IS NULL THEN NULL ${pieces.join(" ")} ELSE ${double(anchors.at(-1)?.[1] ?? 0)} END`;
}

/** Rounds a value from 0 up on its exact binary value, ties up: the product's error (Dekker 1971) is asked only where the product is a half. */
export function rounded(value: string, power: number): string {
  const product = `(${value} * ${double(power)})`;
  const shifted = `(${value} * 134217729e0)`;
  const high = `(${shifted} - (${shifted} - ${value}))`;
  const error = `(${high} * ${double(power)} - ${product}) + (${value} - ${high}) * ${double(power)}`;
  const down = `${product} - floor(${product}) = 0.5e0 AND ${error} < 0`;
  return `CASE WHEN ${down} THEN floor(${product}) ELSE round(${product}) END / ${double(power)}`;
}

/** A weighted mean of what is known; NULL when nothing is. */
export function weighted(weights: Readonly<Record<string, number>>): string {
  const known = (term: (score: string, weight: number) => string) =>
    Object.entries(weights)
      .map(([score, weight]) => `CASE WHEN ${score} IS NULL THEN 0e0 ELSE ${term(score, weight)} END`)
      .join(" + ");
  return `(${known((score, weight) => `${double(weight)} * ${score}`)}) / nullif(${known((_, weight) => double(weight))}, 0)`;
}

/** A query with the layers over it, each a query over the one before. */
export function layered(query: string, layers: readonly Layer[]): string {
  return layers.reduce((inner, layer) => {
    const added = Object.entries(layer).map(([name, expression]) => `${expression} AS ${name}`);
    return `SELECT *, ${added.join(", ")} FROM (${inner})`;
  }, query);
}
