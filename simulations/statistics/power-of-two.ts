/** Units in which squares neither overflow nor vanish. */

/**
 * The largest power of two that is at most `size` (above 0): dividing by it is exact, and brings the size into [1, 2).
 *
 * @example
 * powerOfTwoBelow(10)
 * // => 8
 */
export function powerOfTwoBelow(size: number): number {
  const power = 2 ** Math.min(1023, Math.floor(Math.log2(size)));
  // The logarithm of a number just below a power of two may be rounded up to it.
  return power > size ? power / 2 : power;
}
