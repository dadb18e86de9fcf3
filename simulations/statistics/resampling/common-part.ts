/** What every value of several samples holds, so that their differences need not carry it. */

/**
 * The value nearest to 0, where all have one sign and none is more than twice as large: then it comes off each without rounding (Sterbenz's lemma), so that 1e15 + x is as
 * good as x in what does not depend on where 0 is. Otherwise 0: at least half of every size is then spread, which loses no more than its last bit.
 * Source: Sterbenz (1974), Floating-Point Computation, section 4.3.
 *
 * @example
 * commonPart([[1e15 + 3, 1e15 + 5], [1e15 + 4]])
 * // => 1000000000000003
 */
export function commonPart(samples: readonly ArrayLike<number>[]): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of samples) {
    for (let i = 0; i < values.length; i++) {
      least = Math.min(least, values[i] as number);
      most = Math.max(most, values[i] as number);
    }
  }
  if (most < least) return 0;
  if (least > 0 && most / 2 <= least) return least;
  return most < 0 && least / 2 >= most ? most : 0;
}
