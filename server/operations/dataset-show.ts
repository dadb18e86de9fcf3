/** `dataset show`: one dataset, and how good it is. */
import { z } from "zod";
import { formatDay } from "../../data/foundation/index.ts";
import { defineOperation } from "./operation.ts";
import { resolveDataset } from "./resolve.ts";
import { datasetJson, datasetNameShape, datasetShape, qualityShape } from "./shapes.ts";
import { textTable } from "./text-table.ts";

export const datasetShow = defineOperation({
  name: "dataset show",
  summary: "Shows one dataset: its extent, totals, what was rejected or set aside, and its quality.",
  input: z.strictObject({ dataset: datasetNameShape }),
  output: datasetShape.extend({
    quality: qualityShape,
    schema: z.looseObject({
      measures: z.array(z.looseObject({ name: z.string(), kind: z.enum(["flow", "level"]), unit: z.string() })),
      attributes: z.array(z.looseObject({ name: z.string(), type: z.string() })),
      outcomes: z.array(z.looseObject({ name: z.string(), definition: z.string() })),
      currency: z.string().optional(),
      rates: z.array(z.object({ to: z.string(), dated: z.array(z.object({ day: z.number(), rate: z.number() })) })).optional(),
    }),
  }),
  command: { arguments: ["dataset"] },
  route: { method: "get", path: "/api/datasets/{dataset}" },
  perform: ({ dataset }, { store }) => {
    const record = resolveDataset(store, dataset);
    const { quality, schema } = record.manifest;
    return { ...datasetJson(record), quality, schema };
  },
  print: ({ dataset, totals, rejected, setAside, quality, schema }) =>
    [
      `${dataset.title} (${dataset.id})`,
      dataset.source,
      `${dataset.entities} ${dataset.entity}s, ${dataset.rows} rows, ${dataset.periods.count} periods from ${dataset.periods.from} to ${dataset.periods.to}, known at ${dataset.knownAt}`,
      "",
      textTable(
        ["measure", "total", "min", "max", "missing"],
        quality.measures.map((measure) => [
          measure.name,
          String(totals[measure.name] ?? ""),
          String(measure.min ?? ""),
          String(measure.max ?? ""),
          `${(measure.missingShare * 100).toFixed(1)} %`,
        ]),
      ),
      "",
      ...(dataset.liesIn === undefined ? [`${quality.gaps.rows} rows are filled gaps, in ${quality.gaps.entities} entities.`] : []),
      ...(schema.rates ?? []).map(({ to, dated }) => {
        const [first, last] = [dated[0]?.day ?? 0, dated.at(-1)?.day ?? 0];
        return `rates from ${schema.currency ?? ""} to ${to}: ${dated.length}, of ${formatDay(first)} to ${formatDay(last)}`;
      }),
      ...quality.labels.map((label) => `${label.source}: ${label.labels} labels, on ${(label.coverage * 100).toFixed(1)} % of the rows`),
      ...(dataset.liesIn === undefined ? [`${rejected.rows} rows were rejected.`] : []),
      ...rejected.reasons.map((reason) => `  ${reason.count} ${reason.code}`),
      ...(setAside === undefined ? [] : [`${setAside.rows} rows of the original files were set aside by the importer.`]),
      ...(setAside?.reasons ?? []).map((reason) => `  ${reason.count} ${reason.code}`),
      ...quality.remarks,
    ].join("\n"),
});
