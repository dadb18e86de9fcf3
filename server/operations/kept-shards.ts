/** What the shards of a replay gave, kept in the home until the replay is done: one that was stopped goes on where it was. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { digestOfValue, limits } from "../../data/foundation/index.ts";
import type { ShardAnswer, ShardFrame } from "../../simulations/replay/index.ts";

/** The shards of one replay. */
export interface KeptShards {
  readonly kept: (shard: number) => ShardAnswer | undefined;
  readonly keep: (shard: number, answer: ShardAnswer) => void;
  readonly keptFrame: (shard: number) => ShardFrame | undefined;
  readonly keepFrame: (shard: number, frame: ShardFrame) => void;
  readonly clear: () => void;
}

const whole = z.number().int();
const held = z.array(whole);
const answerShape = z.strictObject({
  cells: z.array(
    z.strictObject({ period: whole, held, entities: whole, gmv: z.number(), firstRows: whole, apart: z.array(whole), asked: whole }),
  ),
  groups: z.array(z.strictObject({ parting: whole, group: whole, held, entities: whole, sales: z.number() })),
});

/** `identity`: everything that a shard's answer depends on but its number. */
export function keptShards(home: string, identity: Readonly<Record<string, string | number>>): KeptShards {
  const parent = join(home, "shards");
  const folder = join(parent, digestOfValue(identity));
  removeOldest(parent, folder);
  /** The same replay may run in another process, and gives the same. */
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(folder, { recursive: true });
    const part = join(folder, `${name}.${process.pid}`);
    writeFileSync(part, content);
    renameSync(part, join(folder, name));
  };
  const read = <Kept>(name: string, understand: (content: Buffer) => Kept): Kept | undefined => {
    const path = join(folder, name);
    return existsSync(path) ? unlessTorn(() => understand(readFileSync(path))) : undefined;
  };
  return {
    kept: (shard) => read(`${shard}.json`, (content) => answerShape.parse(JSON.parse(content.toString()))),
    keep: (shard, answer) => write(`${shard}.json`, JSON.stringify(answer)),
    // Packed: a third to a tenth of its size, and what is torn does not unpack.
    keptFrame: (shard) => read(`${shard}.frame`, (content) => deserialize(gunzipSync(content)) as ShardFrame),
    keepFrame: (shard, frame) => write(`${shard}.frame`, gzipSync(serialize(frame), { level: 1 })),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A file that the disk lost half of is as none. */
function unlessTorn<Kept>(understand: () => Kept): Kept | undefined {
  try {
    return understand();
  } catch {
    return undefined;
  }
}

function removeOldest(parent: string, but: string): void {
  if (!existsSync(parent)) return;
  const folders = readdirSync(parent)
    .map((name) => join(parent, name))
    .filter((folder) => folder !== but);
  const latestFirst = folders.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of latestFirst.slice(limits.replaysKept.value)) rmSync(folder, { recursive: true, force: true });
}
