/** Policies over history: outcome frames, tiers by period, and how long the start matters. */
export { type ChunkWork, serveChunks, threadsFor, workOnChunks } from "./chunk-pool.ts";
export { type ChunkOutcome, ChunkReplay, type ReplayPart, type ReplayTask } from "./chunk-replay.ts";
export { digestShardFrames } from "./digest-shard-frames.ts";
export * from "./frame-table.ts";
export * from "./gather-peers.ts";
export { ReplayMerge } from "./merge-replay.ts";
export * from "./replay.ts";
export * from "./replay-in-shards.ts";
export * from "./replay-on-threads.ts";
export * from "./replay-summary.ts";
export { reportedRows } from "./reported-range.ts";
export { ShardAnswerRows } from "./shard-answer.ts";
export * from "./shard-frame.ts";
export { serve, Thread } from "./thread.ts";
export { pairTotals } from "./tier-totals.ts";
