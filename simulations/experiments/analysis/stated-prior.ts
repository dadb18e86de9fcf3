/** What is believed of an effect after the data, where the design states what was believed before. Decides nothing. */
import {
  chancePositive,
  criticalValue,
  estimated,
  expectedShortfall,
  normalPosterior,
  type PairOfEstimates,
  priorDisagreement,
  undetermined,
  varianceOfPair,
} from "../../statistics/index.ts";
import type { ExperimentDesign, ExperimentMetric, StatedPrior } from "../design/experiment-design.ts";
import type { StatedPosterior } from "./analysis.ts";
import type { MetricComparison } from "./metric-comparison.ts";

/** Below so many degrees of freedom an estimate is not near enough to normal for a normal prior. */
const degreesMin = 30;
/** A lift is near normal where its control is so many standard errors from 0. */
const controlErrorsMin = 5;

/**
 * The normal posterior of the effect under the metric's prior, on the scale that this is stated on: of a lift by the delta method, var(T / C) = (var T + (T / C)^2 var C
 * - 2 (T / C) cov) / C^2. Undefined for metrics without one.
 */
export function statedPosterior(
  { prior, better }: ExperimentMetric,
  compared: MetricComparison,
  { level, units }: Readonly<Record<"level" | "units", number>>,
): StatedPosterior | undefined {
  if (prior === undefined) return undefined;
  const { pair, degreesOfFreedom, method } = compared;
  const { scale } = prior;
  const none = (reason: string, would: string): StatedPosterior => ({ ...prior, effect: undetermined(reason, would) });
  if ("kind" in pair) return none(pair.reason, pair.wouldDetermine);
  if ((degreesOfFreedom ?? degreesMin) < degreesMin)
    return none(`fewer than ${degreesMin} degrees of freedom: a normal prior asks for an estimate near normal`, "more units or clusters");
  const data = scale === "absolute" ? { mean: pair.treatment - pair.control, variance: varianceOfPair(pair) } : liftOf(pair);
  if (data === undefined) return none("the control is too near 0 for a lift that is near normal", "a prior in the metric's own unit");
  if (!(data.variance > 0)) return none("no unit differs from another in its group", "units that differ");
  const { mean, variance } = normalPosterior(data, { kind: "normal", ...prior });
  const reach = criticalValue(level) * Math.sqrt(variance);
  const disagreement = priorDisagreement(data, prior);
  const gain = { mean: better === "up" ? mean : -mean, variance };
  return {
    ...prior,
    effect: estimated({
      value: mean,
      lower: mean - reach,
      upper: mean + reach,
      level,
      standardError: Math.sqrt(variance),
      method: `normal posterior of ${method}`,
      n: units,
      assumptions: ["the effect is a draw from the stated prior", "the estimate is near normal"],
    }),
    chanceBetter: chancePositive(gain),
    expectedLoss: expectedShortfall(gain) * (scale === "relative" ? pair.control : 1),
    ...(disagreement === undefined ? {} : { disagreement }),
  };
}

function liftOf({ treatment, control, treatmentVariance, controlVariance, covariance = 0 }: PairOfEstimates) {
  if (!(control > controlErrorsMin * Math.sqrt(controlVariance))) return undefined;
  const ratio = treatment / control;
  const variance = (treatmentVariance + ratio ** 2 * controlVariance - 2 * ratio * covariance) / control ** 2;
  return { mean: ratio - 1, variance };
}

/** In sentences, where the design states priors: which, and that the design which was locked states others, if it does. */
export function priorWords({ metrics }: ExperimentDesign, locked: ExperimentDesign): string | undefined {
  const stated = metrics.filter(({ prior }) => prior !== undefined);
  if (stated.length === 0) return undefined;
  const said = stated.map(({ title, prior }) => `${title} ${priorText(prior)}`);
  const late = stated.filter(({ name, prior }) => priorText(locked.metrics.find((one) => one.name === name)?.prior) !== priorText(prior));
  return `"With the prior" is the posterior under the normal prior that the design states: ${said.join(", ")}. It draws effects towards what was believed, the more the less the data say, and decides nothing.${
    late.length === 0
      ? ""
      : ` Of ${late.map(({ title }) => title).join(", ")} it was stated, or stated otherwise, after the lock: exploratory.`
  }`;
}

/** Mean and standard deviation: `around 0 (standard deviation 5 % of the control)`. */
export function priorText(prior: StatedPrior | undefined): string {
  if (prior === undefined) return "none";
  const { scale, mean, standardDeviation } = prior;
  const text = (value: number): string => {
    const digits = Number((scale === "relative" ? 100 * value : value).toPrecision(6));
    return `${digits < 0 ? "\u2212" : ""}${Math.abs(digits)}${scale === "relative" && value !== 0 ? "\u00a0% of the control" : ""}`;
  };
  return `around ${text(mean)} (standard deviation ${text(standardDeviation)})`;
}
