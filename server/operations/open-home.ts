/** Opens a home, and puts right what a crash left in it. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "../../data/store/index.ts";
import { recoverJobs } from "../jobs/index.ts";
import { workFolders } from "./import-files.ts";

/** Opens the catalogue of a home, by the clock of the machine. @throws InputRefused `catalogue-newer`. */
export function openHome(home: string): Store {
  return openStore({ home, clock: () => new Date().toISOString() });
}

/**
 * Puts right what a crash left: jobs whose process died are queued again or marked, datasets that were frozen but not registered
 * are registered, half-made files are removed. Gives one sentence for each, none when all was well. Files on their way in are left
 * alone while another process still works in this home.
 */
export async function recoverHome(store: Store): Promise<readonly string[]> {
  const jobs = recoverJobs(store);
  return [...jobs, ...(store.jobs.inState("running").length > 0 ? [] : await recoverFiles(store))];
}

/** The part of it that concerns files. */
export async function recoverFiles(store: Store): Promise<readonly string[]> {
  const { recoverDatasets } = await import("../../data/datasets/index.ts");
  const known = store.datasets.list().map((dataset) => dataset.id);
  const sentences = recoverDatasets(store.home, known, (manifest, folder) => store.datasets.register(manifest, folder));
  const work = workFolders(store.home);
  const left = existsSync(work) ? readdirSync(work) : [];
  for (const folder of left) rmSync(join(work, folder), { recursive: true, force: true });
  return left.length === 0 ? sentences : [...sentences, `Removed ${left.length} folder(s) of files that were on their way in.`];
}
