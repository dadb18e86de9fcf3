/** Whether effects may be read, decided here for everything that tells of them; and how words about them are told. */
import type { BetweenCandidates, Health, HealthCheck, ScorecardRow } from "./analysis.ts";

/** What checks come to together. Effects may be read unless one of them stops it: nothing else decides it, and whatever tells of effects asks the health that this gives. */
export function healthOf(checks: readonly HealthCheck[]): Health {
  const has = (state: HealthCheck["state"]): boolean => checks.some((check) => check.state === state);
  const state = has("stop") ? "stop" : has("care") ? "care" : "sound";
  return { state, mayBeRead: state !== "stop", checks };
}

/**
 * Titles and sentences about effects as they are told under such a health: as they are, or led by the words that they are not to be read.
 *
 * @example
 * toldUnder({ mayBeRead: false })("Sales are better")
 * // => "Not to be read, a check fails: Sales are better"
 */
export function toldUnder({ mayBeRead }: Pick<Health, "mayBeRead">): (words: string) => string {
  return (words) => (mayBeRead ? words : `Not to be read, a check fails: ${words}`);
}

/** Rows whose words say so; readings and states stay, for the rule heeds harm all the same. */
export function toldRows(rows: readonly ScorecardRow[], told: (words: string) => string): readonly ScorecardRow[] {
  return rows.map(({ guardrail, ...row }) => ({
    ...row,
    words: told(row.words),
    ...(guardrail === undefined ? {} : { guardrail: { ...guardrail, words: told(guardrail.words) } }),
  }));
}

/** Differences between candidates whose words say so. */
export function toldBetween(between: BetweenCandidates, told: (words: string) => string): BetweenCandidates {
  const { finding, pairs } = between;
  return { ...between, finding: told(finding), pairs: toldEach(pairs, told) };
}

/** Anything whose words say so. */
export function toldEach<Part extends { readonly words: string }>(
  parts: readonly Part[],
  told: (words: string) => string,
): readonly Part[] {
  return parts.map((part) => ({ ...part, words: told(part.words) }));
}
