/** Folders for files that are not finished: each bears the name of the process that fills it, so that only those of the dead are cleared. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive, processIdentity } from "../jobs/index.ts";

/** How the name of a folder of this process begins; what tells it from others comes after. */
export function ownedPrefix(kind: string): string {
  return `${kind}-${processIdentity().replace(":", "_")}-`;
}

/** Removes the folders of this kind whose process is gone, and gives how many they were. */
export function clearOwned(parent: string, kind: string): number {
  if (!existsSync(parent)) return 0;
  const left = readdirSync(parent).filter((name) => name.startsWith(`${kind}-`) && !isOwned(name.slice(kind.length + 1)));
  for (const name of left) rmSync(join(parent, name), { recursive: true, force: true });
  return left.length;
}

function isOwned(rest: string): boolean {
  const identity = /^(\d+)_(\w*)-/.exec(rest);
  return identity !== null && isAlive(`${identity[1]}:${identity[2]}`);
}
