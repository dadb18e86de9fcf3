/** A replay on several threads: the same bytes as in one, whatever their number. */

import { workOnChunks } from "./chunk-pool.ts";
import { type ReplayPart, replayChunks } from "./chunk-replay.ts";
import { ReplayMerge } from "./merge-replay.ts";
import { type ReplayRequest, replayTask } from "./replay.ts";
import type { ReplaySummary } from "./replay-summary.ts";

/**
 * Runs every policy over the whole panel, each thread over chunks of its own; nobody sees the frames, but the summary has their digests. `threads`: how many,
 * this one among them. Errors as those of `replay`.
 */
export async function replayOnThreads(request: ReplayRequest & { readonly threads: number }): Promise<ReplaySummary> {
  const { panel, onProgress, threads } = request;
  const task = { ...replayTask(request), digests: true };
  const merge = new ReplayMerge(task);
  await workOnChunks<ReplayPart>({
    panel,
    work: replayChunks(task),
    module: new URL("./replay-thread.js", import.meta.url),
    setup: task,
    threads,
    take: (part, chunk) => {
      merge.add(part);
      onProgress?.(Math.round(((chunk + 1) / panel.chunkCount) * panel.entityCount), panel.entityCount);
    },
  });
  return merge.finishWithDigests();
}
