/** Percentiles of a measure's rows by nearest rank. */

let scratch = new Float64Array(64);

/**
 * The smallest of the known values that at least this share of them does not exceed, from `first` to `last`, both inside. NaN stands for
 * unknown values; the result is NaN when there is none, fewer than `atLeast`, or `part` is unknown or above 1.
 *
 * @example
 * percentile(Float64Array.of(4, 1, NaN, 3, 2), 0, 4, 0.5, 0)
 * // => 2
 */
export function percentile(values: Float64Array, first: number, last: number, part: number, atLeast: number): number {
  if (last - first >= scratch.length) scratch = new Float64Array(2 * (last - first + 1));
  let count = 0;
  for (let row = first; row <= last; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    scratch[count] = value;
    count++;
  }
  if (count === 0 || count < atLeast) return Number.NaN;
  const known = scratch.subarray(0, count).sort();
  // The first rank whose share reaches the part, by the same division that a reader would make.
  let rank = Math.max(1, Math.ceil(part * count) - 1);
  while (rank <= count && !(rank / count >= part)) rank++;
  return known[rank - 1] ?? Number.NaN;
}
