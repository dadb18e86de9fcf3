/** Policies over history: outcome frames, tiers by period, and how long the start matters. */
export * from "./frame-table.ts";
export * from "./gather-peers.ts";
export * from "./replay.ts";
export * from "./replay-summary.ts";
