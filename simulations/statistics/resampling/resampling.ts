/** Resampling whole entities: sums of per-entity columns under random weights, the same bytes on every machine. */
import { blockRowsMax, drawCounts, drawOnes } from "./draw-weights.ts";
import { type PoissonTable, poissonTable } from "./poisson-table.ts";
import { type PooledRows, patternOf } from "./pool-rows.ts";
import { replicateStreams } from "./replicate-words.ts";

/** Which replicates to draw: those numbered `from` to `to` - 1 of a seed. */
export interface ReplicateSpan {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** Weighted sums of every replicate of a span: arrays of one value a replicate. */
export interface ResampledSums {
  /** Total weight: about the number of entities. */
  readonly weight: Float64Array;
  /** By column. */
  readonly sums: readonly Float64Array[];
  /** Sums of squares by column. */
  readonly squares: readonly Float64Array[];
}

/**
 * The Poisson bootstrap: in every replicate each entity gets an independent Poisson(1) weight, so a pooled row of c entities gets
 * Poisson(c). Divided by the total weight it agrees with drawing entities with replacement, and needs one pass.
 *
 * Replicate r reads its own stream of the seed and nothing else: the sums of a span are the same whichever spans the others are drawn
 * in, so threads may share them (`joinReplicates`). A row of several entities takes one 32-bit word, a row of one entity eight bits,
 * and a word more when those do not settle it (one time in fifty). Cost: distinct rows x replicates, about 3 ns each on one thread.
 * Source: Hanley and MacGibbon (2006), Computer Methods and Programs in Biomedicine 83, 57-62; Chamandy et al. (2012), "Estimating
 * uncertainty for massive data streams".
 */
export function resampleSums(rows: PooledRows, span: ReplicateSpan): ResampledSums {
  const streams = replicateStreams(span);
  const replicates = span.to - span.from;
  const result = {
    weight: new Float64Array(replicates),
    sums: rows.columns.map(() => new Float64Array(replicates)),
    squares: rows.columns.map(() => new Float64Array(replicates)),
  };
  const weights = new Float64Array(blockRowsMax);
  const sums = new Float64Array(2);
  for (const block of blocksOf(rows)) {
    for (let replicate = 0; replicate < replicates; replicate++) {
      const stream = { streams, at: 4 * replicate };
      const weight = block.tables === undefined ? drawOnes(stream, block.length, weights) : drawCounts(stream, block.tables, weights);
      add(result.weight, replicate, weight);
      for (const { values, columns } of block.values) {
        weigh(weights, values, sums);
        for (const column of columns) {
          add(result.sums[column], replicate, sums[0] as number);
          add(result.squares[column], replicate, sums[1] as number);
        }
      }
    }
  }
  return result;
}

/** The sums of consecutive spans as those of one. At least one part. */
export function joinReplicates(parts: readonly ResampledSums[]): ResampledSums {
  const joined = (arrays: readonly (Float64Array | undefined)[]): Float64Array =>
    Float64Array.from(arrays.flatMap((values) => Array.from(values ?? [])));
  const columns = parts[0]?.sums ?? [];
  return {
    weight: joined(parts.map(({ weight }) => weight)),
    sums: columns.map((_, column) => joined(parts.map(({ sums }) => sums[column]))),
    squares: columns.map((_, column) => joined(parts.map(({ squares }) => squares[column]))),
  };
}

/** Consecutive rows of one pattern, all of one entity or all of several. */
interface Block {
  readonly length: number;
  /** By row; undefined where every row is one entity's. */
  readonly tables: readonly PoissonTable[] | undefined;
  /** The different values of the rows that are not zero, and the columns that have them. */
  readonly values: readonly { readonly values: Float64Array; readonly columns: readonly number[] }[];
}

function blocksOf({ columns, counts }: PooledRows): readonly Block[] {
  const tables = new Map<number, PoissonTable>();
  const tableOf = (count: number): PoissonTable => {
    const table = tables.get(count) ?? poissonTable(count);
    tables.set(count, table);
    return table;
  };
  const blocks: Block[] = [];
  for (let from = 0, to = 0; from < counts.length; from = to) {
    const [isOne, pattern, end] = [counts[from] === 1, patternOf(columns, from), Math.min(counts.length, from + blockRowsMax)];
    while (to < end && (counts[to] === 1) === isOne && patternOf(columns, to) === pattern) to++;
    const firsts = columns.map((column) => columns.findIndex((other) => other[from] === column[from]));
    blocks.push({
      length: to - from,
      tables: isOne ? undefined : Array.from(counts.subarray(from, to), tableOf),
      values: [...columns.entries()]
        .filter(([index, column]) => firsts[index] === index && column[from] !== 0)
        .map(([index, column]) => ({
          values: column.subarray(from, to),
          columns: [...firsts.keys()].filter((other) => firsts[other] === index),
        })),
    });
  }
  return blocks;
}

/** The weighted sum of the values and of their squares. Two sums of each side by side, because an addition waits for the one before. */
function weigh(weights: Float64Array, values: Float64Array, sums: Float64Array): void {
  let even = 0;
  let odd = 0;
  let evenSquares = 0;
  let oddSquares = 0;
  const paired = values.length & ~1;
  for (let row = 0; row < paired; row += 2) {
    const first = values[row] as number;
    const second = values[row + 1] as number;
    const weightedFirst = (weights[row] as number) * first;
    const weightedSecond = (weights[row + 1] as number) * second;
    even += weightedFirst;
    odd += weightedSecond;
    evenSquares += weightedFirst * first;
    oddSquares += weightedSecond * second;
  }
  if (paired < values.length) {
    const last = values[paired] as number;
    even += (weights[paired] as number) * last;
    evenSquares += (weights[paired] as number) * last * last;
  }
  sums[0] = even + odd;
  sums[1] = evenSquares + oddSquares;
}

function add(values: Float64Array | undefined, at: number, term: number): void {
  if (values !== undefined) values[at] = (values[at] as number) + term;
}
