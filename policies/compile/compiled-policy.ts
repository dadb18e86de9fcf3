/** A policy turned into kernels for one panel schema. */

import type { PeriodIndex } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../data/panel/index.ts";
import type { Policy } from "../language/index.ts";

/** How to run a compiled policy over a chunk. */
export interface RunOptions {
  /** Rows after this period are left out of the frame (held -1). Default: all. */
  readonly to?: PeriodIndex;
  /**
   * Overrides the tier held before the first evaluation: a tier code. Used to ask how long the start state matters; the first
   * evaluation then moves from it by the ordinary rules.
   */
  readonly startTier?: number;
  /** Metric, score and condition columns to keep in the frame. Default none. */
  readonly columns?: readonly string[];
}

/** Which other start to try, and for whom. */
export interface StartQuestion {
  /** The tier code held before the first evaluation. */
  readonly startTier: number;
  /** Entities whose first period is later than this are not asked (0 in the answer). */
  readonly enteredBy: PeriodIndex;
  /** The same cut that the frame was made with. */
  readonly to?: PeriodIndex;
}

/** Kernels of one policy for one schema. Running it allocates per chunk, never per row. */
export interface CompiledPolicy {
  readonly policy: Policy;
  /** Tier names by code, `otherwise` last. */
  readonly tiers: readonly string[];
  readonly run: (chunk: PanelChunk, options?: RunOptions) => OutcomeFrame;
  /**
   * For each entity of the chunk: after how many of its rows another start tier has stopped mattering, 0 when it never mattered.
   * The frame must come from `run` over the same chunk. Cost: the rows until both states agree, when no tier has a hold.
   */
  readonly rowsUntilStartForgotten: (chunk: PanelChunk, frame: OutcomeFrame, question: StartQuestion) => Int32Array;
}
