/** Keeps the account of measures beside the work that fills and writes them: on a thread of its own when there is much. */
import { invariant } from "../foundation/index.ts";
import type { ImportThreads } from "./import-threads.ts";
import { type AccountFrame, MeasureAccount, type MeasureColumns, type MeasureFindings } from "./measure-account.ts";

/** An account that is being kept. `add` resolves when the columns are no longer needed; they must lie in shared memory. */
export interface KeptAccount {
  readonly add: (columns: MeasureColumns) => Promise<void>;
  readonly finish: () => Promise<readonly MeasureFindings[]>;
}

/** Below so many values a thread costs more than it saves. */
const threadValuesMin = 2_000_000;

/** Opens an account for so many rows. */
export function keepAccount(threads: ImportThreads, frame: AccountFrame, rows: number): KeptAccount {
  const [thread] = threads.take(rows * frame.measures.length < threadValuesMin ? 0 : 1);
  if (thread === undefined) {
    const account = new MeasureAccount(frame);
    return { add: async (columns) => account.add(columns), finish: async () => account.finish() };
  }
  // A thread that cannot open it answers none of the later questions either.
  thread.ask("openAccount", frame).catch(() => undefined);
  return {
    add: async ({ rowStart, firstPeriod, measures }) => {
      invariant(
        measures.every(({ buffer }) => buffer instanceof SharedArrayBuffer),
        "a thread only sees shared memory",
      );
      await thread.ask("addToAccount", { rowStart, firstPeriod, measures });
    },
    finish: () => thread.ask("finishAccount", undefined),
  };
}
