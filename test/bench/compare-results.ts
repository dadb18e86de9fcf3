/** No time counts unless the results are the same. */
import type { Result } from "./contenders/contender.ts";

/** Who computed a result. */
export interface Computed {
  readonly by: string;
  readonly result: Result;
}

/** Throws with the first difference when two results are not the same in every number. */
export function requireSameResult(one: Computed, other: Computed): void {
  const keys = new Set([...Object.keys(one.result), ...Object.keys(other.result)]);
  if (keys.size === 0) throw new Error(`${one.by} and ${other.by} computed nothing`);
  for (const key of [...keys].toSorted()) {
    const [expected, found] = [one.result[key] ?? 0, other.result[key] ?? 0];
    if (expected === found) continue;
    throw new Error(`no time counts: of '${key}' ${one.by} has ${expected} and ${other.by} has ${found}`);
  }
}
