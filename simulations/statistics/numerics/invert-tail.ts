/** Finds the point of a given tail probability on the positive half line. */

/** A tail probability at a point, and the density of the point's logarithm there. */
export interface TailAt {
  readonly tail: number;
  readonly factor: number;
}

export interface TailProblem {
  readonly at: (x: number) => TailAt;
  /** In (0, 1); fastest and most precise up to 1/2. */
  readonly target: number;
  /** Whether the tail is the part below the point, so that it grows with it. */
  readonly lower: boolean;
  readonly start: number;
}

/**
 * The point where the tail is `target`, 0 or Infinity where that lies beyond the doubles. Newton's method on the logarithm of the tail over the
 * logarithm of the point, multiplied on so that the last bits are of the point itself; in a bracket, with halving where a step would leave it.
 * Tails whose logarithm is concave there (gamma, beta, F) take about six evaluations.
 */
export function invertTail({ at, target, lower, start }: TailProblem): number {
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let x = Math.min(Math.max(start, 1e-300), 1e300);
  let last = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 400; step++) {
    const { tail, factor } = at(x);
    if (tail === target) return x;
    if (tail < target === lower) low = x;
    else high = x;
    const excess = Math.log(tail / target);
    const move = ((lower ? -excess : excess) * tail) / factor;
    const size = Math.abs(move);
    let next = x * Math.exp(move);
    if (size < 1e-9) {
      if (size < 4e-16 || size >= last) return next;
      last = size;
    } else if (!(next > low && next < high) || size > 300) next = middle(low, high);
    if (next === x || !Number.isFinite(next) || next <= 5e-324) return next;
    x = next;
  }
  return x;
}

/** The geometric middle of a bracket whose ends may still be unknown. */
function middle(low: number, high: number): number {
  const [from, to] = [Math.max(low, 5e-324), Math.min(high, Number.MAX_VALUE)];
  if (to / from < 1 + 1e-15) return to;
  return Math.sqrt(from) * Math.sqrt(to);
}
