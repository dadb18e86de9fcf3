/** Two groups as counts at the same points: what every distance between two distributions is computed from. */
import { invariant } from "../../../data/foundation/index.ts";

/** Counts of both groups at rising points; categories have the points 0, 1, 2, ... */
export interface PointCounts {
  readonly points: Float64Array;
  readonly control: Float64Array;
  readonly treatment: Float64Array;
}

/** Entities seen under both: the point (by index) of each under the control and under the treatment, and how many do so. */
export interface PairedCounts extends PointCounts {
  readonly pairs: readonly { readonly control: number; readonly treatment: number; readonly count: number }[];
}

/**
 * The distinct values of both groups with their counts.
 *
 * @example
 * Array.from(countPoints([3, 1, 1], [3, 2]).control)
 * // => [2, 0, 1]
 */
export function countPoints(control: readonly number[], treatment: readonly number[]): PointCounts {
  const points = Float64Array.from(new Set([...control, ...treatment].map((value) => value + 0))).sort();
  const counts = (values: readonly number[]): Float64Array => {
    const result = new Float64Array(points.length);
    for (const value of values) {
      const at = indexOf(points, value);
      result[at] = (result[at] as number) + 1;
    }
    return result;
  };
  return { points, control: counts(control), treatment: counts(treatment) };
}

/** The same for entities that have a value under both; both lists in the order of the entities. */
export function countPairs(control: readonly number[], treatment: readonly number[]): PairedCounts {
  invariant(control.length === treatment.length, `${control.length} and ${treatment.length} values of the same entities`);
  const counted = countPoints(control, treatment);
  const pairs = control.map((value, i) => ({
    control: indexOf(counted.points, value),
    treatment: indexOf(counted.points, treatment[i] as number),
    count: 1,
  }));
  return { ...counted, pairs };
}

/** The same from a square table of entities: rows the category under the control, columns under the treatment. */
export function tablePairs(table: readonly (readonly number[])[]): PairedCounts {
  const size = table.length;
  const points = Float64Array.from({ length: size }, (_, i) => i);
  const [control, treatment] = [new Float64Array(size), new Float64Array(size)];
  const pairs: PairedCounts["pairs"][number][] = [];
  for (const [i, row] of table.entries()) {
    invariant(row.length === size, "a table that is not square");
    for (const [j, count] of row.entries()) {
      control[i] = (control[i] as number) + count;
      treatment[j] = (treatment[j] as number) + count;
      if (count > 0) pairs.push({ control: i, treatment: j, count });
    }
  }
  return { points, control, treatment, pairs };
}

/**
 * Values sorted into bins: below the first edge, from each edge up to but not at the next, from the last edge on. The bins are the points 0, 1, 2, ...
 *
 * @example
 * [-1, 0, 4.9, 5].map((value) => binOf([0, 5], value))
 * // => [0, 1, 1, 2]
 */
export function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The sum of counts. */
export function totalOf(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

function indexOf(points: Float64Array, value: number): number {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
