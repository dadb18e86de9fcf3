/** Logistic regression on counted rows, with a weak prior that keeps it finite where a covariate separates the outcomes. */
import { factorPositive } from "../numerics/positive-definite.ts";

/** Units with the same covariates. */
export interface LogisticRow {
  readonly covariates: readonly number[];
  readonly trials: number;
  readonly successes: number;
}

/** Coefficients in the order of the covariates. */
export interface LogisticFit {
  readonly coefficients: readonly number[];
  readonly probabilityAt: (covariates: readonly number[]) => number;
}

/** Newton steps; the penalised likelihood is concave, and a fit that is not done by then is not used. */
const stepsMax = 50;

/**
 * The most probable coefficients under independent normal priors of mean 0 (`priorVariance`; Infinity: maximum likelihood), by Newton's method with halved
 * steps. Undefined where it does not settle: covariates that depend on each other, or separation without a prior. Cost: rows times covariates squared a step.
 * Source: McCullagh and Nelder (1989), Generalized Linear Models, section 4.4; Gelman et al. (2008), Annals of Applied Statistics 2, 1360-1383.
 *
 * @example
 * fitLogistic([{ covariates: [1], trials: 4, successes: 1 }], Number.POSITIVE_INFINITY).probabilityAt([1]).toFixed(9)
 * // => "0.250000000"
 */
export function fitLogistic(rows: readonly LogisticRow[], priorVariance: number): LogisticFit | undefined {
  const size = rows[0]?.covariates.length ?? 0;
  let coefficients: readonly number[] = Array.from({ length: size }, () => 0);
  let value = logPosterior(rows, coefficients, priorVariance);
  for (let step = 0; step < stepsMax; step++) {
    const { gradient, information } = derivatives(rows, coefficients, priorVariance);
    const move = factorPositive(information, 1e-12)?.solve(gradient);
    if (move === undefined) return undefined;
    let scale = 1;
    let next = value;
    let tried = coefficients;
    for (; scale > 1e-10; scale /= 2) {
      tried = coefficients.map((old, i) => old + scale * (move[i] as number));
      next = logPosterior(rows, tried, priorVariance);
      if (next >= value - 1e-12 * Math.abs(value)) break;
    }
    coefficients = tried;
    value = next;
    if (scale === 1 && move.every((part, i) => Math.abs(part) <= 1e-10 * (1 + Math.abs(coefficients[i] as number)))) {
      const settled = coefficients;
      return { coefficients: settled, probabilityAt: (covariates) => logistic(product(settled, covariates)) };
    }
  }
  return undefined;
}

function logPosterior(rows: readonly LogisticRow[], coefficients: readonly number[], priorVariance: number): number {
  const prior = coefficients.reduce((sum, coefficient) => sum + coefficient * coefficient, 0) / (2 * priorVariance);
  return rows.reduce((sum, { covariates, trials, successes }) => {
    const eta = product(coefficients, covariates);
    return sum + successes * eta - trials * (Math.max(0, eta) + Math.log1p(Math.exp(-Math.abs(eta))));
  }, -prior);
}

function derivatives(rows: readonly LogisticRow[], coefficients: readonly number[], priorVariance: number) {
  const gradient = coefficients.map((coefficient) => -coefficient / priorVariance);
  const information = coefficients.map((_, i) => coefficients.map((__, j) => (i === j ? 1 / priorVariance : 0)));
  for (const { covariates, trials, successes } of rows) {
    const probability = logistic(product(coefficients, covariates));
    const [residual, weight] = [successes - trials * probability, trials * probability * (1 - probability)];
    for (let i = 0; i < covariates.length; i++) {
      const x = covariates[i] as number;
      if (x === 0) continue;
      gradient[i] = (gradient[i] as number) + residual * x;
      const row = information[i] as number[];
      for (let j = 0; j < covariates.length; j++) row[j] = (row[j] as number) + weight * x * (covariates[j] as number);
    }
  }
  return { gradient, information };
}

function product(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function logistic(eta: number): number {
  return eta >= 0 ? 1 / (1 + Math.exp(-eta)) : Math.exp(eta) / (1 + Math.exp(eta));
}
