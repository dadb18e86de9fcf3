/** Small systems of normal equations. */

/**
 * Solves A x = b for a symmetric positive definite A, scaled to a unit diagonal and by Cholesky's factors; undefined when a column (nearly) depends on
 * those before it: less than 1e-10 of its variance is left.
 *
 * @example
 * solveSymmetric([[4, 0], [0, 9]], [8, 9])
 * // => [2, 1]
 */
export function solveSymmetric(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] | undefined {
  const size = right.length;
  const at = (i: number, j: number): number => (matrix[i] as readonly number[])[j] as number;
  const scale = right.map((_, i) => Math.sqrt(at(i, i)));
  if (scale.some((value) => !(value > 0))) return undefined;
  const factor: number[][] = [];
  const half: number[] = [];
  for (let i = 0; i < size; i++) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      let rest = i === j ? 1 : at(i, j) / (scale[i] as number) / (scale[j] as number);
      for (let k = 0; k < j; k++) rest -= (row[k] as number) * ((j === i ? row : (factor[j] as number[]))[k] as number);
      if (i === j && rest < 1e-10) return undefined;
      row.push(i === j ? Math.sqrt(rest) : rest / ((factor[j] as number[])[j] as number));
    }
    factor.push(row);
    let rest = (right[i] as number) / (scale[i] as number);
    for (let k = 0; k < i; k++) rest -= (row[k] as number) * (half[k] as number);
    half.push(rest / (row[i] as number));
  }
  const solution = right.map(() => 0);
  for (let i = size - 1; i >= 0; i--) {
    let rest = half[i] as number;
    for (let k = i + 1; k < size; k++) rest -= ((factor[k] as number[])[i] as number) * (solution[k] as number);
    solution[i] = rest / ((factor[i] as number[])[i] as number);
  }
  return solution.map((value, i) => value / (scale[i] as number));
}
