/** Scaling by powers of two, which loses no digit: squares and products of the scaled values neither overflow nor vanish. */

export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  return largest;
}

/** The exponent e with the magnitude in about [2^e, 2^(e + 1)); 0 for 0. */
export function powerOfTwoNear(magnitude: number): number {
  return magnitude === 0 ? 0 : Math.max(-1074, Math.floor(Math.log2(magnitude)));
}

/** The values times 2^exponent, in two steps where one would leave the range. */
export function timesPowerOfTwo(values: ArrayLike<number>, exponent: number): Float64Array {
  const half = Math.trunc(exponent / 2);
  const [first, second] = [2 ** half, 2 ** (exponent - half)];
  return Float64Array.from(values, (value) => value * first * second);
}
