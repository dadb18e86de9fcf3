/** Values brought to the size of 1, so that no square overflows or vanishes. */

/** Values in units of `unit` after `origin` was taken off: the first is 0, the farthest 1 or -1. */
export interface Rescaled {
  readonly values: readonly number[];
  readonly origin: number;
  /** 0 where all values are the same. */
  readonly unit: number;
}

/** Values farther apart leave no room for what is made of them. */
export const unitMost = 1e290;

/**
 * Takes the first value off all and divides by the farthest distance from it; a power of two comes out first, which is exact.
 *
 * @example
 * rescaled([3, 7, 1])
 * // => { values: [0, 1, -0.5], origin: 3, unit: 4 }
 */
export function rescaled(values: readonly number[]): Rescaled {
  const origin = values[0] ?? 0;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const power = largest > 1e150 ? 2 ** -600 : 1;
  const distances = values.map((value) => value * power - origin * power);
  const farthest = distances.reduce((most, distance) => Math.max(most, Math.abs(distance)), 0);
  return { values: farthest === 0 ? distances : distances.map((distance) => distance / farthest), origin, unit: farthest / power };
}
