/** The entries of one ledger between two versions of a programme, for all entities of a chunk. */

/** Columns of entries in the order in which they were made, entity by entity. */
export interface LedgerState {
  /** Entries of entity e: from `start[e]` to before `start[e + 1]`. */
  readonly start: Int32Array;
  readonly lines: number[];
  readonly expires: number[];
  /** The event that an entry was made for, -1 for none. */
  readonly events: number[];
  readonly amounts: number[];
  /** By entity, then by line: the multiples of a volume that have been counted; NaN where counting has not begun. */
  readonly counted: Float64Array;
}

/** A ledger without entries that has counted nothing. */
export function emptyLedgerState(entityCount: number, lines: number): LedgerState {
  const counted = new Float64Array(entityCount * lines);
  return { start: new Int32Array(entityCount + 1), lines: [], expires: [], events: [], amounts: [], counted };
}
