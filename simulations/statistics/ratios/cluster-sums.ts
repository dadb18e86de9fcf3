/** Rows of one cluster added up, so that the cluster is the unit. */
import { invariant } from "../../../data/foundation/index.ts";
import { sumOf } from "../sums.ts";

/** The cluster of each row. */
export type Keys = ArrayLike<string | number>;

/**
 * The sums of each column within each cluster, clusters in the order of their first row. Compensated sums.
 *
 * @example
 * clusterSums(["a", "b", "a"], [[1, 2, 3]]).map((column) => [...column])
 * // => [[4, 2]]
 */
export function clusterSums(keys: Keys, columns: readonly ArrayLike<number>[]): readonly Float64Array[] {
  const rows = new Map<string | number, number[]>();
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string | number;
    const known = rows.get(key);
    if (known === undefined) rows.set(key, [i]);
    else known.push(i);
  }
  return columns.map((column) => {
    invariant(column.length === keys.length, `${column.length} values and ${keys.length} cluster keys`);
    return Float64Array.from(rows.values(), (own) => sumOf(own.map((i) => column[i] as number)));
  });
}
