/** `dataset list`: what there is. */
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { datasetJson, datasetShape, qualityShape } from "./shapes.ts";
import { textTable } from "./text-table.ts";

export const datasetList = defineOperation({
  name: "dataset list",
  summary: "Lists the datasets of this home, each with its quality.",
  input: z.strictObject({}),
  output: z.object({ datasets: z.array(datasetShape.extend({ quality: qualityShape })) }),
  command: { arguments: [] },
  route: { method: "get", path: "/api/datasets" },
  perform: (_, { store }) => ({
    datasets: store.datasets.list().map((record) => ({ ...datasetJson(record), quality: record.manifest.quality })),
  }),
  print: ({ datasets }) =>
    datasets.length === 0
      ? "There is no dataset yet. Make one with: counterweight dataset demo"
      : textTable(
          ["id", "entities", "rows", "grain", "from", "to", "rejected"],
          datasets.map(({ dataset, rejected }) => [
            dataset.id,
            String(dataset.entities),
            String(dataset.rows),
            dataset.periods.grain,
            dataset.periods.from,
            dataset.periods.to,
            dataset.liesIn === undefined ? String(rejected.rows) : `not known: rows lie in ${dataset.liesIn}`,
          ]),
        ),
});
