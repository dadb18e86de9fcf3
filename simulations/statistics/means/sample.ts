/** What a sample says about its mean: count, mean and standard deviation, from raw values or from its sufficient statistics. */
import { undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { powerOfTwoBelow } from "../power-of-two.ts";
import { sumOf } from "../sums.ts";

/** One number a unit, or what sums them up. */
export type SampleInput = { readonly values: ArrayLike<number> } | { readonly n: number; readonly mean: number; readonly variance: number };

/** A sample's moments. The standard deviation has the divisor n - 1, and is 0 for fewer than two units. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  /** What rounding took from the mean: the mean is `mean + meanRest`, which matters when two large means are subtracted. */
  readonly meanRest: number;
  readonly standardDeviation: number;
}

/**
 * Count, mean and standard deviation. Raw values in two compensated passes about the first value, scaled by a power of two where squares
 * would overflow or vanish: equal values have a standard deviation of exactly 0. No value: a mean of 0 that no one may use.
 * Source: Chan, Golub and LeVeque (1983), The American Statistician 37, 242-247 (corrected two-pass).
 *
 * @example
 * sampleOf({ values: [2, 4, 4, 4, 5, 5, 7, 9] }).mean
 * // => 5
 */
export function sampleOf(input: SampleInput): Sample {
  if (!("values" in input)) return { n: input.n, mean: input.mean, meanRest: 0, standardDeviation: Math.sqrt(input.variance) };
  const { values } = input;
  const n = values.length;
  if (n === 0) return { n, mean: 0, meanRest: 0, standardDeviation: 0 };
  const unit = unitOf(values);
  const first = (values[0] as number) / unit;
  const shifted = Float64Array.from({ length: n }, (_, i) => (values[i] as number) / unit - first);
  const offset = sumOf(shifted) / n;
  const deviations = shifted.map((value) => value - offset);
  const left = sumOf(deviations);
  const squares = sumOf(deviations.map((value) => value * value)) - (left * left) / n;
  const correction = offset + left / n;
  const mean = first + correction;
  // Knuth's exact error of a sum.
  const part = mean - first;
  const rest = first - (mean - part) + (correction - part);
  const standardDeviation = n < 2 ? 0 : unit * Math.sqrt(Math.max(squares, 0) / (n - 1));
  return { n, mean: unit * mean, meanRest: unit * rest, standardDeviation };
}

/** Count, mean and sample variance. */
export type SampleSummary = Exclude<SampleInput, { readonly values: unknown }>;

/** Smaller variances lose digits. */
const varianceMin = 1e-300;

/**
 * What follows from count, mean and variance of each sample, of raw values or as they were given. Undetermined where the variance of raw values is no
 * number of full precision: it overflows, or vanishes although they differ.
 */
export function fromSummaries<const Samples extends readonly SampleInput[]>(
  samples: Samples,
  compute: (summaries: SummariesOf<Samples>) => Found,
): Found {
  const summaries = samples.flatMap((sample) => summaryOf(sample) ?? []);
  if (summaries.length < samples.length)
    return undetermined("the squares of these values are too large or too small for a double", "the values in another unit");
  return compute(summaries as unknown as SummariesOf<Samples>);
}

type SummariesOf<Samples> = { readonly [Index in keyof Samples]: SampleSummary };

function summaryOf(input: SampleInput): SampleSummary | undefined {
  if (!("values" in input)) return input;
  const { n, mean, standardDeviation } = sampleOf(input);
  const variance = standardDeviation ** 2;
  const isKept = standardDeviation === 0 || (variance >= varianceMin && Number.isFinite(variance));
  return isKept ? { n, mean, variance } : undefined;
}

/** 1, or a power of two that brings values of extreme size near 1. */
function unitOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  return largest > 1e120 || (largest < 1e-120 && largest > 0) ? powerOfTwoBelow(largest) : 1;
}
