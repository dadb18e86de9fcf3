/** The critical value behind a Wilson bound, one number that every engine shares. */
import normal from "@stdlib/stats-base-dists-normal";

/**
 * How many standard errors the two-sided normal interval of a level reaches.
 *
 * @example
 * zOfLevel(0.95).toFixed(9)
 * // => "1.959963985"
 */
export function zOfLevel(level: number): number {
  return normal.quantile(0.5 + level / 2, 0, 1);
}
