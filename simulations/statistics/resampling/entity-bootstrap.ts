/** Intervals of ratios and totals by resampling whole entities: everything of an entity comes and goes together. */
import { sampleStandardDeviation } from "simple-statistics";
import { type Estimated, estimated, undetermined } from "../estimate.ts";
import { innerProduct, sumOf } from "../sums.ts";
import { bcaBounds, jackknifeAcceleration, studentisedBounds } from "./bootstrap-interval.ts";
import { coverageSentence } from "./heavy-tail-coverage.ts";
import { type PooledRows, poolRows } from "./pool-rows.ts";
import { resampleSums } from "./resampling.ts";

/** How to resample: equal options give equal bytes. */
export interface BootstrapOptions {
  readonly seed: number;
  readonly replicates: number;
  readonly level: number;
}

/** What every entity interval speaks of. */
export const entityDraw = "another draw of entities under the same calendar; calendar shocks are outside the interval";

/** Fewer contributing entities than this give no interval of a total: resampling them says nothing about the tail. */
export const contributorsMin = 10;

/**
 * Sum of numerators over sum of denominators, entities resampled, with a BCa interval. One value an entity in each column;
 * columns are parallel. `counts`: how many entities each value stands for, where they are told in groups; one each by default.
 * Undetermined without a denominator, and where every entity has the same ratio (nothing varies).
 *
 * @example
 * bootstrapRatio({ numerator: Float64Array.of(0, 0), denominator: Float64Array.of(0, 0), seed: 1, replicates: 100, level: 0.95 }).kind
 * // => "undetermined"
 */
export function bootstrapRatio(
  options: BootstrapOptions & { readonly numerator: Float64Array; readonly denominator: Float64Array; readonly counts?: Float64Array },
): Estimated {
  const { numerator, denominator, counts } = options;
  const sum = (values: Float64Array) => (counts === undefined ? sumOf(values) : innerProduct(values, counts));
  const entities = counts === undefined ? numerator.length : sumOf(counts);
  const [whole, part] = [sum(denominator), sum(numerator)];
  if (!(whole > 0)) return undetermined("the denominators sum to 0", "entities with a denominator");
  const rows = poolRows([numerator, denominator], entities, counts);
  const acceleration = jackknifeAcceleration(leaveOneOut(rows, part, whole), rows.counts);
  if (acceleration === undefined) return undetermined("every entity has the same ratio", "entities that differ");
  const { sums } = resampleSums(rows, { seed: options.seed, from: 0, to: options.replicates });
  const replicates = usableRatios(sums[0] as Float64Array, sums[1] as Float64Array);
  const bounds = bcaBounds({ replicates, observed: part / whole, acceleration, level: options.level });
  if (bounds === undefined) return undetermined("the replicates lie on one side of the value", "more entities that differ");
  return estimated({
    value: part / whole,
    ...bounds,
    level: options.level,
    standardError: replicates.length > 1 ? sampleStandardDeviation(Array.from(replicates)) : undefined,
    method: "entity-cluster bootstrap, BCa",
    n: entities,
    assumptions: [entityDraw],
  });
}

/**
 * Totals of columns of contributions over a fixed number of entities, with studentised intervals from shared
 * weights. Entities that contribute nothing need not be listed: `entities` counts all. The assumptions state the coverage that
 * such intervals achieve in simulation. A column with fewer than `contributorsMin` contributors, or without spread, is Undetermined.
 * The lower bound of a total without negative contributions is cut at 0.
 */
export function bootstrapTotals(
  options: BootstrapOptions & { readonly columns: readonly Float64Array[]; readonly entities: number },
): readonly Estimated[] {
  const { columns, entities, level } = options;
  const rows = poolRows(columns, entities);
  const resampled = resampleSums(rows, { seed: options.seed, from: 0, to: options.replicates });
  return columns.map((column, index): Estimated => {
    const contributions = column.filter((value) => value !== 0);
    if (contributions.length < contributorsMin) {
      return undetermined(
        `${contributions.length} contributing entities: fewer than ${contributorsMin}`,
        `at least ${contributorsMin} contributing entities`,
      );
    }
    const total = sumOf(contributions);
    const standardError = totalError(entities, total, sumOf(contributions.map((value) => value * value)));
    const totals = new Float64Array(options.replicates);
    const errors = new Float64Array(options.replicates);
    for (let replicate = 0; replicate < options.replicates; replicate++) {
      const scale = entities / (resampled.weight[replicate] as number);
      const sum = (resampled.sums[index]?.[replicate] as number) * scale;
      totals[replicate] = sum;
      errors[replicate] = totalError(entities, sum, (resampled.squares[index]?.[replicate] as number) * scale);
    }
    const bounds = studentisedBounds({ replicates: totals, standardErrors: errors, observed: total, standardError, level });
    if (bounds === undefined) return undetermined("the contributions do not vary enough to resample", "more contributing entities");
    return estimated({
      value: total,
      lower: contributions.some((value) => value < 0) ? bounds.lower : Math.max(bounds.lower, 0),
      upper: bounds.upper,
      level,
      standardError,
      method: "entity-cluster bootstrap, studentised",
      n: entities,
      assumptions: [entityDraw, coverageSentence(contributions)],
    });
  });
}

/** Standard error of a total over n entities from its sum and sum of squares: sqrt(n s^2), s^2 the sample variance. */
function totalError(entities: number, sum: number, squares: number): number {
  return entities > 1 ? Math.sqrt((entities / (entities - 1)) * Math.max(squares - (sum * sum) / entities, 0)) : 0;
}

function leaveOneOut(rows: PooledRows, part: number, whole: number): Float64Array {
  const [numerators, denominators] = rows.columns;
  return Float64Array.from(rows.counts, (_, row) => {
    const rest = whole - (denominators?.[row] as number);
    return rest > 0 ? (part - (numerators?.[row] as number)) / rest : part / whole;
  });
}

/** Replicates that drew no denominator say nothing and are left out. */
function usableRatios(parts: Float64Array, wholes: Float64Array): Float64Array {
  return Float64Array.from(parts, (part, replicate) => part / (wholes[replicate] as number)).filter((ratio) => Number.isFinite(ratio));
}
