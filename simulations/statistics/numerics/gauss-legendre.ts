/** Gauss-Legendre quadrature. */

/**
 * Nodes, rising, and weights of Gauss-Legendre quadrature on [-1, 1], by Newton steps on the Legendre polynomial.
 * Source: Press et al. (2007), Numerical Recipes, section 4.6.1.
 *
 * @example
 * gaussLegendre(2).weights.map((weight) => weight.toFixed(12))
 * // => ["1.000000000000", "1.000000000000"]
 */
export function gaussLegendre(count: number): { readonly nodes: readonly number[]; readonly weights: readonly number[] } {
  const nodes = new Array<number>(count).fill(0);
  const weights = new Array<number>(count).fill(0);
  for (let i = 0; i < count / 2; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 20; step++) {
      let [previous, current] = [1, x];
      for (let k = 2; k <= count; k++) [previous, current] = [current, ((2 * k - 1) * x * current - (k - 1) * previous) / k];
      slope = (count * (x * current - previous)) / (x * x - 1);
      const move = current / slope;
      x -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    const weight = 2 / ((1 - x * x) * slope * slope);
    [nodes[i], nodes[count - 1 - i], weights[i], weights[count - 1 - i]] = [-x, x, weight, weight];
  }
  return { nodes, weights };
}
