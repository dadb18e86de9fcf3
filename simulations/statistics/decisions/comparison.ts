/** What a decision needs of a comparison: one-sided tests against any margin, and the estimate with its set, on the absolute or the relative scale. */
import { absoluteDifference, type Effect, relativeLift, testDifference, testLift, warningsOf } from "../effect.ts";
import { type Estimated, type Undetermined, undetermined } from "../estimate.ts";
import type { Alternative, Detail, TestResult } from "../finding.ts";

/** Differences, or differences as a share of the control's value. */
export type Scale = "absolute" | "relative";

/** A comparison of any kind (means, ratios, proportions) whose tests and sets agree with one another. */
export interface Comparison {
  readonly test: (scale: Scale, nullValue: number, alternative: Alternative) => TestResult | Undetermined;
  readonly estimate: (scale: Scale, level: number, alternative: Alternative) => Estimated;
  readonly details: Readonly<Record<string, Detail>>;
  readonly warnings: (level: number, alternative: Alternative) => readonly string[];
}

/**
 * An effect as a comparison: t tests of the difference, and of treatment - (1 + margin) x control with the matching Fieller sets.
 */
export function comparisonOf(effect: Effect): Comparison {
  return {
    test: (scale, nullValue, alternative) => {
      if (scale === "absolute") return testDifference(effect, alternative, nullValue);
      const control = effect.control.value;
      return control > 0
        ? testLift(effect, alternative, nullValue)
        : undetermined(
            `the control's value is ${Number(control.toPrecision(6))}: a relative margin needs one above 0`,
            "an absolute margin",
          );
    },
    estimate: (scale, level, alternative) => (scale === "absolute" ? absoluteDifference : relativeLift)(effect, { level, alternative }),
    details: {
      control: effect.control.value,
      treatment: effect.treatment.value,
      difference: effect.difference,
      standardErrorOfDifference: effect.standardError,
    },
    warnings: (level, alternative) => warningsOf(effect, { level, alternative }),
  };
}
