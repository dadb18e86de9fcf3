/** Small symmetric systems of equations. */

/**
 * Solves a symmetric positive definite system by Cholesky's factors; undefined where it is singular to 1e-12.
 *
 * @example
 * solvePositive([[4, 2], [2, 2]], [2, 2])
 * // => [0, 1]
 */
export function solvePositive(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] | undefined {
  const n = right.length;
  const lower = matrix.map((row) => [...row]);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const row = lower[i] as number[];
      let value = (matrix[i] as readonly number[])[j] as number;
      for (let k = 0; k < j; k++) value -= (row[k] as number) * ((lower[j] as number[])[k] as number);
      if (i === j && !(value > 1e-12 * Math.abs((matrix[i] as readonly number[])[i] as number))) return undefined;
      row[j] = i === j ? Math.sqrt(value) : value / ((lower[j] as number[])[j] as number);
    }
  }
  const solution = [...right];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) solution[i] = (solution[i] as number) - ((lower[i] as number[])[k] as number) * (solution[k] as number);
    solution[i] = (solution[i] as number) / ((lower[i] as number[])[i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) solution[i] = (solution[i] as number) - ((lower[k] as number[])[i] as number) * (solution[k] as number);
    solution[i] = (solution[i] as number) / ((lower[i] as number[])[i] as number);
  }
  return solution;
}
