/** Baseline and candidates replayed in one pass, and what a comparison keeps of it. */
import type { PeerValues } from "../../policies/language/checked/index.ts";
import { ReplayMerge, type ReplaySummary, replayTask } from "../replay/index.ts";
import { type Collected, Collector } from "./collect.ts";
import { type ComparisonSetup, compareChunks } from "./compare-chunks.ts";
import { type ComparisonOptions, type ComparisonPlan, planComparison } from "./plan.ts";

/** What was kept, and under which plan. */
export interface Collection {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly summary: ReplaySummary;
  /** By policy: what ranks and ratios compare with. */
  readonly peers: readonly (PeerValues | undefined)[];
}

/** A collection under way: chunks are added in their order. */
export interface BegunCollection {
  readonly plan: ComparisonPlan;
  readonly setup: ComparisonSetup;
  readonly merge: ReplayMerge;
  readonly collector: Collector;
}

/** Plans, and gathers the peers. */
export function beginCollection(options: ComparisonOptions): BegunCollection {
  const { panel } = options;
  const plan = planComparison(options);
  const { policies, from, to } = plan;
  const columns = plan.drift.metrics.map(({ name }) => name);
  const setup: ComparisonSetup = { task: replayTask({ policies, panel, from, to, columns }), plan };
  return { plan, setup, merge: new ReplayMerge(setup.task), collector: new Collector(plan, panel.entityCount) };
}

/** What was kept; every chunk must have been added. */
export function endCollection({ plan, setup, merge, collector }: BegunCollection): Collection {
  return { plan, collected: collector.finish(), summary: merge.finish(), peers: setup.task.peers };
}

/** Replays and collects in this thread. */
export function collectComparison(options: ComparisonOptions): Collection {
  const { panel, onProgress } = options;
  const begun = beginCollection(options);
  const work = compareChunks(begun.setup);
  let done = 0;
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    const { replayed, collected } = work(chunk);
    begun.merge.add(replayed);
    begun.collector.add(collected);
    done += chunk.entityCount;
    onProgress?.(done, panel.entityCount);
  }
  return endCollection(begun);
}
