/** `dataset demo`: a marketplace with known truth. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { countText, hasErrors, InputRefused } from "../../data/foundation/index.ts";
import { inputDigestOf } from "../../data/store/index.ts";
import { datasetsDigest } from "./code-digest.ts";
import { importByDescriptor, importedShape, printImported, withWorkFolder } from "./import-files.ts";
import { defineOperation } from "./operation.ts";
import { datasetJson } from "./shapes.ts";

const input = z.strictObject({
  kind: z.enum(["seller", "creator"]).default("seller").describe("Who is scored"),
  sellers: z.number().int().min(1).max(10_000_000).default(1500).describe("How many sellers or creators"),
  weeks: z.number().int().min(8).max(1040).default(52).describe("How many weeks of history"),
  seed: z
    .number()
    .int()
    .min(0)
    .max(4_294_967_295)
    .default(1)
    .describe("Seed of the random streams: the same seed makes the same marketplace"),
});

export const datasetDemo = defineOperation({
  name: "dataset demo",
  summary: "Makes a marketplace with known truth, and imports it.",
  input,
  output: importedShape,
  isLong: true,
  command: { arguments: [] },
  route: { method: "post", path: "/api/datasets/demo" },
  title: ({ kind, sellers, weeks, seed }) => `Demo marketplace: ${countText(sellers)} ${kind}s, ${countText(weeks)} weeks, seed ${seed}`,
  recall: (request, { store }) => {
    const record = store.datasets.findByOrigin(originOf(request));
    // Files that are gone are made anew.
    return record === undefined || !existsSync(join(record.folder, "dataset.json"))
      ? undefined
      : { ...datasetJson(record), reused: true, diagnostics: [] };
  },
  perform: async (request, context) =>
    await withWorkFolder(context.store.home, async (workFolder) => {
      const { prepareDemo } = await import("../../data/datasets/index.ts");
      const { descriptorPath, diagnostics } = await prepareDemo({ ...request, workFolder, onProgress: context.onProgress });
      if (hasErrors(diagnostics)) throw new InputRefused(diagnostics);
      const imported = await importByDescriptor(descriptorPath, context, diagnostics);
      context.store.datasets.rememberOrigin(originOf(request), imported.dataset.id);
      return imported;
    }),
  link: ({ dataset }) => `/datasets/${dataset.id}`,
  print: printImported,
});

/** The request and the code that answers it: other code may make another marketplace. */
function originOf(request: z.output<typeof input>): string {
  return inputDigestOf("demo", { ...request, code: datasetsDigest() });
}
