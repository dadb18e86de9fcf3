/** The weighted average of series that comes nearest to a target: weights at least 0 that sum to 1. */

import { innerProduct } from "../sums.ts";
import { orthogonal } from "./local-fit.ts";

/**
 * Weights of the donors, in their order, that minimise the squared distance of their average to the target. Exact in finitely many steps: the point of smallest norm
 * in the hull of the donors' differences from the target. Source: Wolfe (1976), Mathematical Programming 11, 128-149. Cost: about donors x periods x the number of positive weights, a step.
 *
 * @example
 * simplexFit([[0, 0], [4, 0], [0, 4]], [1, 2])
 * // => [0.25, 0.25, 0.5]
 */
export function simplexFit(donors: readonly (readonly number[])[], target: readonly number[]): readonly number[] {
  const points = donors.map((donor) => donor.map((value, i) => value - (target[i] as number)));
  const norms = points.map((point) => innerProduct(point, point));
  const enough = 1e-14 * Math.max(...norms);
  let chosen = [norms.indexOf(Math.min(...norms))];
  let weights = [1];
  // Every step lowers the norm over another set of donors; the limit guards against a circle by rounding.
  for (let step = 0; step < 50 * donors.length; step++) {
    const nearest = average(points, chosen, weights);
    const slopes = points.map((point) => innerProduct(point, nearest));
    const next = slopes.indexOf(Math.min(...slopes));
    if (chosen.includes(next) || (slopes[next] as number) >= innerProduct(nearest, nearest) - enough) break;
    const moved = settle(points, [...chosen, next], [...weights, 0]);
    if (moved === undefined) break;
    ({ chosen, weights } = moved);
  }
  return donors.map((_, donor) => (chosen.includes(donor) ? (weights[chosen.indexOf(donor)] as number) : 0));
}

interface Hull {
  readonly chosen: number[];
  readonly weights: number[];
}

/** Moves to the nearest point of the chosen donors' plane, leaving out donors whose weight would be negative. */
function settle(points: readonly (readonly number[])[], chosen: number[], weights: number[]): Hull | undefined {
  for (;;) {
    const plane = planeWeights(points, chosen);
    if (plane === undefined) return undefined;
    if (plane.every((weight) => weight > 0)) return { chosen, weights: plane };
    const share = plane.reduce((least, weight, i) => {
      const from = weights[i] as number;
      return weight > 0 ? least : Math.min(least, from / (from - weight));
    }, 1);
    const between = weights.map((from, i) => from + share * ((plane[i] as number) - from));
    const least = Math.min(...between.filter((_, i) => (plane[i] as number) <= 0));
    const keep = (_: number, i: number): boolean => (plane[i] as number) > 0 || (between[i] as number) > Math.max(least, 1e-15);
    chosen = chosen.filter(keep);
    weights = between.filter(keep);
  }
}

/** Weights, of either sign, of the point of smallest norm in the plane through the chosen points; undefined where they do not span it. */
function planeWeights(points: readonly (readonly number[])[], chosen: readonly number[]): number[] | undefined {
  const [origin, ...others] = chosen.map((donor) => points[donor] as readonly number[]);
  if (origin === undefined) return undefined;
  const columns = others.map((point) => point.map((value, i) => value - (origin[i] as number)));
  const { basis, triangle } = orthogonal(columns);
  const solution = basis.map((direction) => -innerProduct(direction, origin));
  for (let k = columns.length - 1; k >= 0; k--) {
    const row = triangle[k] as number[];
    const column = columns[k] as number[];
    if (!((row[k] as number) > 1e-13 * Math.sqrt(innerProduct(column, column)))) return undefined;
    for (let j = k + 1; j < columns.length; j++) solution[k] = (solution[k] as number) - (row[j] as number) * (solution[j] as number);
    solution[k] = (solution[k] as number) / (row[k] as number);
  }
  return [
    1 -
      innerProduct(
        solution,
        solution.map(() => 1),
      ),
    ...solution,
  ];
}

function average(points: readonly (readonly number[])[], chosen: readonly number[], weights: readonly number[]): readonly number[] {
  return (points[0] ?? []).map((_, i) =>
    innerProduct(
      chosen.map((donor) => (points[donor] as readonly number[])[i] as number),
      weights,
    ),
  );
}
