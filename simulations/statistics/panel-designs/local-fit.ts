/** Polynomials fitted by weighted least squares near a point, as linear weights on the observations. */
import { innerProduct } from "../sums.ts";

/**
 * The weights that give the coefficients: coefficient k of the fitted polynomial in `distances` is the sum of `result[k][i]` times observation i.
 * Orthogonalises the weighted powers, which are scaled to at most 1 first. Undefined where fewer distinct points than coefficients carry weight.
 *
 * @example
 * coefficientWeights([0, 1], [1, 1], 1)?.map((row) => row.map((weight) => weight.toFixed(1).replace("-0.0", "0.0")))
 * // => [["1.0", "0.0"], ["-1.0", "1.0"]]
 */
export function coefficientWeights(
  distances: readonly number[],
  weights: readonly number[],
  order: number,
): readonly (readonly number[])[] | undefined {
  const carrying = distances.filter((_, i) => (weights[i] as number) > 0);
  if (new Set(carrying).size < order + 1) return undefined;
  const scale = carrying.reduce((most, distance) => Math.max(most, Math.abs(distance)), 0) || 1;
  const roots = weights.map(Math.sqrt);
  const columns = powersOf(distances, scale, order).map((column) => column.map((power, i) => power * (roots[i] as number)));
  const { basis, triangle } = orthogonal(columns);
  // The coefficients solve triangle x = basis' sqrt(w) y: back substitution on whole rows.
  const rows: number[][] = Array.from({ length: order + 1 }, () => []);
  for (let k = order; k >= 0; k--) {
    const pivot = (triangle[k] as number[])[k] as number;
    if (!(Math.abs(pivot) > 0)) return undefined;
    const row = (basis[k] as number[]).map((entry, i) => entry * (roots[i] as number));
    for (let j = k + 1; j <= order; j++) {
      const factor = (triangle[k] as number[])[j] as number;
      const later = rows[j] as number[];
      for (let i = 0; i < row.length; i++) row[i] = (row[i] as number) - factor * (later[i] as number);
    }
    rows[k] = row.map((entry) => entry / pivot);
  }
  return rows.map((row, k) => {
    const unit = scale ** k;
    return row.map((entry) => entry / unit);
  });
}

function powersOf(distances: readonly number[], scale: number, order: number): number[][] {
  const columns: number[][] = [distances.map(() => 1)];
  for (let k = 1; k <= order; k++) columns.push((columns[k - 1] as number[]).map((power, i) => power * ((distances[i] as number) / scale)));
  return columns;
}

/** Modified Gram-Schmidt, each column twice: orthogonal to the last digits (Björck 1996, section 2.4). */
export function orthogonal(columns: readonly number[][]): { readonly basis: number[][]; readonly triangle: number[][] } {
  const basis: number[][] = [];
  const triangle = columns.map(() => columns.map(() => 0));
  columns.forEach((column, k) => {
    const rest = [...column];
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((direction, j) => {
        const share = innerProduct(direction, rest);
        (triangle[j] as number[])[k] = ((triangle[j] as number[])[k] as number) + share;
        for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) - share * (direction[i] as number);
      });
    }
    const length = Math.sqrt(innerProduct(rest, rest));
    (triangle[k] as number[])[k] = length;
    basis.push(rest.map((entry) => entry / length));
  });
  return { basis, triangle };
}

/** The triangular kernel at distance / bandwidth, up to a constant that drops out of every fit. */
export function triangularWeights(distances: readonly number[], bandwidth: number): readonly number[] {
  return distances.map((distance) => Math.max(0, 1 - Math.abs(distance) / bandwidth));
}
