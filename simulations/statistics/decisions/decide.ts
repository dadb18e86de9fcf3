/** Decisions against a margin: superiority, non-inferiority, equivalence, guardrails. Nothing here calls a result without significance "no effect". */
import { invariant } from "../../../data/foundation/index.ts";
import type { Compared } from "../effect.ts";
import type { Estimated } from "../estimate.ts";
import { type Alternative, type Detail, type Found, finding, type TestResult } from "../finding.ts";
import { type Comparison, comparisonOf, type Scale } from "./comparison.ts";

/** Whether more of the metric is better or worse. */
export type Direction = "higher-is-better" | "lower-is-better";

/** What is asked: a margin of at least 0 on its scale (a share of the control's value when relative), and the level; alpha = 1 - level is spent on each one-sided test. */
export interface MarginOptions {
  readonly margin: number;
  readonly scale: Scale;
  readonly direction: Direction;
  readonly level: number;
}

/**
 * Is the treatment better by more than the margin? One-sided test; shown exactly when the one-sided set lies beyond the margin. A margin of 0 is the ordinary one-sided test.
 * Source: Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680 (one-sided tests and their sets).
 */
export function superiority(compared: Compared | Comparison, options: MarginOptions): Found {
  const sign = options.direction === "higher-is-better" ? 1 : -1;
  return oneSided(compared, options, sign * options.margin, {
    shown: `Shown: the treatment is better ${by(options)}.`,
    notShown: `Not shown: the data do not rule out that the treatment is not better ${by(options)}. That is no evidence that nothing changed.`,
  });
}

/** Is the treatment at most the margin worse? One-sided test; shown exactly when the one-sided set lies on the right side of the margin. Source: Food and Drug Administration (2016), Non-Inferiority Clinical Trials, section III. */
export function nonInferiority(compared: Compared | Comparison, options: MarginOptions): Found {
  const sign = options.direction === "higher-is-better" ? -1 : 1;
  return oneSided(compared, options, sign * options.margin, {
    shown: "Shown: the treatment is not worse than the control by the margin or more.",
    notShown: "Not shown: the data do not rule out that the treatment is worse by the margin or more. That is no evidence that it is.",
  });
}

/** What is asked about equivalence: both margins on one scale. */
export interface EquivalenceOptions {
  /** Below 0. */
  readonly lowerMargin: number;
  /** Above 0. */
  readonly upperMargin: number;
  readonly scale: Scale;
  readonly level: number;
}

/**
 * Two one-sided tests (TOST): is the effect within both margins? p is the larger of the two one-sided p-values; equivalence is shown exactly when the interval at level 1 - 2 alpha
 * lies within the margins. The test's null value is the margin that is harder to rule out. Source: Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680.
 *
 * @example
 * const arm = (value) => ({ value, standardError: 1, degreesOfFreedom: 99, n: 100 });
 * const effect = effectOf({ control: arm(100), treatment: arm(100.5), method: "Welch's t", assumptions: [] });
 * equivalence(effect, { lowerMargin: -5, upperMargin: 5, scale: "absolute", level: 0.95 }).details.decision
 * // => "shown"
 */
export function equivalence(compared: Compared | Comparison, options: EquivalenceOptions): Found {
  const { lowerMargin, upperMargin, scale, level } = options;
  invariant(lowerMargin < upperMargin && level > 0.5, `margins ${lowerMargin} to ${upperMargin} at level ${level}`);
  const comparison = asComparison(compared);
  if (!("test" in comparison)) return comparison;
  const aboveLower = comparison.test(scale, lowerMargin, "greater");
  const belowUpper = comparison.test(scale, upperMargin, "less");
  if ("kind" in aboveLower) return aboveLower;
  if ("kind" in belowUpper) return belowUpper;
  const binding = aboveLower.pValue >= belowUpper.pValue ? aboveLower : belowUpper;
  const shown = binding.pValue < 1 - level;
  return decision(
    comparison,
    comparison.estimate(scale, 2 * level - 1, "two-sided"),
    { ...binding, name: `TOST, ${binding.name}` },
    {
      level: 2 * level - 1,
      details: {
        decision: shown ? "shown" : "not shown",
        conclusion: shown
          ? "Shown: the effect lies within both margins."
          : "Not shown: the data do not rule out an effect beyond a margin. That is no evidence of such an effect.",
        lowerMargin,
        upperMargin,
        scale,
        alpha: 1 - level,
        pAboveLower: aboveLower.pValue,
        pBelowUpper: belowUpper.pValue,
      },
    },
  );
}

