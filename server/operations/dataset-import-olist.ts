/** `dataset import-olist`: the public Brazilian marketplace, from its original files. */
import { z } from "zod";
import { hasErrors, InputRefused } from "../../data/foundation/index.ts";
import { requirePath } from "./dataset-import.ts";
import { importByDescriptor, importedShape, printImported, withWorkFolder } from "./import-files.ts";
import { defineOperation } from "./operation.ts";

export const datasetImportOlist = defineOperation({
  name: "dataset import-olist",
  summary: "Imports the Olist marketplace from its original files: a weekly panel of sellers, and monthly snapshots of the same orders.",
  input: z.strictObject({
    folder: z
      .string()
      .min(1)
      .describe("Folder that holds the original files")
      .meta({ examples: ["olist"] }),
  }),
  output: importedShape.extend({
    monthly: importedShape.describe("The snapshot form of the same orders"),
    facts: z.record(z.string(), z.unknown()).describe("Counts of the original files, as read"),
  }),
  isLong: true,
  command: { arguments: ["folder"] },
  route: { method: "post", path: "/api/datasets/olist" },
  title: () => "Import Olist",
  admit: ({ folder }, context) => requirePath(folder, context),
  perform: async ({ folder }, context) => {
    return await withWorkFolder(context.store.home, async (workFolder) => {
      const { prepareOlist } = await import("../../data/datasets/index.ts");
      const { descriptorPaths, diagnostics, facts } = await prepareOlist({ folder, workFolder, onProgress: context.onProgress });
      if (hasErrors(diagnostics)) throw new InputRefused(diagnostics);
      const weekly = await importByDescriptor(descriptorPaths.weekly, context, diagnostics);
      const monthly = await importByDescriptor(descriptorPaths.monthly, context);
      return { ...weekly, monthly, facts: { ...facts } };
    });
  },
  link: ({ dataset }) => `/datasets/${dataset.id}`,
  print: (imported) => [printImported(imported), printImported(imported.monthly)].join("\n\n"),
});
