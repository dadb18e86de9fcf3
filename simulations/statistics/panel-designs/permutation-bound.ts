/** Intervals by turning a permutation test round. */
import type { Alternative } from "../finding.ts";

/** A test that counts, out of `whole` equally likely arrangements, those at least as extreme as the real one. */
export interface CountingTest {
  readonly whole: number;
  readonly level: number;
}

/**
 * The smallest count whose share is not below 1 - level: values with so many arrangements as extreme are kept.
 *
 * @example
 * smallestKept({ whole: 21, level: 0.9 })
 * // => 3
 */
export function smallestKept({ whole, level }: CountingTest): number {
  let count = Math.max(1, Math.floor(whole * (1 - level)) - 1);
  while (count / whole < 1 - level) count++;
  return count;
}

/** What is not ruled out between two bounds, either of which may be infinite, in the form that an estimate carries. */
export function keptSet(lower: number, upper: number, level: number, alternative: Alternative) {
  if (alternative === "greater" && Number.isFinite(lower)) return { set: { kind: "at-least", lower, level } as const };
  if (alternative === "less" && Number.isFinite(upper)) return { set: { kind: "at-most", upper, level } as const };
  if (alternative !== "two-sided" || !Number.isFinite(lower) || !Number.isFinite(upper))
    return { set: { kind: "everything", level } as const };
  return { lower, upper, level };
}
