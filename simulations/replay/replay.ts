/** Replays policies over a panel: chunk by chunk, every policy in one pass; peers are gathered in a pass before. */
import { invariant, type PeriodIndex } from "../../data/foundation/index.ts";
import { type GroupsAt, type OutcomeFrame, type Panel, type PanelChunk, rangeOf } from "../../data/panel/index.ts";
import type { Policy, Programme } from "../../policies/language/checked/index.ts";
import { ChunkReplay, type ReplayPart, type ReplayTask } from "./chunk-replay.ts";
import { gatherPeers } from "./gather-peers.ts";
import { ReplayMerge } from "./merge-replay.ts";
import type { ReplaySummary } from "./replay-summary.ts";

/** What to replay. */
export interface ReplayRequest {
  /** Each by itself, or a programme: its versions, each while it was in force. */
  readonly policies: readonly (Policy | Programme)[];
  readonly panel: Panel;
  /** First period that is reported. State always runs from the panel's first period. Default: the panel's first. */
  readonly from?: PeriodIndex;
  /** Last period; nothing after it is read. Default: the panel's last whose flows are complete. */
  readonly to?: PeriodIndex;
  /** Metric, score, ledger and condition columns to keep in the frames; a policy that lacks a name leaves it out. Default none. */
  readonly columns?: readonly string[];
  /** Whether the tiers held under the first policy, the baseline, are paired with those under the second. Default false. */
  readonly paired?: boolean;
  /** How the pairs of one period of the range are parted. Default: not at all. */
  readonly groups?: GroupsAt;
  /** Called after each chunk with entities done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What to replay, and what to do with the frames. */
export interface ReplayOptions extends ReplayRequest {
  /**
   * Called once a chunk, in chunk order, with one frame a policy, in their order. Rows outside the range hold -1. Frames are fresh
   * for every chunk and may be kept.
   */
  readonly visit: (chunk: PanelChunk, frames: readonly OutcomeFrame[]) => void;
}

/**
 * Runs every policy over the whole panel, in this thread. Deterministic to the byte: chunk size changes nothing but the moments of the calls.
 *
 * Memory: one chunk, its frames, and counters by period and tier; for ranks and ratios the values of all peers. Errors: InputRefused (`limit-exceeded`) when a window sum passes
 * 2^53 in smallest units, or when there are more peers' values than the limit `peerValues`.
 */
export function replay(options: ReplayOptions): ReplaySummary {
  const task = replayTask(options);
  const merge = new ReplayMerge(task);
  for (const part of chunkParts(task, options)) merge.add(part);
  return merge.finish();
}

/** The same with the digests of the frames. */
export async function replayWithDigests(options: ReplayOptions): Promise<ReplaySummary> {
  const task = { ...replayTask(options), digests: true };
  const merge = new ReplayMerge(task);
  for (const part of chunkParts(task, options)) {
    merge.add(part);
    await merge.catchUp();
  }
  return await merge.finishWithDigests();
}

function* chunkParts(task: ReplayTask, { panel, visit, onProgress }: ReplayOptions): Generator<ReplayPart> {
  const chunks = new ChunkReplay(task);
  let done = 0;
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    const { frames, part } = chunks.run(chunk);
    yield part;
    visit(chunk, frames);
    done += chunk.entityCount;
    onProgress?.(done, panel.entityCount);
  }
}

/** What every thread is told, digests not asked for; gathers the peers. */
export function replayTask({ policies, panel, columns = [], paired = false, groups, ...range }: ReplayRequest): ReplayTask {
  const { schema } = panel;
  const reported = rangeOf(schema, range);
  invariant(reported.from <= reported.to, "the range holds no period of the panel");
  invariant(!paired || policies.length === 2, "a pair of policies");
  invariant(
    groups === undefined || (paired && groups.at >= reported.from && groups.at <= reported.to),
    "groups of the pairs of a reported period",
  );
  const peers = gatherPeers(panel, policies, reported.to);
  return { policies, schema, range: reported, columns, peers, digests: false, paired, ...(groups === undefined ? {} : { groups }) };
}
