/** The difference of two independent proportions by methods other than the score test: Wald, Agresti-Caffo, Newcombe. */
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { fallingRoot } from "../numerics/root.ts";
import { wilsonBounds } from "./proportion.ts";
import { boundsOf, type Claim, corrected, correctionAtBound, criticalOf, normalPValue } from "./statement.ts";
import { differenceOfShares, fewExpected, noUnits, type Sample, type TwoSamples, twoSampleAssumptions } from "./two-samples.ts";

export interface DifferenceOptions extends TwoSamples, Claim {
  /** The difference, treatment minus control, under the null hypothesis; in (-1, 1). */
  readonly nullDifference: number;
}

export interface WaldDifferenceOptions extends DifferenceOptions {
  /** The variance of one pooled proportion, for test and interval alike. */
  readonly pooled: boolean;
  /** Yates' correction, (1/nC + 1/nT) / 2 but at most the distance from the null value, for test and interval alike. */
  readonly continuityCorrection: boolean;
}

/**
 * Treatment minus control by Wald: one standard error, of the observed or of the pooled proportions, for both test and interval; the interval is cut at -1 and 1. A
 * standard error of 0 (each arm none or all): Undetermined. With the correction, the pooled test and the unpooled interval are those of R's prop.test.
 */
export function waldDifference(options: WaldDifferenceOptions): Found {
  const { control, treatment, nullDifference, pooled, continuityCorrection, alternative, level } = options;
  const empty = noUnits(options);
  if (empty !== undefined) return empty;
  const value = differenceOfShares(control, treatment);
  const n = control.trials + treatment.trials;
  const standardError = Math.sqrt(pooled ? pooledVariance(control, treatment) : variance(control) + variance(treatment));
  if (standardError === 0)
    return undetermined(
      "every arm is all alike: Wald's standard error is 0",
      "the score interval, which needs no estimate of the variance",
    );
  const distance = value - nullDifference;
  const correction = continuityCorrection ? Math.min((1 / control.trials + 1 / treatment.trials) / 2, Math.abs(distance)) : 0;
  const statistic = corrected(distance, correction) / standardError;
  const critical = criticalOf(options);
  const spread = critical * standardError + correctionAtBound(critical, correction);
  const bounds = boundsOf({ alternative, level }, { lower: () => Math.max(-1, value - spread), upper: () => Math.min(1, value + spread) });
  const method = `Wald${pooled ? ", pooled" : ""}${continuityCorrection ? ", continuity-corrected" : ""}`;
  return finding({
    estimate: estimated({ value, ...bounds, standardError, method, n, assumptions: twoSampleAssumptions }),
    test: { name: method, statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue: nullDifference },
    warnings: fewExpected(control, treatment),
  });
}

/**
 * Agresti and Caffo's interval: Wald's after one success and one failure are added to each arm, and the Wald test of the same numbers. The value stays the
 * observed difference. No units: Undetermined. Source: Agresti and Caffo (2000), Am. Stat. 54, 280-288.
 */
export function agrestiCaffo(options: DifferenceOptions): Found {
  const { control, treatment, nullDifference, alternative, level } = options;
  const empty = noUnits(options);
  if (empty !== undefined) return empty;
  const more = ({ successes, trials }: Sample): Sample => ({ successes: successes + 1, trials: trials + 2 });
  const [c, t] = [more(control), more(treatment)];
  const centre = t.successes / t.trials - c.successes / c.trials;
  const standardError = Math.sqrt(variance(c) + variance(t));
  const statistic = (centre - nullDifference) / standardError;
  const spread = criticalOf(options) * standardError;
  const bounds = boundsOf(
    { alternative, level },
    { lower: () => Math.max(-1, centre - spread), upper: () => Math.min(1, centre + spread) },
  );
  const value = differenceOfShares(control, treatment);
  return finding({
    estimate: estimated({
      value,
      ...bounds,
      standardError,
      method: "Agresti-Caffo",
      n: control.trials + treatment.trials,
      assumptions: twoSampleAssumptions,
    }),
    test: { name: "Agresti-Caffo", statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue: nullDifference },
    details: { centre },
  });
}

/**
 * Newcombe's interval, Wilson's bounds of each arm put together by squares; the p-value is that of the critical value at which the interval just reaches the null
 * difference, so that both agree. No units: Undetermined. Source: Newcombe (1998), Stat. Med. 17, 873-890, method 10.
 *
 * @example
 * const samples = { treatment: { successes: 56, trials: 70 }, control: { successes: 48, trials: 80 } };
 * newcombeDifference({ ...samples, nullDifference: 0, alternative: "two-sided", level: 0.95 }).estimate.interval.lower.toFixed(4)
 * // => "0.0524"
 */
export function newcombeDifference(options: DifferenceOptions): Found {
  const { control, treatment, nullDifference, alternative, level } = options;
  const empty = noUnits(options);
  if (empty !== undefined) return empty;
  const value = differenceOfShares(control, treatment);
  const critical = criticalOf(options);
  const bounds = boundsOf(
    { alternative, level },
    { lower: () => -newcombeUpper(treatment, control, critical), upper: () => newcombeUpper(control, treatment, critical) },
  );
  const statistic = newcombeStatistic(control, treatment, nullDifference);
  const test = {
    name: "Newcombe, inverted",
    statistic,
    pValue: normalPValue(statistic, alternative),
    alternative,
    nullValue: nullDifference,
  };
  const n = control.trials + treatment.trials;
  return finding({
    estimate: estimated({ value, ...bounds, method: "Newcombe hybrid score", n, assumptions: twoSampleAssumptions }),
    test,
  });
}

/** The upper bound at a critical value; below the estimate when that is negative. */
function newcombeUpper(control: Sample, treatment: Sample, critical: number): number {
  if (critical < 0) return -newcombeUpper(treatment, control, -critical);
  const [c, t] = [wilsonBounds(control.successes, control.trials, critical), wilsonBounds(treatment.successes, treatment.trials, critical)];
  const above = t.upper - treatment.successes / treatment.trials;
  const below = control.successes / control.trials - c.lower;
  return differenceOfShares(control, treatment) + Math.hypot(above, below);
}

/** The critical value at which the interval ends at the difference, with the sign of the estimate's distance from it. */
function newcombeStatistic(control: Sample, treatment: Sample, difference: number): number {
  const value = differenceOfShares(control, treatment);
  if (value === difference) return 0;
  if (value > difference) return 0 - newcombeStatistic(treatment, control, 0 - difference);
  return 0 - fallingRoot((critical) => difference - newcombeUpper(control, treatment, critical), 0, 1e9);
}

function variance({ successes, trials }: Sample): number {
  return ((successes / trials) * ((trials - successes) / trials)) / trials;
}

function pooledVariance(control: Sample, treatment: Sample): number {
  const n = control.trials + treatment.trials;
  const successes = control.successes + treatment.successes;
  return (successes / n) * ((n - successes) / n) * (1 / control.trials + 1 / treatment.trials);
}
