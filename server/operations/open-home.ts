/** Opens a home, and puts right what a crash left in it. */
import { openStore, type Store } from "../../data/store/index.ts";
import { recoverJobs } from "../jobs/index.ts";
import { clearWorkFolders } from "./import-files.ts";

/** Opens the catalogue of a home, by the clock of the machine. @throws InputRefused `catalogue-newer`, `catalogue-damaged`, `home-unusable`. */
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

/** The part of it that concerns files. What a living process works on is left alone. */
export async function recoverFiles(store: Store): Promise<readonly string[]> {
  const { recoverDatasets } = await import("../../data/datasets/index.ts");
  const known = store.datasets.list().map((dataset) => dataset.id);
  const sentences = recoverDatasets(store.home, known, (manifest, folder) => store.datasets.register(manifest, folder));
  const left = clearWorkFolders(store.home);
  return left === 0 ? sentences : [...sentences, `Removed ${left} folder(s) of files that were on their way in.`];
}
