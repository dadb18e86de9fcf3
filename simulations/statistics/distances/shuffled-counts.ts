/** Counts as they would be if the labels meant nothing: groups drawn anew from the pool, or labels swapped within entities. Seeded. */
import type { RandomStream } from "../../../data/foundation/index.ts";
import { logGamma } from "../numerics/gamma-function.ts";
import { type PairedCounts, type PointCounts, totalOf } from "./point-counts.ts";

/** Counts above this are drawn by the normal law, which differs by less than a thousandth of a standard deviation there. */
const exactMax = 1e7;

/** A maker of shuffled counts: each call another draw, in the same arrays. */
export type Shuffle = (stream: RandomStream) => PointCounts;

/** Independent groups: the control's units are any of all units, all choices equally likely. Cost of a draw: the points. */
export function shuffleGroups({ points, control, treatment }: PointCounts): Shuffle {
  const both = control.map((count, i) => count + (treatment[i] as number));
  const drawn = { points, control: new Float64Array(both.length), treatment: new Float64Array(both.length) };
  const [n, all] = [totalOf(control), totalOf(both)];
  return (stream) => {
    let [wanted, left] = [n, all];
    for (let i = 0; i < both.length; i++) {
      const here = both[i] as number;
      const taken = hypergeometricDraw(stream, { population: left, marked: here, draws: wanted });
      drawn.control[i] = taken;
      drawn.treatment[i] = here - taken;
      wanted -= taken;
      left -= here;
    }
    return drawn;
  };
}

/** The same entities under both: each one's two labels are swapped or not, by a fair coin. Only entities that differ matter. */
export function swapLabels({ points, control, treatment, pairs }: PairedCounts): Shuffle {
  const cells = new Map<number, { low: number; high: number; count: number }>();
  for (const pair of pairs) {
    if (pair.control === pair.treatment) continue;
    const [low, high] = [Math.min(pair.control, pair.treatment), Math.max(pair.control, pair.treatment)];
    const key = low * points.length + high;
    const cell = cells.get(key) ?? { low, high, count: 0 };
    cell.count += pair.count;
    cells.set(key, cell);
  }
  const discordant = [...cells.values()].sort((a, b) => a.low - b.low || a.high - b.high);
  const both = control.map((count, i) => count + (treatment[i] as number));
  const same = new Float64Array(points.length);
  for (const pair of pairs) if (pair.control === pair.treatment) same[pair.control] = (same[pair.control] as number) + pair.count;
  const drawn = { points, control: new Float64Array(points.length), treatment: new Float64Array(points.length) };
  return (stream) => {
    drawn.control.set(same);
    for (const { low, high, count } of discordant) {
      const lows = fairCoins(stream, count);
      drawn.control[low] = (drawn.control[low] as number) + lows;
      drawn.control[high] = (drawn.control[high] as number) + count - lows;
    }
    for (let i = 0; i < both.length; i++) drawn.treatment[i] = (both[i] as number) - (drawn.control[i] as number);
    return drawn;
  };
}

/** How many of `count` fair coins show heads. */
function fairCoins(stream: RandomStream, count: number): number {
  if (count <= 20) {
    let heads = 0;
    for (let i = 0; i < count; i++) if (stream.uniform() < 0.5) heads++;
    return heads;
  }
  if (count > exactMax) return rounded(stream, { mean: count / 2, variance: count / 4, low: 0, high: count });
  const mode = Math.floor(count / 2);
  const peak = Math.exp(logGamma(count + 1) - logGamma(mode + 1) - logGamma(count - mode + 1) - count * Math.LN2);
  return fromMode(stream, { mode, peak, low: 0, high: count, up: (k) => (count - k) / (k + 1) });
}

/** How many marked units are among the drawn ones. */
function hypergeometricDraw(
  stream: RandomStream,
  { population, marked, draws }: { readonly population: number; readonly marked: number; readonly draws: number },
): number {
  const low = Math.max(0, draws - (population - marked));
  const high = Math.min(marked, draws);
  if (low === high) return low;
  if (marked <= 20) {
    let [taken, wanted] = [0, draws];
    for (let i = 0; i < marked; i++) {
      if (stream.uniform() * (population - i) < wanted) {
        taken++;
        wanted--;
      }
    }
    return taken;
  }
  const share = marked / population;
  const mean = draws * share;
  if (population > exactMax && Math.min(mean, marked - mean, draws - mean) > 1e6) {
    return rounded(stream, { mean, variance: (mean * (1 - share) * (population - draws)) / (population - 1), low, high });
  }
  const rest = population - marked;
  const mode = Math.min(Math.max(Math.floor(((draws + 1) * (marked + 1)) / (population + 2)), low), high);
  const choose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const peak = Math.exp(choose(marked, mode) + choose(rest, draws - mode) - choose(population, draws));
  return fromMode(stream, { mode, peak, low, high, up: (k) => ((marked - k) * (draws - k)) / ((k + 1) * (rest - draws + k + 1)) });
}

/** Inversion that begins at the mode and goes outwards on both sides: about a standard deviation of steps. */
function fromMode(
  stream: RandomStream,
  law: { readonly mode: number; readonly peak: number; readonly low: number; readonly high: number; readonly up: (k: number) => number },
): number {
  const { mode, peak, low, high, up } = law;
  // What rounding leaves of the probability falls to another try.
  for (;;) {
    let left = stream.uniform() - peak;
    if (left < 0) return mode;
    let [below, above, atBelow, atAbove] = [mode, mode, peak, peak];
    while (atBelow > 0 || atAbove > 0) {
      atAbove = above < high ? atAbove * up(above) : 0;
      above++;
      left -= atAbove;
      if (left < 0) return above;
      atBelow = below > low ? atBelow / up(below - 1) : 0;
      below--;
      left -= atBelow;
      if (left < 0) return below;
    }
  }
}

function rounded(
  stream: RandomStream,
  law: { readonly mean: number; readonly variance: number; readonly low: number; readonly high: number },
): number {
  return Math.min(Math.max(Math.round(law.mean + Math.sqrt(law.variance) * stream.normal()), law.low), law.high);
}
