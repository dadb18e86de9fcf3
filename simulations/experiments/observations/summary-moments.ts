/** One row of a file of summaries -> moments, after it was checked that its figures can be. */
import { columnsOf, type ExperimentMetric } from "../design/experiment-design.ts";
import { missingTexts, numberMax } from "./observation-sql.ts";
import type { MetricMoments } from "./observations.ts";
import { clippedCell } from "./rejected-rows.ts";
import { type NumberName, numberNames } from "./summary-columns.ts";

/** Figures that should agree and are written with few digits differ by less than this share. */
const roundingShare = 0.01;

/** Squares are so large beside their differences from the mean that digits of a double are lost: a difference below 0 by no more than this share of them is 0. */
const cancellationShare = 1e-9;

/** The moments that a row states, or what is wrong with it. */
export function momentsOf(metric: ExperimentMetric, cell: (name: NumberName) => string): MetricMoments | string {
  const numbers: Partial<Record<NumberName, number>> = {};
  for (const name of numberNames) {
    const text = cell(name);
    if (missingTexts.some((one) => one === text)) continue;
    const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(value)) return `${name} is no number: ${clippedCell(text)}`;
    if (Math.abs(value) > numberMax) return `${name} is beyond ${numberMax}: ${clippedCell(text)}`;
    numbers[name] = value;
  }
  const { n } = numbers;
  if (n === undefined || !Number.isSafeInteger(n) || n < 0) return `n is no whole number from 0 on: ${clippedCell(cell("n"))}`;
  if (n === 0) return { n: 0, means: columnsOf(metric).map(() => 0), covariances: [] };
  const mean = meanOf(numbers, n);
  if (typeof mean === "string") return mean;
  const isShare = metric.form.kind === "share";
  if (isShare && (mean < 0 || mean > 1)) return `a share is from 0 to 1: ${mean}`;
  const variance = varianceOf(numbers, { n, mean, isShare });
  if (typeof variance === "string") return variance;
  if (metric.form.kind !== "ratio" && metric.covariates.length === 0) return { n, means: [mean], covariances: n < 2 ? [] : [[variance]] };
  if (metric.covariates.length > (metric.form.kind === "ratio" ? 0 : 1))
    return metric.form.kind === "ratio" ? "summaries carry no covariate of a ratio" : "summaries carry one covariate at most";
  const { mean_2: second, variance_2: secondVariance, covariance } = numbers;
  if (second === undefined || secondVariance === undefined || covariance === undefined)
    return `mean_2, variance_2 and covariance of ${metric.form.kind === "ratio" ? "the denominator" : "the covariate"} are needed`;
  if (secondVariance < 0) return `variance_2 is below 0: ${secondVariance}`;
  if (n > 1 && covariance ** 2 > variance * secondVariance * (1 + roundingShare) ** 2)
    return `no two columns with these variances have the covariance ${covariance}`;
  return {
    n,
    means: [mean, second],
    covariances:
      n < 2
        ? []
        : [
            [variance, covariance],
            [covariance, secondVariance],
          ],
  };
}

/** Where both are stated that of the sum, which has more digits as a rule. */
function meanOf({ mean, sum }: Partial<Record<NumberName, number>>, n: number): number | string {
  if (sum === undefined) return mean ?? "neither mean nor sum";
  return mean !== undefined && areApart(mean * n, sum) ? `the sum ${sum} is not n times the mean ${mean}` : sum / n;
}

/** The variance that a row states in one of three ways, which must agree where there are several; of one unit 0. */
function varianceOf(
  { variance, sd, sum_squares: squares }: Partial<Record<NumberName, number>>,
  { n, mean, isShare }: { readonly n: number; readonly mean: number; readonly isShare: boolean },
): number | string {
  if (sd !== undefined && sd < 0) return `sd is below 0: ${sd}`;
  if (variance !== undefined && variance < 0) return `the variance is below 0: ${variance}`;
  if (variance !== undefined && sd !== undefined && areApart(variance, sd ** 2))
    return `the variance ${variance} is not the square of sd ${sd}`;
  if (n < 2) return 0;
  const fromSquares = squares === undefined ? undefined : (squares - n * mean * mean) / (n - 1);
  if (fromSquares !== undefined && squares !== undefined && fromSquares * (n - 1) < -cancellationShare * squares)
    return `sum_squares is below n times the square of the mean: ${squares}`;
  const ofShare = isShare ? (mean * (1 - mean) * n) / (n - 1) : undefined;
  const found =
    variance ?? (sd === undefined ? undefined : sd ** 2) ?? (fromSquares === undefined ? undefined : Math.max(0, fromSquares)) ?? ofShare;
  if (found === undefined) return "none of variance, sd, sum_squares";
  if (isShare && found > ((0.25 * n) / (n - 1)) * (1 + roundingShare)) return `the variance of a share is at most a quarter: ${found}`;
  return found;
}

function areApart(a: number, b: number): boolean {
  return Math.abs(a - b) > roundingShare * Math.max(Math.abs(a), Math.abs(b));
}
