/** What a list of entities is made from: a replay of which only the end of the range is kept, and what the list itself reads. */

import { present } from "../../data/foundation/index.ts";
import { type OutcomeFrame, type Panel, type PanelChunk, sumOverSpan } from "../../data/panel/index.ts";
import { type ChunkOutcome, ChunkReplay, replayTask } from "../replay/index.ts";
import type { Collected, EndColumns } from "./collect.ts";
import type { ComparisonPlan } from "./plan.ts";

/** Who holds what at the end of the range, and its size: what `collectComparison` has of it, to the byte. */
export interface EndCollected extends Pick<Collected, "entityCount" | "chunkStart"> {
  readonly end: Pick<EndColumns, "held" | "orders">;
}

/** What is read of a chunk: one frame a replayed policy, in their order, and the position of the chunk's first entity. */
type Visit = (chunk: PanelChunk, frames: readonly OutcomeFrame[], first: number) => void;

/**
 * Replays the policies at these positions of a plan; of others nothing is held. Frames are used again: nothing of them may be kept.
 * Cost: one replay of these policies, and 8 bytes an entity and one more a policy.
 */
export function collectEnd(plan: ComparisonPlan, panel: Panel, positions: readonly number[], visit: Visit): EndCollected {
  const policies = positions.map((position) => present(plan.policies[position], "a policy"));
  const chunks = new ChunkReplay(replayTask({ policies, panel, from: plan.from, to: plan.to }));
  const { entityCount } = panel;
  const held = plan.policies.map((_, position) => new Int8Array(positions.includes(position) ? entityCount : 0).fill(-1));
  const orders = new Float64Array(entityCount);
  const chunkStart: number[] = [];
  let first = 0;
  let last: ChunkOutcome | undefined;
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    last = chunks.run(chunk, last);
    chunkStart.push(first);
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const row = (chunk.rowStart[entity] as number) + plan.to - (chunk.firstPeriod[entity] as number);
      const isThere = row >= (chunk.rowStart[entity] as number) && row < (chunk.rowStart[entity + 1] as number);
      if (!isThere || last.frames.some((frame) => (frame.held[row] as number) < 0)) continue;
      for (const [at, position] of positions.entries())
        present(held[position], "held tiers")[first + entity] = last.frames[at]?.held[row] as number;
      orders[first + entity] = sumOverSpan(chunk, plan.ordersColumn, plan.ordersSpan, entity);
    }
    visit(chunk, last.frames, first);
    first += chunk.entityCount;
  }
  return { entityCount, chunkStart, end: { held, orders } };
}
