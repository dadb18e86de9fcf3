/** Brunner-Munzel: the probability of superiority with an interval, also when the arms' spreads differ. */
import { student } from "../distributions/index.ts";
import { effectOf, testDifference } from "../effect.ts";
import { type EstimateParts, estimated, undetermined } from "../estimate.ts";
import { type Alternative, type Found, finding } from "../finding.ts";
import { placementsOf } from "./placements.ts";
import { ascendingOf } from "./quantile.ts";
import { sampleOf } from "./sample.ts";

/**
 * P(treatment > control) + P(equal) / 2 with the t interval and test of Brunner and Munzel: Welch's t on each value's share of wins over the other arm.
 * Ends are cut at 0 and 1. Undetermined below two units in an arm, and when the arms do not overlap at all (the variance is then estimated as 0).
 * Source: Brunner and Munzel (2000), Biometrical Journal 42, 17-25.
 */
export function brunnerMunzel(
  arms: { readonly control: ArrayLike<number>; readonly treatment: ArrayLike<number> },
  { level, alternative, nullValue }: { readonly level: number; readonly alternative: Alternative; readonly nullValue: number },
): Found {
  const [control, treatment] = [ascendingOf(arms.control), ascendingOf(arms.treatment)];
  const [m, n] = [control.length, treatment.length];
  if (m < 2 || n < 2)
    return undetermined(`${m} and ${n} units: an arm of fewer than two has no spread to be judged by`, "at least two units in each arm");
  const { wins, ofControl, ofTreatment } = placementsOf(control, treatment);
  const arm = (shares: Float64Array) => {
    const { n: units, standardDeviation } = sampleOf({ values: shares });
    return { value: 0, standardError: standardDeviation / Math.sqrt(units), degreesOfFreedom: units - 1, n: units };
  };
  const value = wins / (m * n);
  const effect = effectOf({
    control: arm(ofControl),
    treatment: { ...arm(ofTreatment), value },
    method: "Brunner-Munzel",
    assumptions: ["units are drawn independently, in both arms"],
  });
  if (effect.kind === "undetermined") {
    return undetermined(
      "no spread in how often one arm's values exceed the other's: the arms do not overlap, or all values are equal",
      "units whose values overlap; the Mann-Whitney test is exact here",
    );
  }
  const reach =
    student(effect.degreesOfFreedom).upperQuantile(alternative === "two-sided" ? (1 - level) / 2 : 1 - level) * effect.standardError;
  const [lower, upper] = [Math.min(1, Math.max(0, value - reach)), Math.max(0, Math.min(1, value + reach))];
  const ends: Partial<EstimateParts> =
    alternative === "two-sided"
      ? { lower, upper, level }
      : { set: alternative === "greater" ? { kind: "at-least", lower, level } : { kind: "at-most", upper, level } };
  return finding({
    estimate: estimated({
      value,
      ...ends,
      standardError: effect.standardError,
      method: effect.method,
      n: m + n,
      assumptions: effect.assumptions,
    }),
    test: testDifference(effect, alternative, nullValue),
    details: { u: wins, controlUnits: m, treatmentUnits: n },
    warnings:
      Math.min(m, n) < 10 ? ["Fewer than 10 units in an arm: the t approximation is poor, and the Mann-Whitney test is exact."] : [],
  });
}
