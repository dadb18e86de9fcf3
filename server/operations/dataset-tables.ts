/** `dataset tables`: a history as Parquet files for a distributed engine. */
import { existsSync, readdirSync } from "node:fs";
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { openPanel, requireRows } from "../../data/panel/index.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation } from "./operation.ts";
import { resolveDataset } from "./resolve.ts";
import { datasetNameShape } from "./shapes.ts";

const input = z.strictObject({
  dataset: datasetNameShape,
  folder: z
    .string()
    .min(1)
    .describe("A folder that is new or empty; the engine must reach it")
    .meta({ examples: ["/shared/sellers"] }),
  shards: z.number().int().min(1).max(100_000).default(16).describe("Parts of whole sellers or creators that are replayed one by one"),
});

export const datasetTables = defineOperation({
  name: "dataset tables",
  summary: "Lays a history down as Parquet files, for replays where a distributed engine reads them.",
  input,
  output: z.object({
    dataset: z.string(),
    folder: z.string(),
    shards: z.number().int(),
    rows: z.number().int(),
    statements: z.array(z.string()).describe("How Trino is told of the tables; LOCATION stands for the folder as the engine reaches it"),
  }),
  isLong: true,
  command: { arguments: ["dataset", "folder"] },
  title: ({ dataset }) => `Tables of ${dataset}`,
  admit: ({ dataset, folder }, { store }) => {
    requireRows(resolveDataset(store, dataset).manifest);
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new InputRefused([
        diagnose("output-unwritable", { message: `'${folder}' is not empty`, found: folder, cure: "Name a new folder." }),
      ]);
  },
  perform: async ({ dataset, folder, shards }, { store, onProgress }) => {
    const found = resolveDataset(store, dataset);
    const { layTables } = await import("./lay-tables.ts");
    const panel = openPanel(found.folder);
    const statements = await onSoundDataset(found, () =>
      layTables(panel, {
        names: found.manifest,
        folder,
        shardCount: shards,
        onProgress: (done, total) => onProgress({ stage: "Laying down", done, total }),
      }),
    );
    return { dataset: found.id, folder, shards, rows: panel.rowCount, statements };
  },
  print: ({ rows, folder, shards, statements }) =>
    [`Laid ${rows} rows down in ${folder}, in ${shards} shards.`, "", ...statements.map((statement) => `${statement};`)].join("\n"),
});
