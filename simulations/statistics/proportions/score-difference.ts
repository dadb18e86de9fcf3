/** The difference of two independent proportions by the score test, at any null difference. */
import { estimated } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { fallingRoot, justAbove } from "../numerics/root.ts";
import { ratioOfScores } from "./score-ratio.ts";
import { boundsOf, type Claim, criticalOf, normalPValue } from "./statement.ts";
import { differenceOfShares, fewExpected, noUnits, type Sample, type TwoSamples, twoSampleAssumptions } from "./two-samples.ts";

export interface ScoreDifferenceOptions extends TwoSamples, Claim {
  /** The difference, treatment minus control, under the null hypothesis; in (-1, 1). */
  readonly nullDifference: number;
  /** Miettinen and Nurminen multiply the variance by N / (N - 1); Farrington and Manning (Mee's interval) do not. */
  readonly variant: "miettinen-nurminen" | "farrington-manning";
}

const names = { "miettinen-nurminen": "Miettinen-Nurminen score", "farrington-manning": "Farrington-Manning score (Mee)" } as const;

/**
 * Treatment minus control with the score test and the score interval: the variance is taken at the likelihood's maximum among proportions that differ by the
 * null difference. Sensible at none and all. With it come the relative difference and the log ratio by the score test of a ratio, which is the same test
 * at no difference. An arm without units: Undetermined. Antisymmetric to the last bit.
 * Sources: Miettinen and Nurminen (1985), Stat. Med. 4, 213-226; Mee (1984), Biometrics 40, 1175-1176; Farrington and Manning (1990), Stat. Med. 9, 1447-1454.
 *
 * @example
 * const found = scoreDifference({
 *   control: { successes: 40, trials: 100 }, treatment: { successes: 55, trials: 100 },
 *   nullDifference: 0, variant: "farrington-manning", alternative: "two-sided", level: 0.95,
 * });
 * found.test.statistic.toFixed(6)
 * // => "2.123977"
 */
export function scoreDifference(options: ScoreDifferenceOptions): Found {
  const { control, treatment, nullDifference, variant, alternative, level } = options;
  const n = control.trials + treatment.trials;
  const empty = noUnits(options);
  if (empty !== undefined) return empty;
  const factor = variant === "miettinen-nurminen" ? n / (n - 1) : 1;
  const critical = criticalOf(options);
  const bounds = boundsOf(
    { alternative, level },
    { lower: () => -upperBound(treatment, control, critical, factor), upper: () => upperBound(control, treatment, critical, factor) },
  );
  const statistic = scoreStatistic(control, treatment, nullDifference, factor);
  const value = differenceOfShares(control, treatment);
  const relatives = ratioOfScores({ ...options, variant: variant === "miettinen-nurminen" ? "miettinen-nurminen" : "koopman" });
  return finding({
    estimate: estimated({ value, ...bounds, method: names[variant], n, assumptions: twoSampleAssumptions }),
    test:
      statistic === undefined
        ? undefined
        : { name: names[variant], statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue: nullDifference },
    relative: relatives.relative,
    logRatio: relatives.logRatio,
    details: { controlShare: control.successes / control.trials, treatmentShare: treatment.successes / treatment.trials },
    warnings: [...fewExpected(control, treatment), ...(statistic === undefined ? [noStatistic] : [])],
  });
}

const noStatistic =
  "Both arms are all alike: under no difference the score statistic is 0 / 0, so that there is no p-value. The interval needs none.";

/** The score statistic of a null difference; undefined where it is 0 / 0. Computed in one order of the arms, so that swapping flips its sign to the last bit. */
function scoreStatistic(control: Sample, treatment: Sample, difference: number, factor: number): number | undefined {
  if (comesAfter(control, treatment, difference)) {
    const swapped = scoreStatistic(treatment, control, 0 - difference, factor);
    return swapped === undefined ? undefined : 0 - swapped;
  }
  const variance = restrictedVariance(control, treatment, difference) * factor;
  return variance === 0 ? undefined : (differenceOfShares(control, treatment) - difference) / Math.sqrt(variance);
}

function comesAfter(a: Sample, b: Sample, difference: number): boolean {
  if (a.trials !== b.trials) return a.trials > b.trials;
  if (a.successes !== b.successes) return a.successes > b.successes;
  return difference < 0;
}

/** The largest difference at which (estimate - difference) / standard error is at least -critical. */
function upperBound(control: Sample, treatment: Sample, critical: number, factor: number): number {
  const value = differenceOfShares(control, treatment);
  if (value === 1 && critical > 0) return 1;
  const score = (difference: number): number =>
    value - difference + critical * Math.sqrt(factor * restrictedVariance(control, treatment, difference));
  // At the estimate itself the variance may be 0, and the score 0 with it; just beside it is not.
  return critical > 0 ? fallingRoot(score, justAbove(value), 1) : fallingRoot(score, -1, -justAbove(-value));
}

/** The variance of the difference at the likelihood's maximum among proportions that differ so. */
export function restrictedVariance(control: Sample, treatment: Sample, difference: number): number {
  if (2 * (control.successes + treatment.successes) > control.trials + treatment.trials)
    return restrictedVariance(failuresOf(control), failuresOf(treatment), 0 - difference);
  const share = restrictedShare(control, treatment, difference);
  const other = Math.min(1, Math.max(0, share + difference));
  const rest = Math.min(1, Math.max(0, 1 - difference - share));
  return (other * rest) / treatment.trials + (share * (1 - share)) / control.trials;
}

function failuresOf({ successes, trials }: Sample): Sample {
  return { successes: trials - successes, trials };
}

/** The control's proportion where the likelihood is largest: its slope falls, and is halved down rather than solved as a cubic, which loses digits at large counts. */
function restrictedShare(control: Sample, treatment: Sample, difference: number): number {
  if (difference === 0) return (control.successes + treatment.successes) / (control.trials + treatment.trials);
  const part = (count: number, of: number): number => (count === 0 ? 0 : count / of);
  const slope = (share: number): number =>
    part(treatment.successes, share + difference) -
    part(treatment.trials - treatment.successes, 1 - difference - share) +
    part(control.successes, share) -
    part(control.trials - control.successes, 1 - share);
  const least = Math.max(0, -difference);
  const most = Math.min(1, 1 - difference);
  if (!(slope(least) > 0)) return least;
  if (!(slope(most) < 0)) return most;
  let [low, high] = [least, most];
  for (let step = 0; step < 1100; step++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}
