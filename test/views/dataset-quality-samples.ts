/** What the page of a dataset is told of its values, with hostile titles. */
import type { DatasetQualityContext } from "../../views/index.ts";

/** Every field filled in. */
export function datasetQualitySample(hostile: string): Required<DatasetQualityContext> {
  return {
    columns: [{ name: `gmv ${hostile}`, missing: 0.01, zero: 0.2 }],
    volume: {
      title: `Orders ${hostile}`,
      rows: 98_000,
      maximum: 4000,
      quantiles: [
        { share: 0.5, value: 11 },
        { share: 0.99, value: 300 },
      ],
    },
    labels: [{ source: `bad ${hostile}`, title: `Bad orders ${hostile}`, labels: 9000, fine: 8000, harmful: 900, pending: 100 }],
    events: [{ title: `Violation ${hostile}`, count: 410 }],
    jumps: [{ title: `Orders ${hostile}`, unit: "count", period: "2018-08-05", from: 1200, to: 4400.5 }],
  };
}
