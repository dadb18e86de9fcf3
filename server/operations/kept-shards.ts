/** What the shards of a replay gave, kept in the home until the replay is done: one that was stopped goes on where it was. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { digestOfValue } from "../../data/foundation/index.ts";
import type { ShardCell } from "../../simulations/replay/index.ts";

/** The shards of one replay. */
export interface KeptShards {
  readonly kept: (shard: number) => readonly ShardCell[] | undefined;
  readonly keep: (shard: number, cells: readonly ShardCell[]) => void;
  readonly clear: () => void;
}

/** Replays that were stopped and not taken up again: beyond so many the one that is longest ago goes. */
const keptReplaysMax = 16;

const whole = z.number().int();
const cellsShape = z.array(
  z.strictObject({ period: whole, held: whole, entities: whole, gmv: z.number(), firstRows: whole, apart: whole, asked: whole }),
);

/** `identity`: everything that a shard's answer depends on but its number. */
export function keptShards(home: string, identity: Readonly<Record<string, string | number>>): KeptShards {
  const parent = join(home, "shards");
  const folder = join(parent, digestOfValue(identity));
  const pathOf = (shard: number) => join(folder, `${shard}.json`);
  removeOldest(parent, folder);
  return {
    kept: (shard) => {
      const path = pathOf(shard);
      return existsSync(path) ? readCells(path) : undefined;
    },
    keep: (shard, cells) => {
      mkdirSync(folder, { recursive: true });
      // The same replay may run in another process, and gives the same.
      const part = `${pathOf(shard)}.${process.pid}`;
      writeFileSync(part, JSON.stringify(cells));
      renameSync(part, pathOf(shard));
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A file that the disk lost half of is as none. */
function readCells(path: string): readonly ShardCell[] | undefined {
  try {
    return cellsShape.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
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
  for (const folder of latestFirst.slice(keptReplaysMax)) rmSync(folder, { recursive: true, force: true });
}
