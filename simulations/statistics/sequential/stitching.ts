/** Boundaries of closed form by stitching: the law of the iterated logarithm at finite times. */
import { invariant } from "../../../data/foundation/index.ts";
import { rootBetween } from "../numerics/root.ts";

/** Polynomial stitching: rate eta between epochs, exponent s of the spending over them, and the scale of sub-gamma increments. */
export interface PolyStitching {
  readonly variance: number;
  readonly alpha: number;
  /** The boundary is flat below this variance. */
  readonly varianceMin: number;
  readonly scale?: number;
  readonly s?: number;
  readonly eta?: number;
}

/**
 * Bounds a sub-gamma sum of this variance at all times with probability 1 - alpha; a negative scale is for increments bounded below.
 * Source: Howard et al. (2021), Ann. Stat. 49, 1055-1080, theorem 1, h(k) = (k + 1)^s zeta(s).
 *
 * @example
 * polyStitchingBound({ variance: 100, alpha: 0.05, varianceMin: 10, scale: 3 }).toFixed(5)
 * // => "64.48755"
 */
export function polyStitchingBound({ variance, alpha, varianceMin, scale = 0, s = 1.4, eta = 2 }: PolyStitching): number {
  invariant(varianceMin > 0 && alpha > 0 && alpha < 1 && s > 1 && eta > 1, "a stitched boundary out of range");
  const used = Math.max(variance, varianceMin);
  const { k1, k2 } = stitchConstants(eta);
  const ell = s * Math.log(Math.log((eta * used) / varianceMin)) + Math.log(zeta(s) / Math.log(eta) ** s) - Math.log(alpha);
  const linear = k2 * scale * ell;
  return Math.sqrt(k1 * k1 * used * ell + linear * linear) + linear;
}

function stitchConstants(eta: number): { readonly k1: number; readonly k2: number } {
  return { k1: (eta ** 0.25 + eta ** -0.25) / Math.SQRT2, k2: (Math.sqrt(eta) + 1) / 2 };
}

/** Riemann's zeta above 1, by Euler and Maclaurin's sum. */
function zeta(s: number): number {
  const start = 20;
  let sum = 0;
  for (let k = 1; k < start; k++) sum += k ** -s;
  sum += start ** (1 - s) / (s - 1) + start ** -s / 2;
  let term = (s * start ** (-s - 1)) / 2;
  for (const [j, bernoulli] of [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730].entries()) {
    sum += bernoulli * term;
    const k = 2 * j + 1;
    term *= ((s + k) * (s + k + 1)) / ((k + 2) * (k + 3)) / (start * start);
  }
  return sum;
}

/** Quantile boundary: which quantile, after how many units, and what it is tuned for. */
export interface DoubleStitching {
  readonly quantile: number;
  readonly n: number;
  readonly alpha: number;
  readonly tunedFor: number;
  readonly delta?: number;
  readonly s?: number;
  readonly eta?: number;
}

/**
 * Bounds n (F_n(Q(p)) - p) at all times and for all p at once with probability 1 - alpha. For the lower side take the bound at 1 - p.
 * Source: Howard and Ramdas (2022), Bernoulli 28, 1704-1728, theorem 4.
 *
 * @example
 * doubleStitchingBound({ quantile: 0.5, n: 1000, alpha: 0.05, tunedFor: 100 }).toFixed(5)
 * // => "68.62803"
 */
export function doubleStitchingBound({ quantile, n, alpha, tunedFor, delta = 0.5, s = 1.4, eta = 2 }: DoubleStitching): number {
  invariant(quantile > 0 && quantile < 1 && tunedFor >= 1 && alpha > 0 && alpha < 1, "a quantile boundary out of range");
  const time = Math.max(n, tunedFor);
  const logit = Math.log(quantile / (1 - quantile));
  const moved = 1 / (1 + Math.exp(-(logit + 2 * delta * Math.sqrt((tunedFor * eta) / time))));
  const r = quantile >= 0.5 ? quantile : Math.min(0.5, moved);
  const variance = r * (1 - r);
  const j = (Math.sqrt(time / tunedFor) * Math.abs(logit)) / (2 * delta) + 1;
  const z = zeta(s);
  const ell =
    s * Math.log(Math.log((eta * time) / tunedFor)) + s * Math.log(j) + Math.log((2 * z * (2 * z + 1)) / (alpha * Math.log(eta) ** s));
  const { k1, k2 } = stitchConstants(eta);
  const linear = (k2 * (1 - 2 * quantile) * ell) / 3;
  return delta * Math.sqrt((eta * time * variance) / tunedFor) + Math.sqrt(k1 * k1 * variance * time * ell + linear * linear) + linear;
}

/**
 * Bounds sup |F_n - F| at all n from nMin on with probability 1 - alpha: A sqrt((log(1 + log(n / nMin)) + C) / n), with the smallest C that
 * the proof allows. Infinity below nMin. Source: Howard and Ramdas (2022), Bernoulli 28, 1704-1728, theorem 2.
 *
 * @example
 * empiricalProcessBound({ n: 1000, alpha: 0.05, nMin: 100 }).toFixed(5)
 * // => "0.08205"
 */
export function empiricalProcessBound(options: {
  readonly n: number;
  readonly alpha: number;
  readonly nMin: number;
  readonly A?: number;
}): number {
  const { n, alpha, nMin, A = 0.85 } = options;
  invariant(A > Math.SQRT1_2 && nMin >= 1 && alpha > 0 && alpha < 1, "an empirical-process boundary out of range");
  if (n < nMin) return Number.POSITIVE_INFINITY;
  return A * Math.sqrt((Math.log1p(Math.log(n / nMin)) + smallestC(alpha, A)) / n);
}

/** The C at which the best of the proof's error bounds is alpha. */
function smallestC(alpha: number, A: number): number {
  const excess = (C: number): number => Math.log(leastError(C, A)) - Math.log(alpha);
  let far = 5;
  while (excess(far) > 0) far *= 2;
  let near = far / 2;
  while (excess(near) <= 0) near /= 2;
  return rootBetween(excess, near, far);
}

/** The smallest error over eta, by golden section: the bound falls, then rises. */
function leastError(C: number, A: number): number {
  const error = (eta: number): number => {
    const gamma = (2 / eta) * (A - Math.sqrt((2 * (eta - 1)) / C)) ** 2;
    return gamma <= 1 ? 1e300 : 4 * Math.exp(-gamma * C) * (1 + 1 / ((gamma - 1) * Math.log(eta)));
  };
  const top = rootBetween((eta) => Math.sqrt(eta / 2) + Math.sqrt((2 * (eta - 1)) / C) - A, 1, 2 * A * A);
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [1, top];
  for (let step = 0; step < 90; step++) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (error(a) <= error(b)) high = b;
    else low = a;
  }
  return error((low + high) / 2);
}
