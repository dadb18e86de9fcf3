/** Did the arms get the shares of units that were planned? The tests of one look. */
import { checkLimit, InputRefused } from "../../../data/foundation/index.ts";
import { betaDistribution, chiSquared } from "../distributions/index.ts";
import { type Estimated, estimated, undetermined } from "../estimate.ts";
import { type Detail, type Found, finding } from "../finding.ts";
import { effectAtLeast } from "../proportions/contingency-table.ts";
import { binomialFamily, logOddsOf, shareOf } from "../proportions/discrete-family.ts";
import { exactTest } from "../proportions/exact-test.ts";
import { noncentralityForPower } from "../proportions/noncentrality.ts";
import { gapParts } from "../proportions/one-proportion.ts";
import { boundsOf, criticalOf } from "../proportions/statement.ts";
import { sumOf } from "../sums.ts";
import { multinomialPValue, outcomesOf } from "./multinomial.ts";
import { type PlannedArms, plannedArms, type SampleRatioInput } from "./planned-shares.ts";

const assumptions = ["units are assigned independently", "a unit counts once, in the arm it was assigned to"];

/**
 * The chi-squared test of planned shares. Two arms: the share of the second with Wilson's interval, which is the same test (with Yates' correction, its corrected form).
 * More: Cohen's w = sqrt(chi-squared / n) with the lower bound that agrees. Details give each arm's share with its credible interval (beta, from a Dirichlet(1/2)
 * prior), and the smallest imbalance of the first arm that this many units show with 80 % power. Fewer than two arms with a weight, or no unit: Undetermined.
 * Source: Pearson (1900); Fabijan et al. (2019), Diagnosing sample ratio mismatch, KDD.
 *
 * @example
 * sampleRatio({ observed: [1000, 1200], weights: [1, 1], continuityCorrection: false, level: 0.95 }).test.pValue.toFixed(9)
 * // => "0.000020079"
 */
export function sampleRatio(options: SampleRatioInput & { readonly level: number; readonly continuityCorrection: boolean }): Found {
  const { level, continuityCorrection } = options;
  const arms = plannedArms(options);
  const missing = nothingToTest(arms);
  if (missing !== undefined) return missing;
  const { observed, planned, n, excess } = arms;
  const correction = continuityCorrection && observed.length === 2 ? 0.5 : 0;
  const statistic = sumOf(
    excess.map((apart, arm) => {
      const distance = Math.max(0, Math.abs(apart) - correction);
      return distance * (distance / (n * (planned[arm] ?? 0)));
    }),
  );
  const degreesOfFreedom = observed.length - 1;
  const estimate: Estimated =
    degreesOfFreedom === 1
      ? secondShare(arms, level, correction)
      : effectAtLeast({ statistic, degreesOfFreedom, scale: n, level, method: "Cohen's w, noncentral chi-squared", n });
  const least = n * Math.min(...planned);
  return finding({
    estimate,
    test: {
      name: correction > 0 ? "chi-squared, continuity-corrected" : "chi-squared",
      statistic,
      degreesOfFreedom,
      pValue: chiSquared(degreesOfFreedom).survival(statistic),
      alternative: "two-sided",
      nullValue: degreesOfFreedom === 1 ? (planned[1] ?? 0) : 0,
    },
    details: armDetails(arms, level),
    warnings: [...arms.warnings, ...(least < 5 ? ["An arm expects fewer than 5 units: the exact test is safer."] : [])],
  });
}

/** The share of the second of two arms, with Wilson's interval; corrected after Newcombe (1998), Stat. Med. 17, 857-872, method 4. */
function secondShare({ observed, n }: PlannedArms, level: number, correction: number): Estimated {
  const z = criticalOf({ alternative: "two-sided", level });
  const [rest, count] = [observed[0] ?? 0, observed[1] ?? 0];
  const spread = (successes: number): number => z * Math.sqrt(successes * ((n - successes) / n) + (z * z) / 4);
  const [down, up] = [count - correction, count + correction];
  const lower = count === 0 ? 0 : (down + (z * z) / 2 - spread(down)) / (n + z * z);
  const upper = rest === 0 ? 1 : (up + (z * z) / 2 + spread(up)) / (n + z * z);
  return estimated({
    value: count / n,
    lower,
    upper,
    level,
    method: correction > 0 ? "Wilson score, continuity-corrected" : "Wilson score",
    n,
    assumptions,
  });
}

