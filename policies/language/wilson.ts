/** The critical value behind a Wilson bound, one number that every engine shares. */
import { createRequire } from "node:module";
import type Normal from "@stdlib/stats-base-dists-normal";

/** Loaded for the first bound, because it takes as long as all of the language, and few policies have one. */
let normal: typeof Normal | undefined;

/**
 * How many standard errors the two-sided normal interval of a level reaches.
 *
 * @example
 * zOfLevel(0.95).toFixed(9)
 * // => "1.959963985"
 */
export function zOfLevel(level: number): number {
  normal ??= createRequire(import.meta.url)("@stdlib/stats-base-dists-normal") as typeof Normal;
  return normal.quantile(0.5 + level / 2, 0, 1);
}
