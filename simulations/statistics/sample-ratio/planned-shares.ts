/** Arms with the units they got and the weight they were planned to have. */
import { sumOf } from "../sums.ts";

export interface SampleRatioInput {
  /** Units of each arm. */
  readonly observed: readonly number[];
  /** Planned weights, in the same order; only their ratios count. An arm of weight 0 is left out of the test. */
  readonly weights: readonly number[];
}

export interface PlannedArms {
  readonly observed: readonly number[];
  /** Sum to 1. */
  readonly planned: readonly number[];
  /** Places of these arms in the input. */
  readonly places: readonly number[];
  readonly n: number;
  /** Observed less expected units. */
  readonly excess: readonly number[];
  /** Units in arms that should have none. */
  readonly warnings: readonly string[];
}

/** The arms that were planned to have units. */
export function plannedArms({ observed, weights }: SampleRatioInput): PlannedArms {
  const places = weights.flatMap((weight, place) => (weight > 0 ? [place] : []));
  const kept = places.map((place) => observed[place] ?? 0);
  const whole = sumOf(places.map((place) => weights[place] ?? 0));
  const n = sumOf(kept);
  const excess = places.map((place, arm) => excessOf({ count: kept[arm] ?? 0, n, weight: weights[place] ?? 0, whole }));
  const stray = sumOf(observed) - sumOf(kept);
  return {
    observed: kept,
    planned: places.map((place) => (weights[place] ?? 0) / whole),
    places,
    n,
    excess,
    warnings:
      stray > 0
        ? [`${stray} units are in arms of weight 0, which should have none: this alone is a fault, and the test leaves them out.`]
        : [],
  };
}

/** count - n weight / whole; in whole numbers without bound where these are whole, because doubles lose the difference of large counts. */
function excessOf({ count, n, weight, whole }: Readonly<Record<"count" | "n" | "weight" | "whole", number>>): number {
  if (n < 1e7 || !Number.isSafeInteger(weight) || !Number.isSafeInteger(whole)) return count - (n * weight) / whole;
  return Number(BigInt(count) * BigInt(whole) - BigInt(n) * BigInt(weight)) / whole;
}