/**
 * The exact test of planned shares: of two arms the binomial test of minimum likelihood, with the interval of the second arm's share that agrees; of more the
 * multinomial test, over all ways in which the units could fall that are at most as probable as what was seen. More than `multinomialOutcomes` ways are refused.
 * Fewer than two arms with a weight, or no unit: Undetermined. Source: Read and Cressie (1988), Goodness-of-Fit Statistics for Discrete Multivariate Data.
 *
 * @example
 * sampleRatioExact({ observed: [53, 47], weights: [1, 1], level: 0.95 }).test.pValue.toFixed(9)
 * // => "0.617299414"
 */
export function sampleRatioExact(options: SampleRatioInput & { readonly level: number }): Found {
  const { level } = options;
  const arms = plannedArms(options);
  const missing = nothingToTest(arms);
  if (missing !== undefined) return missing;
  const { observed, planned, n, excess } = arms;
  if (observed.length === 2) return twoArmsExact(arms, level);
  const limit = checkLimit("multinomialOutcomes", outcomesOf(n, observed.length));
  if (limit !== undefined) throw new InputRefused([limit]);
  const squares = excess.map((apart, arm) => apart ** 2 / (n * (planned[arm] ?? 0)));
  return finding({
    estimate: estimated({ value: Math.sqrt(sumOf(squares) / n), method: "Cohen's w, without interval", n, assumptions }),
    test: { name: "exact multinomial", pValue: multinomialPValue(observed, planned), alternative: "two-sided", nullValue: 0 },
    details: armDetails(arms, level),
    warnings: arms.warnings,
  });
}

function twoArmsExact(arms: PlannedArms, level: number): Found {
  const { observed, planned, n } = arms;
  const second = planned[1] ?? 0;
  const x = observed[1] ?? 0;
  const answer = exactTest(binomialFamily({ trials: n, near: x, nullShare: second }), x, {
    method: "minimum-likelihood",
    alternative: "two-sided",
    level,
    nullNatural: logOddsOf(second),
  });
  const bounds = boundsOf({ alternative: "two-sided", level }, { lower: () => shareOf(answer.lower), upper: () => shareOf(answer.upper) });
  const gap = gapParts(answer.gapPValue);
  return finding({
    estimate: estimated({ value: x / n, ...bounds, method: "exact binomial, minimum likelihood", n, assumptions }),
    test: { name: "exact binomial", pValue: answer.pValue, alternative: "two-sided", nullValue: second },
    details: { ...armDetails(arms, level), ...gap.details },
    warnings: [...arms.warnings, ...gap.warnings],
  });
}

/** Why there is no test, if so. */
export function nothingToTest({ observed, n }: PlannedArms): ReturnType<typeof undetermined> | undefined {
  if (observed.length < 2)
    return undetermined("fewer than two arms were planned to have units: there is no ratio", "at least two arms with a weight above 0");
  return n === 0 ? undetermined("no unit in any arm", "at least one assigned unit") : undefined;
}

/** Each arm's share beside its plan, and the smallest imbalance that would show. */
function armDetails({ observed, planned, places, n }: PlannedArms, level: number): Readonly<Record<string, Detail>> {
  const tail = (1 - level) / 2;
  const arms = observed.map((count, arm) => {
    const posterior = betaDistribution(count + 0.5, n - count + (observed.length - 1) / 2);
    return {
      arm: (places[arm] ?? 0) + 1,
      units: count,
      expected: n * (planned[arm] ?? 0),
      share: count / n,
      planned: planned[arm] ?? 0,
      credibleLower: posterior.quantile(tail),
      credibleUpper: posterior.upperQuantile(tail),
    };
  });
  const noncentrality = noncentralityForPower({ degreesOfFreedom: observed.length - 1, level, power: 0.8 });
  const first = planned[0] ?? 0;
  // w = |shift| / sqrt(p (1 - p)) when the first arm's share moves and the others keep their proportions.
  return { arms, smallestImbalance: Math.sqrt((noncentrality / n) * first * (1 - first)) };
}
