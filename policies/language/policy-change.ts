/** The noun of a difference: one change. */
import type { Direction } from "./diff-direction.ts";

/** One line of a policy that differs, or a whole thing that is new, gone, of another kind or called otherwise. */
export interface PolicyChange {
  /**
   * As `set` would name it: `scores.overall.weighted.reviews`. Lines of ledgers and caps go by what makes them; one that changed even in
   * that goes by what is left: `caps.frozen`. A thing with another name goes by its newer name.
   */
  readonly path: string;
  readonly kind: "changed" | "added" | "removed";
  readonly from?: string;
  readonly to?: string;
  /** One plain sentence. */
  readonly words: string;
  /** Absent when it cannot be told; `neutral` when it moves nobody by itself. */
  readonly direction?: Direction;
}
