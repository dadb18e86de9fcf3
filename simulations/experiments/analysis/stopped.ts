/** What is said of effects while a health check stops their reading: the same words, and that they are not to be read. */
import type { ScorecardRow } from "./analysis.ts";

/**
 * A title or sentence about effects that a failed check stops.
 *
 * @example
 * notToBeRead("Sales are better")
 * // => "Not to be read, a check fails: Sales are better"
 */
export function notToBeRead(words: string): string {
  return `Not to be read, a check fails: ${words}`;
}

/** Rows whose words say so; readings and states stay, for the rule heeds harm all the same. */
export function stoppedRows(rows: readonly ScorecardRow[]): readonly ScorecardRow[] {
  return rows.map(({ guardrail, ...row }) => ({
    ...row,
    words: notToBeRead(row.words),
    ...(guardrail === undefined ? {} : { guardrail: { ...guardrail, words: notToBeRead(guardrail.words) } }),
  }));
}
