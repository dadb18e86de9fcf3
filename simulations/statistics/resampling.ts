/** Resampling whole entities: sums of per-entity columns under random weights, the same bytes on every machine. */
import { invariant, randomStream } from "../../data/foundation/index.ts";

/** Rows of per-entity contributions; identical rows are pooled, with how many entities share them. */
export interface PooledRows {
  /** One array a column, parallel; pooled rows are sorted, so that the order of entities is irrelevant. */
  readonly columns: readonly Float64Array[];
  /** How many entities have exactly this row. */
  readonly counts: Float64Array;
  readonly entities: number;
}

/** Weighted sums of every replicate: arrays of length `replicates`. */
export interface ResampledSums {
  /** Total weight: about the number of entities. */
  readonly weight: Float64Array;
  /** By column. */
  readonly sums: readonly Float64Array[];
  /** Sums of squares by column. */
  readonly squares: readonly Float64Array[];
}

/**
 * Pools identical rows. Entities that are in none of the arrays contribute zeros: give the number of all entities.
 * Cost: one pass and a sort of the distinct rows.
 *
 * @example
 * Array.from(poolRows([Float64Array.of(0, 1, 0, 1, 1)], 7).counts)  // rows 0 and 1; two entities not listed are zeros
 * // => [4, 3]
 */
export function poolRows(columns: readonly Float64Array[], entities: number): PooledRows {
  const length = columns[0]?.length ?? 0;
  for (const column of columns) invariant(column.length === length, "columns of different length");
  invariant(entities >= length, `${length} rows of ${entities} entities`);
  const counts = new Map<string, { row: number; count: number }>();
  for (let row = 0; row < length; row++) {
    let key = "";
    for (const column of columns) key += `${column[row] as number},`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { row, count: 1 });
    else known.count++;
  }
  const zeroKey = "0,".repeat(columns.length);
  const zeros = entities - length + (counts.get(zeroKey)?.count ?? 0);
  counts.delete(zeroKey);
  const kept = [...counts.values()].sort((a, b) => compareRows(columns, a.row, b.row));
  const pooled = columns.map((column) => Float64Array.from([...(zeros > 0 ? [0] : []), ...kept.map(({ row }) => column[row] as number)]));
  return { columns: pooled, counts: Float64Array.from([...(zeros > 0 ? [zeros] : []), ...kept.map(({ count }) => count)]), entities };
}

/**
 * The Poisson bootstrap: in every replicate each entity gets an independent Poisson(1) weight, so a pooled row of c entities gets
 * Poisson(c). Divided by the total weight it agrees with drawing entities with replacement, and needs one pass. Replicate r reads
 * its own stream of the seed. Cost: distinct rows x replicates. Source: Hanley and MacGibbon (2006), Computer Methods and Programs
 * in Biomedicine 83, 57-62; Chamandy et al. (2012), "Estimating uncertainty for massive data streams".
 */
export function resampleSums(rows: PooledRows, options: { readonly seed: number; readonly replicates: number }): ResampledSums {
  const { columns, counts } = rows;
  const { replicates } = options;
  const result = {
    weight: new Float64Array(replicates),
    sums: columns.map(() => new Float64Array(replicates)),
    squares: columns.map(() => new Float64Array(replicates)),
  };
  const weights = new Float64Array(counts.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const stream = randomStream(options.seed, "entity bootstrap", replicate);
    let total = 0;
    for (let row = 0; row < counts.length; row++) {
      const count = counts[row] as number;
      const weight = count === 1 ? poissonOne(stream.below(4_294_967_296)) : stream.poisson(count);
      weights[row] = weight;
      total += weight;
    }
    result.weight[replicate] = total;
    for (const [index, column] of columns.entries()) {
      let sum = 0;
      let square = 0;
      for (let row = 0; row < weights.length; row++) {
        const weighted = (weights[row] as number) * (column[row] as number);
        sum += weighted;
        square += weighted * (column[row] as number);
      }
      (result.sums[index] as Float64Array)[replicate] = sum;
      (result.squares[index] as Float64Array)[replicate] = square;
    }
  }
  return result;
}

/** 2^32 times the probability that a Poisson(1) count is at most k, rounded: one draw and integer comparisons a weight. */
const poissonOneThresholds = [
  1_580_030_169, 3_160_060_337, 3_950_075_422, 4_213_413_783, 4_279_248_374, 4_292_415_292, 4_294_609_778, 4_294_923_276, 4_294_962_463,
  4_294_966_817, 4_294_967_253, 4_294_967_292, 4_294_967_296,
] as const;

function poissonOne(draw: number): number {
  let count = 0;
  while (draw >= (poissonOneThresholds[count] as number)) count++;
  return count;
}

function compareRows(columns: readonly Float64Array[], a: number, b: number): number {
  for (const column of columns) {
    const difference = (column[a] as number) - (column[b] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
