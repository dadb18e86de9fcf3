/** Power as a published experiment platform (GrowthBook) defines it: relative effects with the delta variance, kept for conformance. */
import { normalCdf, normalQuantile } from "../distributions/index.ts";
import { rootBetween } from "../numerics/root.ts";

/** What the platform knows of a metric and a design. */
export interface PlatformPlan {
  /** The control's mean, and the variance of a unit. */
  readonly mean: number;
  readonly variance: number;
  /** Users of all variations together. */
  readonly users: number;
  readonly variations: number;
  readonly alpha: number;
  readonly oneSided?: boolean | undefined;
  /** Users at which the platform's always-valid interval is tuned; absent: looked at once. */
  readonly sequentialTuning?: number | undefined;
  /** A normal prior of the relative effect; absent: none. */
  readonly prior?: { readonly mean: number; readonly variance: number } | undefined;
}

/**
 * The chance that the platform's interval of a relative effect excludes 0: normal, with the delta variance at the effect itself,
 * (variance / mean²) (1 + (1 + effect)²) / n. Differs from our own powers, which are those of the absolute test and of the noncentral t.
 * Source: growthbook, packages/shared/src/power.
 *
 * @example
 * platformPower({ mean: 10, variance: 3910, users: 400_000, variations: 3, alpha: 0.05 }, 0.05).toFixed(4)
 * // => "0.5214"
 */
export function platformPower(plan: PlatformPlan, effect: number): number {
  const { alpha, oneSided, sequentialTuning, prior } = plan;
  const variance = (plan.variance / plan.mean ** 2) * (1 + (1 + effect) ** 2) * (plan.variations / plan.users);
  const pairUsers = (2 * plan.users) / plan.variations;
  if (sequentialTuning === undefined) return shown({ alpha, oneSided, prior, variance, pairUsers }, effect);
  // Before an experiment the platform widens the standard error itself to the always-valid interval's, and tests that once.
  const wider = alwaysValidWidth(pairUsers, alpha, sequentialTuning) / onceWidth(alpha, oneSided);
  return shown({ alpha, oneSided, prior, variance: variance * wider ** 2, pairUsers }, effect);
}

/** The relative effect that the platform says can be detected with the power; undefined where none up to 10,000 % can. */
export function platformDetectableEffect(plan: PlatformPlan, power: number): number | undefined {
  const excess = (effect: number): number => platformPower(plan, effect) - power;
  let to = 0.001;
  while (excess(to) < 0) {
    to *= 1.1;
    if (to > 100) return undefined;
  }
  return rootBetween(excess, 0, to);
}

/** An experiment that runs, and how it may go on. */
export interface MidExperiment extends Pick<PlatformPlan, "alpha" | "sequentialTuning" | "prior"> {
  /** The variance of the relative effect so far. */
  readonly variance: number;
  /** Users of both variations so far. */
  readonly pairUsers: number;
  /** Users still to come, as a multiple of those so far. */
  readonly furtherShare: number;
}

/** The platform's power at the end of an experiment that runs, at the variance seen so far. */
export function platformMidPower({ variance, pairUsers, furtherShare, ...rest }: MidExperiment, effect: number): number {
  return shown({ ...rest, variance: variance / (1 + furtherShare), pairUsers: pairUsers * (1 + furtherShare) }, effect);
}

interface Shown extends Pick<PlatformPlan, "alpha" | "prior" | "sequentialTuning"> {
  readonly oneSided?: boolean | undefined;
  readonly variance: number;
  readonly pairUsers: number;
}

/** The chance that an estimate of this variance has its interval off 0. */
function shown({ variance, pairUsers, alpha, oneSided, sequentialTuning, prior }: Shown, effect: number): number {
  const error = Math.sqrt(variance);
  const width = sequentialTuning === undefined ? onceWidth(alpha, oneSided) : alwaysValidWidth(pairUsers, alpha, sequentialTuning);
  if (prior === undefined) return tails({ from: -width * error, to: width * error }, { effect, error }, oneSided);
  // The posterior mean leaves its interval's half width when the estimate leaves these ends.
  const precision = 1 / prior.variance + 1 / variance;
  const centre = (-prior.mean / prior.variance) * variance;
  const reach = width * Math.sqrt(precision) * variance;
  return tails({ from: centre - reach, to: centre + reach }, { effect, error }, oneSided);
}

function tails(
  { from, to }: { readonly from: number; readonly to: number },
  { effect, error }: { readonly effect: number; readonly error: number },
  oneSided: boolean | undefined,
): number {
  return normalCdf((effect - to) / error) + (oneSided === true ? 0 : normalCdf((from - effect) / error));
}

function onceWidth(alpha: number, oneSided: boolean | undefined): number {
  return -normalQuantile(oneSided === true ? alpha : alpha / 2);
}

/** The platform's normal mixture, in standard errors. Source: Waudby-Smith et al. (2024), tuned as their equation of rho says. */
function alwaysValidWidth(pairUsers: number, alpha: number, tuning: number): number {
  const rho2 = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / tuning;
  const scaled = pairUsers * rho2;
  return Math.sqrt((2 * (scaled + 1) * Math.log(Math.sqrt(scaled + 1) / alpha)) / scaled);
}
