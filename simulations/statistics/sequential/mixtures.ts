/**
 * Mixture supermartingales and the boundaries that they give: S, a sum of deviations, stays below the boundary of its variance process V
 * at all times at once with probability 1 - alpha. Each is named after its mixing law and the tail of the increments.
 * Source: Howard, Ramdas, McAuliffe and Sekhon (2021), Ann. Stat. 49, 1055-1080, propositions 5 to 9.
 */
import { invariant } from "../../../data/foundation/index.ts";
import { betaDistribution, gammaDistribution, normalCdf } from "../distributions/index.ts";
import { logGamma } from "../numerics/gamma-function.ts";
import { rootBetween } from "../numerics/root.ts";
import { logBetaBinomialRatio } from "./beta-binomial-ratio.ts";

/** A mixture, by name. One-sided ones bound S from above; the two-sided normal and beta-binomial bound |S|, or S with both signs tried. */
export type Mixture =
  | { readonly kind: "normal"; readonly sides: 1 | 2 }
  | { readonly kind: "gamma-exponential"; readonly scale: number }
  | { readonly kind: "gamma-poisson"; readonly scale: number }
  /** Increments between -below and above, such as x - p of a Bernoulli: below p, above 1 - p. */
  | { readonly kind: "beta-binomial"; readonly sides: 1 | 2; readonly below: number; readonly above: number };

/** Where a mixture is at its tightest: at this variance, for this alpha. */
export interface Tuning {
  readonly variance: number;
  readonly alpha: number;
}

/** A tuned mixture: the logarithm of its martingale at (S, V), and the largest S that V allows. */
export interface TunedMixture {
  readonly logValue: (sum: number, variance: number) => number;
  readonly sumMax: (variance: number) => number;
}

/**
 * The normal mixture's precision that is nearly optimal at a variance: V / (2 log(1/a) + log(1 + 2 log(1/a))), a = alpha for two sides and 2 alpha
 * for one. Source: Howard et al. (2021), section 3.5, with the elementary bound for Lambert's W.
 *
 * @example
 * mixturePrecision({ variance: 100, alpha: 0.05 }, 2).toFixed(5)
 * // => "12.60056"
 */
export function mixturePrecision({ variance, alpha }: Tuning, sides: 1 | 2): number {
  invariant(variance > 0 && alpha > 0 && alpha * (3 - sides) < 1, `a mixture for variance ${variance} and alpha ${alpha}`);
  const doubled = -2 * Math.log(alpha * (3 - sides));
  return variance / (doubled + Math.log1p(doubled));
}

/** The mixture with its tuning fixed. */
export function tunedMixture(mixture: Mixture, tuning: Tuning): TunedMixture {
  const unlimited = (): number => Number.POSITIVE_INFINITY;
  switch (mixture.kind) {
    case "normal":
      return { logValue: normalMixture(mixturePrecision(tuning, mixture.sides), mixture.sides), sumMax: unlimited };
    case "gamma-exponential":
      return { logValue: gammaExponential(mixturePrecision(tuning, 1), mixture.scale), sumMax: unlimited };
    case "gamma-poisson":
      return { logValue: gammaPoisson(mixturePrecision(tuning, 1), mixture.scale), sumMax: unlimited };
    case "beta-binomial":
      return { logValue: betaBinomial(mixture, tuning), sumMax: (variance) => variance / mixture.below };
  }
}

/** The two- or one-sided normal mixture of precision rho. */
export function normalMixture(rho: number, sides: 1 | 2): (sum: number, variance: number) => number {
  return (sum, variance) => {
    const total = variance + rho;
    const root = Math.sqrt(total);
    const z = sum / root;
    const shrinkage = -Math.log1p(variance / rho) / 2;
    return sides === 2 ? (z * z) / 2 + shrinkage : logScaledCdf(z) + Math.LN2 + shrinkage;
  };
}

/** z^2 / 2 + log Phi(z); far below 0 the two cancel by algebra. Source: Abramowitz and Stegun (1964), 26.2.14 (continued fraction). */
function logScaledCdf(z: number): number {
  if (z > -20) return (z * z) / 2 + Math.log(normalCdf(z));
  let fraction = -z;
  for (let k = 30; k >= 1; k--) fraction = -z + k / fraction;
  return -Math.log(fraction) - Math.log(2 * Math.PI) / 2;
}

