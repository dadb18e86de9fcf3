/** The largest of correlated t statistics that share a control and a variance estimate. */
import { normalCdf, normalSurvival } from "../distributions/index.ts";
import { logGamma } from "../numerics/gamma-function.ts";
import { gaussLegendre, integrate } from "../numerics/quadrature.ts";
import { fallingRoot } from "../numerics/root.ts";

export interface DunnettFamily {
  /** For each treatment sqrt(n / (n + control's n)): the correlation of two statistics is the product of their loadings. */
  readonly loadings: readonly number[];
  readonly degreesOfFreedom: number;
  /** 2: of the absolute values. */
  readonly sides: 1 | 2;
}

/**
 * The probability that the largest statistic (or absolute statistic) exceeds t. Given the control's error z and the scale s the statistics are independent, so that this is an
 * integral over z within one over s: Dunnett (1955), equation 12. Small tails are summed as such, never as 1 - the rest.
 *
 * @example
 * dunnettSurvival(2.333412, { loadings: [Math.SQRT1_2, Math.SQRT1_2], degreesOfFreedom: 27, sides: 2 }).toFixed(6)
 * // => "0.050000"
 */
export function dunnettSurvival(t: number, family: DunnettFamily): number {
  const { loadings, degreesOfFreedom, sides } = family;
  if (sides === 2 && t <= 0) return 1;
  const groups = grouped(loadings);
  if (degreesOfFreedom > 1e9) return overControl(t, groups, sides);
  // The scale s = sqrt(chi-squared / df), over its logarithm, where the density is smooth and dies off on both sides.
  const half = degreesOfFreedom / 2;
  const logNorm = Math.LN2 + half * Math.log(half) - logGamma(half);
  const spread = 1 / Math.sqrt(2 * degreesOfFreedom);
  const step = Math.min(0.12, spread / 2.2);
  const weightOf = (u: number): number => Math.exp(logNorm + 2 * half * u - half * Math.exp(2 * u));
  let sum = weightOf(0) * overControl(t, groups, sides);
  // Weights fall on both sides of 0. Upwards the tail falls too; downwards it may rise up to 1, so that only the weight says when to stop.
  for (const way of [1, -1] as const) {
    for (let index = way; Math.abs(index) < 100_000; index += way) {
      const u = index * step;
      const weight = weightOf(u);
      const added = weight === 0 ? 0 : weight * overControl(t * Math.exp(u), groups, sides);
      sum += added;
      if ((way === 1 && t > 0 ? added : weight) <= 1e-18 * sum) break;
    }
  }
  return Math.min(1, sum * step);
}

/** The t that the largest statistic exceeds with the given probability. */
export function dunnettQuantile(probability: number, family: DunnettFamily): number {
  const excess = (t: number): number => Math.log(dunnettSurvival(t, family) / probability);
  let reach = 8;
  while (excess(reach) > 0 && reach < 1e6) reach *= 2;
  return fallingRoot(excess, family.sides === 2 ? 0 : -reach, reach);
}

/** Treatments of equal loading count together. */
interface LoadingGroup {
  readonly loading: number;
  readonly rest: number;
  readonly count: number;
}

function grouped(loadings: readonly number[]): readonly LoadingGroup[] {
  const counts = new Map<number, number>();
  for (const loading of loadings) counts.set(loading, (counts.get(loading) ?? 0) + 1);
  return Array.from(counts, ([loading, count]) => ({ loading, rest: Math.max(1e-12, Math.sqrt((1 - loading) * (1 + loading))), count }));
}

/**
 * The probability that the largest exceeds c at unit scale: over the control's error z, by the trapezoid rule, which converges like a Gaussian's tail. Where a group is much larger
 * than the control the integrand has a narrow step at z = c / loading, and Gauss's rule is used between points that close in on it.
 */
function overControl(c: number, groups: readonly LoadingGroup[], sides: 1 | 2): number {
  const weighted = (z: number): number => {
    let logKept = 0;
    for (const { loading, rest, count } of groups) {
      const beyond = normalSurvival((c - loading * z) / rest) + (sides === 2 ? normalCdf((-c - loading * z) / rest) : 0);
      logKept += count * Math.log1p(-Math.min(1, beyond));
    }
    return Math.exp((-z * z) / 2) * -Math.expm1(logKept);
  };
  // Far out the tail is made where control and treatment err together, near z = loading c.
  const furthest = Math.max(0, c) * Math.max(...groups.map(({ loading }) => loading));
  const [from, to] = [sides === 2 ? 0 : -9.5, Math.min(38, 9.5 + furthest)];
  const narrowest = Math.min(...groups.map(({ loading, rest }) => rest / loading));
  const scale = sides / Math.sqrt(2 * Math.PI);
  if (narrowest < 0.1) return scale * overPanels(weighted, panelEdges(c, groups, { from, to }));
  const step = Math.min(0.22, 0.35 * narrowest);
  const last = Math.ceil(to / step);
  let sum = 0;
  for (let index = Math.ceil(from / step); index <= last; index++) sum += (sides === 2 && index === 0 ? 0.5 : 1) * weighted(index * step);
  return scale * sum * step;
}

/** Whole numbers, and for each group points around its step. */
function panelEdges(
  c: number,
  groups: readonly LoadingGroup[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  const edges = Array.from({ length: Math.ceil(to - from) }, (_, index) => from + index);
  for (const { loading, rest } of groups) {
    for (const width of [-10, -5, -2.5, 0, 2.5, 5, 10]) edges.push((c + width * rest) / loading);
  }
  return [...new Set([...edges, to])].filter((edge) => edge >= from && edge <= to).sort((a, b) => a - b);
}

const panelRule = gaussLegendre(20);

function overPanels(of: (z: number) => number, edges: readonly number[]): number {
  let sum = 0;
  for (let index = 1; index < edges.length; index++)
    sum += integrate(of, { from: edges[index - 1] ?? 0, to: edges[index] ?? 0 }, panelRule);
  return sum;
}
