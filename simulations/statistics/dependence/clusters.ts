/** Rows that belong together: entities, markets, days. */
import { invariant } from "../../../data/foundation/index.ts";

export type ClusterId = string | number;

/** Rows by cluster, clusters in the order of their first row. */
export interface RowClusters {
  readonly ids: readonly ClusterId[];
  /** By cluster its row numbers, ascending. */
  readonly rows: readonly (readonly number[])[];
}

/**
 * Rows by cluster.
 *
 * @example
 * groupRows(["a", "b", "a"])
 * // => { ids: ["a", "b"], rows: [[0, 2], [1]] }
 */
export function groupRows(ids: readonly ClusterId[]): RowClusters {
  const rows = new Map<ClusterId, number[]>();
  for (const [row, id] of ids.entries()) {
    const known = rows.get(id);
    if (known === undefined) rows.set(id, [row]);
    else known.push(row);
  }
  return { ids: [...rows.keys()], rows: [...rows.values()] };
}

/** Every row its own cluster. */
export function rowsApart(n: number): RowClusters {
  invariant(n >= 0, `${n} rows`);
  const ids = Array.from({ length: n }, (_, i) => i);
  return { ids, rows: ids.map((i) => [i]) };
}
