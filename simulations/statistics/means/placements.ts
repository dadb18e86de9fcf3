/** The probability of superiority: of a random treatment value above a random control value, ties counting one half. */

/** Two ascending samples compared pair by pair. */
export interface Placements {
  /** Treatment above control, ties one half: the Mann-Whitney U of the treatment. */
  readonly wins: number;
  /** For each treatment value the share of control values below it. */
  readonly ofTreatment: Float64Array;
  /** For each control value the share of treatment values above it. */
  readonly ofControl: Float64Array;
}

/**
 * Each value's share of wins over the other arm. Both lists ascending, neither empty.
 *
 * @example
 * placementsOf([1, 2, 3], [2, 4]).wins
 * // => 4.5
 */
export function placementsOf(control: ArrayLike<number>, treatment: ArrayLike<number>): Placements {
  const ofTreatment = sharesBelow(control, treatment);
  const ofControl = sharesBelow(treatment, control).map((share) => 1 - share);
  const wins = countsBelow(control, treatment).reduce((sum, count) => sum + count, 0);
  return { wins, ofTreatment, ofControl };
}

function sharesBelow(others: ArrayLike<number>, own: ArrayLike<number>): Float64Array {
  return countsBelow(others, own).map((count) => count / others.length);
}

/** How many of the others are below each value, ties one half. */
function countsBelow(others: ArrayLike<number>, own: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(own.length);
  let [below, atMost] = [0, 0];
  for (let i = 0; i < own.length; i++) {
    const value = own[i] as number;
    while (below < others.length && (others[below] as number) < value) below++;
    while (atMost < others.length && (others[atMost] as number) <= value) atMost++;
    counts[i] = (below + atMost) / 2;
  }
  return counts;
}

/**
 * Ranks of an ascending list from 1, equal values sharing the mean of theirs.
 *
 * @example
 * [...midranksOf([3, 5, 5, 9])]
 * // => [1, 2.5, 2.5, 4]
 */
export function midranksOf(ascending: ArrayLike<number>): Float64Array {
  return countsBelow(ascending, ascending).map((count) => count + 0.5);
}
