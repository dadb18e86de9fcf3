/** What every statistic gives: a number with its uncertainty, or the reason that there is none. */
import { invariant } from "../../data/foundation/index.ts";
import type { ConfidenceSet } from "./confidence-set.ts";

/** A value with its interval. */
export interface Estimate {
  readonly kind: "estimate";
  readonly value: number;
  /** Absent, and no set: the value is exact (a count of recorded history, a design figure). */
  readonly interval?: { readonly lower: number; readonly upper: number; readonly level: number };
  /** In place of `interval` where what is not ruled out is no bounded interval: one-sided statements, Fieller's unbounded and two-piece cases. */
  readonly set?: ConfidenceSet;
  readonly standardError?: number;
  /** The method's name in the field, for example `wilson`, `entity-cluster bootstrap, percentile`. */
  readonly method: string;
  readonly n: number;
  readonly assumptions: readonly string[];
}

/** What could not be computed, why, and what would determine it. Never NaN, never a made-up number. */
export interface Undetermined {
  readonly kind: "undetermined";
  readonly reason: string;
  readonly wouldDetermine: string;
  /** What the data do not rule out all the same, where it is the value alone that no number can hold: a ratio to nothing is at least so much. */
  readonly set?: ConfidenceSet;
}

/** A number with its uncertainty, or the reason that there is none. */
export type Estimated = Estimate | Undetermined;

/** Says why there is no number, what would give one, and what the data do not rule out without it. */
export function undetermined(reason: string, wouldDetermine: string, set?: ConfidenceSet): Undetermined {
  return { kind: "undetermined", reason, wouldDetermine, ...(set === undefined ? {} : { set }) };
}

/** The fields of an estimate that its maker knows; optional ones may be undefined. */
export interface EstimateParts {
  readonly value: number;
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  readonly level?: number;
  readonly set?: ConfidenceSet | undefined;
  readonly standardError?: number | undefined;
  readonly method: string;
  readonly n: number;
  readonly assumptions?: readonly string[];
}

/**
 * Makes an estimate; every number must be finite and the bounds in order, otherwise it is our bug. Without bounds the value is an
 * exact count or sum of recorded history.
 *
 * @example
 * estimated({ value: 3, method: "count", n: 10 })
 * // => { kind: "estimate", value: 3, method: "count", n: 10, assumptions: [] }
 */
export function estimated(parts: EstimateParts): Estimate {
  const { value, lower, upper, level, set, standardError, method, n, assumptions } = parts;
  invariant(set === undefined || (lower === undefined && upper === undefined), `${method}: both bounds and a set`);
  invariant(Number.isFinite(value), `${method}: the value is not finite`);
  const estimate: Estimate = { kind: "estimate", value: positiveZero(value), method, n, assumptions: assumptions ?? [] };
  const withSet = set === undefined ? estimate : { ...estimate, set };
  const withError = standardError === undefined ? withSet : { ...withSet, standardError };
  if (lower === undefined || upper === undefined) return withError;
  invariant(Number.isFinite(lower) && Number.isFinite(upper) && lower <= upper, `${method}: bounds ${lower} to ${upper}`);
  return { ...withError, interval: { lower: positiveZero(lower), upper: positiveZero(upper), level: level ?? 0.95 } };
}

/** -0 is 0: equal results must be equal bytes. */
function positiveZero(value: number): number {
  return value === 0 ? 0 : value;
}
