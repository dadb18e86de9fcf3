/** Checks that a frozen dataset still holds what its digest says. */
import { type Diagnostic, diagnose } from "../foundation/index.ts";
import { chunkPath, eventFieldNames, type PanelSchema, readColumnFile, readManifest, readStoredChunk } from "../panel/index.ts";
import { ContentDigest } from "./content-digest.ts";
import { MeasureAccount } from "./measure-account.ts";

/** Reads every chunk and takes the digest anew. No diagnostic: the folder is sound. Cost: one read and one hash of all bytes. */
export function verifyDataset(folder: string): readonly Diagnostic[] {
  try {
    const manifest = readManifest(folder);
    const { schema, name, title, source, hasTruth, rejected, setAside } = manifest;
    const digest = new ContentDigest(schema);
    const account = new MeasureAccount({ ...schema, entityCount: manifest.entities });
    const versionColumns = [
      ...schema.measures.map((each) => each.name),
      ...schema.attributes.filter((each) => each.scope === "row").map((each) => each.name),
    ];
    for (let index = 0; index < manifest.chunks.length; index++) {
      const chunk = readStoredChunk(folder, schema, index);
      digest.add(chunk);
      account.add(chunk.draft);
      const severities = unlistedSeverities(folder, schema, index);
      if (severities !== undefined) digest.addEventField("severity", severities);
      if (!manifest.hasVersions) continue;
      const file = readColumnFile(chunkPath(folder, "versions", index));
      for (const column of ["period", "known_on", "file"]) digest.addVersions(column, file.integers(column));
      for (const column of versionColumns) digest.addVersions(column, file.floats(column));
    }
    const description = { name, title, source, hasTruth, rejected: rejected.reasons };
    const found = digest.finish({ ...description, ...(setAside === undefined ? {} : { setAside: setAside.reasons }) }, account.finish());
    if (found === manifest.digest) return [];
    return [
      diagnose("damaged-dataset", { message: `the content of ${manifest.id} gives another digest`, found, expected: manifest.digest }),
    ];
  } catch (error) {
    return [
      diagnose("damaged-dataset", {
        message: `the dataset in '${folder}' cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      }),
    ];
  }
}

/** A dataset frozen before kinds listed their fields holds a severity that its digest covers and its schema does not name. */
function unlistedSeverities(folder: string, schema: PanelSchema, index: number): readonly string[] | undefined {
  if (eventFieldNames(schema).includes("severity")) return undefined;
  const file = readColumnFile(chunkPath(folder, "events", index));
  return file.names.includes("severity") ? file.texts("severity") : undefined;
}
