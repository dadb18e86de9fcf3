/** What an experiment is planned to measure, and how much one unit of it varies. */
import { rootBetween } from "../numerics/root.ts";

/** A quantity, with what must be known of it to plan. */
export type Metric =
  /** A difference of means by Welch's t (`pooled`: Student's, one variance). */
  | {
      readonly kind: "mean";
      readonly mean?: number | undefined;
      readonly standardDeviation: number;
      readonly treatmentStandardDeviation?: number | undefined;
      readonly pooled?: boolean | undefined;
    }
  /** A difference of proportions by the score test, Wald's, or Fisher's exact one. */
  | { readonly kind: "proportion"; readonly rate: number; readonly test: "score" | "wald" | "fisher" }
  /** A difference of ratios of sums by the delta method; deviations and correlation are those of a unit's numerator and denominator. */
  | {
      readonly kind: "ratio";
      readonly numeratorMean: number;
      readonly denominatorMean: number;
      readonly numeratorDeviation: number;
      readonly denominatorDeviation: number;
      readonly correlation: number;
    }
  /** A mean of differences within pairs (before and after, periods of a switchback); a unit is a pair. */
  | { readonly kind: "paired"; readonly mean?: number | undefined; readonly standardDeviation: number }
  /** A yes or no of the same units twice, by McNemar's test; `discordant` is the share whose answers differ, either way. A unit is a pair. */
  | { readonly kind: "paired-proportion"; readonly rateBefore?: number | undefined; readonly discordant: number }
  /** A difference of quantiles by the outer interval; `density` is that of the values at the quantile, in both groups. */
  | { readonly kind: "quantile"; readonly share: number; readonly value?: number | undefined; readonly density: number }
  /** The Mann-Whitney test; the effect is the probability that a treated unit has more than a control one, less a half. */
  | { readonly kind: "ranks" };

/** How much a unit varies in each group. */
export interface UnitVariances {
  readonly control: number;
  readonly treatment: number;
}

/** Variance of one unit of each group when the effect is there. */
export function unitVariances(metric: Metric, effect: number): UnitVariances {
  switch (metric.kind) {
    case "mean": {
      const control = metric.standardDeviation ** 2;
      return { control, treatment: metric.treatmentStandardDeviation === undefined ? control : metric.treatmentStandardDeviation ** 2 };
    }
    case "proportion": {
      const treated = metric.rate + effect;
      return { control: metric.rate * (1 - metric.rate), treatment: treated * (1 - treated) };
    }
    case "ratio": {
      const ratio = metric.numeratorMean / metric.denominatorMean;
      const covariance = metric.correlation * metric.numeratorDeviation * metric.denominatorDeviation;
      const residual = metric.numeratorDeviation ** 2 - 2 * ratio * covariance + (ratio * metric.denominatorDeviation) ** 2;
      const control = residual / metric.denominatorMean ** 2;
      return { control, treatment: control };
    }
    case "paired":
      return { control: metric.standardDeviation ** 2, treatment: 0 };
    case "paired-proportion":
      return { control: metric.discordant - effect ** 2, treatment: 0 };
    case "quantile": {
      const variance = (metric.share * (1 - metric.share)) / metric.density ** 2;
      return { control: variance, treatment: variance };
    }
    case "ranks":
      // Of a uniform rank share: Noether (1987), J. Am. Stat. Assoc. 82, 645-647.
      return { control: 1 / 12, treatment: 1 / 12 };
  }
}

/** Whether a unit is a pair: there is one group. */
export function isPaired({ kind }: Metric): boolean {
  return kind === "paired" || kind === "paired-proportion";
}

/** Whether the test divides by the standard error that estimates would have under the null value. */
export function testsAtNull(metric: Metric): boolean {
  return metric.kind === "paired-proportion" || (metric.kind === "proportion" && metric.test === "score");
}

/** The control's expected value, where the metric has one: what relative effects are relative to. */
export function controlValue(metric: Metric): number | undefined {
  switch (metric.kind) {
    case "proportion":
      return metric.rate;
    case "paired-proportion":
      return metric.rateBefore;
    case "quantile":
      return metric.value;
    case "ratio":
      return metric.numeratorMean / metric.denominatorMean;
    case "ranks":
      return undefined;
    case "mean":
    case "paired":
      return metric.mean;
  }
}

/**
 * Variances of units as the score test sees them: at the rates that fit best among those that differ by the null value, when the data are as expected.
 * Source: Farrington and Manning (1990), Stat. Med. 9, 1447-1454.
 */
export function restrictedVariances(rates: UnitVariances, sizes: UnitVariances, nullValue: number): UnitVariances {
  const { control, treatment } = sizes;
  const share = (rate: number, fitted: number, n: number): number => n * (rate / fitted - (1 - rate) / (1 - fitted));
  const slope = (fitted: number): number => share(rates.control, fitted, control) + share(rates.treatment, fitted + nullValue, treatment);
  const edge = 1e-12;
  const [from, to] = [Math.max(0, -nullValue) + edge, Math.min(1, 1 - nullValue) - edge];
  const pooled = (control * rates.control + treatment * rates.treatment) / (control + treatment);
  const fitted = nullValue === 0 ? pooled : slope(from) <= 0 ? from : slope(to) >= 0 ? to : rootBetween(slope, from, to);
  const other = fitted + nullValue;
  return { control: fitted * (1 - fitted), treatment: other * (1 - other) };
}
