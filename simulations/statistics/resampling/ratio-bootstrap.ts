/** The bootstrap of a ratio of sums with Poisson weights: one pass over the data, whatever their size. */
import { undetermined } from "../estimate.ts";
import type { Found } from "../finding.ts";
import { powerOfTwoBelow } from "../power-of-two.ts";
import { sumOf } from "../sums.ts";
import type { ResampleOptions } from "./bootstrap.ts";
import { accelerationOf } from "./bootstrap-interval.ts";
import { poolRows } from "./pool-rows.ts";
import { type Replicated, replicateStatement } from "./replicate-statement.ts";
import { resampleSums } from "./resampling.ts";

/** A numerator and a denominator a unit; with clusters, rows of one key are summed and come and go together. */
export interface ResampledRatio {
  readonly numerators: ArrayLike<number>;
  /** Not negative. */
  readonly denominators: ArrayLike<number>;
  readonly clusters?: ArrayLike<string | number> | undefined;
}

/**
 * Sum of numerators over sum of denominators (orders per visit, late orders per order), every unit with an independent Poisson(1)
 * weight in each replicate. Units with equal rows are drawn together, so that few distinct rows cost little; the order of the units is
 * irrelevant. The standard error is the linearised one, n - 1. Undetermined without a denominator, with fewer than two units, and
 * where all units have one ratio.
 * Sources: Hanley and MacGibbon (2006), Comput. Methods Programs Biomed. 83, 57-62; Davison and Hinkley (1997), section 5.3.
 *
 * @example
 * const options = { method: "bca", level: 0.9, alternative: "two-sided", interpolation: "linear", replicates: 999, seed: 1 };
 * poissonBootstrapRatio({ numerators: [1, 0, 2, 3], denominators: [4, 1, 3, 4] }, options).estimate.value
 * // => 0.5
 */
export function poissonBootstrapRatio(rows: ResampledRatio, options: ResampleOptions): Found {
  const { numerators, denominators, units } = unitRows(rows);
  const [numeratorUnit, denominatorUnit] = [unitOf(numerators), unitOf(denominators)];
  const parts = numerators.map((value) => value / numeratorUnit);
  const wholes = denominators.map((value) => value / denominatorUnit);
  const whole = sumOf(wholes.slice().sort());
  if (units < 2) return undetermined(`${units} independent ${units === 1 ? "unit" : "units"}: nothing to resample`, "at least two units");
  if (!(whole > 0)) return undetermined("the denominators sum to 0", "units with a denominator");
  const observed = sumOf(parts.slice().sort()) / whole;
  const exact = parts.map((part, at) => part - observed * (wholes[at] as number));
  // The residual sums to 0 but for rounding; a part that rounding alone left is none.
  const largest = parts.reduce((size, part, at) => Math.max(size, Math.abs(part), Math.abs(observed * (wholes[at] as number))), 0);
  const residuals = exact.map((value) => (Math.abs(value) <= 4 * Number.EPSILON * largest ? 0 : value));
  const scale = unitOf(residuals);
  const scaled = residuals.map((value) => value / scale);
  const replicated = replicatesOf({ residuals: scaled, wholes, whole, units, options });
  return replicateStatement(
    {
      ...replicated,
      // Everything in units of the residuals' scale.
      observed: observed / scale,
      n: units,
      drawn: rows.clusters === undefined ? "Poisson bootstrap" : "entity-cluster Poisson bootstrap",
      unit: scale * (numeratorUnit / denominatorUnit),
      warnings: units < 20 ? [`${units} units: bootstrap intervals of so few are too short; the level is not to be trusted.`] : [],
    },
    options,
  );
}

function replicatesOf(input: {
  readonly residuals: Float64Array;
  readonly wholes: Float64Array;
  readonly whole: number;
  readonly units: number;
  readonly options: ResampleOptions;
}): Pick<Replicated, "deviations" | "standardErrors" | "standardError" | "acceleration"> {
  const { residuals, wholes, whole, units, options } = input;
  // The sum's square gives the product of both, which the linearised error needs.
  const rows = poolRows([residuals, wholes, residuals.map((value, at) => value + (wholes[at] as number))], units);
  const { sums, squares } = resampleSums(rows, { seed: options.seed, from: 0, to: options.replicates });
  const [parts, bases] = sums as [Float64Array, Float64Array];
  const [partSquares, baseSquares, bothSquares] = squares as [Float64Array, Float64Array, Float64Array];
  const errorOf = (deviation: number, base: number, [part2, base2, both2]: readonly [number, number, number]): number => {
    const rest = part2 - deviation * (both2 - part2 - base2) + deviation * deviation * base2;
    return Math.sqrt((Math.max(rest, 0) * units) / (units - 1)) / base;
  };
  // A replicate that drew no denominator says nothing.
  const usable = Array.from(bases.keys()).filter((at) => (bases[at] as number) > 0);
  const deviations = Float64Array.from(usable, (at) => (parts[at] as number) / (bases[at] as number));
  const standardErrors = Float64Array.from(usable, (at, place) =>
    errorOf(deviations[place] as number, bases[at] as number, [
      partSquares[at] as number,
      baseSquares[at] as number,
      bothSquares[at] as number,
    ]),
  );
  const [pooledResiduals, pooledWholes] = rows.columns as [Float64Array, Float64Array];
  const values = pooledResiduals.map((value, at) =>
    whole > (pooledWholes[at] as number) ? -value / (whole - (pooledWholes[at] as number)) : 0,
  );
  const squared = sumOf(residuals.map((value) => value * value).sort());
  return {
    deviations,
    standardErrors,
    standardError: Math.sqrt((squared * units) / (units - 1)) / whole,
    acceleration: accelerationOf([{ values, counts: rows.counts, sign: 1 }]),
  };
}

function unitRows({ numerators, denominators, clusters }: ResampledRatio) {
  if (clusters === undefined) {
    return { numerators: Float64Array.from(numerators), denominators: Float64Array.from(denominators), units: numerators.length };
  }
  const places = new Map<string | number, number[]>();
  for (let i = 0; i < numerators.length; i++) {
    const key = clusters[i] as string | number;
    const own = places.get(key) ?? [];
    own.push(i);
    places.set(key, own);
  }
  const summed = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(places.values(), (own) => sumOf(Float64Array.from(own, (at) => values[at] as number).sort()));
  return { numerators: summed(numerators), denominators: summed(denominators), units: places.size };
}

function unitOf(values: Float64Array): number {
  const largest = values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  return largest > 0 ? powerOfTwoBelow(largest) : 1;
}
