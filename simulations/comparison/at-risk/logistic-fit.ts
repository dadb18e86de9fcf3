/** Logistic regression with a ridge, by iteratively reweighted least squares: small, and the same bits every time. */
import { factorPositive } from "../../statistics/index.ts";

/** Rows of a design, one after another, and what came of each. */
export interface LogisticRows {
  /** rows x columns numbers, row by row; no intercept column. */
  readonly values: Float64Array;
  readonly columns: number;
  /** 0 or 1; 2: the row is left out. */
  readonly outcome: Uint8Array;
  /** How many rows from the first on are used. */
  readonly rows: number;
}

/** Intercept first, then a coefficient a column, in units of the columns as given. */
export interface LogisticFit {
  readonly coefficients: Float64Array;
  readonly iterations: number;
  readonly isConverged: boolean;
}

const iterationsMax = 50;
const tolerance = 1e-10;

/**
 * Maximises log-likelihood - ridge / 2 x sum of squares of the coefficients but the intercept: with a ridge above 0 there is always one
 * maximum, also where the classes are separated. `start`: where to begin, to save iterations. Newton's steps, halved while the
 * penalised likelihood would fall. Cost an iteration: rows x columns². Not converged only when rows are not finite.
 * Sources: McCullagh and Nelder (1989), Generalized Linear Models, section 2.5; le Cessie and van Houwelingen (1992), Appl. Statist. 41, 191-201.
 *
 * @example
 * const fit = fitLogistic({ values: Float64Array.of(0, 0, 0, 0, 1, 1, 1, 1), columns: 1, outcome: Uint8Array.of(0, 0, 0, 1, 0, 1, 1, 1), rows: 8 }, 0);
 * Array.from(fit.coefficients, (value) => Math.round(value * 1e6) / 1e6)
 * // => [-1.098612, 2.197225]
 */
export function fitLogistic(rows: LogisticRows, ridge: number, start?: Float64Array): LogisticFit {
  const width = rows.columns + 1;
  let coefficients: Float64Array = start?.slice() ?? new Float64Array(width);
  let current = derivatives(rows, ridge, coefficients);
  for (let iteration = 1; iteration <= iterationsMax; iteration++) {
    const factored = factorPositive(current.information, 0);
    if (factored === undefined) return { coefficients, iterations: iteration, isConverged: false };
    const step = factored.solve(current.gradient);
    const next = climb(rows, ridge, coefficients, step, current.likelihood);
    const moved = step.reduce((most, part, i) => Math.max(most, Math.abs(part) / Math.max(1, Math.abs(coefficients[i] as number))), 0);
    coefficients = next.coefficients;
    current = next.at;
    if (moved <= tolerance) return { coefficients, iterations: iteration, isConverged: true };
  }
  return { coefficients, iterations: iterationsMax, isConverged: false };
}

/** The fitted probability of one row of a design. */
export function riskOf(coefficients: Float64Array, values: Float64Array, row: number): number {
  const columns = coefficients.length - 1;
  let logit = coefficients[0] as number;
  for (let j = 0; j < columns; j++) logit += (coefficients[j + 1] as number) * (values[row * columns + j] as number);
  return 1 / (1 + Math.exp(-logit));
}

interface Derivatives {
  readonly likelihood: number;
  readonly gradient: readonly number[];
  readonly information: readonly (readonly number[])[];
}

function climb(rows: LogisticRows, ridge: number, from: Float64Array, step: readonly number[], likelihood: number) {
  for (let halvings = 0; ; halvings++) {
    const coefficients = from.map((value, i) => value + (step[i] as number) / 2 ** halvings);
    const at = derivatives(rows, ridge, coefficients);
    // Near the top a step changes the likelihood by less than its rounding.
    if (at.likelihood >= likelihood - 1e-9 * Math.abs(likelihood) || halvings === 20) return { coefficients, at };
  }
}

function derivatives({ values, columns, outcome, rows }: LogisticRows, ridge: number, coefficients: Float64Array): Derivatives {
  const width = columns + 1;
  const gradient = new Float64Array(width);
  const half = new Float64Array(width * width);
  let likelihood = 0;
  for (let row = 0; row < rows; row++) {
    const hit = outcome[row] as number;
    if (hit > 1) continue;
    const base = row * columns;
    let logit = coefficients[0] as number;
    for (let j = 0; j < columns; j++) logit += (coefficients[j + 1] as number) * (values[base + j] as number);
    const shrunk = Math.exp(-Math.abs(logit));
    likelihood += (hit === 1 ? Math.min(logit, 0) : Math.min(-logit, 0)) - Math.log1p(shrunk);
    const risk = logit >= 0 ? 1 / (1 + shrunk) : shrunk / (1 + shrunk);
    const weight = shrunk / ((1 + shrunk) * (1 + shrunk));
    const residual = hit - risk;
    gradient[0] = (gradient[0] as number) + residual;
    half[0] = (half[0] as number) + weight;
    for (let j = 0; j < columns; j++) {
      const value = values[base + j] as number;
      if (value === 0) continue;
      gradient[j + 1] = (gradient[j + 1] as number) + residual * value;
      const weighted = weight * value;
      const line = (j + 1) * width;
      half[line] = (half[line] as number) + weighted;
      for (let i = 0; i <= j; i++) half[line + i + 1] = (half[line + i + 1] as number) + weighted * (values[base + i] as number);
    }
  }
  for (let j = 1; j < width; j++) {
    const coefficient = coefficients[j] as number;
    likelihood -= (ridge / 2) * coefficient * coefficient;
    gradient[j] = (gradient[j] as number) - ridge * coefficient;
    half[j * width + j] = (half[j * width + j] as number) + ridge;
  }
  const entry = (i: number, j: number): number => half[Math.max(i, j) * width + Math.min(i, j)] as number;
  const places = Array.from({ length: width }, (_, i) => i);
  return { likelihood, gradient: Array.from(gradient), information: places.map((i) => places.map((j) => entry(i, j))) };
}
