/** A small demo marketplace as a panel, and library policies, for tests that need real histories. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importDataset, prepareDemo } from "../../data/datasets/index.ts";
import { present } from "../../data/foundation/index.ts";
import { openPanel, type Panel } from "../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";

/** Makes the marketplace; `remove` when done. Cost: about a second for 300 sellers. */
export async function demoMarket(size: { sellers: number; weeks: number; seed?: number }): Promise<{ panel: Panel; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "demo-market-"));
  const demo = await prepareDemo({ kind: "seller", seed: 1, ...size, workFolder: folder });
  const imported = await importDataset({ descriptorPath: demo.descriptorPath, home: join(folder, "home"), register: () => {} });
  return { panel: openPanel(present(imported.folder, "dataset folder")), remove: () => rmSync(folder, { recursive: true }) };
}

/** A policy of the library. */
export function libraryPolicy(reference: string): Policy {
  return present(readLibraryPolicy(reference).policy, reference);
}
