/** Fieller's confidence set for a relative lift: every lift m that the test of "difference - m x control = 0" does not reject. */
import { invariant } from "../../data/foundation/index.ts";
import type { ConfidenceSet } from "./confidence-set.ts";
import type { Alternative } from "./finding.ts";
import { powerOfTwoBelow } from "./power-of-two.ts";

/** A difference and the control's value, with standard errors and what links them. */
export interface LiftParts {
  /** Treatment minus control. */
  readonly difference: number;
  readonly differenceError: number;
  /** Above 0. */
  readonly control: number;
  readonly controlError: number;
  readonly treatment: number;
  readonly treatmentError: number;
  /** Correlation of the estimated difference with the estimated control value. */
  readonly correlation: number;
  /** Whether the arms' estimates are independent of one another, which allows a form without cancellation. */
  readonly independent: boolean;
}

/** A bounded interval, or a set that is none. */
export type LiftSet = ConfidenceSet | { readonly kind: "interval"; readonly lower: number; readonly upper: number; readonly level: number };

/**
 * All lifts m with |D - m C| <= t s(m), s(m) the standard error of D - m C; one-sided, all m that the one-sided test does not reject.
 * 0 belongs to it exactly when the test of the difference, with the same `critical` value t, does not reject: the constant term of
 * the quadratic is (|D| - t s)(|D| + t s), whose sign is that of the end of the absolute interval. When the control is not shown
 * to be above 0 the set has two pieces or is everything. Source: Fieller (1954), J. R. Stat. Soc. B 16, 175-185.
 *
 * @example
 * fiellerSet({ control: 10, controlError: 0, treatment: 12, treatmentError: 1, difference: 2, differenceError: 1, correlation: 0, independent: true }, 2, "two-sided", 0.95)
 * // => { kind: "interval", lower: 0, upper: 0.4, level: 0.95 }
 */
export function fiellerSet(given: LiftParts, critical: number, alternative: Alternative, level: number): LiftSet {
  invariant(given.control > 0, `a lift over a control of ${given.control}`);
  const parts = inOneUnit(given);
  const { difference, differenceError, control, controlError, correlation } = parts;
  const t = Math.abs(critical);
  const leading = (control - t * controlError) * (control + t * controlError);
  const middle = difference * control - t * t * correlation * differenceError * controlError;
  const last = (Math.abs(difference) - t * differenceError) * (Math.abs(difference) + t * differenceError);
  const root = t * Math.sqrt(Math.max(spread(parts) - t * t * determinant(parts), 0));
  if (leading > 0) {
    const [lower, upper] = roots(leading, middle, last, root);
    if (alternative === "two-sided") return { kind: "interval", lower, upper, level };
    // Below a level of one half the critical value is negative, and the ends change places.
    if (alternative === "greater") return { kind: "at-least", lower: critical >= 0 ? lower : upper, level };
    return { kind: "at-most", upper: critical >= 0 ? upper : lower, level };
  }
  if (leading === 0) return halfLine(middle, last, alternative, level);
  if (spread(parts) < t * t * determinant(parts)) return { kind: "everything", level };
  const [below, above] = roots(leading, middle, last, root);
  // The gap lies on one side of the estimate; a one-sided test rejects it only when it is the side that this test looks at.
  const gapIsLower = above <= difference / control;
  if (alternative !== "two-sided" && gapIsLower !== (alternative === "greater")) return { kind: "everything", level };
  return { kind: "two-pieces", below, above, level };
}

/** The two roots of leading m² - 2 middle m + last, the lower first, without cancellation. */
function roots(leading: number, middle: number, last: number, root: number): readonly [number, number] {
  const far = middle >= 0 ? middle + root : middle - root;
  if (far === 0) return [0, 0];
  const [first, second] = [far / leading, last / far];
  return first <= second ? [first, second] : [second, first];
}

/** Where the quadratic has degenerated to a line. */
function halfLine(middle: number, last: number, alternative: Alternative, level: number): ConfidenceSet {
  if (middle > 0 && alternative !== "less") return { kind: "at-least", lower: last / (2 * middle), level };
  if (middle < 0 && alternative !== "greater") return { kind: "at-most", upper: last / (2 * middle), level };
  return { kind: "everything", level };
}

/** C² var(T) + T² var(C) - 2 C T cov(C, T), in the form that suits the design. */
function spread({ control, controlError, treatment, treatmentError, ...parts }: LiftParts): number {
  if (parts.independent) return (control * treatmentError) ** 2 + (treatment * controlError) ** 2;
  const [x, y] = [control * parts.differenceError, parts.difference * controlError];
  return x * x - 2 * parts.correlation * x * y + y * y;
}

/** var(C) var(T) - cov(C, T)². */
function determinant({ controlError, treatmentError, differenceError, correlation, independent }: LiftParts): number {
  if (independent) return (controlError * treatmentError) ** 2;
  return (controlError * differenceError) ** 2 * (1 - correlation * correlation);
}

/** The same in units of a power of two near the largest part: a lift has no unit, and squares must not overflow. */
function inOneUnit(parts: LiftParts): LiftParts {
  const { difference, differenceError, control, controlError, treatment, treatmentError } = parts;
  const largest = Math.max(Math.abs(difference), differenceError, control, controlError, Math.abs(treatment), treatmentError);
  const unit = powerOfTwoBelow(largest);
  return {
    ...parts,
    difference: difference / unit,
    differenceError: differenceError / unit,
    control: control / unit,
    controlError: controlError / unit,
    treatment: treatment / unit,
    treatmentError: treatmentError / unit,
  };
}
