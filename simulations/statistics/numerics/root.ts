/** Roots of monotone functions of one number. */
import { invariant } from "../../../data/foundation/index.ts";

/**
 * Where a monotone function crosses zero between two points at which it has different signs (Brent's method, to the last bits).
 * Source: Brent (1973), Algorithms for Minimization without Derivatives, chapter 4.
 *
 * @example
 * rootBetween((x) => x * x * x - 8, 0, 5)
 * // => 2
 */
export function rootBetween(f: (x: number) => number, from: number, to: number): number {
  let [a, b] = [from, to];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  invariant(fa > 0 !== fb > 0, `no sign change between ${from} and ${to}`);
  let [c, fc] = [a, fa];
  let step = b - a;
  let last = step;
  for (let round = 0; round < 300; round++) {
    if (fb > 0 === fc > 0) {
      [c, fc] = [a, fa];
      step = b - a;
      last = step;
    }
    if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb];
    const tolerance = 2 ** -52 * Math.abs(b) + Number.MIN_VALUE;
    const middle = (c - b) / 2;
    if (Math.abs(middle) <= tolerance || fb === 0) return b;
    const tried = Math.abs(last) >= tolerance && Math.abs(fa) > Math.abs(fb) ? interpolated({ a, b, c, fa, fb, fc }) : undefined;
    if (tried !== undefined && 2 * Math.abs(tried) < Math.min(3 * Math.abs(middle), Math.abs(last)) && tried > 0 === middle > 0) {
      last = step;
      step = tried;
    } else {
      step = middle;
      last = middle;
    }
    [a, fa] = [b, fb];
    b += Math.abs(step) > tolerance ? step : middle > 0 ? tolerance : -tolerance;
    fb = f(b);
  }
  return b;
}

/** The step of inverse quadratic interpolation, or of the secant where two of the three points are one. */
function interpolated(points: { a: number; b: number; c: number; fa: number; fb: number; fc: number }): number | undefined {
  const { a, b, c, fa, fb, fc } = points;
  const s = fb / fa;
  if (a === c) return ((b - c) * s) / (1 - s);
  const [q, r] = [fa / fc, fb / fc];
  const p = s * ((c - b) * q * (q - r) - (b - a) * (r - 1));
  const step = -p / ((q - 1) * (r - 1) * (s - 1));
  return Number.isFinite(step) ? step : undefined;
}

/** The same, where only a start is known: steps away from it, doubling, until the sign changes; infinite beyond the doubles. `rising`: the function's direction. */
export function rootNear(f: (x: number) => number, start: number, rising: boolean, width = 1): number {
  const first = f(start);
  if (first === 0) return start;
  const direction = first < 0 === rising ? 1 : -1;
  let [near, step] = [start, width * direction];
  for (let far = near + step; ; far = near + step) {
    if (!Number.isFinite(far)) return far;
    if (f(far) > 0 !== first > 0) return direction > 0 ? rootBetween(f, near, far) : rootBetween(f, far, near);
    near = far;
    step *= 2;
  }
}

/**
 * Where a falling function goes from above to not above zero. Without a change of sign the end at which it would happen: `to` when the function
 * stays above zero, `from` when it never is.
 *
 * @example
 * fallingRoot((x) => 2 - x * x, 0, 2).toFixed(12)
 * // => "1.414213562373"
 */
export function fallingRoot(falling: (x: number) => number, from: number, to: number): number {
  if (!(falling(from) > 0)) return from;
  return falling(to) > 0 ? to : rootBetween(falling, from, to);
}

/** A number beside x, larger by about its last bit. */
export function justAbove(x: number): number {
  return x + Math.abs(x) * 2 ** -52 + 1e-300;
}
