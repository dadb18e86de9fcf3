/** What a thread of a comparison does with chunks; nothing of what describes the figures is needed for it. */
import type { PanelChunk } from "../../data/panel/index.ts";
import { type ChunkOutcome, ChunkReplay, type ReplayPart, type ReplayTask } from "../replay/index.ts";
import { type CollectedPart, collectChunk } from "./collect.ts";
import type { ComparisonPlan } from "./plan.ts";

/** A thread's part of a comparison, one chunk after another: replays it, and collects what the comparison keeps of it. */
export function compareChunks({ task, plan }: ComparisonSetup): (chunk: PanelChunk) => ComparisonPart {
  const chunks = new ChunkReplay(task);
  let last: ChunkOutcome | undefined;
  return (chunk) => {
    last = chunks.run(chunk, last);
    return { replayed: last.part, collected: collectChunk(plan, chunk, last.frames) };
  };
}

/** What a thread of a comparison is told, and what it gives of a chunk. */
export interface ComparisonSetup {
  readonly task: ReplayTask;
  readonly plan: ComparisonPlan;
}
export interface ComparisonPart {
  readonly replayed: ReplayPart;
  readonly collected: CollectedPart;
}
