/** The finding of a test by draws. */
import type { ConfidenceSet } from "../confidence-set.ts";
import { estimated } from "../estimate.ts";
import { type Detail, type Found, finding } from "../finding.ts";
import { invertPivot, type PivotDraws, type TwoSided } from "./pivot-inversion.ts";
import { boundsOf, type EffectQuestion, leavesRange } from "./t-finding.ts";

/** An effect with the draws that judge it. */
export interface PivotEffect {
  readonly value: number;
  readonly standardError?: number;
  readonly n: number;
  readonly method: string;
  readonly testName: string;
  /** The draws' unit: a power of two that keeps their squares in range. */
  readonly unit: number;
  readonly draws: PivotDraws;
  /** Whether the draws are all there are, or a seeded sample. */
  readonly isExact: boolean;
  readonly details: Readonly<Record<string, Detail>>;
  readonly warnings: readonly string[];
}

/** The effect with p-value and interval from one and the same test. */
export function pivotFinding(effect: PivotEffect, question: EffectQuestion & { readonly twoSided: TwoSided }): Found {
  const { value, standardError, n, method, testName, unit, draws, isExact, details, warnings } = effect;
  const { level, alternative, nullValue, twoSided } = question;
  const nullDistance = (nullValue - value) / unit;
  const statistic = -nullDistance / (standardError === undefined ? Math.sqrt(draws.variance) : standardError / unit);
  if (!Number.isFinite(statistic) || unit === 0) return leavesRange;
  const { pValue, gapPValue, ...ends } = invertPivot(draws, { confidence: level, alternative, twoSided, nullDistance });
  // An end at the null value is the null value to the last bit, so that it is kept.
  const [lower, upper] = [ends.lower, ends.upper].map((end) => (end === nullDistance ? nullValue : value + end * unit)) as [number, number];
  const reached = boundsOf({ lower, upper, level, alternative });
  const isUnbounded = lower === Number.NEGATIVE_INFINITY && upper === Number.POSITIVE_INFINITY;
  const everything: ConfidenceSet = { kind: "everything", level };
  return finding({
    estimate: estimated({ value, standardError, method, n, ...(isUnbounded ? { set: everything } : reached) }),
    test: { name: testName, statistic, pValue, alternative, nullValue },
    details: { ...details, draws: draws.level.length, exact: isExact, ...(gapPValue === undefined ? {} : { gapPValue }) },
    warnings: [
      ...warnings,
      ...(isUnbounded ? [`The test cannot reject any value at level ${level}: there are too few different draws.`] : []),
      ...(gapPValue === undefined
        ? []
        : [
            "The null value is rejected by itself but lies between values that are not: p is the largest beyond it, as the interval has it.",
          ]),
    ],
  });
}
