/** What a replay gives: score, tier and state for every row of a panel chunk. */

/**
 * One policy over one chunk. Arrays are parallel to the chunk's rows. Rows outside the replayed range keep `evaluated` 0 and
 * held -1.
 */
export interface OutcomeFrame {
  readonly rowCount: number;
  /** 1 where an evaluation was recorded on the row. */
  readonly evaluated: Uint8Array;
  /** The policy's headline score at the latest evaluation, rounded as declared; NaN when missing. */
  readonly score: Float64Array;
  /** Tier codes into the policy's tiers, best first; the last code + 1 is `otherwise`. -1: not in the frame. */
  readonly merited: Int8Array;
  readonly held: Int8Array;
  /** Consecutive evaluations that merited a better (worse) tier than the held one, after this row. */
  readonly promoteCount: Int32Array;
  readonly demoteCount: Int32Array;
  /** 1 while a shield turns an adverse tier away. */
  readonly shielded: Uint8Array;
  /** Everything of a row but its numbers in one word, 0 outside the range: equal words, equal states. What a digest reads. */
  readonly states: Int32Array;
  /** Named metric, score and condition columns, only when asked for. Conditions: 1 true, 0 false, NaN unknown. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}
