/** A small manifest for tests of the records, which never look inside. */
import { digestOf, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import type { DatasetManifest } from "../../data/panel/index.ts";

/** A manifest whose digest is that of `content`. */
export function someManifest(name: string, content: string): DatasetManifest {
  const digest = digestOf(content);
  const period = periodOf("week", present(parseDay("2025-09-28"), "day"));
  return {
    formatVersion: 1,
    id: `${name}-${digest.slice(0, 12)}`,
    name,
    title: name,
    digest,
    schema: {
      entity: "seller",
      grain: "week",
      firstPeriod: period,
      lastPeriod: period,
      measures: [],
      attributes: [],
      events: [],
      outcomes: [],
      assignedTiers: [],
      knownAt: present(parseDay("2025-10-05"), "day"),
    },
    entities: 1,
    rows: 1,
    periods: { grain: "week", from: "2025-09-28", to: "2025-09-28", count: 1 },
    totals: {},
    rejected: { rows: 0, reasons: [] },
    quality: {
      measures: [],
      entitiesByFirstPeriod: [],
      entitiesByLastPeriod: [],
      entitiesByPeriod: [],
      gaps: { rows: 0, rowShare: 0, entities: 0, sourceAbsentRows: 0, emptyPeriods: [] },
      labels: [],
      events: [],
      remarks: [],
    },
    source: "a test",
    hasTruth: false,
    hasVersions: false,
    chunks: [],
  };
}
