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

/** Kernels of one policy for one schema. Running it allocates per chunk, never per row. */
export interface CompiledPolicy {
  readonly policy: Policy;
  /** Tier names by code, `otherwise` last. */
  readonly tiers: readonly string[];
  readonly run: (chunk: PanelChunk, options?: RunOptions) => OutcomeFrame;
}
