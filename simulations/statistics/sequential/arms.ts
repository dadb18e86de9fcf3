/** Two groups as the pair of estimates that a sequence watches: means, ratios of sums, and means adjusted by a covariate (CUPED). */
import { type Undetermined, undetermined } from "../estimate.ts";
import type { PairOfEstimates } from "../relative-set.ts";

/** A group's units, mean and sample variance. */
export interface MeanArm {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** A group's numerator and denominator per unit. */
export interface RatioArm {
  readonly n: number;
  readonly numeratorMean: number;
  readonly denominatorMean: number;
  readonly numeratorVariance: number;
  readonly denominatorVariance: number;
  readonly covariance: number;
}

/** A group's outcome and covariate from before. */
export interface CupedArm extends MeanArm {
  readonly covariateMean: number;
  readonly covariateVariance: number;
  readonly covariance: number;
}

/** Two groups. */
export interface Arms<Arm> {
  readonly control: Arm;
  readonly treatment: Arm;
}

const tooFew = (): Undetermined => undetermined("a group has fewer than two units", "at least two units in each group");

/** Means, each with its own variance. */
export function meanPair({ control, treatment }: Arms<MeanArm>): PairOfEstimates | Undetermined {
  if (control.n < 2 || treatment.n < 2) return tooFew();
  return {
    treatment: treatment.mean,
    control: control.mean,
    treatmentVariance: treatment.variance / treatment.n,
    controlVariance: control.variance / control.n,
  };
}

/** Ratios of sums, with delta-method variances. Source: Deng, Knoblich and Lu (2018), KDD, section 2. */
export function ratioPair({ control, treatment }: Arms<RatioArm>): PairOfEstimates | Undetermined {
  if (control.n < 2 || treatment.n < 2) return tooFew();
  if (control.denominatorMean === 0 || treatment.denominatorMean === 0) {
    return undetermined("the denominator of a group is 0", "units that have a denominator");
  }
  const [t, c] = [linearised(treatment), linearised(control)];
  return { treatment: t.value, control: c.value, treatmentVariance: t.variance, controlVariance: c.variance };
}

function linearised(arm: RatioArm): { readonly value: number; readonly variance: number } {
  const value = arm.numeratorMean / arm.denominatorMean;
  const unit = arm.numeratorVariance - 2 * value * arm.covariance + value * value * arm.denominatorVariance;
  return { value, variance: Math.max(unit, 0) / arm.n / arm.denominatorMean ** 2 };
}

/**
 * Means adjusted by a covariate from before the experiment, one slope for both groups, at the covariate's mean over both. The adjusted means share
 * that mean, so they covary. Source: Deng, Xu, Kohavi and Walker (2013), WSDM, section 3.
 */
export function cupedPair({ control, treatment }: Arms<CupedArm>): PairOfEstimates | Undetermined {
  if (control.n < 2 || treatment.n < 2) return tooFew();
  const within = (pick: (arm: CupedArm) => number): number => (control.n - 1) * pick(control) + (treatment.n - 1) * pick(treatment);
  const spread = within((arm) => arm.covariateVariance);
  const slope = spread === 0 ? 0 : within((arm) => arm.covariance) / spread;
  const share = treatment.n / (treatment.n + control.n);
  const gap = treatment.covariateMean - control.covariateMean;
  /** Variance of (sum a y + b x) of a group's means, and the covariance of two such. */
  const form = (arm: CupedArm, [a, b]: readonly [number, number], [c, d]: readonly [number, number]): number =>
    (a * c * arm.variance + (a * d + b * c) * arm.covariance + b * d * arm.covariateVariance) / arm.n;
  const [own, other] = [slope * (1 - share), slope * share];
  return {
    treatment: treatment.mean - own * gap,
    control: control.mean + other * gap,
    treatmentVariance: form(treatment, [1, -own], [1, -own]) + form(control, [0, own], [0, own]),
    controlVariance: form(control, [1, -other], [1, -other]) + form(treatment, [0, other], [0, other]),
    covariance: form(treatment, [1, -own], [0, other]) + form(control, [0, own], [1, -other]),
  };
}
