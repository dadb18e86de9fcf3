/** Did the arms get their planned shares? The test that may be looked at after every unit. */
import { estimated } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { logGamma, stirlingError } from "../numerics/gamma-function.ts";
import { fallingRoot } from "../numerics/root.ts";
import { deviance } from "../proportions/binomial-tails.ts";
import { sumOf } from "../sums.ts";
import { type PlannedArms, plannedArms } from "./planned-shares.ts";
import { nothingToTest } from "./sample-ratio.ts";

export interface SequentialSampleRatioInput {
  /** For each look, the units of each arm that are new since the look before. */
  readonly looks: readonly (readonly number[])[];
  readonly weights: readonly number[];
  /** Units of prior belief in the planned shares: the test is most sensitive near so many units. The prior is Dirichlet(planned x concentration). */
  readonly concentration?: number | undefined;
  /** The Dirichlet prior itself, one number an arm, in place of `concentration`. */
  readonly prior?: readonly number[] | undefined;
  readonly level: number;
}

/** What the test knows at one look. */
export interface LookState {
  /** Log probability of all assignments so far, in order within no look: under the Dirichlet mixture, and under the plan. */
  readonly logMixture: number;
  readonly logPlanned: number;
  readonly logBayesFactor: number;
  /** The Dirichlet posterior of the shares. */
  readonly posterior: readonly number[];
  /** The smallest inverse Bayes factor up to this look, at most 1. */
  readonly pValue: number;
}

const assumptions = ["units are assigned independently", "the true shares stay the same from look to look", "a unit counts once"];

/**
 * The sequential test of planned shares: the Bayes factor of a Dirichlet mixture against the plan, and the p-value min(1, 1 / largest factor so far), which is valid at any
 * time, also when one stops because of it. Two arms: the share of the second, with the intersection over all looks of the shares that are not rejected. More:
 * Cohen's w, and each arm's range in the details. Fewer than two arms with a weight, or no unit: Undetermined.
 * Source: Lindon and Malek (2022), Anytime-valid inference for multinomial count data, NeurIPS 35.
 *
 * @example
 * sequentialSampleRatio({ looks: [[60, 40], [70, 30]], weights: [1, 1], prior: [1, 1], level: 0.95 }).test.pValue.toFixed(6)
 * // => "0.001273"
 */
export function sequentialSampleRatio(input: SequentialSampleRatioInput): Found {
  const { level } = input;
  const totals = input.weights.map((_, arm) => sumOf(input.looks.map((look) => look[arm] ?? 0)));
  const arms = plannedArms({ observed: totals, weights: input.weights });
  const missing = nothingToTest(arms);
  if (missing !== undefined) return missing;
  const states = looksOf(input);
  const { observed, planned, places, n, excess } = arms;
  const last = states.at(-1);
  const ranges = observed.map((_, arm) => rangeOf(input, arms, states, arm));
  const second = ranges[1];
  const isTwo = observed.length === 2;
  const changed = ranges.some(({ lower, upper }) => lower > upper);
  const squares = excess.map((apart, arm) => apart ** 2 / (n * (planned[arm] ?? 0)));
  const bounds = isTwo && second !== undefined && !changed ? { lower: second.lower, upper: second.upper, level } : {};
  const parts = { n, assumptions };
  const factor = last?.logBayesFactor ?? 0;
  return finding({
    estimate: isTwo
      ? estimated({ ...parts, value: (observed[1] ?? 0) / n, ...bounds, method: "Dirichlet-multinomial mixture, running intersection" })
      : estimated({ ...parts, value: Math.sqrt(sumOf(squares) / n), method: "Cohen's w, without interval" }),
    test: {
      name: "Dirichlet-multinomial mixture",
      statistic: factor,
      pValue: last?.pValue ?? 1,
      alternative: "two-sided",
      nullValue: isTwo ? (planned[1] ?? 0) : 0,
    },
    details: {
      logBayesFactor: factor,
      posteriorProbabilityOfMismatch: 1 / (1 + Math.exp(-factor)),
      pValues: states.map(({ pValue }) => pValue),
      arms: observed.map((count, arm) => ({
        arm: (places[arm] ?? 0) + 1,
        units: count,
        share: count / n,
        planned: planned[arm] ?? 0,
        posterior: last?.posterior[arm] ?? 0,
        ...(changed ? {} : { lower: ranges[arm]?.lower ?? 0, upper: ranges[arm]?.upper ?? 1 }),
      })),
    },
    warnings: [...arms.warnings, ...(changed ? ["No share is left that every look allows: the shares changed while the test ran."] : [])],
  });
}

