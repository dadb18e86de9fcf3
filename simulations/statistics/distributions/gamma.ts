/** The gamma family: gamma by shape and rate, and chi-squared. */
import { invariant } from "../../../data/foundation/index.ts";
import { logGammaRise } from "../numerics/gamma-function.ts";
import { gammaFactor, incompleteGamma } from "../numerics/incomplete-gamma.ts";
import { invertTail } from "../numerics/invert-tail.ts";
import type { Distribution } from "./distribution.ts";
import { normalQuantile } from "./normal.ts";

/** The gamma distribution; mean shape / rate. Source: Johnson, Kotz and Balakrishnan (1994), chapter 17. */
export function gammaDistribution(shape: number, rate: number): Distribution {
  invariant(shape > 0 && rate > 0, `a gamma distribution of shape ${shape} and rate ${rate}`);
  return {
    density: (x) => (x < 0 ? 0 : x === 0 ? densityAtZero(shape, rate) : gammaFactor(shape, rate * x) / x),
    cdf: (x) => incompleteGamma(shape, rate * x).lower,
    survival: (x) => incompleteGamma(shape, rate * x).upper,
    quantile: (p) => (p > 0.5 ? gammaPoint(shape, 1 - p, false) : gammaPoint(shape, p, true)) / rate,
    upperQuantile: (p) => (p > 0.5 ? gammaPoint(shape, 1 - p, true) : gammaPoint(shape, p, false)) / rate,
  };
}

/** The chi-squared distribution: a sum of `degreesOfFreedom` squared standard normals. */
export function chiSquared(degreesOfFreedom: number): Distribution {
  return gammaDistribution(degreesOfFreedom / 2, 0.5);
}

function densityAtZero(shape: number, rate: number): number {
  return shape > 1 ? 0 : shape === 1 ? rate : Number.POSITIVE_INFINITY;
}

/** The point with probability p, at most 1/2, below it (`lower`) or above it. */
function gammaPoint(shape: number, p: number, lower: boolean): number {
  invariant(p >= 0 && p <= 1, `a quantile of probability ${p}`);
  if (p === 0) return lower ? 0 : Number.POSITIVE_INFINITY;
  const at = (x: number) => {
    const tails = incompleteGamma(shape, x);
    return { tail: lower ? tails.lower : tails.upper, factor: tails.factor };
  };
  // Near 0 the lower tail is x^shape / gamma(shape + 1); elsewhere Wilson and Hilferty (1931): the cube root is about normal.
  const nearZero = Math.exp(((lower ? Math.log(p) : Math.log1p(-p)) + logGammaRise(1, shape)) / shape);
  const z = p < 1e-300 ? -37.1 : normalQuantile(p);
  const cubeRoot = 1 - 1 / (9 * shape) + (lower ? z : -z) / (3 * Math.sqrt(shape));
  const start = cubeRoot > 0.1 ? Math.max(nearZero, shape * cubeRoot ** 3) : nearZero;
  return invertTail({ at, target: p, lower, start });
}
