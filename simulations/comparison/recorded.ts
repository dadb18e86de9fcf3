/** Numbers of recorded history: exact, with an interval only where another draw of entities can give one. */
import {
  type BootstrapOptions,
  bootstrapRatio,
  bootstrapTotals,
  type Estimated,
  estimated,
  innerProduct,
  sumOf,
  sumOfIntegers,
  type Undetermined,
  undetermined,
} from "../statistics/index.ts";
import { noDrawReason } from "./no-draw.ts";
import type { ComparisonPlan } from "./plan.ts";

/** How entities are drawn again. `noDraw`: why they cannot be; then nothing is resampled. */
export interface EntityDraw extends BootstrapOptions {
  readonly noDraw?: string | undefined;
}

/** The draw of one candidate's comparison. */
export function entityDrawOf(plan: ComparisonPlan, candidate: number): EntityDraw {
  const { seed, replicates, level } = plan;
  return { seed, replicates, level, noDraw: noDrawReason(plan, candidate) };
}

/** Sum of numerators over sum of denominators, one value an entity in each; Undetermined where the denominators sum to 0. */
export function recordedRatio(numerator: Float64Array, denominator: Float64Array, draw: EntityDraw): Estimated {
  const whole = sumOf(denominator);
  if (whole === 0) return undetermined("nobody is in the denominator", "entities in the frame");
  const interval = draw.noDraw === undefined ? bootstrapRatio({ numerator, denominator, ...draw }) : notDrawn(draw.noDraw);
  return recorded(sumOf(numerator) / whole, numerator.length, interval);
}

/** The mean over entities that are told in groups: what each of a group is worth, and how many they are. */
export function recordedMean(worths: Float64Array, counts: Float64Array, draw: EntityDraw): Estimated {
  const entities = sumOf(counts);
  if (entities === 0) return undetermined("nobody is in the denominator", "entities in the frame");
  const denominator = new Float64Array(worths.length).fill(1);
  const interval = draw.noDraw === undefined ? bootstrapRatio({ numerator: worths, denominator, counts, ...draw }) : notDrawn(draw.noDraw);
  return recorded(innerProduct(worths, counts) / entities, entities, interval);
}

/** Totals of whole numbers, one an entity that contributes; `entities`: all of the frame. */
export function recordedTotals(columns: readonly Float64Array[], entities: number, draw: EntityDraw): readonly Estimated[] {
  if (entities === 0) return columns.map(() => undetermined("nobody is in the frame", "entities in the frame"));
  const { noDraw } = draw;
  const intervals = noDraw === undefined ? bootstrapTotals({ columns, entities, ...draw }) : columns.map(() => notDrawn(noDraw));
  return columns.map((column, index) => recorded(sumOfIntegers(column), entities, intervals[index] as Estimated));
}

/** What another draw of entities would have to give. */
export function notDrawn(reason: string): Undetermined {
  return undetermined(reason, "policies without peer benchmarks");
}

/**
 * An exact value of recorded history, with the interval of a resampling when there is one; the assumptions say why when not.
 * The estimate's own value must be the recorded one.
 */
export function recorded(value: number, n: number, interval: Estimated): Estimated {
  if (interval.kind === "estimate") return { ...interval, value: value === 0 ? 0 : value };
  return estimated({ value, method: "recorded history", n, assumptions: [`no interval: ${interval.reason}`] });
}
