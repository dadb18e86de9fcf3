/** `dataset import`: a history that a descriptor describes. */
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { importByDescriptor, importedShape, printImported } from "./import-files.ts";
import { defineOperation, type OperationContext } from "./operation.ts";

export const datasetImport = defineOperation({
  name: "dataset import",
  summary: "Imports the history that a descriptor describes, checks it, and freezes it under its digest.",
  input: z.strictObject({
    descriptor: z
      .string()
      .min(1)
      .describe("Path of the descriptor, a YAML file")
      .meta({ examples: ["sellers.yaml"] }),
  }),
  output: importedShape,
  isLong: true,
  command: { arguments: ["descriptor"] },
  route: { method: "post", path: "/api/datasets" },
  title: ({ descriptor }) => `Import ${basename(descriptor)}`,
  admit: ({ descriptor }, context) => requirePath(descriptor, context),
  perform: async ({ descriptor }, context) => await importByDescriptor(descriptor, context),
  link: ({ dataset }) => `/datasets/${dataset.id}`,
  print: printImported,
});

/** @throws InputRefused `path-refused` when the caller may not name this one, `file-not-found` when there is none. */
export function requirePath(path: string, context: OperationContext): void {
  const isDescriptor = /\.ya?ml$/.test(path) || (existsSync(path) && statSync(path).isDirectory());
  if (context.reads === "nothing" || (context.reads === "datasets" && !isDescriptor)) {
    throw new InputRefused([diagnose("path-refused", { message: `'${path}' names a file of the server`, found: path })]);
  }
  if (!existsSync(path)) throw new InputRefused([diagnose("file-not-found", { message: `there is no '${path}'`, found: path })]);
}
