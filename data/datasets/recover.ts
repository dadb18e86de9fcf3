/** After a crash: takes away what no import finished, and registers what one finished but did not live to register. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type DatasetManifest, readManifest } from "../panel/index.ts";
import { closeStaging, isOwned, stagedDataset } from "./staging.ts";

/**
 * Cleans `<home>/staging` and compares `<home>/datasets` with the catalogue. Gives one sentence for each thing that it did or found; none
 * when all was well. Imports that run right now, here or in another living process, are left alone. `register` may be called for a dataset
 * that another process registers at the same moment, so it must bear that.
 */
export function recoverDatasets(
  home: string,
  knownIds: readonly string[],
  register: (manifest: DatasetManifest, folder: string) => void,
): string[] {
  const sentences: string[] = [];
  for (const name of foldersIn(join(home, "staging"))) {
    const folder = join(home, "staging", name);
    if (isOwned(folder)) continue;
    const dataset = stagedDataset(folder);
    closeStaging(folder);
    sentences.push(
      `An import${dataset === undefined ? "" : ` of '${dataset}'`} was interrupted; what it had written was removed, nothing was registered. Import it again.`,
    );
  }
  const known = new Set(knownIds);
  const present = foldersIn(join(home, "datasets"));
  for (const id of present) {
    if (known.has(id)) continue;
    const folder = join(home, "datasets", id);
    const manifest = soundManifest(folder, id);
    if (manifest === undefined) {
      rmSync(folder, { recursive: true, force: true });
      sentences.push(`The dataset folder '${id}' was incomplete and not registered; it was removed.`);
    } else {
      register(manifest, folder);
      sentences.push(`The dataset '${id}' was complete but not registered, because its import was interrupted; it was registered.`);
    }
  }
  for (const id of knownIds) {
    if (present.includes(id)) continue;
    sentences.push(`The dataset '${id}' is registered but its folder is gone; import it again or remove it from the catalogue.`);
  }
  return sentences;
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function soundManifest(folder: string, id: string): DatasetManifest | undefined {
  try {
    const manifest = readManifest(folder);
    return manifest.id === id ? manifest : undefined;
  } catch {
    return undefined;
  }
}
