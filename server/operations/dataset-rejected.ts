/** `dataset rejected`: the rows that an import left out, or that its importer could not place, each with its place and reason. */
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { requireRows } from "../../data/panel/index.ts";
import { defineOperation } from "./operation.ts";
import { resolveDataset } from "./resolve.ts";
import { datasetNameShape } from "./shapes.ts";

export const datasetRejected = defineOperation({
  name: "dataset rejected",
  summary: "Lists the rows that the import left out, or that the importer could not place, each with file, line and reason.",
  input: z.strictObject({
    dataset: datasetNameShape,
    list: z
      .enum(["rejected", "set-aside"])
      .default("rejected")
      .describe("`rejected`: rows that failed a check; `set-aside`: rows of the original files that the importer could not place"),
    offset: z.number().int().min(0).default(0).describe("Rows to skip"),
    limit: z.number().int().min(1).max(10_000).default(100).describe("Rows to give at most"),
  }),
  output: z.object({
    rows: z.number().int().describe("All rows of the list"),
    listed: z.array(z.record(z.string(), z.unknown())),
    setAside: z.number().int().describe("All rows that the importer could not place"),
  }),
  command: { arguments: ["dataset"] },
  route: { method: "get", path: "/api/datasets/{dataset}/rejected" },
  perform: async ({ dataset, list, offset, limit }, { store }) => {
    const { folder, manifest } = resolveDataset(store, dataset);
    requireRows(manifest);
    const setAside = manifest.setAside?.rows ?? 0;
    const rows = list === "rejected" ? manifest.rejected.rows : setAside;
    return { rows, listed: await readLeftOut(folder, list, { offset, limit }), setAside };
  },
  print: ({ rows, listed, setAside }, { list, dataset }) =>
    [
      list === "rejected" ? `${rows} rows were rejected.` : `${rows} rows of the original files were set aside by the importer.`,
      ...listed.map((row) => JSON.stringify(row)),
      ...(list === "set-aside" || setAside === 0
        ? []
        : [`${setAside} rows of the original files were set aside: counterweight dataset rejected ${dataset} --list set-aside`]),
    ].join("\n"),
});

/** Reads a stretch of `rejected.ndjson` or `set-aside.ndjson`. Cost: the lines up to its end. */
export async function readLeftOut(
  folder: string,
  list: "rejected" | "set-aside",
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<Record<string, unknown>[]> {
  const file = join(folder, `${list}.ndjson`);
  if (!existsSync(file)) return [];
  const listed: Record<string, unknown>[] = [];
  let position = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === "" || position++ < offset) continue;
    listed.push(readLine(line, file, position));
    if (listed.length >= limit) break;
  }
  return listed;
}

function readLine(line: string, file: string, number: number): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputRefused([diagnose("damaged-dataset", { message, place: { file, line: number, column: 1 } })]);
  }
}
