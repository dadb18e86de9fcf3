/** The size bands of the comparison by a word each. */
import { sizeBands } from "./segments.ts";

const words = ["tiny", "small", "medium", "large"] as const;

/** A band: from so many orders over the last 12 weeks to fewer than `below`. */
export interface SizeBand {
  readonly word: string;
  readonly from: number;
  readonly below?: number;
}

/**
 * The bands by name, smallest first.
 *
 * @example
 * sizeBandNames.map(({ word, from }) => `${word} ${from}`)
 * // => ["tiny 0", "small 30", "medium 120", "large 600"]
 */
export const sizeBandNames: readonly SizeBand[] = words.map((word, index) => {
  const below = sizeBands[index + 1];
  return { word, from: sizeBands[index] ?? 0, ...(below === undefined ? {} : { below }) };
});
