/** Intervals for one proportion: Wilson's score interval, and the exact one of Clopper and Pearson. */
import { invariant } from "../../../data/foundation/index.ts";
import { criticalValue } from "../distributions/index.ts";
import { type Estimated, estimated, undetermined } from "../estimate.ts";
import { binomialFamily, shareOf } from "./discrete-family.ts";
import { exactTest } from "./exact-test.ts";

/** How many of how many, and the confidence level. */
export interface ProportionOptions {
  readonly successes: number;
  readonly trials: number;
  readonly level: number;
  readonly assumptions?: readonly string[];
}

/**
 * Wilson's score interval: all p with |x/n - p| <= z sqrt(p (1 - p) / n). Stays inside [0, 1] and is sensible at 0 of n.
 * No trials: Undetermined. Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
 *
 * @example
 * wilson({ successes: 0, trials: 0, level: 0.95 })
 * // => { kind: "undetermined", reason: "0 of 0: no trial in the denominator", wouldDetermine: "at least one trial" }
 */
export function wilson(options: ProportionOptions): Estimated {
  const { successes, trials, level, assumptions } = checked(options);
  if (trials === 0) return noTrials();
  const z = criticalValue(level);
  const { lower, upper } = wilsonBounds(successes, trials, z);
  return estimated({ value: successes / trials, lower, upper, level, method: "Wilson score", n: trials, assumptions });
}

/**
 * The exact interval by inverting two one-sided binomial tests; covers at least the level, usually more.
 * No trials: Undetermined. Source: Clopper and Pearson (1934), Biometrika 26, 404-413.
 *
 * @example
 * clopperPearson({ successes: 0, trials: 10, level: 0.95 }).interval.upper.toFixed(6)
 * // => "0.308497"
 */
export function clopperPearson(options: ProportionOptions): Estimated {
  const { successes, trials, level, assumptions } = checked(options);
  if (trials === 0) return noTrials();
  const exact = { method: "central", alternative: "two-sided", level, nullNatural: 0 } as const;
  const ends = exactTest(binomialFamily({ trials, near: successes, nullShare: 0.5 }), successes, exact);
  const [lower, upper] = [shareOf(ends.lower), shareOf(ends.upper)];
  return estimated({ value: successes / trials, lower, upper, level, method: "Clopper-Pearson", n: trials, assumptions });
}

/** Wilson's two bounds for a critical value z; exactly 0 at none and exactly 1 at all. `trials` above 0. */
export function wilsonBounds(successes: number, trials: number, z: number): { readonly lower: number; readonly upper: number } {
  const failures = trials - successes;
  const spread = z * Math.sqrt(successes * (failures / trials) + (z * z) / 4);
  const whole = trials + z * z;
  return {
    lower: successes === 0 && z > 0 ? 0 : (successes + (z * z) / 2 - spread) / whole,
    upper: failures === 0 && z > 0 ? 1 : (successes + (z * z) / 2 + spread) / whole,
  };
}

/** What is said of 0 of 0. */
export function noTrials(): ReturnType<typeof undetermined> {
  return undetermined("0 of 0: no trial in the denominator", "at least one trial");
}

function checked(options: ProportionOptions): Required<ProportionOptions> {
  const { successes, trials } = options;
  invariant(Number.isInteger(successes) && Number.isInteger(trials) && successes >= 0 && successes <= trials, `${successes} of ${trials}`);
  return { assumptions: [], ...options };
}
