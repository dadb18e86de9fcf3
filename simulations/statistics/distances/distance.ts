/** Distances between two distributions given as counts at the same points. */
import { sumOf } from "../sums.ts";
import { type PointCounts, totalOf } from "./point-counts.ts";

/** What PSI does with a bin that is empty in one group: refuse, add half a unit to every bin of both groups, or raise shares to a floor. */
export type ZeroRule = { readonly kind: "refuse" } | { readonly kind: "add-half" } | { readonly kind: "floor"; readonly share: number };

/**
 * The largest difference of the two distribution functions, in units of 1 / (n m): n for the control's share, m for the treatment's. `higher`: only where
 * the control's is the higher one (treatment values are larger); `lower`: only where it is the lower one.
 * Source: Smirnov (1939); Conover (1999), Practical Nonparametric Statistics, section 6.3.
 */
export function kolmogorovSmirnovLattice({ control, treatment }: PointCounts, side: "both" | "higher" | "lower"): number {
  const [n, m] = [totalOf(control), totalOf(treatment)];
  let [first, second, largest] = [0, 0, 0];
  for (let i = 0; i < control.length; i++) {
    first += control[i] as number;
    second += treatment[i] as number;
    const gap = first * m - second * n;
    largest = Math.max(largest, side === "both" ? Math.abs(gap) : side === "higher" ? gap : -gap);
  }
  return largest;
}

/**
 * Wasserstein's distance of order 1: the area between the two distribution functions, in the unit of the points.
 * Source: Vallender (1974), Theory Probab. Appl. 18, 784-786.
 *
 * @example
 * wasserstein(countPoints([0, 1], [1, 2]))
 * // => 1
 */
export function wasserstein({ points, control, treatment }: PointCounts): number {
  const [n, m] = [totalOf(control), totalOf(treatment)];
  const areas = new Float64Array(Math.max(points.length - 1, 0));
  let [first, second] = [0, 0];
  for (let i = 0; i < areas.length; i++) {
    first += control[i] as number;
    second += treatment[i] as number;
    areas[i] = Math.abs(first / n - second / m) * ((points[i + 1] as number) - (points[i] as number));
  }
  return sumOf(areas);
}

/**
 * Jensen and Shannon's divergence: mean of the Kullback-Leibler divergences of both from their average, in bits with base 2 and nats with base e.
 * Source: Lin (1991), IEEE Trans. Inf. Theory 37, 145-151.
 *
 * @example
 * jensenShannon(tablePairs([[0, 1], [0, 0]]), 2)
 * // => 1
 */
export function jensenShannon({ control, treatment }: PointCounts, base: number): number {
  const [n, m] = [totalOf(control), totalOf(treatment)];
  const terms = new Float64Array(control.length);
  for (let i = 0; i < control.length; i++) {
    const [p, q] = [(control[i] as number) / n, (treatment[i] as number) / m];
    // (p log(2 p / (p + q)) + q log(2 q / (p + q))) / 2, in terms of the difference, which does not cancel where p and q are close.
    const share = p + q === 0 ? 0 : (p - q) / (p + q);
    terms[i] = ((p + q) * balance(share)) / 4;
  }
  return Math.max(sumOf(terms), 0) / Math.log(base);
}

/** (1 + x) log(1 + x) + (1 - x) log(1 - x). */
function balance(x: number): number {
  const square = x * x;
  if (square < 0.04) {
    let [sum, power] = [0, 1];
    for (let k = 1; k < 12; k++) {
      power *= square;
      sum += power / (k * (2 * k - 1));
    }
    return sum;
  }
  const part = (y: number): number => (y <= 0 ? 0 : y * Math.log(y));
  return part(1 + x) + part(1 - x);
}

/**
 * The population stability index: sum of (p - q) log(p / q). `undefined`: a bin is empty in one group and the rule refuses. Bins empty in both count for
 * nothing. Source: Siddiqi (2006), Credit Risk Scorecards, chapter 8; Yurdakul and Naranjo (2020), J. Risk Model Validation 14(4), 89-100.
 *
 * @example
 * populationStability(tablePairs([[1, 1], [0, 0]]), { kind: "refuse" })
 * // => undefined
 */
export function populationStability({ control, treatment }: PointCounts, zero: ZeroRule): number | undefined {
  const added = zero.kind === "add-half" ? 0.5 : 0;
  const floor = zero.kind === "floor" ? zero.share : 0;
  const bins = control.length;
  const [n, m] = [totalOf(control) + added * bins, totalOf(treatment) + added * bins];
  const terms = new Float64Array(bins);
  for (let i = 0; i < bins; i++) {
    if (control[i] === 0 && treatment[i] === 0) continue;
    const p = Math.max(((control[i] as number) + added) / n, floor);
    const q = Math.max(((treatment[i] as number) + added) / m, floor);
    if (p === 0 || q === 0) return undefined;
    terms[i] = (p - q) * Math.log(p / q);
  }
  return sumOf(terms);
}
