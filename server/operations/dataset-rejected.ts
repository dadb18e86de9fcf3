/** `dataset rejected`: the rows that an import left out, each with its place and reason. */
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { resolveDataset } from "./resolve.ts";
import { datasetNameShape } from "./shapes.ts";

export const datasetRejected = defineOperation({
  name: "dataset rejected",
  summary: "Lists the rows that the import left out, each with file, line and reason.",
  input: z.strictObject({
    dataset: datasetNameShape,
    offset: z.number().int().min(0).default(0).describe("Rows to skip"),
    limit: z.number().int().min(1).max(10_000).default(100).describe("Rows to give at most"),
  }),
  output: z.object({ rows: z.number().int().describe("All rejected rows"), listed: z.array(z.record(z.string(), z.unknown())) }),
  command: { arguments: ["dataset"] },
  route: { method: "get", path: "/api/datasets/{dataset}/rejected" },
  perform: async ({ dataset, offset, limit }, { store }) => {
    const record = resolveDataset(store, dataset);
    return { rows: record.manifest.rejected.rows, listed: await readRejected(record.folder, offset, limit) };
  },
  print: ({ rows, listed }) => [`${rows} rows were rejected.`, ...listed.map((row) => JSON.stringify(row))].join("\n"),
});

/** Reads a stretch of `rejected.ndjson`. Cost: the lines up to its end. */
export async function readRejected(folder: string, offset: number, limit: number): Promise<Record<string, unknown>[]> {
  const file = join(folder, "rejected.ndjson");
  if (!existsSync(file)) return [];
  const listed: Record<string, unknown>[] = [];
  let position = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === "" || position++ < offset) continue;
    listed.push(JSON.parse(line) as Record<string, unknown>);
    if (listed.length >= limit) break;
  }
  return listed;
}
