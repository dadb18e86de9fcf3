/** Sums that lose nothing: exact for integers, compensated for doubles. */
import { invariant } from "../../data/foundation/index.ts";

/**
 * The sum of the values, compensated (Neumaier 1974, "improved Kahan-Babuska"): error of a few units in the last place whatever
 * the order and the cancellation. An empty list sums to 0. Values must be finite; a NaN is our bug. Cost: one pass.
 *
 * @example
 * sumOf([1, 1e100, 1, -1e100])
 * // => 2
 */
export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  const total = sum + lost;
  invariant(Number.isFinite(total), "a sum of numbers that are not finite");
  return total;
}

/**
 * The inner product of two lists of one length, its sum compensated as in `sumOf`; NaN where a product or a sum is beyond the doubles.
 *
 * @example
 * innerProduct([1, 2], [3, 4])
 * // => 11
 */
export function innerProduct(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < left.length; i++) {
    const value = (left[i] as number) * (right[i] as number);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

/**
 * The exact sum of integers (money in minor units, counts). Every value and the total must be safe integers, which keeps the
 * result the same in any order; beyond that it is our bug.
 *
 * @example
 * sumOfIntegers([3, 4, 5])
 * // => 12
 */
export function sumOfIntegers(values: ArrayLike<number>): number {
  let sum = 0;
  let absolute = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    sum += value;
    absolute += Math.abs(value);
  }
  invariant(Number.isSafeInteger(sum) && Number.isSafeInteger(absolute), "a sum of integers leaves the safe range");
  return sum;
}
