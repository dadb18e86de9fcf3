/** What a distance is when the labels mean nothing: its p-value and its null quantile, by seeded shuffles. */
import { randomStream } from "../../../data/foundation/index.ts";
import type { PointCounts } from "./point-counts.ts";
import type { Shuffle } from "./shuffled-counts.ts";

/** How many shuffles, from which seed, at which level. */
export interface LabelNullOptions {
  readonly draws: number;
  readonly seed: number;
  readonly level: number;
}

/** What the shuffles say. */
export interface LabelNull {
  /** (1 + shuffles at or above the observed distance) / (1 + shuffles). */
  readonly pValue: number;
  /** The distance that is exceeded with probability at most 1 - level; none where the shuffles are too few for the level. */
  readonly quantile: number | undefined;
  readonly mean: number;
}

/**
 * Shuffles the labels and computes the distance again, `draws` times. The observed distance is above the quantile only if p <= 1 - level.
 * Source: Phipson and Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39.
 */
export function labelNull(
  observed: number,
  shuffle: Shuffle,
  distance: (counts: PointCounts) => number,
  { draws, seed, level }: LabelNullOptions,
): LabelNull {
  const stream = randomStream(seed, "labels");
  const distances = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) distances[draw] = distance(shuffle(stream));
  distances.sort();
  // Equal up to rounding is equal: the same counts in another order of sums.
  const atLeast = observed * (1 - 1e-12);
  let above = 0;
  let sum = 0;
  for (const value of distances) {
    if (value >= atLeast) above++;
    sum += value;
  }
  const rank = Math.ceil(level * (draws + 1) - 1e-9);
  return { pValue: (1 + above) / (1 + draws), quantile: rank <= draws ? distances[rank - 1] : undefined, mean: sum / draws };
}
