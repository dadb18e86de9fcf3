/** The units of the bench's experiment, as SQL of DuckDB: the same numbers for the same size, whatever the threads. */

/** Means, each with its column from before. Every second one counts, the others are money. */
export const meanColumns = ["visits", "gmv", "orders", "margin", "items", "refunds", "messages", "shipping"] as const;

/** A share's column, and the numerator of a ratio over `orders_due`. */
export const shareColumn = "kept";
export const ratioColumns = ["late_orders", "orders_due"] as const;

/**
 * One row a unit, in no order of its keys: seller, arm, ten metrics. Numbers from before have a long tail; those of the experiment follow them with noise; the candidate
 * moves some a little.
 */
export function unitsQuery(units: number): string {
  const uniform = (salt: number): string => `((hash(place * 1_000 + ${salt}) >> 11)::DOUBLE / 9007199254740992e0)`;
  const normal = (salt: number): string => `(sqrt(-2 * ln(1 - ${uniform(salt)})) * cos(6.283185307179586e0 * ${uniform(salt + 1)}))`;
  const means = meanColumns.flatMap((name, index) => {
    const salt = 100 + 10 * index;
    const write = (value: string): string => (index % 2 === 0 ? `round(${value})::INTEGER` : `round(${value}, 2)`);
    const before = `(${20 + 30 * index} * exp(0.6 * ${normal(salt)}))`;
    const after = `(${before} * (0.9 + 0.02 * is_candidate * ${index % 3}) * exp(0.3 * ${normal(salt + 2)}))`;
    return [`${write(after)} AS ${name}`, `${write(before)} AS ${name}_before`];
  });
  const share = (salt: number, lift: string): string => `(${uniform(salt)} < 0.3 + 0.5 * ${uniform(300)} + ${lift})::INTEGER`;
  const [numerator, denominator] = ratioColumns;
  return `SELECT format('seller-{:08d}', (place * 7_919 + 13) % ${units}) AS seller, CASE WHEN is_candidate = 1 THEN 'gentle' ELSE 'control' END AS arm,
      ${means.join(", ")}, ${share(301, "0.004 * is_candidate")} AS ${shareColumn}, ${share(302, "0")} AS ${shareColumn}_before,
      (due * (0.05 + 0.2 * ${uniform(304)} - 0.001 * is_candidate))::INTEGER AS ${numerator}, due AS ${denominator}
    FROM (SELECT place, (${uniform(1)} < 0.5)::INTEGER AS is_candidate, 1 + (40 * ${uniform(303)} ^ 2)::INTEGER AS due
      FROM (SELECT range AS place FROM range(${units})))`;
}
