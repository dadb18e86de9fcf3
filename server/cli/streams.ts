/** Where a command writes, and the settings that it runs under: the program's own, or a test's. */
import type { Settings } from "../operations/index.ts";

/** What takes text. */
export interface TextSink {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What surrounds a command. */
export interface Surroundings {
  /** Results. */
  readonly stdout: TextSink;
  /** Progress, remarks and faults. */
  readonly stderr: TextSink;
  readonly settings: Settings;
}
