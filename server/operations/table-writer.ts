/** What writes frame tables, whatever the form of the file. */
import type { FrameTable } from "../../simulations/replay/index.ts";

/** Writes tables of the same columns one after the other. */
export interface TableWriter {
  readonly write: (table: FrameTable) => void;
  readonly close: () => void;
}
