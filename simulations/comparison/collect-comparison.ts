/** One pass over the panel on this thread: what a comparison is described from. */
import { ReplayMerge, type ReplaySummary, replayTask } from "../replay/index.ts";
import { type Collected, Collector } from "./collect.ts";
import { type ComparisonSetup, compareChunks } from "./compare-chunks.ts";
import { type ComparisonOptions, type ComparisonPlan, planComparison } from "./plan.ts";

/** The plan, the columns, the replay's own summary, and what every thread is told. */
export interface Collection {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly summary: ReplaySummary;
  readonly setup: ComparisonSetup;
}

/** Replays every policy and collects. Errors: InputRefused from the replay when a window sum passes the safe integers. */
export function collectComparison(options: ComparisonOptions): Collection {
  const { panel, onProgress } = options;
  const { plan, setup, merge, collector } = beginComparison(options);
  const work = compareChunks(setup);
  let done = 0;
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    const { replayed, collected } = work(chunk);
    merge.add(replayed);
    collector.add(collected);
    done += chunk.entityCount;
    onProgress?.(done, panel.entityCount);
  }
  return { plan, collected: collector.finish(), summary: merge.finish(), setup };
}

/** What chunks are worked on with, and what their parts are put together in. */
export function beginComparison(options: ComparisonOptions) {
  const { panel } = options;
  const plan = planComparison(options);
  const { policies, from, to } = plan;
  const setup: ComparisonSetup = { task: replayTask({ policies, panel, from, to }), plan };
  return { plan, setup, merge: new ReplayMerge(setup.task), collector: new Collector(plan, panel.entityCount) };
}
