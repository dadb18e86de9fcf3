/** The odds ratio of two independent proportions: by the score test, and by the normal distribution of its logarithm. */
import { type Estimated, estimated, type Undetermined, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { fallingRoot } from "../numerics/root.ts";
import { type Bounds, boundlessSet, boundsOf, type Claim, criticalOf, normalPValue } from "./statement.ts";
import { differenceOfShares, fewExpected, noUnits, type Sample, type TwoSamples, twoSampleAssumptions } from "./two-samples.ts";

export interface OddsRatioOptions extends TwoSamples, Claim {
  readonly nullRatio: number;
}

/**
 * The odds ratio, treatment over control, with the score test and the interval of all odds ratios that it does not reject. A zero under the ratio (no success in the
 * control, no failure in the treatment): Undetermined, with the odds ratios that are not ruled out, and with the test. An arm without units: Undetermined.
 * Source: Miettinen and Nurminen (1985), Stat. Med. 4, 213-226.
 *
 * @example
 * const samples = { control: { successes: 20, trials: 100 }, treatment: { successes: 50, trials: 100 } };
 * scoreOddsRatio({ ...samples, nullRatio: 1, variant: "miettinen-nurminen", alternative: "two-sided", level: 0.95 }).estimate.value
 * // => 4
 */
export function scoreOddsRatio(options: OddsRatioOptions & { readonly variant: "miettinen-nurminen" | "plain" }): Found {
  const { control, treatment, nullRatio, variant, alternative } = options;
  const empty = noUnits(options);
  if (empty !== undefined) return empty;
  const n = control.trials + treatment.trials;
  const successes = control.successes + treatment.successes;
  if (successes === 0 || successes === n)
    return undetermined("both arms are all alike: the odds ratio is 0 / 0", "units that differ", {
      kind: "everything",
      level: options.level,
    });
  const method = variant === "miettinen-nurminen" ? "Miettinen-Nurminen score" : "score";
  const factor = variant === "miettinen-nurminen" ? Math.sqrt((n - 1) / n) : 1;
  const critical = criticalOf(options);
  const statistic = oddsStatistic(control, treatment, Math.log(nullRatio)) * factor;
  const ends = {
    lower: () => -upperLogOdds(treatment, control, critical / factor),
    upper: () => upperLogOdds(control, treatment, critical / factor),
  };
  const test = { name: method, statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue: nullRatio };
  const warnings = fewExpected(control, treatment);
  const missing = noOddsRatio(control, treatment);
  if (missing !== undefined) {
    const set = boundlessSet(options, () => Math.exp(ends.lower()));
    return finding({ estimate: undetermined(missing.reason, missing.wouldDetermine, set), test, warnings });
  }
  const { logRatio, ratio } = oddsRatioParts(options, { method, n }, ends);
  return finding({ estimate: ratio, test, logRatio, warnings });
}

/**
 * The odds ratio by the normal distribution of its logarithm: Woolf's standard error sqrt(1/a + 1/b + 1/c + 1/d); Gart's adds 1/2 to each cell first, for value and
 * error. A zero cell under Woolf, an arm without units: Undetermined. Sources: Woolf (1955), Ann. Hum. Genet. 19, 251-253; Gart (1966), J. R. Stat. Soc. B 28, 164-179.
 */
export function logOddsRatio(options: OddsRatioOptions & { readonly variant: "woolf" | "gart" }): Found {
  const { control, treatment, nullRatio, variant, alternative } = options;
  const empty = noUnits(options);
  if (empty !== undefined) return empty;
  const added = variant === "gart" ? 0.5 : 0;
  const cells = [treatment.successes, treatment.trials - treatment.successes, control.successes, control.trials - control.successes];
  if (added === 0 && cells.includes(0))
    return undetermined(
      "a cell of the table is 0: Woolf's standard error is infinite",
      "the score or the exact odds ratio, or Gart's, which adds 1/2 to each cell",
    );
  const [a, b, c, d] = cells.map((cell) => cell + added) as [number, number, number, number];
  const log = Math.log(a / b) - Math.log(c / d);
  const standardError = Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d);
  const statistic = (log - Math.log(nullRatio)) / standardError;
  const spread = criticalOf(options) * standardError;
  const parts = { method: variant === "gart" ? "Gart log" : "Woolf log", n: control.trials + treatment.trials };
  const map = (to: (log: number) => number): Bounds => boundsOf(options, { lower: () => to(log - spread), upper: () => to(log + spread) });
  return finding({
    estimate: estimated({ ...parts, value: Math.exp(log), ...map(Math.exp), assumptions: twoSampleAssumptions }),
    test: { name: parts.method, statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue: nullRatio },
    logRatio: estimated({ ...parts, value: log, ...map((end) => end), standardError, assumptions: twoSampleAssumptions }),
    warnings:
      Math.min(...cells) < 5
        ? ["A cell is below 5: the normal distribution of the logarithm is a rough one. The score or exact odds ratio is safer."]
        : [],
  });
}

