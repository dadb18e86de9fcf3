/** The middle of some times, and how far they lie from it. */
import { present } from "../../data/foundation/index.ts";

/** Milliseconds. */
export interface Spread {
  readonly median: number;
  /** Median absolute deviation from the median. */
  readonly deviation: number;
  readonly count: number;
}

/** The spread of times, of which there must be one. */
export function spreadOf(times: readonly number[]): Spread {
  const median = medianOf(times);
  return { median, deviation: medianOf(times.map((time) => Math.abs(time - median))), count: times.length };
}

/** The middle value; of an even number the mean of the middle two. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = present(sorted[middle], "a value");
  return sorted.length % 2 === 1 ? upper : (present(sorted[middle - 1], "a value") + upper) / 2;
}
