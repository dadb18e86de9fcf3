/** A replay in DuckDB whose process is killed half way: run as a program, with the home as its argument. */
import { fileURLToPath } from "node:url";
import { replayOnEngine } from "../../server/operations/replay-engines.ts";
import { libraryPanel } from "../sql/library-panels.ts";

export const killedReplayModule = fileURLToPath(import.meta.url);

/** How many shards it does. */
export const killedAfter = 2;

/** The replay, without its home. */
export function killedReplay(reference: string, drawn: number) {
  const { policy, panel } = libraryPanel(reference, drawn);
  return { policy, panel, from: panel.schema.firstPeriod, to: panel.schema.lastPeriod, inputs: "killed" };
}

const [, program, home] = process.argv;
if (program === killedReplayModule && home !== undefined) {
  const onProgress = (done: number) => void (done === killedAfter && process.kill(process.pid, "SIGKILL"));
  await replayOnEngine("duckdb", { ...killedReplay("seller-performance@1.0.0", 50), home, onProgress });
}
