/** What the demo marketplace's own sellers did in its last weeks, as the observations of an experiment. */
import { firstDayOf, formatDay } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import type { Store } from "../../data/store/index.ts";
import { resolveDataset } from "../../server/operations/index.ts";

/** The last day before the last `weeks` weeks of a weekly dataset. */
export function lastDayBefore(store: Store, dataset: string, weeks: number): string {
  const { schema } = resolveDataset(store, dataset).manifest;
  return formatDay(firstDayOf(schema.grain, schema.lastPeriod - weeks + 1) - 1);
}

/**
 * One row a seller who was there before the last weeks, with its sums over them of every flow of the panel; 0 for those who closed. Sales and orders are
 * multiplied by `factorOf`: the effect that is planted.
 */
export function demoObservations(store: Store, dataset: string, weeks: number, factorOf: (seller: string) => number): string {
  const { folder, manifest } = resolveDataset(store, dataset);
  const panel = openPanel(folder);
  const { schema } = manifest;
  const flows = schema.measures.flatMap((measure, index) => (measure.kind === "flow" ? [{ ...measure, index }] : []));
  const from = schema.lastPeriod - weeks + 1;
  const rows: string[] = [];
  for (let part = 0; part < panel.chunkCount; part++) {
    const chunk = panel.readChunk(part);
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const [begin, end, first] = [chunk.rowStart[entity] ?? 0, chunk.rowStart[entity + 1] ?? 0, chunk.firstPeriod[entity] ?? 0];
      const before = begin + from - 1 - first;
      if (before < begin || before >= end) continue;
      const seller = chunk.entities[entity] ?? "";
      const sums = flows.map(({ name, decimals, index }) => {
        let sum = 0;
        for (let row = before + 1; row < end; row++) sum += chunk.measures[index]?.[row] ?? 0;
        const planted = name === schema.gmvMeasure || name === schema.ordersMeasure ? factorOf(seller) : 1;
        return ((sum * planted) / 10 ** decimals).toFixed(decimals === 0 ? 3 : decimals);
      });
      rows.push([seller, ...sums].join(","));
    }
  }
  return [[schema.entity, ...flows.map(({ name }) => name)].join(","), ...rows].join("\n");
}
