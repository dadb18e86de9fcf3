/** Imports by a descriptor, and registers what was frozen: the one path of every dataset into a home. */
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Diagnostic, InputRefused, present } from "../../data/foundation/index.ts";
import type { OperationContext } from "./operation.ts";
import { clearOwned, ownedPrefix } from "./owned-folders.ts";
import { datasetJson, datasetShape, diagnosticJson, diagnosticShape } from "./shapes.ts";
import { textTable } from "./text-table.ts";

export const importedShape = datasetShape.extend({
  reused: z.boolean().describe("True when the same content was there already"),
  diagnostics: diagnosticShape.array(),
});

/** Imports what the descriptor describes. @throws InputRefused when the descriptor is wrong or no row remains. */
export async function importByDescriptor(descriptorPath: string, context: OperationContext, earlier: readonly Diagnostic[] = []) {
  const { store, onProgress } = context;
  const { importDataset } = await import("../../data/datasets/index.ts");
  const { manifest, reused, diagnostics } = await importDataset({
    descriptorPath,
    home: store.home,
    register: (made, folder) => store.datasets.register(made, folder),
    idOf: (digest) => store.datasets.list().find((known) => known.digest === digest)?.id,
    onProgress,
  });
  if (manifest === undefined) throw new InputRefused(diagnostics);
  const record = present(store.datasets.find(manifest.id)[0], `dataset ${manifest.id}`);
  const found = [...earlier, ...diagnostics].map((diagnostic) => inFolder(diagnosticJson(diagnostic), record.folder));
  return { ...datasetJson(record), reused, diagnostics: found };
}

/** A cure that sends to a list in the dataset's folder names the folder, now that it is known. */
function inFolder<D extends { readonly cure: string }>(diagnostic: D, folder: string): D {
  return { ...diagnostic, cure: diagnostic.cure.replace("the dataset's folder", folder) };
}

/**
 * Gives a folder for files on their way in, and removes it afterwards, whatever happens. A crash leaves it to `clearWorkFolders`.
 *
 * @throws InputRefused `cannot-write` when the disk is full or refuses; otherwise what the work throws.
 */
export async function withWorkFolder<Result>(home: string, work: (folder: string) => Promise<Result>): Promise<Result> {
  const parent = workFolders(home);
  let folder: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    folder = mkdtempSync(join(parent, ownedPrefix("source")));
    return await work(folder);
  } catch (error) {
    const { writeFault } = await import("../../data/datasets/index.ts");
    const fault = error instanceof InputRefused ? undefined : writeFault(error);
    throw fault === undefined ? error : new InputRefused([fault]);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes the folders whose process is gone, and gives how many they were. */
export function clearWorkFolders(home: string): number {
  return ["source", "spill", "connecting"].reduce((sum, kind) => sum + clearOwned(workFolders(home), kind), 0);
}

/** Where files are that are gone when the work on them is done. */
function workFolders(home: string): string {
  return join(home, "work");
}

function totalsTable(totals: Readonly<Record<string, number>>): string {
  return textTable(
    ["measure", "total"],
    Object.entries(totals).map(([measure, total]) => [measure, String(total)]),
  );
}

/** An import in words. */
export function printImported(imported: z.output<typeof importedShape>): string {
  const { dataset, totals, rejected, setAside, reused, diagnostics } = imported;
  const { periods } = dataset;
  return [
    `${dataset.title}: ${reused ? "this content was there already" : "imported"} as ${dataset.id}`,
    `${dataset.entities} entities, ${dataset.rows} rows, ${periods.count} periods (${periods.grain}) from ${periods.from} to ${periods.to}`,
    "",
    ...(Object.keys(totals).length === 0 ? [] : [totalsTable(totals), ""]),
    rejected.rows === 0 ? "No row was rejected." : `${rejected.rows} rows were rejected:`,
    ...rejected.reasons.map((reason) => `  ${reason.count} ${reason.code}`),
    ...(rejected.rows === 0 ? [] : [`List them with: counterweight dataset rejected ${dataset.id}`]),
    ...(setAside === undefined || setAside.rows === 0
      ? []
      : [`${setAside.rows} rows of the original files were set aside: counterweight dataset rejected ${dataset.id} --list set-aside`]),
    ...diagnostics.map((diagnostic) => `${diagnostic.severity}: ${diagnostic.code}: ${diagnostic.message}. ${diagnostic.cure}`),
  ].join("\n");
}
