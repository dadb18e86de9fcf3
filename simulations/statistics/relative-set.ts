/** Relative effects by inversion of mT - r mC over r, with as many standard errors as the absolute effect has: both exclude no effect together. */
import type { ConfidenceSet } from "./confidence-set.ts";
import { type Estimated, estimated, undetermined } from "./estimate.ts";
import { fiellerSet, type LiftSet } from "./fieller.ts";
import type { Alternative } from "./finding.ts";

/** Two estimates with their variances and covariance. */
export interface PairOfEstimates {
  readonly treatment: number;
  readonly control: number;
  readonly treatmentVariance: number;
  readonly controlVariance: number;
  readonly covariance?: number;
}

/** The variance of treatment - control. */
export function varianceOfPair({ treatmentVariance, controlVariance, covariance = 0 }: PairOfEstimates): number {
  return treatmentVariance + controlVariance - 2 * covariance;
}

/** How wide a set is, in standard errors, and how it is to be told. */
export interface RelativeOptions {
  readonly width: number;
  readonly level: number;
  readonly alternative: Alternative;
  readonly n: number;
  readonly method: string;
}

/** The lift, treatment / control - 1, and the log ratio. Undetermined for a control that is not positive. */
export function relativeEffects(
  pair: PairOfEstimates,
  options: RelativeOptions,
): { readonly relative: Estimated; readonly logRatio: Estimated } {
  if (!(pair.control > 0 && Number.isFinite(pair.treatment / pair.control))) {
    const none = undetermined("a lift needs a control above 0", "an outcome whose control value is positive");
    return { relative: none, logRatio: none };
  }
  const { level, method, n } = options;
  const value = pair.treatment / pair.control;
  const lifts = liftsNotRuledOut(pair, options);
  if (Object.values(lifts).some((end) => typeof end === "number" && !Number.isFinite(end)))
    return { relative: tooNear(), logRatio: tooNear() };
  return {
    relative: estimated({ value: (pair.treatment - pair.control) / pair.control, ...shaped(lifts, (lift) => lift, level), method, n }),
    logRatio:
      value < 1e-6 && value > 0
        ? undetermined("the ratio is so near 0 that its digits are rounded away beside 1", "the same values in a more suitable unit")
        : value > 0 && hasLogarithm(lifts)
          ? estimated({ value: Math.log(value), ...shaped(lifts, Math.log1p, level), method, n })
          : noLogarithm(),
  };
}

function tooNear(): Estimated {
  return undetermined("the control is too near 0 for a ratio that a number can hold", "an outcome whose control value is farther from 0");
}

function noLogarithm(): Estimated {
  return undetermined(
    "the set of ratios reaches 0 or below, which has no logarithm",
    "more units, so that the ratio is shown to be above 0",
  );
}

/** All lifts that the width does not rule out (Fieller). */
function liftsNotRuledOut(pair: PairOfEstimates, { width, level, alternative }: RelativeOptions): LiftSet {
  const { treatment, control, treatmentVariance, controlVariance, covariance = 0 } = pair;
  const [treatmentError, controlError] = [Math.sqrt(treatmentVariance), Math.sqrt(controlVariance)];
  const differenceError =
    covariance === 0 ? Math.hypot(treatmentError, controlError) : Math.sqrt(treatmentVariance - 2 * covariance + controlVariance);
  const product = differenceError * controlError;
  const parts = {
    difference: treatment - control,
    differenceError,
    control,
    controlError,
    treatment,
    treatmentError,
    correlation: product === 0 ? 0 : (covariance - controlVariance) / product,
    independent: covariance === 0,
  };
  return fiellerSet(parts, width, alternative, level);
}

/** Whether the ends of the set are ratios above 0. */
function hasLogarithm(lifts: LiftSet): boolean {
  if (lifts.kind === "at-most") return lifts.upper > -1;
  return (lifts.kind === "interval" || lifts.kind === "at-least") && lifts.lower > -1;
}

function shaped(
  lifts: LiftSet,
  to: (lift: number) => number,
  level: number,
): { lower?: number; upper?: number; level: number; set?: ConfidenceSet } {
  switch (lifts.kind) {
    case "interval":
      return { lower: to(lifts.lower), upper: to(lifts.upper), level };
    case "at-least":
      return { level, set: { ...lifts, lower: to(lifts.lower) } };
    case "at-most":
      return { level, set: { ...lifts, upper: to(lifts.upper) } };
    case "two-pieces":
      return { level, set: { ...lifts, below: to(lifts.below), above: to(lifts.above) } };
    case "everything":
      return { level, set: lifts };
  }
}
