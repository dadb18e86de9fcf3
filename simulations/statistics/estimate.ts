/** What every statistic gives: a number with its uncertainty, or the reason that there is none. */

/** A value with its interval. */
export interface Estimate {
  readonly kind: "estimate";
  readonly value: number;
  /** Absent: the value is a count of recorded history, exact. */
  readonly interval?: { readonly lower: number; readonly upper: number; readonly level: number };
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
}

export type Estimated = Estimate | Undetermined;
