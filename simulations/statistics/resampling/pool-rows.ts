/** Per-entity contributions with equal rows pooled, in an order of their own. */
import { invariant } from "../../../data/foundation/index.ts";
import { sumOf } from "../sums.ts";

/** Rows of per-entity contributions; identical rows are pooled, with how many entities share them. */
export interface PooledRows {
  /** One array a column, parallel. */
  readonly columns: readonly Float64Array[];
  /** How many entities have exactly this row. */
  readonly counts: Float64Array;
  readonly entities: number;
}

/** So that a pattern stays a safe integer. */
const poolColumnsMax = 12;

/**
 * Pools identical rows. Entities that are in none of the arrays contribute zeros: give the number of all entities. The pooled rows are
 * sorted (rows of several entities first, then by pattern, see `patternOf`, then by value), so that the order of entities is irrelevant.
 * Contributions are finite, columns at most 12. `listed`: how many entities each row of the arrays stands for; one each by default. Cost: one pass, and a sort of the distinct rows.
 *
 * @example
 * Array.from(poolRows([Float64Array.of(0, 1, 0, 1, 1)], 7).counts)  // rows 0 and 1; two entities not listed are zeros
 * // => [4, 3]
 */
export function poolRows(columns: readonly Float64Array[], entities: number, listed?: Float64Array): PooledRows {
  const length = columns[0]?.length ?? 0;
  for (const column of [...columns, ...(listed === undefined ? [] : [listed])])
    invariant(column.length === length, "columns of different length");
  const unlisted = entities - (listed === undefined ? length : sumOf(listed));
  invariant(unlisted >= 0, `${entities - unlisted} rows of ${entities} entities`);
  invariant(columns.length <= poolColumnsMax, `${columns.length} columns to pool`);
  const { rows, counts } = distinctRows(columns, unlisted, listed);
  // What decides most comparisons stands in arrays of its own: whether entities share the row, its pattern, its first value.
  const kinds = Float64Array.from(rows, (row, index) => patternOf(columns, row) - (counts[index] === 1 ? 0 : 2 ** 50));
  const leading = Float64Array.from(rows, (row) => columns.find((column) => contributionOf(column, row) !== 0)?.[row] ?? 0);
  const order = Uint32Array.from(rows.keys()).sort(
    (a, b) =>
      (kinds[a] as number) - (kinds[b] as number) ||
      (leading[a] as number) - (leading[b] as number) ||
      compareRows(columns, rows[a] as number, rows[b] as number),
  );
  return {
    columns: columns.map((column) => Float64Array.from(order, (index) => contributionOf(column, rows[index] as number))),
    counts: Float64Array.from(order, (index) => counts[index] as number),
    entities,
  };
}

/**
 * Which columns of a row are zero, and which equal an earlier one: a digit a column, 0 for zero, otherwise 1 + the first column with
 * that value. Rows of one pattern need one sum for all columns that are equal, and none for those that are zero.
 *
 * @example
 * patternOf([Float64Array.of(7), Float64Array.of(0), Float64Array.of(7), Float64Array.of(2)], 0)  // digits 1, 0, 1, 4 to the base 5
 * // => 134
 */
export function patternOf(columns: readonly Float64Array[], row: number): number {
  let pattern = 0;
  for (const column of columns) {
    const value = contributionOf(column, row);
    pattern *= columns.length + 1;
    if (value !== 0) pattern += 1 + columns.findIndex((other) => other[row] === value);
  }
  return pattern;
}

/**
 * The first row of each distinct kind and how many entities have it, in any order: a hash table with linear probing. The row of zeros
 * is row `length`, whether listed or not.
 */
function distinctRows(columns: readonly Float64Array[], unlisted: number, listed: Float64Array | undefined) {
  const length = columns[0]?.length ?? 0;
  const size = 2 ** (33 - Math.clz32(Math.max(length, 1)));
  const slots = new Int32Array(size).fill(-1);
  const rows: number[] = [];
  const counts: number[] = [];
  let zeros = unlisted;
  for (let row = 0; row < length; row++) {
    const count = listed === undefined ? 1 : (listed[row] as number);
    if (count === 0) continue;
    const hash = hashOf(columns, row);
    if (hash === undefined) {
      zeros += count;
      continue;
    }
    let slot = hash & (size - 1);
    let known = slots[slot] as number;
    while (known >= 0 && compareRows(columns, rows[known] as number, row) !== 0) {
      slot = (slot + 1) & (size - 1);
      known = slots[slot] as number;
    }
    if (known < 0) {
      slots[slot] = rows.length;
      rows.push(row);
      counts.push(count);
    } else counts[known] = (counts[known] as number) + count;
  }
  if (zeros > 0) {
    rows.push(length);
    counts.push(zeros);
  }
  return { rows, counts };
}

const scratch = new Float64Array(1);
const scratchWords = new Int32Array(scratch.buffer);

/** A hash of the row's values; undefined for a row of zeros. It decides where a row is looked up, never what the result is. */
function hashOf(columns: readonly Float64Array[], row: number): number | undefined {
  let hash = 0;
  let isZero = true;
  for (const column of columns) {
    const value = column[row] as number;
    invariant(Number.isFinite(value), "a contribution that is not finite");
    if (value !== 0) isZero = false;
    scratch[0] = contributionOf(column, row);
    hash = Math.imul(hash ^ (scratchWords[0] as number), 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ (scratchWords[1] as number), 0xc2b2_ae35);
    hash ^= hash >>> 13;
  }
  return isZero ? undefined : hash;
}

/** A row after the last is one of zeros; -0 is 0. */
function contributionOf(column: Float64Array, row: number): number {
  return (column[row] ?? 0) + 0;
}

function compareRows(columns: readonly Float64Array[], a: number, b: number): number {
  for (const column of columns) {
    const difference = (column[a] as number) - (column[b] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
