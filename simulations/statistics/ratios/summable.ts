/** Whether values may be summed and squared without leaving the doubles. */

/**
 * True when the largest of the values is 0 or of a size from 1e-140 to 1e140: ten million products of two of them stay in range. Missing values are skipped.
 *
 * @example
 * [isSummable([1, null, -3e5]), isSummable([1, 1e200])]
 * // => [true, false]
 */
export function isSummable(values: ArrayLike<number | null>): boolean {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
  return largest === 0 || (largest >= 1e-140 && largest <= 1e140);
}
