/** The ratio of two independent proportions by the score test. */
import { type Estimated, estimated, type Undetermined, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { fallingRoot } from "../numerics/root.ts";
import { type Bounds, boundlessSet, boundsOf, type Claim, criticalOf, normalPValue } from "./statement.ts";
import { differenceOfShares, fewExpected, noUnits, type Sample, type TwoSamples, twoSampleAssumptions } from "./two-samples.ts";

export interface ScoreRatioOptions extends TwoSamples, Claim {
  /** Miettinen and Nurminen multiply the variance by N / (N - 1); Koopman does not. */
  readonly variant: "miettinen-nurminen" | "koopman";
}

const names = { "miettinen-nurminen": "Miettinen-Nurminen score", koopman: "Koopman score" } as const;

/**
 * The risk ratio, treatment over control, with the score test of any null ratio above 0 and the interval of all ratios that it does not reject. A control without
 * success: Undetermined, with the ratios that are not ruled out, and with the test. An arm without units: Undetermined. Swapping the arms inverts everything.
 * Sources: Koopman (1984), Biometrics 40, 513-517; Miettinen and Nurminen (1985), Stat. Med. 4, 213-226.
 *
 * @example
 * const samples = { control: { successes: 40, trials: 100 }, treatment: { successes: 60, trials: 100 } };
 * scoreRatio({ ...samples, nullRatio: 1, variant: "koopman", alternative: "two-sided", level: 0.95 }).estimate.value
 * // => 1.5
 */
export function scoreRatio(options: ScoreRatioOptions & { readonly nullRatio: number }): Found {
  const { control, treatment, nullRatio, variant, alternative } = options;
  const { ratio, logRatio } = ratioOfScores(options);
  if (ratio.kind === "undetermined" && ratio.set === undefined) return ratio;
  const n = control.trials + treatment.trials;
  const statistic = ratioStatistic(control, treatment, nullRatio, factorOf(variant, n));
  const none =
    statistic === undefined
      ? ["Every unit is a success: under equal proportions the score statistic is 0 / 0, so that there is no p-value."]
      : [];
  return finding({
    estimate: ratio,
    test:
      statistic === undefined
        ? undefined
        : { name: names[variant], statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue: nullRatio },
    logRatio,
    warnings: [...fewExpected(control, treatment), ...none],
  });
}

/** The ratio, the ratio less one, and its logarithm, with one set of bounds. */
export function ratioOfScores(options: ScoreRatioOptions): Readonly<Record<"ratio" | "relative" | "logRatio", Estimated>> {
  const { control, treatment, variant } = options;
  const n = control.trials + treatment.trials;
  const missing = noRatio(control, treatment);
  const critical = criticalOf(options);
  const factor = factorOf(variant, n);
  const upper = (): number => upperLogRatio(control, treatment, critical, factor);
  const lower = (): number => -upperLogRatio(treatment, control, critical, factor);
  if (missing !== undefined) {
    const told = (map: (log: number) => number): Undetermined => boundlessRatio(options, missing, () => map(lower()));
    return { ratio: told(Math.exp), relative: told(Math.expm1), logRatio: told((log) => log) };
  }
  const value = ratioOfShares(control, treatment);
  const parts = { method: names[variant], n, assumptions: twoSampleAssumptions };
  const ends = (map: (log: number) => number): Bounds => boundsOf(options, { lower: () => map(lower()), upper: () => map(upper()) });
  return {
    ratio: estimated({ ...parts, value, ...ends(Math.exp) }),
    relative: estimated({
      ...parts,
      value: differenceOfShares(control, treatment) / (control.successes / control.trials),
      ...ends(Math.expm1),
    }),
    logRatio:
      value === 0
        ? undetermined("no success in the treatment: the logarithm of 0", "at least one success in each arm")
        : estimated({ ...parts, value: logOfRatio(control, treatment), ...ends((log) => log) }),
  };
}

/** Treatment's proportion over the control's. */
export function ratioOfShares(control: Sample, treatment: Sample): number {
  return ((treatment.successes / control.successes) * control.trials) / treatment.trials;
}

/** log(treatment / control), of equal size when the arms are swapped. */
export function logOfRatio(control: Sample, treatment: Sample): number {
  const log = ({ successes, trials }: Sample): number => Math.log(successes / trials);
  return log(treatment) - log(control);
}

/** Why there is no ratio, if so. */
export function noRatio(control: Sample, treatment: Sample): ReturnType<typeof undetermined> | undefined {
  const empty = noUnits({ control, treatment });
  if (empty !== undefined || control.successes > 0) return empty;
  return undetermined(
    "no success in the control: a ratio has nothing to be relative to",
    "at least one success in the control; the difference needs none",
  );
}

/** Why a ratio has no value, and what is not ruled out all the same: from the lower end on, or anything where no arm has a success. */
function boundlessRatio({ control, treatment, ...claim }: ScoreRatioOptions, missing: Undetermined, lower: () => number): Undetermined {
  if (control.trials === 0 || treatment.trials === 0) return missing;
  if (treatment.successes > 0)
    return undetermined("no success in the control: the ratio is beyond every number", missing.wouldDetermine, boundlessSet(claim, lower));
  return undetermined("no success in either arm: the ratio is 0 / 0", missing.wouldDetermine, { kind: "everything", level: claim.level });
}

function factorOf(variant: ScoreRatioOptions["variant"], n: number): number {
  return variant === "miettinen-nurminen" ? n / (n - 1) : 1;
}

function ratioStatistic(control: Sample, treatment: Sample, ratio: number, factor: number): number | undefined {
  const { variance } = restricted(control, treatment, ratio);
  if (variance === 0) return undefined;
  const numerator =
    ratio === 1
      ? differenceOfShares(control, treatment)
      : treatment.successes / treatment.trials - (ratio * control.successes) / control.trials;
  return numerator / Math.sqrt(variance * factor);
}

/**
 * The logarithm of the largest ratio that is not rejected. Infinite when the control has no success; without a success in the treatment it is a number, unless the
 * critical value is at most 0 (one-sided, a level of at most 0.5): then every ratio above the value of 0 is rejected.
 */
function upperLogRatio(control: Sample, treatment: Sample, critical: number, factor: number): number {
  if (control.successes === 0 && critical >= 0) return Number.POSITIVE_INFINITY;
  if (treatment.successes === 0 && critical <= 0) return Number.NEGATIVE_INFINITY;
  const score = (log: number): number => (ratioStatistic(control, treatment, Math.exp(log), factor) ?? 0) + critical;
  const middle = Math.min(logMost, Math.max(-logMost, logOfRatio(control, treatment)));
  return critical > 0 ? fallingRoot(score, middle, logMost) : fallingRoot(score, -logMost, middle);
}

/** Ratios of counts of doubles lie within exp(+-80). */
const logMost = 100;

/** The variance of p treatment - ratio p control at the likelihood's maximum among proportions of that ratio. */
function restricted(control: Sample, treatment: Sample, ratio: number): { readonly variance: number } {
  // The arm of the larger proportion is `high`; the other one's is its share over `factor`, which is at least 1.
  const [high, low, factor] = ratio >= 1 ? [treatment, control, ratio] : [control, treatment, 1 / ratio];
  const { shareHigh, restHigh, restLow } = restrictedHigh(high, low, factor);
  const shareLow = shareHigh / factor;
  const [p1, q1, p0, q0] = ratio >= 1 ? [shareHigh, restHigh, shareLow, restLow] : [shareLow, restLow, shareHigh, restHigh];
  return { variance: (p1 * q1) / treatment.trials + (ratio * ratio * p0 * q0) / control.trials };
}

/** The larger proportion at the maximum, found from whichever of it and its complement is small, so that neither loses digits. */
function restrictedHigh(
  high: Sample,
  low: Sample,
  factor: number,
): { readonly shareHigh: number; readonly restHigh: number; readonly restLow: number } {
  const successes = high.successes + low.successes;
  const [failuresHigh, failuresLow] = [high.trials - high.successes, low.trials - low.successes];
  const part = (count: number, of: number): number => (count === 0 ? 0 : count / of);
  const fromShare = (share: number): number => part(successes, share) - part(failuresHigh, 1 - share) - part(failuresLow, factor - share);
  if (!(fromShare(0.5) > 0)) {
    const shareHigh = fallingZero(fromShare, 0.5);
    return { shareHigh, restHigh: 1 - shareHigh, restLow: (factor - shareHigh) / factor };
  }
  const fromRest = (rest: number): number => part(failuresHigh, rest) + part(failuresLow, factor - 1 + rest) - part(successes, 1 - rest);
  const restHigh = fallingZero(fromRest, 0.5);
  return { shareHigh: 1 - restHigh, restHigh, restLow: (factor - 1 + restHigh) / factor };
}

/** Where a falling function on (0, to] crosses zero, to the last bit; 0 when it is not above zero anywhere. */
function fallingZero(falling: (x: number) => number, to: number): number {
  if (!(falling(0) > 0)) return 0;
  let [low, high] = [0, to];
  for (let step = 0; step < 1100; step++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}
