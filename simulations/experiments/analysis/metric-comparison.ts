/** One candidate against the control on one metric, from sufficient statistics: everything that may be said of it comes from this one object. */

import type { PairOfEstimates } from "../../statistics/index.ts";
import {
  type ClusterSums,
  type Compared,
  type Comparison,
  clusterSumDifference,
  compareQuantiles,
  comparisonOf,
  cuped,
  differenceFinding,
  effectOf,
  type Found,
  meanPair,
  ratioArm,
  ratioPair,
  scoreDifference,
  scoreRatio,
  type TestResult,
  type Undetermined,
  undetermined,
  welch,
} from "../../statistics/index.ts";
import type { ExperimentMetric } from "../design/experiment-design.ts";
import type { MetricMoments } from "../observations/observations.ts";

/** Both arms of a comparison. */
export interface ArmPair {
  readonly control: MetricMoments;
  readonly treatment: MetricMoments;
}

/** What a comparison gives. */
export interface MetricComparison {
  /** Absolute and relative effect with one p-value, at the level asked for. */
  readonly finding: (level: number) => Found;
  /** For margins. */
  readonly comparison: Comparison | Undetermined;
  /** For statements that hold at every look. */
  readonly pair: PairOfEstimates | Undetermined;
  /** Of the standard error; absent where it is taken as known. */
  readonly degreesOfFreedom?: number;
  /** In the field's words. */
  readonly method: string;
}

/**
 * Shares by the score test (at no difference its p-value is that of the pooled z test), means by Welch's t, ratios by the delta method, quantiles by their outer
 * order statistics; all but these
 * by CUPED where the metric has covariates (coefficients from within the arms). Moments that are averages over strata: by `compareByStrata`. Few clusters or spans, whose values are known: ratios and covariates by CR2 with
 * Satterthwaite's degrees of freedom.
 */
export function compareMetric(metric: ExperimentMetric, { control, treatment }: ArmPair): MetricComparison {
  if (metric.form.kind === "quantile") return compareByQuantile(control, treatment);
  const isRatio = metric.form.kind === "ratio";
  if (isRatio || metric.covariates.length > 0) {
    const [few, others] = [fewOf(metric, control), fewOf(metric, treatment)];
    if (few !== undefined && others !== undefined) {
      const effect = clusterSumDifference({ control: few, treatment: others });
      return fromEffect(effect, pairOfEffect(effect));
    }
  }
  if (control.strata !== undefined && treatment.strata !== undefined) return compareByStrata(metric, { control, treatment });
  if (metric.form.kind === "share" && metric.covariates.length === 0) return compareShares(control, treatment);
  if (isRatio && metric.covariates.length === 0) return fromEffect(ratioEffect(control, treatment), pairOfRatios(control, treatment));
  if (metric.covariates.length === 0)
    return fromEffect(welch({ control: armOf(control), treatment: armOf(treatment) }), pairOfMeans(control, treatment));
  const adjusted = cupedEffect(control, treatment, isRatio);
  return fromEffect(adjusted, pairOfEffect(adjusted));
}

function cupedEffect(control: MetricMoments, treatment: MetricMoments, isRatio: boolean): Compared {
  return cuped(
    { control: { ...matrices(control), ratios: isRatio }, treatment: { ...matrices(treatment), ratios: isRatio } },
    { coefficients: "within-arms", missing: "refuse" },
  );
}

/**
 * Averages over strata by the same ways: a standard error is made of the strata's own, and so are its degrees of freedom, by Satterthwaite. Of shares by the t
 * test on zeros and ones.
 */
function compareByStrata({ form, covariates }: ExperimentMetric, { control, treatment }: ArmPair): MetricComparison {
  const isRatio = form.kind === "ratio";
  const effect =
    covariates.length > 0
      ? cupedEffect(control, treatment, isRatio)
      : isRatio
        ? ratioEffect(control, treatment)
        : welch({ control: armOf(control), treatment: armOf(treatment) });
  if (effect.kind === "undetermined") return fromEffect(effect, effect);
  const theta = effect.details?.["theta"];
  const coefficients = [1, ...(Array.isArray(theta) ? theta.map((value) => -Number(value)) : [])];
  const count = control.strata?.length ?? 0;
  const byStrata = effectOf({
    control: { ...effect.control, degreesOfFreedom: strataDegrees(control, coefficients, isRatio) },
    treatment: { ...effect.treatment, degreesOfFreedom: strataDegrees(treatment, coefficients, isRatio) },
    method: `${effect.method}, post-stratified (${count} strata)`,
    assumptions: [...effect.assumptions, "strata were known before the treatment", "the population has the composition of these units"],
    details: effect.details ?? {},
    warnings: effect.warnings ?? [],
  });
  return fromEffect(byStrata, pairOfEffect(byStrata));
}

