/** Eigenvalues and eigenvectors of small symmetric matrices, as rows of numbers. */
import { invariant } from "../../../data/foundation/index.ts";

/** Eigenvalues, and by eigenvalue its unit eigenvector. */
export interface EigenDecomposition {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

const sweepsMax = 60;

/**
 * The eigenvalues of a symmetric matrix, ascending, with orthonormal eigenvectors, by cyclic Jacobi rotations; right to a
 * few 1e-16 of the largest. Cost: about 10 k³. Source: Golub and Van Loan (2013), Matrix Computations, section 8.5.
 *
 * @example
 * eigenSymmetric([[2, 0], [0, 1]])
 * // => { values: [1, 2], vectors: [[0, 1], [1, 0]] }
 */
export function eigenSymmetric(matrix: readonly (readonly number[])[]): EigenDecomposition {
  const k = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = matrix.map((_, i) => Float64Array.from({ length: k }, (__, j) => (i === j ? 1 : 0)));
  const at = (i: number, j: number): number => a[i]?.[j] as number;
  const negligible = 2 ** -56 * Math.max(0, ...matrix.flat().map(Math.abs));
  for (let sweep = 0; sweep < sweepsMax; sweep++) {
    let rotated = false;
    for (let p = 0; p < k; p++) {
      for (let q = p + 1; q < k; q++) {
        const off = at(p, q);
        if (Math.abs(off) <= negligible) continue;
        rotated = true;
        const ratio = (at(q, q) - at(p, p)) / (2 * off);
        const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.hypot(1, ratio));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = tangent * cosine;
        for (let i = 0; i < k; i++) rotate(a[i] as Float64Array, p, q, cosine, sine);
        rotateRows(a[p] as Float64Array, a[q] as Float64Array, cosine, sine);
        // Exactly 0 now; what rounding leaves could stand above the threshold for ever.
        (a[p] as Float64Array)[q] = 0;
        (a[q] as Float64Array)[p] = 0;
        rotateRows(vectors[p] as Float64Array, vectors[q] as Float64Array, cosine, sine);
      }
    }
    if (!rotated) break;
    invariant(sweep < sweepsMax - 1, "the rotations do not end");
  }
  const order = matrix.map((_, i) => i).sort((i, j) => at(i, i) - at(j, j));
  return { values: order.map((i) => at(i, i)), vectors: order.map((i) => Array.from(vectors[i] as Float64Array)) };
}

function rotate(row: Float64Array, p: number, q: number, cosine: number, sine: number): void {
  const [first, second] = [row[p] as number, row[q] as number];
  row[p] = cosine * first - sine * second;
  row[q] = sine * first + cosine * second;
}

function rotateRows(p: Float64Array, q: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < p.length; i++) {
    const [first, second] = [p[i] as number, q[i] as number];
    p[i] = cosine * first - sine * second;
    q[i] = sine * first + cosine * second;
  }
}