/**
 * A guardrail in three states: `shown safe` (a harm of the margin or more is ruled out), `shown harmed` (a harm of the margin or less is ruled out), `undetermined`. Each by a
 * one-sided test at alpha, read off the interval at level 1 - 2 alpha: all of it on the safe side of the margin, all of it beyond, or neither. Harm below the margin may be shown beside
 * "safe": `pWorse` is the one-sided p-value against no change at all, where there is one (of a share that all units have there is none, and the margin can be ruled out still).
 */
export function guardrail(compared: Compared | Comparison, options: MarginOptions): Found {
  const { margin, scale, direction, level } = options;
  invariant(margin >= 0 && level > 0.5, `a guardrail margin of ${margin} at level ${level}`);
  const comparison = asComparison(compared);
  if (!("test" in comparison)) return comparison;
  const nullValue = direction === "higher-is-better" ? -margin : margin;
  const [better, worse]: readonly Alternative[] = direction === "higher-is-better" ? ["greater", "less"] : ["less", "greater"];
  const tests = [
    comparison.test(scale, nullValue, better as Alternative),
    comparison.test(scale, nullValue, worse as Alternative),
    comparison.test(scale, 0, worse as Alternative),
    comparison.test(scale, nullValue, "two-sided"),
  ] as const;
  const [safe, harmed, anyHarm, both] = tests;
  if ("kind" in safe) return safe;
  if ("kind" in harmed) return harmed;
  if ("kind" in both) return both;
  const alpha = 1 - level;
  const state = safe.pValue < alpha ? "shown safe" : harmed.pValue < alpha ? "shown harmed" : "undetermined";
  return decision(comparison, comparison.estimate(scale, 2 * level - 1, "two-sided"), both, {
    level: 2 * level - 1,
    details: {
      decision: state,
      conclusion: guardrailWords[state],
      margin,
      scale,
      direction,
      alpha,
      pSafe: safe.pValue,
      pHarmed: harmed.pValue,
      ...("kind" in anyHarm ? {} : { pWorse: anyHarm.pValue }),
    },
  });
}

const guardrailWords = {
  "shown safe": "Shown safe: a harm of the margin or more is ruled out.",
  "shown harmed": "Shown harmed: the treatment is worse by more than the margin.",
  undetermined: "Undetermined: the data rule out neither safety nor harm. More units would tell.",
} as const;

function oneSided(
  compared: Compared | Comparison,
  options: MarginOptions,
  nullValue: number,
  words: { readonly shown: string; readonly notShown: string },
): Found {
  const { margin, scale, direction, level } = options;
  invariant(margin >= 0, `a margin of ${margin}`);
  const comparison = asComparison(compared);
  if (!("test" in comparison)) return comparison;
  const alternative = direction === "higher-is-better" ? "greater" : "less";
  const test = comparison.test(scale, nullValue === 0 ? 0 : nullValue, alternative);
  if ("kind" in test) return test;
  const shown = test.pValue < 1 - level;
  return decision(comparison, comparison.estimate(scale, level, alternative), test, {
    level,
    alternative,
    details: {
      decision: shown ? "shown" : "not shown",
      conclusion: shown ? words.shown : words.notShown,
      margin,
      scale,
      direction,
      alpha: 1 - level,
    },
  });
}

function decision(
  comparison: Comparison,
  estimate: Estimated,
  test: TestResult,
  {
    level,
    alternative,
    details,
  }: { readonly level: number; readonly alternative?: Alternative; readonly details: Readonly<Record<string, Detail>> },
): Found {
  return finding({
    estimate,
    test,
    details: { ...details, ...comparison.details },
    warnings: comparison.warnings(level, alternative ?? "two-sided"),
  });
}

function asComparison(compared: Compared | Comparison): Comparison | Extract<Compared, { kind: "undetermined" }> {
  if (!("kind" in compared)) return compared;
  return compared.kind === "undetermined" ? compared : comparisonOf(compared);
}

function by({ margin }: MarginOptions): string {
  return margin === 0 ? "than the control" : "than the control by more than the margin";
}