/** Of the variance of an arm's average: (sum of the strata's variances)² / sum of their squares, each over n - 1. */
function strataDegrees({ n, means, strata = [] }: MetricMoments, coefficients: readonly number[], isRatio: boolean): number {
  const weights = coefficients.flatMap((coefficient, at) => {
    if (!isRatio) return [coefficient];
    const [numerator, denominator] = [means[2 * at] as number, means[2 * at + 1] as number];
    return [coefficient / denominator, (-coefficient * numerator) / denominator ** 2];
  });
  const variances = strata.map((stratum) => {
    const spread = weights.reduce(
      (sum, a, i) => sum + weights.reduce((row, b, j) => row + a * b * (stratum.covariances[i]?.[j] as number), 0),
      0,
    );
    return (stratum.weight ** 2 * Math.max(spread, 0)) / stratum.n;
  });
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  // Shares of the total, whose squares neither overflow nor vanish.
  const squares = variances.reduce((sum, variance, at) => sum + (variance / total) ** 2 / ((strata[at]?.n as number) - 1), 0);
  return total > 0 ? 1 / squares : n - strata.length;
}

/** Of units that the quantile is not known of, the reason. */
const noQuantile = undetermined(
  "no quantile is known of these units: summaries of means and variances do not tell it, and it is kept for whole arms and for the segments that are told apart",
  "observations of units, a row each",
);

function compareByQuantile({ quantile: control }: MetricMoments, { quantile: treatment }: MetricMoments): MetricComparison {
  const effect =
    control !== undefined && treatment !== undefined
      ? compareQuantiles({ control, treatment })
      : control === undefined && treatment === undefined
        ? noQuantile
        : undetermined("an arm has no unit with a value", "units in both arms");
  return fromEffect(effect, pairOfEffect(effect));
}

/** The values of few clusters or spans as a ratio and its covariates; of a mean or share the denominators are ones. */
function fewOf({ form }: ExperimentMetric, { few }: MetricMoments): ClusterSums | undefined {
  if (few === undefined) return undefined;
  const ones = (few[0] ?? []).map(() => 1);
  const isRatio = form.kind === "ratio";
  const columns = isRatio
    ? few.flatMap((numerators, i) => (i % 2 === 0 ? [{ numerators, denominators: few[i + 1] ?? ones }] : []))
    : few.map((numerators) => ({ numerators, denominators: ones }));
  const [outcome, ...covariates] = columns;
  return outcome === undefined ? undefined : { outcome, covariates };
}

/** The same metric without its covariates. */
export function withoutCovariates(metric: ExperimentMetric): ExperimentMetric {
  return { ...metric, covariates: [] };
}

/** The outcome's columns alone. */
export function outcomeOf(metric: ExperimentMetric, moments: MetricMoments): MetricMoments {
  const width = metric.form.kind === "ratio" ? 2 : 1;
  return {
    n: moments.n,
    ...(moments.few === undefined ? {} : { few: moments.few.slice(0, width) }),
    means: moments.means.slice(0, width),
    covariances: outcomeOnly(moments.covariances, width),
    ...(moments.strata === undefined
      ? {}
      : { strata: moments.strata.map((stratum) => ({ ...stratum, covariances: outcomeOnly(stratum.covariances, width) })) }),
  };
}

function outcomeOnly(covariances: MetricMoments["covariances"], width: number): MetricMoments["covariances"] {
  return covariances.slice(0, width).map((row) => row.slice(0, width));
}

/** The value of the outcome in an arm; undefined where nobody is, or a ratio has no denominator. */
export function outcomeValue(metric: ExperimentMetric, { n, means, quantile }: MetricMoments): number | undefined {
  if (metric.form.kind === "quantile") return quantile?.value;
  const [first = 0, second = 0] = means;
  if (n === 0) return undefined;
  if (metric.form.kind !== "ratio") return first;
  return second === 0 ? undefined : first / second;
}

