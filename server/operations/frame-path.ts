/** Where a frame file may stand, and what replays that were killed left there. Apart from its writer, which brings engines with it. */
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { runIdOf } from "../../data/store/index.ts";
import { endingOf, requireWritable } from "./output-file.ts";
import { clearOwned, ownedPrefix } from "./owned-folders.ts";

const forms = ["arrow", "parquet", "csv"] as const;
const partKind = ".frame";

/** A place for a frame. */
export interface FramePath {
  readonly form: (typeof forms)[number];
  /** The file itself, where a link was named. */
  readonly path: string;
  /** How the name of the hidden folder beside it begins in which it is made: a rename within one file system is whole or not at all. */
  readonly partPrefix: string;
}

/** Looks whether a frame can be written there. @throws InputRefused `output-unwritable`. */
export function framePath(named: string): FramePath {
  return { form: endingOf(named, forms), path: requireWritable(named), partPrefix: ownedPrefix(partKind) };
}

/** Removes what replays that were killed left beside the file. */
export function clearFrameParts(named: string): void {
  clearOwned(dirname(named), partKind);
}

/** Where a run's own frame is kept. */
export function keptFramePath(home: string, run: string): string {
  return join(home, "frames", `${run}.parquet`);
}

/** The same of a replay that is not a run yet, in a folder that is there. */
export function newFramePath(home: string, inputs: Readonly<Record<string, unknown>>): string {
  const path = keptFramePath(home, runIdOf("replay", inputs));
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/** Which runs keep a frame, and how large each is. */
export function keptFrames(home: string): readonly { readonly run: string; readonly bytes: number }[] {
  const folder = join(home, "frames");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const run = /^([0-9a-f]{12})\.parquet$/.exec(file)?.[1];
    const bytes = statSync(join(folder, file), { throwIfNoEntry: false })?.size;
    return run === undefined || bytes === undefined ? [] : [{ run, bytes }];
  });
}
