/** Two candidates of one experiment against each other: which is the better one is another question than whether either is better than the control. */
import type { ExperimentDesign } from "../design/experiment-design.ts";
import type { ArmMoments } from "../observations/observations.ts";
import type { BetweenCandidates, CandidatePair, Recommendation } from "./analysis.ts";
import type { Evidence } from "./evidence.ts";
import { type Corrections, wordsOfFamilies } from "./families.ts";
import { pairsOf } from "./scorecard.ts";

/**
 * Every pair of candidates on every metric, by the tests and looks of the scorecard; undefined where there is one candidate. A family is the metrics of one role over all
 * pairs: it stands beside the family of comparisons with the control, which it leaves as it is. `locked`: the design as it was locked, which alone can have planned them.
 */
export function betweenCandidates(
  design: ExperimentDesign,
  arms: Readonly<Record<"arms" | "plain", readonly ArmMoments[]>>,
  {
    evidence,
    locked,
    recommendations,
  }: { readonly evidence: Evidence; readonly locked: ExperimentDesign; readonly recommendations: readonly Recommendation[] },
): BetweenCandidates | undefined {
  const candidates = design.arms.length - 1;
  if (candidates < 2) return undefined;
  const correction = design.pairwiseCorrection ?? "holm";
  const corrections: Corrections = { primary: correction, guardrail: correction, secondary: correction };
  const pairs = pairsOf(design, arms, evidence, corrections);
  const isPlanned = locked.pairwiseCorrection !== undefined && locked.pairwiseCorrection === design.pairwiseCorrection;
  const families = wordsOfFamilies(design, evidence, (candidates * (candidates - 1)) / 2, corrections);
  return { isPlanned, finding: findingOf(pairs, recommendations), words: `${plannedWords(isPlanned, design)} ${families}`.trim(), pairs };
}

function plannedWords(isPlanned: boolean, { pairwiseCorrection }: ExperimentDesign): string {
  if (isPlanned)
    return "Differences between candidates are a part of the plan. They change no answer of the rule, which is about each candidate and the control.";
  const why = pairwiseCorrection === undefined ? "the plan does not name them" : "they were named, or named otherwise, after the lock";
  return `Differences between candidates are exploratory: ${why}. They change no answer of the rule; what they suggest is for another experiment to confirm.`;
}

/** Each pair once: the first half of all. */
export function pairsOnce(pairs: readonly CandidatePair[]): readonly CandidatePair[] {
  return pairs.slice(0, pairs.length / 2);
}

function findingOf(pairs: readonly CandidatePair[], recommendations: readonly Recommendation[]): string {
  const primary = pairsOnce(pairs).filter(({ role }) => role === "primary");
  const shown = primary.filter(({ reading }) => reading === "better" || reading === "worse");
  const better = shown.map(({ title, arm, base, reading }) =>
    reading === "better" ? `${title} is better under ${arm} than under ${base}` : `${title} is better under ${base} than under ${arm}`,
  );
  const lead =
    shown.length === 0
      ? "No difference between candidates is shown on a primary metric, which is no evidence that they do the same."
      : `${begun(better.join("; "))}.`;
  const ships = recommendations.filter(({ decision }) => decision === "ship").map(({ arm }) => arm);
  if (ships.length < 2) return lead;
  const isBetween = shown.some(({ arm, base }) => ships.includes(arm) && ships.includes(base));
  const choice = isBetween ? "the difference that is shown is a reason to take one" : "these metrics do not say which";
  return `${lead} The rule lets ${ships.join(" and ")} ship, and one of them can: ${choice}.`;
}

/** Titles begin as their design writes them. */
function begun(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
