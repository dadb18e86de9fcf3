/** Where a falling function crosses zero. */

/**
 * The point where a falling function goes from above to not above zero, by Brent's method (inverse quadratic steps, safeguarded by bisection), to the last
 * few bits of a double. Without a change of sign the end at which it would happen: `to` when the function stays above zero, `from` when it never is.
 * Source: Brent (1973), Algorithms for Minimization without Derivatives, chapter 4.
 *
 * @example
 * fallingRoot((x) => 2 - x * x, 0, 2).toFixed(12)
 * // => "1.414213562373"
 */
export function fallingRoot(falling: (x: number) => number, from: number, to: number): number {
  let [a, b] = [from, to];
  let [fa, fb] = [falling(a), falling(b)];
  if (!(fa > 0)) return from;
  if (fb > 0) return to;
  let [c, fc] = [a, fa];
  let [step, before] = [b - a, b - a];
  for (let count = 0; count < 300 && fb !== 0; count++) {
    if (fb > 0 === fc > 0) {
      [c, fc] = [a, fa];
      step = b - a;
      before = step;
    }
    if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb];
    const tolerance = 2 ** -53 * Math.abs(b) + 1e-300;
    const half = (c - b) / 2;
    if (Math.abs(half) <= tolerance) break;
    const next = interpolated(a, b, c, fa, fb, fc);
    if (Math.abs(before) >= tolerance && Math.abs(fa) > Math.abs(fb) && isSafe(next, half, before, tolerance))
      [before, step] = [step, next];
    else [before, step] = [half, half];
    [a, fa] = [b, fb];
    b += Math.abs(step) > tolerance ? step : half > 0 ? tolerance : -tolerance;
    fb = falling(b);
  }
  return b;
}

/** A number beside x, larger by about its last bit. */
export function justAbove(x: number): number {
  return x + Math.abs(x) * 2 ** -52 + 1e-300;
}

/** The step from b of the inverse quadratic through three points, of the secant through two. */
function interpolated(a: number, b: number, c: number, fa: number, fb: number, fc: number): number {
  const s = fb / fa;
  if (a === c) return ((c - b) * s) / (s - 1);
  const [q, r] = [fa / fc, fb / fc];
  return -(s * ((c - b) * q * (q - r) - (b - a) * (r - 1))) / ((q - 1) * (r - 1) * (s - 1));
}

/** Inside the bracket, and at most half of the step before the last. */
function isSafe(next: number, half: number, before: number, tolerance: number): boolean {
  const along = half > 0 ? next : -next;
  return along > 0 && along < 1.5 * Math.abs(half) - tolerance / 2 && Math.abs(next) < Math.abs(before) / 2;
}
