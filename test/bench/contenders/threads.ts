/** The replay on more than one thread: what the speed-up is taken from. */
import { openPanel } from "../../../data/panel/index.ts";
import { type ReplaySummary, replayOnThreads } from "../../../simulations/replay/index.ts";
import type { Contender, Task } from "./contender.ts";
import { resultOfReplay } from "./counterweight.ts";
import { policyOf } from "./policy-of.ts";

/**
 * The whole replay on that many threads, each reading its chunks from files that the system has in memory after the first run. A single one
 * is the calling thread, which spares the start of another, so the ratio is the smaller for it.
 */
export function threadedReplay({ history, policy: name }: Task, threads: number): Contender {
  const policy = policyOf(name);
  const run = () => replayOnThreads({ policies: [policy], panel: openPanel(history.datasetFolder, { recycle: true }), threads });
  return {
    cold: async () => resultOfReplay(await run()),
    warm: run,
    resultOf: (left) => resultOfReplay(left as ReplaySummary),
  };
}
