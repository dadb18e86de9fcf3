/** Full Bayes for the normal-normal model: everything given the spread between segments is normal, and the spread is integrated out on a grid. */
import { normalCdf } from "../distributions/index.ts";
import { rootBetween, rootNear } from "../numerics/root.ts";
import { integrateTanhSinh } from "../numerics/tanh-sinh.ts";
import { sumOf } from "../sums.ts";
import { pooledMean, type SegmentEffect } from "./heterogeneity.ts";

/** What was believed of the standard deviation between segments. */
export type SpreadPrior =
  | { readonly kind: "uniform" }
  | { readonly kind: "half-normal"; readonly scale: number }
  | { readonly kind: "half-cauchy"; readonly scale: number };

/** A mixture of normal laws. */
export interface MixtureLaw {
  readonly mean: number;
  readonly deviation: number;
  /** The probability of more than x. */
  readonly survival: (x: number) => number;
  readonly quantile: (p: number) => number;
}

/**
 * Beyond all segments the posterior of the spread falls like spread^-power: a moment of it, or of the mean over segments, is finite below power - 1. Half-normal:
 * all are.
 */
export function tailPower(segments: number, prior: SpreadPrior): number {
  if (prior.kind === "half-normal") return Number.POSITIVE_INFINITY;
  return segments - 1 + (prior.kind === "half-cauchy" ? 2 : 0);
}

/** What the segments say once the spread is integrated out. */
export interface SpreadPosterior {
  readonly spreadMean: number;
  readonly spreadQuantile: (p: number) => number;
  /** The mean over segments. */
  readonly mean: MixtureLaw;
  /** A segment's effect. */
  readonly segment: (index: number) => MixtureLaw;
}

interface Point {
  readonly spread: number;
  readonly weight: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * The posterior with a flat prior of the mean and the given prior of the spread. The trapezium rule over the logarithm of the spread, between the points
 * where the integrand is e^-40 of its peak: its error falls exponentially there. Source: Gelman et al. (2013), Bayesian Data Analysis, section 5.4.
 */
export function spreadPosterior(segments: readonly SegmentEffect[], prior: SpreadPrior): SpreadPosterior {
  const law = logLaw(segments, prior);
  const points = gridOf(segments, law);
  const mixture = (laws: readonly { readonly mean: number; readonly variance: number }[]): MixtureLaw =>
    mixtureLaw(
      points.map(({ weight }) => weight),
      laws,
    );
  return {
    spreadMean: sumOf(points.map(({ spread, weight }) => spread * weight)),
    spreadQuantile: (p) => quantileOf(law, p),
    mean: mixture(points),
    segment: (index) => {
      const { estimate, standardError } = segments[index] as SegmentEffect;
      return mixture(
        points.map(({ spread, mean, variance }) => {
          const kept = spread ** 2 / (spread ** 2 + standardError ** 2);
          return { mean: kept * estimate + (1 - kept) * mean, variance: kept * standardError ** 2 + (1 - kept) ** 2 * variance };
        }),
      );
    },
  };
}

/** The law of the logarithm of the spread in units, up to a factor, between the points where it has died away. */
interface LogLaw {
  readonly unit: number;
  readonly density: (logSpread: number) => number;
  readonly from: number;
  readonly peak: number;
  readonly to: number;
}

function logLaw(segments: readonly SegmentEffect[], prior: SpreadPrior): LogLaw {
  const unit = Math.min(...segments.map(({ standardError }) => standardError));
  const logPosterior = (logSpread: number): number => {
    const spread = unit * Math.exp(logSpread);
    const { mean, variance, weights } = pooledMean(segments, spread ** 2);
    const likelihood = sumOf(
      segments.map(({ estimate }, i) => Math.log(weights[i] as number) - (weights[i] as number) * (estimate - mean) ** 2),
    );
    return likelihood / 2 + Math.log(variance) / 2 + logSpread + logPrior(spread, prior);
  };
  const scan = Array.from({ length: 241 }, (_, k) => -12 + k / 2.5);
  const peak = scan.reduce((best, at) => (logPosterior(at) > logPosterior(best) ? at : best));
  const top = logPosterior(peak);
  const edge = (direction: 1 | -1): number => {
    let reach = 0.1;
    while (logPosterior(peak + direction * reach) > top - 40 && reach < 200) reach *= 1.2;
    return peak + direction * reach;
  };
  return { unit, density: (logSpread) => Math.exp(logPosterior(logSpread) - top), from: edge(-1), peak, to: edge(1) };
}

function gridOf(segments: readonly SegmentEffect[], { unit, density, from, to }: LogLaw): readonly Point[] {
  const count = segments.length > 50 ? 240 : 600;
  const raw = Array.from({ length: count + 1 }, (_, k) => {
    const logSpread = from + ((to - from) * k) / count;
    const spread = unit * Math.exp(logSpread);
    const { mean, variance } = pooledMean(segments, spread ** 2);
    return { spread, weight: density(logSpread), mean, variance };
  });
  const total = sumOf(raw.map(({ weight }) => weight));
  return raw.map((point) => ({ ...point, weight: point.weight / total }));
}

function quantileOf({ unit, density, from, peak, to }: LogLaw, p: number): number {
  const [left, right] = [integrateTanhSinh(density, { from, to: peak }), integrateTanhSinh(density, { from: peak, to })];
  const below = (x: number): number =>
    x <= peak ? integrateTanhSinh(density, { from, to: x }) : left + right - integrateTanhSinh(density, { from: x, to });
  return unit * Math.exp(rootBetween((x) => below(x) / (left + right) - p, from, to));
}

function logPrior(spread: number, prior: SpreadPrior): number {
  if (prior.kind === "uniform") return 0;
  const ratio = (spread / prior.scale) ** 2;
  return prior.kind === "half-normal" ? -ratio / 2 : -Math.log1p(ratio);
}

function mixtureLaw(weights: readonly number[], laws: readonly { readonly mean: number; readonly variance: number }[]): MixtureLaw {
  const used = laws
    .map((law, i) => ({ mean: law.mean, deviation: Math.sqrt(law.variance), weight: weights[i] as number }))
    .filter(({ weight }) => weight > 1e-17);
  const mean = sumOf(used.map((law) => law.weight * law.mean));
  const deviation = Math.sqrt(sumOf(used.map((law) => law.weight * (law.deviation ** 2 + (law.mean - mean) ** 2))));
  const below = (x: number): number => sumOf(used.map((law) => law.weight * normalCdf((x - law.mean) / law.deviation)));
  const above = (x: number): number => sumOf(used.map((law) => law.weight * normalCdf((law.mean - x) / law.deviation)));
  return {
    mean,
    deviation,
    survival: above,
    quantile: (p) =>
      (p <= 0.5
        ? rootNear((x) => below(mean + x * deviation) - p, -1, true)
        : rootNear((x) => 1 - p - above(mean + x * deviation), 1, true)) *
        deviation +
      mean,
  };
}