function gammaExponential(rho: number, scale: number): (sum: number, variance: number) => number {
  invariant(scale > 0, `a gamma mixture of scale ${scale}`);
  const square = scale * scale;
  const shape = rho / square;
  const start = shape * Math.log(shape) - logGamma(shape) - logLowerGamma(shape, shape);
  return (sum, variance) => {
    const shapeNow = (variance + rho) / square;
    const rate = (scale * sum + variance + rho) / square;
    if (rate <= 0) return Number.NEGATIVE_INFINITY;
    return start + logGamma(shapeNow) + logLowerGamma(shapeNow, rate) - shapeNow * Math.log(rate) + rate - shape;
  };
}

function gammaPoisson(rho: number, scale: number): (sum: number, variance: number) => number {
  invariant(scale > 0, `a gamma mixture of scale ${scale}`);
  const square = scale * scale;
  const shape = rho / square;
  const start = shape * Math.log(shape) - logGamma(shape) - Math.log(gammaDistribution(shape, 1).survival(shape));
  return (sum, variance) => {
    const rate = (variance + rho) / square;
    const shapeNow = sum / scale + rate;
    if (shapeNow <= 0) return Number.NEGATIVE_INFINITY;
    const upper = Math.log(gammaDistribution(shapeNow, 1).survival(rate));
    return start + logGamma(shapeNow) + upper - shapeNow * Math.log(rate) + rate - shape;
  };
}

function logLowerGamma(shape: number, x: number): number {
  return Math.log(gammaDistribution(shape, 1).cdf(x));
}

function betaBinomial(
  { below, above, sides }: { readonly below: number; readonly above: number; readonly sides: 1 | 2 },
  tuning: Tuning,
): (sum: number, variance: number) => number {
  invariant(below > 0 && above > 0, `increments between -${below} and ${above}`);
  const product = below * above;
  const width = below + above;
  const size = Math.max(mixturePrecision(tuning, sides) / product - 1, 1e-3);
  const share = below / width;
  /** How much of the mixing law lies on the side of the alternative; all of it for two sides. */
  const logPart = (ups: number, downs: number): number =>
    sides === 2 ? 0 : Math.log(betaDistribution(size * (1 - share) + downs, size * share + ups).cdf(1 - share));
  return (sum, variance) => {
    const downs = (variance - below * sum) / (below * width);
    const ups = (variance + above * sum) / (above * width);
    // A sum that the increments cannot reach; what rounding leaves below 0 is 0.
    if (Math.min(downs, ups) < -1e-9 * (1 + variance / product)) return Number.NEGATIVE_INFINITY;
    const seen = { ups: Math.max(ups, 0), downs: Math.max(downs, 0) };
    return logBetaBinomialRatio({ ...seen, share, size }) + logPart(seen.ups, seen.downs) - logPart(0, 0);
  };
}

/**
 * The boundary of a mixture: the sum at which it reaches 1 / alpha, or the largest sum that the variance allows. Closed form for the two-sided
 * normal, otherwise a root to the last bits.
 *
 * @example
 * mixtureBound({ kind: "normal", sides: 2 }, { variance: 100, alpha: 0.05 }, { variance: 100, alpha: 0.05 }).toFixed(5)
 * // => "30.35209"
 */
export function mixtureBound(mixture: Mixture, at: { readonly variance: number; readonly alpha: number }, tuning: Tuning): number {
  const { variance, alpha } = at;
  invariant(variance >= 0 && alpha > 0 && alpha < 1, `a boundary at variance ${variance} for alpha ${alpha}`);
  if (mixture.kind === "normal" && mixture.sides === 2) {
    const rho = mixturePrecision(tuning, 2);
    return Math.sqrt((variance + rho) * (Math.log1p(variance / rho) - 2 * Math.log(alpha)));
  }
  const { logValue, sumMax } = tunedMixture(mixture, tuning);
  const excess = (sum: number): number => logValue(sum, variance) + Math.log(alpha);
  const limit = sumMax(variance);
  if (limit < Number.POSITIVE_INFINITY) return excess(limit) <= 0 ? limit : rootBetween(excess, 0, limit);
  let far = Math.max(variance, 1);
  while (excess(far) <= 0) far *= 2;
  return rootBetween(excess, 0, far);
}
