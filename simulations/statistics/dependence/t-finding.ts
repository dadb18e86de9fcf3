/** A coefficient with its standard error as an estimate, its interval and the t test that agrees with it. */
import { student } from "../distributions/index.ts";
import { type EstimateParts, estimated, undetermined } from "../estimate.ts";
import { type Alternative, type Detail, type Found, finding } from "../finding.ts";

/** What is asked of an effect. */
export interface EffectQuestion {
  readonly level: number;
  readonly alternative: Alternative;
  readonly nullValue: number;
}

/** An effect whose standardised value has a t distribution. */
export interface StudentEffect {
  readonly value: number;
  /** Above 0. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly n: number;
  readonly method: string;
  readonly details: Readonly<Record<string, Detail>>;
  readonly warnings: readonly string[];
}

export const leavesRange = undetermined("a number leaves the range of doubles", "values in a larger or smaller unit");

/** The finding of an effect: a two-sided interval, or the one bound of a one-sided question. */
export function studentFinding(effect: StudentEffect, { level, alternative, nullValue }: EffectQuestion): Found {
  const { value, standardError, degreesOfFreedom, n, method, details, warnings } = effect;
  const distribution = student(degreesOfFreedom);
  const statistic = (value - nullValue) / standardError;
  const reach = distribution.upperQuantile(alternative === "two-sided" ? (1 - level) / 2 : 1 - level) * standardError;
  const [lower, upper] = [value - reach, value + reach];
  if (![statistic, lower, upper].every(Number.isFinite) || (alternative === "two-sided" && lower >= upper)) return leavesRange;
  const pValue =
    alternative === "two-sided"
      ? Math.min(1, 2 * distribution.survival(Math.abs(statistic)))
      : alternative === "greater"
        ? distribution.survival(statistic)
        : distribution.cdf(statistic);
  return finding({
    estimate: estimated({ value, standardError, method, n, ...boundsOf({ lower, upper, level, alternative }) }),
    test: { name: "t", statistic, degreesOfFreedom, pValue, alternative, nullValue },
    details,
    warnings,
  });
}

/** Both bounds, or the one that the alternative asks for. */
export function boundsOf({
  lower,
  upper,
  level,
  alternative,
}: {
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  readonly alternative: Alternative;
}): Partial<EstimateParts> {
  const [isOpenBelow, isOpenAbove] = [
    alternative === "less" || lower === Number.NEGATIVE_INFINITY,
    alternative === "greater" || upper === Number.POSITIVE_INFINITY,
  ];
  if (isOpenBelow && isOpenAbove) return { set: { kind: "everything", level } };
  if (isOpenAbove) return { set: { kind: "at-least", lower, level } };
  return isOpenBelow ? { set: { kind: "at-most", upper, level } } : { lower, upper, level };
}
