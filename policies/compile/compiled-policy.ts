/** A policy turned into kernels for one panel schema. */

import type { PeriodIndex } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../data/panel/index.ts";
import type { PeerValues, Policy } from "../language/checked/index.ts";
import type { PeerCollector } from "./peer-collector.ts";

/** Cells to be filled: period after period from the panel's first, in each the tiers by code. Rows up to the cut are added. */
export interface TierTally {
  /** How many rows hold the tier in the period. */
  readonly entities: Float64Array;
  /** By row of the chunk: what is summed; absent: nothing is. */
  readonly values?: Float64Array;
  /** Their sums, row after row in doubles; empty when nothing is summed. */
  readonly sums: Float64Array;
}

/** How to run a compiled policy over a chunk. */
export interface RunOptions {
  /** Rows after this period are left out of the frame (held -1). Default: all. */
  readonly to?: PeriodIndex;
  /**
   * Overrides the tier held before the first evaluation: a tier code. Used to ask how long the start state matters; the first
   * evaluation then moves from it by the ordinary rules.
   */
  readonly startTier?: number;
  /** Metric, score, ledger and condition columns to keep in the frame. Default none. */
  readonly columns?: readonly string[];
  /** A frame of an earlier run that nobody needs any more: its memory is used again where it fits. Default: fresh memory. */
  readonly reuse?: OutcomeFrame | undefined;
  /** Nobody looks at more of the frame than score, states and `columns`: the others may be left without room. Default: false. */
  readonly onlyDigested?: boolean;
  /**
   * Those who entered by this period will be asked about other starts: whoever can answers `rowsUntilStartForgotten` about `startTiers` in
   * the same pass. Default: nobody.
   */
  readonly askEnteredBy?: PeriodIndex;
  /** Filled in the same pass where the form can. Default: none. */
  readonly tally?: TierTally;
  /** What the peers have, gathered over the whole panel up to `to`. A policy with `needsPeers` does not run without it. */
  readonly peers?: PeerValues;
}

/** Which other start to try, and for whom. */
export interface StartQuestion {
  /** The tier code held before the first evaluation. */
  readonly startTier: number;
  /** Entities whose first period is later than this are not asked (0 in the answer). */
  readonly enteredBy: PeriodIndex;
}

/** Which part of a policy runs where. */
export interface KernelPlan {
  /** `vector`: WebAssembly, two rows at a time, movement in the same pass; `plain`: JavaScript. */
  readonly form: "vector" | "plain";
  /** What the plain kernels compute for the vector kernel to read: what has no vector form. Empty in plain form. */
  readonly plainColumns: readonly string[];
}

/** Kernels of one policy, or of a programme in force, for one schema. Running it allocates per chunk, never per row. */
export interface CompiledPolicy {
  /** Of a programme the last version. */
  readonly policy: Policy;
  /** Tier names by code, `otherwise` last. */
  readonly tiers: readonly string[];
  /** The best and the worst tier, by code, that an entity can have held before its first evaluation and can leave again; none, one or both. */
  readonly startTiers: readonly number[];
  /** Whether it has a rank or ratio, so that `run` needs `peers`. */
  readonly needsPeers: boolean;
  /** Adds what the entities of a chunk have to what is gathered for `RunOptions.peers`. Rows after `to` are left out. Default: none. */
  readonly gatherPeers: (chunk: PanelChunk, into: PeerCollector, to?: PeriodIndex) => void;
  /** How `run` works when it is asked for these columns. Cost: that of compiling, once. */
  readonly kernelPlan: (columns?: readonly string[]) => KernelPlan;
  readonly run: (chunk: PanelChunk, options?: RunOptions) => OutcomeFrame;
  /**
   * For each entity of the chunk: after how many of its rows another start tier has stopped mattering, 0 when it never mattered.
   * The frame must come from `run` over the same chunk. Cost: nothing where the pass has answered, else the rows until both states agree, when
   * no tier has a hold.
   */
  readonly rowsUntilStartForgotten: (chunk: PanelChunk, frame: OutcomeFrame, question: StartQuestion) => Int32Array;
}
