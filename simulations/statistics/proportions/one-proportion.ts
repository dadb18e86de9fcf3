/** Tests and intervals for one proportion; each method's interval is made of the null values that its own test does not reject. */
import { betaDistribution } from "../distributions/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { binomialFamily, logOddsOf, shareOf } from "./discrete-family.ts";
import { type ExactMethod, exactTest } from "./exact-test.ts";
import { noTrials, wilsonBounds } from "./proportion.ts";
import { boundsOf, type Claim, corrected, correctionAtBound, criticalOf, normalPValue } from "./statement.ts";

/** Successes of trials, and the proportion under the null hypothesis (in (0, 1)). */
export interface OneProportionOptions extends Claim {
  readonly successes: number;
  readonly trials: number;
  readonly nullValue: number;
}

const assumptions = ["units are drawn independently", "each with the same probability"];

/**
 * The score test of a proportion with Wilson's interval. Continuity-corrected, both are those of one success fewer or more by a half, or by the distance from the
 * null value where that is less: R's prop.test. No trials: Undetermined. Sources: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212; Newcombe (1998), Stat. Med. 17, 857-872.
 *
 * @example
 * scoreProportion({ successes: 60, trials: 100, nullValue: 0.5, alternative: "two-sided", level: 0.95 }).test.statistic.toFixed(9)
 * // => "2.000000000"
 */
export function scoreProportion(options: OneProportionOptions & { readonly continuityCorrection?: boolean }): Found {
  const { successes, trials, nullValue, alternative, level, continuityCorrection = false } = options;
  if (trials === 0) return noTrials();
  const critical = criticalOf(options);
  const distance = successes - trials * nullValue;
  const correction = continuityCorrection ? Math.min(0.5, Math.abs(distance)) : 0;
  const outward = correctionAtBound(critical, correction);
  const bounds = boundsOf(
    { alternative, level },
    {
      lower: () => wilsonBounds(Math.min(trials, Math.max(0, successes - outward)), trials, critical).lower,
      upper: () => wilsonBounds(Math.min(trials, Math.max(0, successes + outward)), trials, critical).upper,
    },
  );
  const statistic = corrected(distance, correction) / Math.sqrt(trials * nullValue * (1 - nullValue));
  const few = trials * Math.min(nullValue, 1 - nullValue) < 5;
  const words = continuityCorrection ? ", continuity-corrected" : "";
  return finding({
    estimate: estimated({ value: successes / trials, ...bounds, method: `Wilson score${words}`, n: trials, assumptions }),
    test: { name: `score${words}`, statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue },
    warnings: few ? ["Fewer than 5 successes or failures are expected under the null value: an exact test is safer."] : [],
  });
}

/** Wald's test and interval, with the variance at the estimate; the interval is cut at 0 and 1. None or all: Undetermined, because that variance is 0. */
export function waldProportion(options: OneProportionOptions): Found {
  const { successes, trials, nullValue, alternative, level } = options;
  if (trials === 0) return noTrials();
  const value = successes / trials;
  const failures = trials - successes;
  if (successes === 0 || failures === 0)
    return undetermined(
      `${successes} of ${trials}: Wald's standard error is 0 there`,
      "Wilson's or an exact interval, which need no estimate of the variance",
    );
  const standardError = Math.sqrt((value * (failures / trials)) / trials);
  const spread = criticalOf(options) * standardError;
  const statistic = (value - nullValue) / standardError;
  const bounds = boundsOf({ alternative, level }, { lower: () => Math.max(0, value - spread), upper: () => Math.min(1, value + spread) });
  const few = Math.min(successes, failures) < 15;
  return finding({
    estimate: estimated({ value, ...bounds, standardError, method: "Wald", n: trials, assumptions }),
    test: { name: "Wald", statistic, pValue: normalPValue(statistic, alternative), alternative, nullValue },
    warnings: few ? ["Fewer than 15 successes or failures: Wald's interval covers less than it says. Use Wilson's."] : [],
  });
}

/** Agresti and Coull's interval: Wald's around (x + z²/2) / (n + z²), cut at 0 and 1. It has no test of its own. Source: Agresti and Coull (1998), Am. Stat. 52, 119-126. */
export function agrestiCoull(options: Omit<OneProportionOptions, "nullValue">): Found {
  const { successes, trials, alternative, level } = options;
  if (trials === 0) return noTrials();
  const z = criticalOf(options);
  const whole = trials + z * z;
  const [centre, rest] = [(successes + (z * z) / 2) / whole, (trials - successes + (z * z) / 2) / whole];
  const spread = z * Math.sqrt((centre * rest) / whole);
  const bounds = boundsOf({ alternative, level }, { lower: () => Math.max(0, centre - spread), upper: () => Math.min(1, centre + spread) });
  return finding({
    estimate: estimated({ value: successes / trials, ...bounds, method: "Agresti-Coull", n: trials, assumptions }),
    details: { centre },
  });
}

/**
 * The equal-tailed credible interval under Jeffreys' prior, beta(1/2, 1/2); a frequentist interval of good average coverage. It has no test. Ends are the
 * posterior's quantiles, also at none and all. Source: Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.
 */
export function jeffreysProportion(options: Omit<OneProportionOptions, "nullValue">): Found {
  const { successes, trials, alternative, level } = options;
  if (trials === 0) return noTrials();
  const posterior = betaDistribution(successes + 0.5, trials - successes + 0.5);
  const tail = alternative === "two-sided" ? (1 - level) / 2 : 1 - level;
  const bounds = boundsOf({ alternative, level }, { lower: () => posterior.quantile(tail), upper: () => posterior.upperQuantile(tail) });
  const posteriorMean = (successes + 0.5) / (trials + 1);
  const details = { posteriorMean };
  return finding({ estimate: estimated({ value: successes / trials, ...bounds, method: "Jeffreys", n: trials, assumptions }), details });
}

const exactNames = {
  "minimum-likelihood": "exact binomial, minimum likelihood",
  blaker: "exact binomial, Blaker",
  central: "Clopper-Pearson",
  "mid-p": "binomial, mid-p",
} as const;

/** The exact binomial test and the interval that agrees with it; see `exactTest` for the methods. No trials: Undetermined. */
export function exactProportion(options: OneProportionOptions & { readonly method: ExactMethod }): Found {
  const { successes, trials, nullValue, alternative, level, method } = options;
  if (trials === 0) return noTrials();
  const family = binomialFamily({ trials, near: successes, nullShare: nullValue });
  const answer = exactTest(family, successes, { method, alternative, level, nullNatural: logOddsOf(nullValue) });
  const bounds = boundsOf({ alternative, level }, { lower: () => shareOf(answer.lower), upper: () => shareOf(answer.upper) });
  return finding({
    estimate: estimated({ value: successes / trials, ...bounds, method: exactNames[method], n: trials, assumptions }),
    test: { name: exactNames[method], pValue: answer.pValue, alternative, nullValue },
    ...gapParts(answer.gapPValue),
  });
}

/** What is said when the parameters that an exact test does not reject have a gap at the null value. */
export function gapParts(gapPValue: number | undefined): {
  readonly details?: { readonly gapPValue: number };
  readonly warnings: readonly string[];
} {
  if (gapPValue === undefined) return { warnings: [] };
  return {
    details: { gapPValue },
    warnings: [
      "The values that this test does not reject have a gap at the null value: p is the one that agrees with the interval, which spans the gap.",
    ],
  };
}
