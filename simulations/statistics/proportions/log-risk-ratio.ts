/** The risk ratio by the normal distribution of its logarithm. */

import { outOfRange } from "../effect.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { noRatio } from "./score-ratio.ts";
import { type Bounds, boundsOf, type Claim, corrected, correctionAtBound, criticalOf, normalPValue } from "./statement.ts";
import { noUnits, type Sample, type TwoSamples, twoSampleAssumptions } from "./two-samples.ts";

export interface LogRiskRatioOptions extends TwoSamples, Claim {
  readonly nullRatio: number;
  /** Katz: the observed counts; Walter adds 1/2 to successes and units of each arm, for value and error. */
  readonly variant: "katz" | "walter";
  /** One pooled proportion in the standard error. */
  readonly pooled?: boolean;
  /** Yates' correction of the difference, as a share of the control's proportion. */
  readonly continuityCorrection?: boolean;
}

/**
 * The risk ratio, treatment over control, with standard error sqrt(1/xT - 1/nT + 1/xC - 1/nC) of its logarithm. No success in an arm (Katz), a standard error of
 * 0 (all successes), an arm without units, a lower end beyond the largest double: Undetermined. Sources: Katz et al. (1978), Biometrics 34, 469-474; Walter (1975), Biometrika 62, 371-374.
 *
 * @example
 * const samples = { control: { successes: 40, trials: 100 }, treatment: { successes: 60, trials: 100 } };
 * logRiskRatio({ ...samples, nullRatio: 1, variant: "katz", alternative: "two-sided", level: 0.95 }).logRatio.standardError.toFixed(6)
 * // => "0.147196"
 */
export function logRiskRatio(options: LogRiskRatioOptions): Found {
  const { control, treatment, nullRatio, variant, pooled, continuityCorrection, alternative } = options;
  const isPlain = variant === "katz";
  const missing = isPlain ? noRatio(control, treatment) : noUnits(options);
  if (missing !== undefined) return missing;
  if (isPlain && treatment.successes === 0)
    return undetermined(
      "no success in the treatment: the logarithm of 0",
      "at least one success in each arm, or the score ratio, which needs none",
    );
  const added = isPlain ? 0 : 0.5;
  const more = ({ successes, trials }: Sample): Sample => ({ successes: successes + added, trials: trials + added });
  const [c, t] = [more(control), more(treatment)];
  const part = ({ successes, trials }: Sample): number => (trials - successes) / trials / successes;
  const all: Sample = { successes: c.successes + t.successes, trials: c.trials + t.trials };
  const standardError = Math.sqrt(pooled === true ? part(all) * all.trials * (1 / t.trials + 1 / c.trials) : part(t) + part(c));
  const correction = continuityCorrection === true ? ((1 / t.trials + 1 / c.trials) / 2) * (c.trials / c.successes) : 0;
  if (standardError === 0)
    return undetermined(
      "every unit of both arms is a success: the standard error is 0",
      "the score ratio, which needs no estimate of the variance",
    );
  const log = Math.log(t.successes / t.trials) - Math.log(c.successes / c.trials);
  const statistic = corrected(log - Math.log(nullRatio), correction) / standardError;
  const critical = criticalOf(options);
  const spread = critical * standardError + correctionAtBound(critical, correction);
  if (alternative === "greater" && Math.exp(log - spread) === Number.POSITIVE_INFINITY) return outOfRange();
  const method = `${isPlain ? "Katz log" : "Walter log"}${pooled === true ? ", pooled" : ""}${correction > 0 ? ", continuity-corrected" : ""}`;
  const parts = { method, n: control.trials + treatment.trials, assumptions: twoSampleAssumptions };
  const map = (to: (log: number) => number): Bounds => boundsOf(options, { lower: () => to(log - spread), upper: () => to(log + spread) });
  return finding({
    estimate: estimated({ ...parts, value: Math.exp(log), ...map(Math.exp) }),
    test: { name: parts.method, statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue: nullRatio },
    logRatio: estimated({ ...parts, value: log, ...map((end) => end), standardError }),
    warnings:
      Math.min(control.successes, treatment.successes) < 5
        ? ["An arm has fewer than 5 successes: the normal distribution of the logarithm is a rough one. The score ratio is safer."]
        : [],
  });
}