/**
 * The state after each look.
 *
 * @example
 * looksOf({ looks: [[1, 0, 0]], weights: [0.4, 0.4, 0.2], prior: [1, 1, 1], level: 0.95 })[0].posterior
 * // => [2, 1, 1]
 */
export function looksOf({
  looks,
  weights,
  concentration = 10_000,
  prior,
}: Omit<SequentialSampleRatioInput, "level">): readonly LookState[] {
  const { planned, places } = plannedArms({ observed: weights.map(() => 0), weights });
  const start = prior === undefined ? planned.map((share) => share * concentration) : places.map((place) => prior[place] ?? 0);
  const atStart = logSurprise(start, planned);
  let counts = planned.map(() => 0);
  let [logWays, pValue] = [0, 1];
  return looks.map((look) => {
    const added = places.map((place) => look[place] ?? 0);
    counts = counts.map((count, arm) => count + (added[arm] ?? 0));
    logWays += logGamma(sumOf(added) + 1) - sumOf(added.map((count) => logGamma(count + 1)));
    const posterior = start.map((count, arm) => count + (counts[arm] ?? 0));
    const logBayesFactor = logSurprise(posterior, planned) - atStart;
    const logPlanned = logWays + sumOf(counts.map((count, arm) => count * Math.log(planned[arm] ?? 0)));
    pValue = Math.min(pValue, Math.exp(-logBayesFactor));
    return { logMixture: logPlanned + logBayesFactor, logPlanned, logBayesFactor, posterior, pValue };
  });
}

/**
 * log of the Dirichlet's normaliser B(counts) over the product of share ^ count, up to a constant of the number of arms: from Stirling's formula, in which the large terms cancel by hand, so that counts of 1e15 keep
 * their digits.
 */
function logSurprise(counts: readonly number[], shares: readonly number[]): number {
  const whole = sumOf(counts);
  const parts = counts.map((count, arm) => deviance(count, whole * (shares[arm] ?? 0)) + correction(count));
  return sumOf(parts) - correction(whole);
}

/** log gamma(x) - (x log x - x + log(2 pi) / 2). */
function correction(x: number): number {
  return stirlingError(x) - Math.log(x) / 2;
}

/** The shares of an arm that no look rejects, the other arms' shares at their most likely: all of these for two arms, a range that contains them for more. */
function rangeOf(
  input: SequentialSampleRatioInput,
  { planned, places }: PlannedArms,
  states: readonly LookState[],
  arm: number,
): { readonly lower: number; readonly upper: number } {
  const bar = -Math.log(1 - input.level);
  let [lower, upper] = [0, 1];
  let counts = planned.map(() => 0);
  for (const [index, state] of states.entries()) {
    const look = input.looks[index] ?? [];
    counts = counts.map((count, place) => count + (look[places[place] ?? 0] ?? 0));
    const n = sumOf(counts);
    if (n === 0) continue;
    const own = counts[arm] ?? 0;
    const rest = n - own;
    // Bayes factor against the shares that fit best, from that against the plan.
    const fit = sumOf(counts.map((count, place) => deviance(count, n * (planned[place] ?? 0))));
    const against = (share: number): number => state.logBayesFactor - fit + deviance(own, n * share) + deviance(rest, n * (1 - share));
    const at = own / n;
    if (own > 0)
      lower = Math.max(
        lower,
        fallingRoot((share) => against(share) - bar, 0, at),
      );
    if (rest > 0)
      upper = Math.min(
        upper,
        1 - fallingRoot((left) => state.logBayesFactor - fit + deviance(rest, n * left) + deviance(own, n * (1 - left)) - bar, 0, rest / n),
      );
  }
  return { lower, upper };
}
