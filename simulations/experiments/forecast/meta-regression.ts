/** Results of experiments regressed on what was forecast of them: a line with errors that are known, and scatter beyond them that is not. */
import { student } from "../../statistics/index.ts";

/** One experiment: its result with the error of measuring it, and what the line is a function of (1 for a constant). At most two. */
export interface MetaRow {
  readonly result: number;
  readonly variance: number;
  readonly terms: readonly number[];
}

/** The line. */
export interface MetaLine {
  /** By term. */
  readonly terms: readonly { readonly value: number; readonly standardError: number; readonly lower: number; readonly upper: number }[];
  /** Standard deviation of results around the line beyond the errors of measuring them. */
  readonly scatter: number;
  readonly degreesOfFreedom: number;
}

/**
 * Random-effects meta-regression, result = terms x coefficients + scatter + error of measuring. The scatter's variance is that of Paule and Mandel: the
 * one at which the weighted squares around the line sum to their degrees of freedom, 0 where they sum to less. Intervals by Student's t on experiments
 * less terms, the factor of Knapp and Hartung not below 1. With equal errors it is ordinary least squares with its classical interval, as long as the
 * residuals scatter more than the errors. Undefined where there are no more experiments than terms, or terms that do not vary.
 * Sources: Paule and Mandel (1982), J. Res. Natl. Bur. Stand. 87, 377-385; Knapp and Hartung (2003), Stat. Med. 22, 2693-2710; Roever, Knapp and Friede
 * (2015), BMC Med. Res. Methodol. 15, 99.
 *
 * @example
 * metaLine([{ result: 1, variance: 1, terms: [1] }, { result: 3, variance: 1, terms: [1] }], 0.95).terms[0].value
 * // => 2
 */
export function metaLine(rows: readonly MetaRow[], level: number): MetaLine | undefined {
  const width = rows[0]?.terms.length ?? 0;
  const degreesOfFreedom = rows.length - width;
  if (width === 0 || degreesOfFreedom < 1 || rows.some(({ variance }) => !(variance > 0))) return undefined;
  const scatter = scatterOf(rows, degreesOfFreedom);
  const fitted = leastSquares(rows, scatter);
  if (fitted === undefined) return undefined;
  const reach = student(degreesOfFreedom).quantile((1 + level) / 2);
  return {
    terms: fitted.values.map((value, index) => {
      const standardError = Math.sqrt(fitted.covariance[index]?.[index] as number);
      return { value, standardError, lower: value - reach * standardError, upper: value + reach * standardError };
    }),
    scatter: Math.sqrt(scatter),
    degreesOfFreedom,
  };
}

/** The root of a falling function, by halving: the squares around the line fall as the scatter's variance grows. */
function scatterOf(rows: readonly MetaRow[], degreesOfFreedom: number): number {
  const excess = (scatter: number): number => (leastSquares(rows, scatter)?.squares ?? 0) - degreesOfFreedom;
  if (excess(0) <= 0) return 0;
  let upper = Math.max(...rows.map(({ variance }) => variance));
  while (excess(upper) > 0) upper *= 4;
  let lower = 0;
  for (let step = 0; step < 200 && upper - lower > 1e-14 * upper; step++) {
    const middle = (lower + upper) / 2;
    if (excess(middle) > 0) lower = middle;
    else upper = middle;
  }
  return (lower + upper) / 2;
}

/** Weighted least squares in closed form, for one term or two. */
function leastSquares(rows: readonly MetaRow[], scatter: number) {
  const weights = rows.map(({ variance }) => 1 / (variance + scatter));
  const sum = (of: (row: MetaRow) => number): number => rows.reduce((total, row, index) => total + (weights[index] as number) * of(row), 0);
  const term = ({ terms }: MetaRow, index: number): number => terms[index] as number;
  const squaresAround = (values: readonly number[]): number =>
    sum((row) => (row.result - values.reduce((total, value, index) => total + value * term(row, index), 0)) ** 2);
  if (rows[0]?.terms.length === 1) {
    const whole = sum((row) => term(row, 0) ** 2);
    if (!(whole > 0)) return undefined;
    const values = [sum((row) => term(row, 0) * row.result) / whole];
    return { values, covariance: [[1 / whole]], squares: squaresAround(values) };
  }
  const [aa, ab, bb] = [sum((row) => term(row, 0) ** 2), sum((row) => term(row, 0) * term(row, 1)), sum((row) => term(row, 1) ** 2)];
  const determinant = aa * bb - ab * ab;
  if (!(determinant > 1e-12 * aa * bb)) return undefined;
  const [ay, by] = [sum((row) => term(row, 0) * row.result), sum((row) => term(row, 1) * row.result)];
  const values = [(bb * ay - ab * by) / determinant, (aa * by - ab * ay) / determinant];
  const covariance = [
    [bb / determinant, -ab / determinant],
    [-ab / determinant, aa / determinant],
  ];
  return { values, covariance, squares: squaresAround(values) };
}