/** The ratio and its logarithm from one set of ends. */
function oddsRatioParts(
  options: OddsRatioOptions,
  { method, n }: { readonly method: string; readonly n: number },
  ends: { readonly lower: () => number; readonly upper: () => number },
): { readonly ratio: Estimated; readonly logRatio: Estimated } {
  const { control, treatment } = options;
  const value =
    (treatment.successes / (treatment.trials - treatment.successes)) * ((control.trials - control.successes) / control.successes);
  const parts = { method, n, assumptions: twoSampleAssumptions };
  const map = (to: (log: number) => number): Bounds => boundsOf(options, { lower: () => to(ends.lower()), upper: () => to(ends.upper()) });
  const ratio = estimated({ ...parts, value, ...map(Math.exp) });
  return { ratio, logRatio: value === 0 ? noLogarithm() : estimated({ ...parts, value: Math.log(value), ...map((log) => log) }) };
}

function noLogarithm(): Undetermined {
  return undetermined(
    "the odds ratio is 0, which has no logarithm",
    "at least one success in the treatment and one failure in the control",
  );
}

/** Why there is no odds ratio, if so; each arm has units. */
export function noOddsRatio(control: Sample, treatment: Sample): Undetermined | undefined {
  if (control.successes === 0)
    return undetermined("no success in the control: the odds ratio is beyond every number", "at least one success in the control");
  if (treatment.successes < treatment.trials) return undefined;
  return undetermined("no failure in the treatment: the odds ratio is beyond every number", "at least one failure in the treatment");
}

/** The score statistic of a log odds ratio, without the factor. */
function oddsStatistic(control: Sample, treatment: Sample, log: number): number {
  const n = control.trials + treatment.trials;
  if (log === 0) {
    const pooled = (control.successes + treatment.successes) / n;
    return differenceOfShares(control, treatment) / Math.sqrt(pooled * (1 - pooled) * (1 / control.trials + 1 / treatment.trials));
  }
  // The control's log odds under the ratio: expected successes equal the observed ones, arms together.
  const successes = control.successes + treatment.successes;
  const share = (odds: number): number => 1 / (1 + Math.exp(-odds));
  // Of an arm that mostly succeeds its failures are counted: a share next to 1 keeps no digit of them.
  const less = (trials: number, odds: number): number => (odds > 0 ? trials * share(-odds) : -trials * share(odds));
  const excess = (odds: number): number => {
    const whole = successes - (odds > 0 ? control.trials : 0) - (odds + log > 0 ? treatment.trials : 0);
    return whole + (less(control.trials, odds) + less(treatment.trials, odds + log));
  };
  const odds = fallingRoot(excess, -200 - Math.abs(log), 200 + Math.abs(log));
  const [p1, q1] = [share(odds + log), share(-odds - log)];
  const [p0, q0] = [share(odds), share(-odds)];
  // The treatment's excess over what is expected, in four forms that are equal at the maximum: that of the smallest count loses least.
  const forms = [
    { count: treatment.successes, excess: treatment.successes - treatment.trials * p1 },
    { count: treatment.trials - treatment.successes, excess: treatment.trials * q1 - (treatment.trials - treatment.successes) },
    { count: control.successes, excess: control.trials * p0 - control.successes },
    { count: control.trials - control.successes, excess: control.trials - control.successes - control.trials * q0 },
  ];
  const best = forms.reduce((a, b) => (b.count < a.count ? b : a));
  return best.excess * Math.sqrt(1 / (treatment.trials * p1 * q1) + 1 / (control.trials * p0 * q0));
}

function upperLogOdds(control: Sample, treatment: Sample, critical: number): number {
  if (critical >= 0 && (control.successes === 0 || treatment.successes === treatment.trials)) return Number.POSITIVE_INFINITY;
  // One-sided at a level of at most 0.5 every odds ratio above a value of 0 is rejected.
  if (critical <= 0 && (treatment.successes === 0 || control.successes === control.trials)) return Number.NEGATIVE_INFINITY;
  return fallingRoot((log) => oddsStatistic(control, treatment, log) + critical, -logMost, logMost);
}

/** Odds ratios of counts of doubles lie within exp(+-150). */
const logMost = 150;
