/** Relative effects by inversion of mT - r mC over r, with as many standard errors as the absolute effect has: both exclude no effect together. */
import type { ConfidenceSet } from "./confidence-set.ts";
import { type Estimated, estimated, undetermined } from "./estimate.ts";
import type { Alternative } from "./finding.ts";

/** Two estimates with their variances and covariance. */
export interface PairOfEstimates {
  readonly treatment: number;
  readonly control: number;
  readonly treatmentVariance: number;
  readonly controlVariance: number;
  readonly covariance?: number;
}

/** How wide a set is, in standard errors, and how it is to be told. */
export interface RelativeOptions {
  readonly width: number;
  readonly level: number;
  readonly alternative: Alternative;
  readonly n: number;
  readonly method: string;
}

type Ratios = { readonly kind: "interval"; readonly lower: number; readonly upper: number } | ConfidenceSet;

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
  const ratios = ratiosNotRuledOut(pair, options);
  if (Object.values(ratios).some((end) => typeof end === "number" && !Number.isFinite(end)))
    return { relative: tooNear(), logRatio: tooNear() };
  return {
    relative: estimated({ value: value - 1, ...shaped(ratios, (r) => r - 1, level), method, n }),
    logRatio:
      value > 0 && reachesOnlyPositive(ratios)
        ? estimated({ value: Math.log(value), ...shaped(ratios, Math.log, level), method, n })
        : noLogarithm(),
  };
}

function tooNear(): Estimated {
  return undetermined("the control is too near 0 for a ratio that a number can hold", "an outcome whose control value is farther from 0");
}

function noLogarithm(): Estimated {
  return undetermined("the set of ratios reaches 0 or below, which has no logarithm", "more units, or an outcome that is never negative");
}

/** All r that the width does not rule out: a quadratic inequality (Fieller), or its half for one-sided statements. */
function ratiosNotRuledOut(pair: PairOfEstimates, { width, level, alternative }: RelativeOptions): Ratios {
  const scale = Math.max(
    Math.abs(pair.treatment),
    Math.abs(pair.control),
    Math.sqrt(pair.treatmentVariance),
    Math.sqrt(pair.controlVariance),
  );
  const [t, c] = [pair.treatment / scale, pair.control / scale];
  const squared = width * width;
  const spread = (variance: number): number => (variance / scale / scale) * squared;
  const [vt, vc, cov] = [spread(pair.treatmentVariance), spread(pair.controlVariance), spread(pair.covariance ?? 0)];
  const [a, b, d] = [c * c - vc, t * c - cov, t * t - vt];
  const inside = b * b - a * d;
  if (a <= 0 && inside <= 0) return { kind: "everything", level };
  const far = b >= 0 ? b + Math.sqrt(Math.max(inside, 0)) : b - Math.sqrt(Math.max(inside, 0));
  if (a === 0) return b > 0 ? { kind: "at-least", lower: d / far, level } : { kind: "at-most", upper: d / far, level };
  const ends = [far / a, far === 0 ? 0 : d / far].sort((x, y) => x - y) as [number, number];
  if (a < 0) {
    // The whole gap lies on one side of t / c; a one-sided statement keeps it only where it rules out the other side's effects.
    const middle = t - ((ends[0] + ends[1]) / 2) * c;
    const ruledOut = alternative === "two-sided" || (alternative === "greater" ? middle > 0 : middle < 0);
    return ruledOut ? { kind: "two-pieces", below: ends[0], above: ends[1], level } : { kind: "everything", level };
  }
  if (alternative === "greater") return { kind: "at-least", lower: ends[0], level };
  if (alternative === "less") return { kind: "at-most", upper: ends[1], level };
  return { kind: "interval", lower: ends[0], upper: ends[1] };
}

function reachesOnlyPositive(ratios: Ratios): boolean {
  if (ratios.kind === "interval" || ratios.kind === "at-least") return ratios.lower > 0;
  return false;
}

function shaped(
  ratios: Ratios,
  to: (ratio: number) => number,
  level: number,
): { lower?: number; upper?: number; level: number; set?: ConfidenceSet } {
  switch (ratios.kind) {
    case "interval":
      return { lower: to(ratios.lower), upper: to(ratios.upper), level };
    case "at-least":
      return { level, set: { ...ratios, lower: to(ratios.lower) } };
    case "at-most":
      return { level, set: { ...ratios, upper: to(ratios.upper) } };
    case "two-pieces":
      return { level, set: { ...ratios, below: to(ratios.below), above: to(ratios.above) } };
    case "everything":
      return { level, set: ratios };
  }
}
