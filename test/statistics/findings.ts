/** Reads findings in tests. */
import type { Found } from "../../simulations/statistics/index.ts";

export type FoundFinding = Extract<Found, { kind: "finding" }>;

/** The finding, or a failure that says why there is none. */
export function found(result: Found): FoundFinding {
  if (result.kind !== "finding") throw new Error(`undetermined: ${result.reason}`);
  return result;
}

/** Whether what is not ruled out lies wholly to one side of the value. */
export function excludes({ estimate }: Pick<FoundFinding, "estimate">, value: number): boolean {
  const { interval, set } = estimate;
  if (interval !== undefined) return value < interval.lower || value > interval.upper;
  if (set?.kind === "at-least") return value < set.lower;
  if (set?.kind === "at-most") return value > set.upper;
  if (set?.kind === "two-pieces") return value > set.below && value < set.above;
  return false;
}