function compareShares(control: MetricMoments, treatment: MetricMoments): MetricComparison {
  const samples = { control: countsOf(control), treatment: countsOf(treatment) };
  const method = "score test of two shares (Farrington-Manning)";
  if (samples.control.trials === 0 || samples.treatment.trials === 0) {
    const nobody = undetermined("an arm has no unit with a value", "units in both arms");
    return { finding: () => nobody, comparison: nobody, pair: nobody, method };
  }
  const difference = (nullDifference: number, level: number, alternative: TestResult["alternative"]) =>
    scoreDifference({ ...samples, nullDifference, variant: "farrington-manning", alternative, level });
  const noTest = undetermined("the arms are all alike, so that the score test is 0 / 0", "units that differ");
  const comparison: Comparison = {
    test: (scale, nullValue, alternative) => {
      const found =
        scale === "absolute"
          ? difference(nullValue, 0.95, alternative)
          : scoreRatio({ ...samples, nullRatio: 1 + nullValue, variant: "koopman", alternative, level: 0.95 });
      return found.kind === "undetermined" ? found : (found.test ?? noTest);
    },
    estimate: (scale, level, alternative) => {
      const found = difference(0, level, alternative);
      if (found.kind === "undetermined") return found;
      return scale === "absolute" ? found.estimate : (found.relative ?? noTest);
    },
    details: {},
    warnings: (level, alternative) => {
      const found = difference(0, level, alternative);
      return found.warnings ?? [];
    },
  };
  return { finding: (level) => difference(0, level, "two-sided"), comparison, pair: pairOfMeans(control, treatment), method };
}

/** Counts of a share's column of zeros and ones: its mean times n, which is whole. */
function countsOf({ n, means }: MetricMoments): { readonly successes: number; readonly trials: number } {
  return { successes: Math.round(n * (means[0] ?? 0)), trials: n };
}

function fromEffect(effect: Compared, pair: PairOfEstimates | Undetermined): MetricComparison {
  const method = effect.kind === "effect" ? effect.method : "";
  return {
    finding: (level) => differenceFinding(effect, { level, alternative: "two-sided" }),
    comparison: effect.kind === "effect" ? comparisonOf(effect) : effect,
    pair,
    ...(effect.kind === "effect" && Number.isFinite(effect.degreesOfFreedom) ? { degreesOfFreedom: effect.degreesOfFreedom } : {}),
    method,
  };
}

function ratioEffect(control: MetricMoments, treatment: MetricMoments): Compared {
  const [c, t] = [ratioArm(ratioMoments(control)), ratioArm(ratioMoments(treatment))];
  if ("kind" in c) return c;
  if ("kind" in t) return t;
  return effectOf({
    control: c,
    treatment: t,
    method: "ratio of sums, delta method",
    assumptions: ["units are independent, also between the arms", "denominators are far from 0 on average"],
  });
}

function ratioMoments({ n, means, covariances }: MetricMoments) {
  return {
    n,
    numeratorMean: means[0] ?? 0,
    denominatorMean: means[1] ?? 0,
    numeratorVariance: covariances[0]?.[0] ?? 0,
    denominatorVariance: covariances[1]?.[1] ?? 0,
    covariance: covariances[0]?.[1] ?? 0,
  };
}

function armOf({ n, means, covariances }: MetricMoments) {
  return { n, mean: means[0] ?? 0, variance: covariances[0]?.[0] ?? 0 };
}

function matrices({ n, means, covariances }: MetricMoments) {
  return { n, means, covariances: covariances.length > 0 ? covariances : means.map(() => means.map(() => 0)) };
}

function pairOfMeans(control: MetricMoments, treatment: MetricMoments): PairOfEstimates | Undetermined {
  return meanPair({ control: armOf(control), treatment: armOf(treatment) });
}

function pairOfRatios(control: MetricMoments, treatment: MetricMoments): PairOfEstimates | Undetermined {
  return ratioPair({ control: ratioMoments(control), treatment: ratioMoments(treatment) });
}

/** The arms' adjusted values and standard errors. */
function pairOfEffect(effect: Compared): PairOfEstimates | Undetermined {
  if (effect.kind === "undetermined") return effect;
  const { control, treatment, standardError, correlation, independent } = effect;
  return {
    treatment: treatment.value,
    control: control.value,
    treatmentVariance: treatment.standardError ** 2,
    controlVariance: control.standardError ** 2,
    ...(independent ? {} : { covariance: control.standardError * (control.standardError + correlation * standardError) }),
  };
}
