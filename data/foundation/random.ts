/** Seeded, named random streams: the same seed and name give the same numbers on every machine. */
import { createHash } from "node:crypto";
import { invariant } from "./invariant.ts";

/** A source of reproducible randomness. Streams of different names are independent. */
export interface RandomStream {
  /** Uniform on [0, 1) with 53 bits. */
  uniform(): number;
  /** Uniform integer on [0, bound). `bound` at most 2^32. Unbiased by rejection. */
  below(bound: number): number;
  /** Standard normal (polar method, Marsaglia and Bray 1964). */
  normal(): number;
  /** Poisson count; inversion below mean 30, otherwise the PTRS rejection of Hörmann (1993). */
  poisson(mean: number): number;
  /** Binomial count by inversion of geometric gaps; cost grows with n * min(p, 1 - p). */
  binomial(n: number, p: number): number;
  /** Gamma with unit scale (Marsaglia and Tsang 2000). */
  gamma(shape: number): number;
}

/**
 * Opens the stream of this name under this seed. State: xoshiro128** (Blackman and Vigna 2018), seeded by SHA-256 of seed and name.
 *
 * @example
 * randomStream(7, "example").below(1000) === randomStream(7, "example").below(1000)
 * // => true
 */
export function randomStream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  const hash = createHash("sha256")
    .update(JSON.stringify([seed, ...names]))
    .digest();
  let a = hash.readUInt32LE(0);
  let b = hash.readUInt32LE(4);
  let c = hash.readUInt32LE(8);
  let d = hash.readUInt32LE(12) | 1;
  let spare: number | undefined;

  function next(): number {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function uniform(): number {
    const high = next() >>> 5;
    const low = next() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  function below(bound: number): number {
    invariant(bound >= 1, `a uniform integer below ${bound}`);
    const threshold = (4_294_967_296 - bound) % bound;
    for (;;) {
      const value = next();
      if (value >= threshold) return value % bound;
    }
  }

  function normal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * factor;
        return u * factor;
      }
    }
  }

  function poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean < 30) {
      const limit = Math.exp(-mean);
      let product = uniform();
      let count = 0;
      while (product > limit) {
        product *= uniform();
        count++;
      }
      return count;
    }
    const slope = Math.sqrt(mean);
    const bb = 0.931 + 2.53 * slope;
    const aa = -0.059 + 0.02483 * bb;
    const inverse = 1.1239 + 1.1328 / (bb - 3.4);
    const vr = 0.9277 - 3.6224 / (bb - 2);
    for (;;) {
      const u = uniform() - 0.5;
      const v = uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * aa) / us + bb) * u + mean + 0.43);
      if (us >= 0.07 && v <= vr) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (Math.log(v) + Math.log(inverse) - Math.log(aa / (us * us) + bb) <= -mean + k * Math.log(mean) - logFactorial(k)) return k;
    }
  }

  function binomial(n: number, p: number): number {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - binomial(n, 1 - p);
    const scale = Math.log1p(-p);
    let position = 0;
    let count = 0;
    for (;;) {
      position += Math.floor(Math.log(1 - uniform()) / scale) + 1;
      if (position > n) return count;
      count++;
    }
  }

  function gamma(shape: number): number {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    const dd = shape - 1 / 3;
    const cc = 1 / Math.sqrt(9 * dd);
    for (;;) {
      const x = normal();
      const v = (1 + cc * x) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + dd - dd * v + dd * Math.log(v)) return dd * v;
    }
  }

  return { uniform, below, normal, poisson, binomial, gamma };
}

/** ln k! by Stirling's series from 10 on, exact products below. */
function logFactorial(k: number): number {
  if (k < 10) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return Math.log(product);
  }
  return (k + 0.5) * Math.log(k) - k + 0.9189385332046728 + 1 / (12 * k) - 1 / (360 * k ** 3);
}
