/** Findings about quantiles that may be looked at after every unit, and about a proportion. */
import type { ConfidenceSet } from "../confidence-set.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { bernoulliSequence, logBernoulliMartingale } from "./bernoulli-sequence.ts";
import { type QuantileTuning, quantileComparison, quantileEvidence } from "./quantile-sequence.ts";

const assumptions = [
  "units enrol in an order that has nothing to do with their outcomes",
  "units are independent draws of one distribution",
];

/** A group's values, the quantile and the tuning. */
export interface SequentialQuantileOptions extends Omit<QuantileTuning, "tunedAlpha"> {
  readonly level: number;
}

/**
 * A quantile at all times at once, without any assumption about the distribution: all values whose beta-binomial martingale is below 1 / alpha. The
 * estimate is the value at rank floor(n p) + 1. No values: Undetermined; too few to bound a side: that side is open.
 * Source: Howard and Ramdas (2022), Bernoulli 28, 1704-1728, section 3.
 */
export function alwaysValidQuantile(
  values: readonly number[],
  options: SequentialQuantileOptions & { readonly nullValue?: number | undefined },
): Found {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return undetermined("no value", "at least one value");
  const { level, nullValue, quantile, tunedFor } = options;
  const evidence = quantileEvidence(sorted, { quantile, tunedFor, tunedAlpha: 1 - level });
  const threshold = -Math.log(1 - level);
  const kept = sorted.filter((x) => evidence.at(x) < threshold);
  const bounds = {
    lower: evidence.at(Number.NEGATIVE_INFINITY) < threshold ? Number.NEGATIVE_INFINITY : (kept[0] as number),
    upper: evidence.at(Number.POSITIVE_INFINITY) < threshold ? Number.POSITIVE_INFINITY : (kept.at(-1) as number),
  };
  const value = sampleQuantile(sorted, quantile);
  const method = "quantile confidence sequence, beta-binomial mixture";
  const test =
    nullValue === undefined
      ? undefined
      : {
          name: "beta-binomial martingale",
          pValue: Math.min(1, Math.exp(-evidence.at(nullValue))),
          alternative: "two-sided" as const,
          nullValue,
        };
  return finding({
    estimate: estimated({ value, ...openSet(bounds, level), level, method, n: sorted.length, assumptions }),
    test,
    details: { tunedFor },
  });
}

function sampleQuantile(sorted: Float64Array, quantile: number): number {
  return sorted[Math.min(Math.floor(sorted.length * quantile), sorted.length - 1)] as number;
}

function openSet(
  { lower, upper }: { readonly lower: number; readonly upper: number },
  level: number,
): { lower?: number; upper?: number; set?: ConfidenceSet } {
  if (Number.isFinite(lower) && Number.isFinite(upper)) return { lower, upper };
  if (Number.isFinite(lower)) return { set: { kind: "at-least", lower, level } };
  if (Number.isFinite(upper)) return { set: { kind: "at-most", upper, level } };
  return { set: { kind: "everything", level } };
}

/**
 * The difference of a quantile between two groups, treatment minus control: all shifts that the product of the two groups' martingales does not rule
 * out. Cost: some hundred passes over the values between the two quantiles.
 * Source: Howard and Ramdas (2022), Bernoulli 28, 1704-1728, section 5, inverted over the shift.
 */
export function alwaysValidQuantiles(
  arms: { readonly control: readonly number[]; readonly treatment: readonly number[] },
  options: SequentialQuantileOptions & { readonly nullValue: number },
): Found {
  const control = Float64Array.from(arms.control).sort();
  const treatment = Float64Array.from(arms.treatment).sort();
  if (control.length === 0 || treatment.length === 0) return undetermined("a group without values", "values in both groups");
  const { level, nullValue, quantile, tunedFor } = options;
  const pValue = quantileComparison({ first: control, second: treatment }, { quantile, tunedFor, tunedAlpha: 1 - level });
  const value = sampleQuantile(treatment, quantile) - sampleQuantile(control, quantile);
  const width =
    Math.abs((control.at(-1) as number) - (control[0] as number)) + Math.abs((treatment.at(-1) as number) - (treatment[0] as number)) + 1;
  if (!Number.isFinite(value) || !Number.isFinite(2 * width))
    return undetermined("the values differ by more than a number can hold", "values in a larger unit");
  const kept = (shift: number): boolean => pValue(shift) >= 1 - level;
  const upper = lastKept(kept, value, value + width);
  const lower = lastKept(kept, value, value - width);
  return finding({
    estimate: estimated({
      value,
      ...openSet({ lower: lower ?? Number.NEGATIVE_INFINITY, upper: upper ?? Number.POSITIVE_INFINITY }, level),
      level,
      method: "quantile difference, beta-binomial mixtures",
      n: control.length + treatment.length,
      assumptions,
    }),
    test: { name: "product of beta-binomial martingales", pValue: pValue(nullValue), alternative: "two-sided", nullValue },
    details: { tunedFor },
  });
}

/** The last shift on the way from the estimate that is not ruled out; none where even the far end is not. */
function lastKept(kept: (shift: number) => boolean, from: number, to: number): number | undefined {
  if (kept(to)) return undefined;
  let [inside, outside] = [from, to];
  for (let step = 0; step < 1100; step++) {
    const middle = (inside + outside) / 2;
    if (middle === inside || middle === outside) break;
    if (kept(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** Successes of trials, the null proportion if there is one, and the tuning. */
export interface AlwaysValidProportion {
  readonly successes: number;
  readonly trials: number;
  readonly level: number;
  readonly tunedFor: number;
  /** In (0, 1). */
  readonly nullValue?: number | undefined;
}

/**
 * A proportion at all times at once, exact at any number of trials. No trials: Undetermined.
 * Source: Howard et al. (2021), Ann. Stat. 49, 1055-1080, proposition 7; Robbins (1970), Ann. Math. Stat. 41, 1397-1409.
 */
export function alwaysValidProportion({ successes, trials, level, tunedFor, nullValue }: AlwaysValidProportion): Found {
  if (trials === 0) return undetermined("0 of 0: no trial in the denominator", "at least one trial");
  const sequence = { successes, trials, tunedFor, tunedAlpha: 1 - level };
  const pValue = (p: number): number => Math.min(1, Math.exp(-logBernoulliMartingale(sequence, p)));
  const method = "Bernoulli confidence sequence, beta-binomial mixture";
  return finding({
    estimate: estimated({ value: successes / trials, ...bernoulliSequence(sequence, 1 - level), level, method, n: trials, assumptions }),
    test:
      nullValue === undefined
        ? undefined
        : { name: "beta-binomial martingale", pValue: pValue(nullValue), alternative: "two-sided", nullValue },
    details: { tunedFor },
  });
}
