/** What is known of units beforehand, as the part of an outcome's variance that it takes: covariates, and strata. */
import { factorPositive } from "../../statistics/index.ts";
import type { MetricMoments } from "../observations/observations.ts";
import type { ExperimentMetric } from "./experiment-design.ts";

type Covariances = readonly (readonly number[])[];

/**
 * How much narrower the interval of a difference is than the plain one: 1 - the ratio of their standard errors, for so many units in each arm. `within`: the moments averaged
 * over strata. That the deal parts a stratum's units unevenly costs the second term of an arm's variance, sum of w S^2 / n + (1 - p) sum of (1 - w) S^2 / n^2, S^2 the variance in a stratum
 * with a share w of all units, less what covariates take, and p the arm's share of them: 1 / n of a hypergeometric n, to second order. Undefined where nothing varies.
 * Source: Cochran (1977), Sampling Techniques, section 5A.9; Miratrix, Sekhon and Yu (2013), J. Royal Statistical Society B 75, 369-396.
 */
export function narrowing(
  { form }: Pick<ExperimentMetric, "form">,
  whole: MetricMoments,
  { within = whole, arms }: { readonly within?: MetricMoments; readonly arms: readonly number[] },
): number | undefined {
  const isRatio = form.kind === "ratio";
  const linear = (covariances: Covariances): Covariances => (isRatio ? linearised(whole.means, covariances) : covariances);
  if (whole.n < 2 || (isRatio && !((whole.means[1] ?? 0) > 0))) return undefined;
  const plain = linear(whole.covariances)[0]?.[0] ?? 0;
  if (!(plain > 0)) return undefined;
  const { variance, coefficients } = adjusted(linear(within.covariances));
  const contrast = [1, ...coefficients.map((coefficient) => -coefficient)];
  const scattered = (within.strata ?? []).reduce(
    (sum, { weight, covariances }) => sum + (1 - weight) * Math.max(0, quadratic(linear(covariances), contrast)),
    0,
  );
  const over = (value: (units: number) => number): number => arms.reduce((sum, units) => sum + value(units), 0);
  const all = over((units) => units);
  const error = over((units) => Math.max(0, variance) / units + ((1 - units / all) * scattered) / units ** 2);
  return 1 - Math.sqrt(error / over((units) => plain / units));
}

/**
 * The part of the outcome's variance that is gone: 1 - (v - c' S^-1 c) / variance, with v, c and S the covariances within strata (without strata those of all units, so
 * that it is the squared multiple correlation). Covariates that depend on each other explain nothing.
 */
export function explainedOf(within: Covariances, whole: Covariances): number {
  return Math.min(0.9999, Math.max(0, 1 - adjusted(within).variance / (whole[0]?.[0] ?? 1)));
}

/** The outcome's variance less what covariates explain, and their coefficients. */
function adjusted(covariances: Covariances): { readonly variance: number; readonly coefficients: readonly number[] } {
  const inner = covariances.slice(1).map((row) => row.slice(1));
  const [variance = 0, ...cross] = covariances[0] ?? [];
  const solved = factorPositive(inner, 1e-10)?.solve(cross);
  const coefficients = cross.map((_, index) => (solved === undefined ? 0 : (solved[index] as number)));
  return { variance: variance - cross.reduce((sum, value, index) => sum + value * (coefficients[index] as number), 0), coefficients };
}

function quadratic(covariances: Covariances, contrast: readonly number[]): number {
  return contrast.reduce((sum, a, i) => sum + contrast.reduce((row, b, j) => row + a * b * (covariances[i]?.[j] ?? 0), 0), 0);
}

/**
 * Covariances of ratios from those of their numerators and denominators, each ratio as (numerator - ratio x denominator) / mean denominator, which is what CUPED
 * adjusts. A covariate without a denominator explains nothing.
 */
export function linearised(means: readonly number[], covariances: Covariances): Covariances {
  const weights = means.flatMap((numerator, at) => {
    const denominator = means[at + 1] ?? 0;
    return at % 2 === 1 ? [] : [denominator === 0 ? [0, 0] : [1 / denominator, -numerator / denominator / denominator]];
  });
  return weights.map((own, i) =>
    weights.map((other, j) =>
      own.reduce((sum, a, p) => sum + other.reduce((row, b, q) => row + a * b * (covariances[2 * i + p]?.[2 * j + q] ?? 0), 0), 0),
    ),
  );
}
