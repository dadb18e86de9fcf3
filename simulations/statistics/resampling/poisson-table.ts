/** Poisson counts from random words by integer comparison: the same counts on every machine. */
import { invariant } from "../../../data/foundation/index.ts";

/** The cumulative probabilities of a Poisson count, ready to be searched. */
export interface PoissonTable {
  /** The smallest count with a probability worth 2^-33. */
  readonly first: number;
  /** By count from `first` on: 2^32 times the probability of at most that count, rounded. The last is 2^32. */
  readonly thresholds: Float64Array;
  /** By leading bits of a word: where the search begins. */
  readonly guide: Int32Array;
  readonly shift: number;
}

/**
 * The table of Poisson counts with a whole mean of 1 or more. Probabilities follow from that of the mode by products and quotients,
 * so that no library's exp or log enters; they are exact to 2^-32. Cost: about 13 square roots of the mean.
 *
 * @example
 * Array.from(poissonTable(1).thresholds.subarray(0, 3))
 * // => [1580030169, 3160060337, 3950075422]
 */
export function poissonTable(mean: number): PoissonTable {
  invariant(Number.isSafeInteger(mean) && mean >= 1, `a Poisson table of mean ${mean}`);
  const { first, relative } = relativeProbabilities(mean);
  let whole = 0;
  for (const probability of relative) whole += probability;
  const thresholds = new Float64Array(relative.length);
  let sum = 0;
  for (const [index, probability] of relative.entries()) {
    sum += probability;
    thresholds[index] = Math.floor((sum / whole) * 4_294_967_296 + 0.5);
  }
  const length = thresholds.indexOf(4_294_967_296) + 1;
  invariant(length > 0, `probabilities of a Poisson count of mean ${mean} that do not sum to 1`);
  return { first, ...guided(thresholds.subarray(0, length)) };
}

/**
 * The count of a random word (32 bits, signed or not): the smallest whose threshold is above it. Inversion with a guide table: about
 * one comparison. Source: Chen and Asau (1974), AIIE Transactions 6, 163-166.
 */
export function poissonCount(table: PoissonTable, word: number): number {
  const draw = word >>> 0;
  const { thresholds } = table;
  let index = table.guide[draw >>> table.shift] as number;
  while (draw >= (thresholds[index] as number)) index++;
  return table.first + index;
}

/** Probabilities of consecutive counts relative to the mode, whose own is 1, as far as they can move a threshold. */
function relativeProbabilities(mean: number): { first: number; relative: readonly number[] } {
  const negligible = 2 ** -60;
  const below: number[] = [];
  for (let count = mean, probability = 1; count > 0; count--) {
    probability *= count / mean;
    if (probability < negligible) break;
    below.push(probability);
  }
  const above: number[] = [];
  for (let count = mean + 1, probability = 1; ; count++) {
    probability *= mean / count;
    if (probability < negligible) break;
    above.push(probability);
  }
  return { first: mean - below.length, relative: [...below.reverse(), 1, ...above] };
}

/** As many places to begin at as there are counts, or up to twice as many. */
function guided(thresholds: Float64Array): Pick<PoissonTable, "thresholds" | "guide" | "shift"> {
  const shift = Math.clz32(thresholds.length);
  const guide = new Int32Array(2 ** (32 - shift));
  let index = 0;
  for (const place of guide.keys()) {
    while (place * 2 ** shift >= (thresholds[index] as number)) index++;
    guide[place] = index;
  }
  return { thresholds, guide, shift };
}
