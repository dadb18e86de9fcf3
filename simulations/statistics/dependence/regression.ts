/** Ordinary least squares with robust standard errors. */
import { type Undetermined, undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { type Column, type LeastSquares, leastSquares } from "../numerics/linear.ts";
import { largestMagnitude } from "../numerics/power-scaling.ts";
import { type ClusterId, groupRows, type RowClusters } from "./clusters.ts";
import { type CoefficientError, clusteredErrors, coefficientErrors, type DegreesRule, type ErrorEstimator } from "./robust-variance.ts";
import { type EffectQuestion, leavesRange, studentFinding } from "./t-finding.ts";

/** A regression and what is asked of it. */
export interface RegressionOptions extends EffectQuestion {
  readonly outcome: ArrayLike<number>;
  /** The design, with its column of ones where there is one. */
  readonly columns: readonly Column[];
  /** The name of the coefficient that is the estimate. */
  readonly coefficient: string;
  readonly clusters?: readonly ClusterId[] | undefined;
  /** HC2, or CR2 where there are clusters, when left out. */
  readonly estimator?: ErrorEstimator | undefined;
  /** n - k for independent rows, Satterthwaite's for clusters, when left out. */
  readonly degrees?: DegreesRule | undefined;
}

/** A design that determines every coefficient and leaves residuals; Undetermined otherwise, naming the column. */
export function fitDesign(columns: readonly Column[], outcome: ArrayLike<number>): LeastSquares | Undetermined {
  const [n, k] = [outcome.length, columns.length];
  if (n <= k) return undetermined(`${n} rows for ${k} coefficients: no residual tells the variance`, "more rows than coefficients");
  const fit = leastSquares(columns, outcome);
  if (fit.kind === "out-of-range") return leavesRange;
  if (fit.kind === "dependent-column")
    return undetermined(
      `the column '${fit.name}' is 0 or a linear combination of the columns before it, so its coefficient could be anything`,
      `a design without '${fit.name}', or rows in which it varies by itself`,
    );
  const scale = columns.reduce(
    (most, { values }, j) => Math.max(most, largestMagnitude(values) * Math.abs(fit.coefficients[j] as number)),
    largestMagnitude(outcome),
  );
  return largestMagnitude(fit.residuals) <= 2 ** -52 * scale
    ? undetermined("the columns fit the outcome without residual, so nothing tells the variance", "outcomes that vary beyond the columns")
    : fit;
}

/**
 * One coefficient with its interval and t test, and all coefficients in the details.
 *
 * @example
 * const columns = [{ name: "1", values: [1, 1, 1, 1] }, { name: "x", values: [0, 0, 1, 1] }];
 * const question = { level: 0.95, alternative: "two-sided", nullValue: 0 };
 * const found = regression({ outcome: [1, 3, 4, 6], columns, coefficient: "x", estimator: "HC2", ...question });
 * found.kind === "finding" && [found.estimate.value, found.test.degreesOfFreedom]
 * // => [3, 2]
 */
export function regression(options: RegressionOptions): Found {
  const { outcome, columns, coefficient, level, alternative, nullValue } = options;
  const fit = fitDesign(columns, outcome);
  if (fit.kind === "undetermined") return fit;
  const clusters = options.clusters === undefined ? undefined : groupRows(options.clusters);
  const estimator = options.estimator ?? (clusters === undefined ? "HC2" : "CR2");
  const isClustered = clusteredErrors.some((name) => name === estimator);
  if (isClustered && clusters === undefined)
    return undetermined(`${estimator} needs to know which rows belong together`, "a cluster for each row");
  const degrees = options.degrees ?? (isClustered ? "satterthwaite" : "residual");
  const index = columns.findIndex(({ name }) => name === coefficient);
  if (index === -1)
    return undetermined(`there is no column '${coefficient}'`, `one of ${columns.map(({ name }) => `'${name}'`).join(", ")}`);
  const asked = { estimator, degrees, clusters };
  const errorOf = errorsOf(fit, asked);
  const one = errorOf(index);
  if (one.kind === "undetermined") return one;
  const value = fit.coefficients[index] as number;
  const n = outcome.length;
  return studentFinding(
    {
      value,
      standardError: one.standardError,
      degreesOfFreedom: one.degreesOfFreedom,
      n,
      method: `least squares, ${estimator}`,
      details: {
        coefficients: columns.map(({ name }, j) => coefficientRow(name, (fit.coefficients[j] as number) + 0, errorOf(j))),
        standardErrors: estimator,
        degreesOfFreedomBy: degrees,
        residualStandardDeviation: residualDeviation(fit),
        ...(clusters === undefined
          ? {}
          : { clusters: clusters.rows.length, largestClusterShare: Math.max(...clusters.rows.map((rows) => rows.length)) / n }),
      },
      warnings: warningsOf(fit, index, asked, one.degreesOfFreedom),
    },
    { level, alternative, nullValue },
  );
}

interface Asked {
  readonly estimator: ErrorEstimator;
  readonly degrees: DegreesRule;
  readonly clusters: RowClusters | undefined;
}

/** The standard error of a coefficient, by its number. */
function errorsOf(fit: LeastSquares, asked: Asked): (coefficient: number) => CoefficientError | Undetermined {
  const [own, plain] = [coefficientErrors(fit, asked), coefficientErrors(fit, { estimator: "classical", degrees: "residual" })];
  return (coefficient) => {
    const [found, classical] = [own(coefficient), plain(coefficient)];
    if (found.kind === "undetermined") return found;
    if (classical.kind === "undetermined") return classical;
    if (!(found.degreesOfFreedom > 0) || !Number.isFinite(found.standardError) || !(classical.standardError > 0)) return leavesRange;
    return found.standardError > 1e-12 * classical.standardError
      ? found
      : undetermined(
          "the residuals of every row or cluster add up to 0 in this coefficient, so nothing tells its variance",
          "more rows or clusters",
        );
  };
}

function coefficientRow(name: string, value: number, found: CoefficientError | Undetermined): Readonly<Record<string, number | string>> {
  return found.kind === "undetermined"
    ? { name, value }
    : { name, value, standardError: found.standardError, degreesOfFreedom: found.degreesOfFreedom };
}

function residualDeviation({ residuals, coefficients }: LeastSquares): number {
  const largest = largestMagnitude(residuals);
  const squares = residuals.reduce((sum, e) => sum + (e / largest) ** 2, 0);
  return largest * Math.sqrt(squares / (residuals.length - coefficients.length));
}

const degreesFew = 4;

function warningsOf(fit: LeastSquares, coefficient: number, { estimator, degrees, clusters }: Asked, own: number): readonly string[] {
  if (clusters === undefined) return [];
  const count = clusters.rows.length;
  if (!clusteredErrors.some((name) => name === estimator))
    return [`Rows of one cluster are taken as independent by ${estimator}: with ${count} clusters of several rows, take CR2.`];
  const honest =
    degrees === "satterthwaite"
      ? { degreesOfFreedom: own }
      : coefficientErrors(fit, { estimator: "CR2", degrees: "satterthwaite", clusters })(coefficient);
  const left = "degreesOfFreedom" in honest ? honest.degreesOfFreedom : own;
  const rounded = Math.round(left * 10) / 10;
  return [
    ...(left < degreesFew
      ? [
          `Few clusters: ${rounded} degrees of freedom are left, too few to rely on the t distribution; compare the wild cluster bootstrap or randomisation inference.`,
        ]
      : []),
    ...(left < (count - 1) / 2 ? [`Very unequal clusters: ${count} clusters are worth ${rounded} degrees of freedom.`] : []),
    ...(degrees !== "satterthwaite" && left < own / 2
      ? [`The ${own} degrees of freedom used are far more than the ${rounded} by Satterthwaite: p is too small.`]
      : []),
    ...((estimator === "CR0" || estimator === "CR1" || estimator === "CR1S") && count < 40
      ? [`${estimator} is too small on average with ${count} clusters; CR2 is not.`]
      : []),
  ];
}
