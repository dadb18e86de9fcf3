/** The frames of all shards, one after another: what they are digested to, which is what the kernels' frames are. */
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { digestedRows, OutcomeDigest } from "./outcome-digest.ts";
import type { ReplaySummary } from "./replay-summary.ts";
import { reportedRows } from "./reported-range.ts";
import type { ShardFrame } from "./shard-frame.ts";

/**
 * Shows every frame, in the order of the shards, and gives the summary with their digest: of the last policy's. Memory: one shard. Errors: InputRefused
 * `engine-unfit` where the shards are not in key order.
 */
export async function digestShardFrames(
  summary: ReplaySummary,
  {
    shardCount,
    read,
    visit,
  }: { readonly shardCount: number; readonly read: (shard: number) => Promise<ShardFrame>; readonly visit: (frame: ShardFrame) => void },
): Promise<ReplaySummary> {
  const digest = new OutcomeDigest(summary.policies.at(-1)?.tiers ?? []);
  let lastKey: string | undefined;
  for (let shard = 0; shard < shardCount; shard++) {
    const each = await read(shard);
    const { rows, frame } = each;
    const [first] = rows.entities;
    if (first !== undefined && lastKey !== undefined && first <= lastKey) throw outOfOrder(shard, first, lastKey);
    lastKey = rows.entities.at(-1) ?? lastKey;
    digest.add(digestedRows(rows, reportedRows(rows, summary))(frame));
    visit(each);
    await digest.catchUp();
  }
  const whole = await digest.finish();
  const last = summary.policies.length - 1;
  return { ...summary, policies: summary.policies.map((policy, index) => (index === last ? { ...policy, digest: whole } : policy)) };
}

function outOfOrder(shard: number, first: string, last: string): InputRefused {
  const message = `shard ${shard} begins with '${first}', which does not come after '${last}' of the shards before it`;
  const cure = "A frame is in the order of its keys: lay the tables down with `counterweight dataset tables`.";
  return new InputRefused([diagnose("engine-unfit", { message, found: first, cure })]);
}
