/** Null distribution of Kolmogorov and Smirnov's two-sample distance: exact, ties included, and asymptotic. */
import { rootBetween } from "../numerics/root.ts";
import { type PointCounts, totalOf } from "./point-counts.ts";

/** Which differences of the distribution functions count. */
export type Side = "both" | "higher" | "lower";

/**
 * The exact probability, over all ways to label the pooled units, that the distance is at least `lattice` / (n m). Ties: only complete groups of equal
 * values are looked at. Every term is positive, so that small probabilities keep their digits. Cost: n m steps.
 * Source: Schröer and Trenkler (1995), Comput. Stat. Data Anal. 20, 185-202.
 */
export function exactSurvival({ control, treatment }: PointCounts, lattice: number, side: Side): number {
  if (lattice <= 0) return 1;
  const [n, m] = [totalOf(control), totalOf(treatment)];
  const looked = new Uint8Array(n + m + 1);
  let passed = 0;
  for (let i = 0; i < control.length; i++) {
    passed += (control[i] as number) + (treatment[i] as number);
    looked[passed] = 1;
  }
  const mass = new Float64Array(m + 1);
  let outside = 0;
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      const left = n + m - i - j + 1;
      const fromRow = i === 0 ? (j === 0 ? 1 : 0) : ((mass[j] as number) * (n - i + 1)) / left;
      const fromColumn = j === 0 ? 0 : ((mass[j - 1] as number) * (m - j + 1)) / left;
      let here = fromRow + fromColumn;
      if (looked[i + j] === 1) {
        const gap = i * m - j * n;
        if ((side === "both" ? Math.abs(gap) : side === "higher" ? gap : -gap) >= lattice) {
          outside += here;
          here = 0;
        }
      }
      mass[j] = here;
    }
  }
  return Math.min(outside, 1);
}

/** The smallest distance, on the lattice, that is exceeded with probability at most 1 - level. */
export function exactQuantile(counts: PointCounts, level: number, side: Side): number {
  const [n, m] = [totalOf(counts.control), totalOf(counts.treatment)];
  const step = greatestCommonDivisor(n, m);
  // A probability that equals 1 - level but for rounding is at most it.
  const most = (1 - level) * (1 + 1e-12);
  let [low, high] = [-1, (n * m) / step];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (exactSurvival(counts, (middle + 1) * step, side) <= most) high = middle;
    else low = middle;
  }
  return high * step;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

/**
 * The limit of the probability of a distance of at least x / sqrt(n m / (n + m)). Source: Kolmogorov (1933); Smirnov (1939); for small x
 * the theta series.
 *
 * @example
 * kolmogorovSurvival(1.3580986, "both").toFixed(6)
 * // => "0.050000"
 */
export function kolmogorovSurvival(x: number, side: Side): number {
  if (x <= 0) return 1;
  if (side !== "both") return Math.exp(-2 * x * x);
  if (x < 1) {
    let below = 0;
    for (let k = 1; k < 12; k += 2) below += Math.exp(-((k * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * below;
  }
  let sum = 0;
  for (let k = 1; k < 10; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}

/** The x at which the limit is 1 - level. */
export function kolmogorovQuantile(level: number, side: Side): number {
  if (side !== "both") return Math.sqrt(-Math.log(1 - level) / 2);
  return rootBetween((x) => Math.log(1 - level) - Math.log(kolmogorovSurvival(x, "both")), 0.05, 30);
}
