/** A generated history for timings: sellers x weeks, nine flows, no gaps. The same numbers for the same size. */
import { randomStream } from "../../data/foundation/index.ts";
import type { Panel, PanelChunk, PanelSchema } from "../../data/panel/index.ts";

const chunkRows = 262_144;
const flows = [
  "orders",
  "due_dispatches",
  "late_dispatches",
  "deliveries",
  "late_deliveries",
  "seller_cancellations",
  "reviews",
  "low_reviews",
  "gmv",
];

/** Every entity is there in every period. */
export function benchPanel(entities: number, periods: number): Panel {
  const schema = benchSchema(periods);
  const chunks = makeChunks(entities, periods, schema.firstPeriod);
  return {
    digest: "bench",
    schema,
    chunkCount: chunks.length,
    entityCount: entities,
    rowCount: entities * periods,
    readChunk: (index) => chunks[index] as PanelChunk,
  };
}

function benchSchema(periods: number): PanelSchema {
  return {
    entity: "seller",
    grain: "week",
    firstPeriod: 2_800,
    lastPeriod: 2_800 + periods - 1,
    knownAt: 20_000,
    currency: "EUR",
    gmvMeasure: "gmv",
    measures: flows.map((name) => ({
      name,
      kind: "flow",
      unit: name === "gmv" ? "money" : "count",
      decimals: name === "gmv" ? 2 : 0,
      title: name,
    })),
    attributes: [{ name: "opened_on", scope: "entity", type: "day", title: "Opened on" }],
    events: [],
    outcomes: [],
    assignedTiers: [],
  };
}

function makeChunks(entities: number, periods: number, firstPeriod: number): PanelChunk[] {
  const empty = new Int32Array(0);
  const stream = randomStream(1, "replay-kernel");
  const made: PanelChunk[] = [];
  const perChunk = Math.floor(chunkRows / periods);
  for (let start = 0; start < entities; start += perChunk) made.push(makeChunk(made.length, Math.min(perChunk, entities - start)));
  return made;

  function makeChunk(index: number, entityCount: number): PanelChunk {
    const rowCount = entityCount * periods;
    const measures = flows.map(() => new Float64Array(rowCount));
    for (let entity = 0; entity < entityCount; entity++) {
      const size = Math.exp(3 + 1.2 * stream.normal());
      const bad = 0.02 + 0.06 * stream.uniform() ** 3;
      for (let period = 0; period < periods; period++) {
        const row = entity * periods + period;
        const count = Math.round(size * (0.5 + stream.uniform()));
        const noise = stream.uniform() * 2;
        const late = Math.round(count * bad * noise);
        const values = [
          count,
          Math.round(count * 0.97),
          late,
          count,
          Math.round(late * 1.3),
          Math.round(late * 0.4),
          Math.round(count * 0.4),
        ];
        values.push(Math.round(late * 0.4), count * Math.round(1000 + 5000 * stream.uniform()));
        for (const [column, value] of values.entries()) (measures[column] as Float64Array)[row] = value;
      }
    }
    return {
      index,
      entityCount,
      rowCount,
      entities: Array.from(
        { length: entityCount },
        (_, entity) => `seller-${String(index).padStart(4, "0")}-${String(entity).padStart(6, "0")}`,
      ),
      firstPeriod: new Int32Array(entityCount).fill(firstPeriod),
      rowStart: Int32Array.from({ length: entityCount + 1 }, (_, entity) => entity * periods),
      measures,
      attributes: [Float64Array.from({ length: entityCount }, () => 17_000 + stream.below(2_800))],
      reported: new Uint8Array(rowCount).fill(1),
      assignedTier: new Int32Array(0),
      events: {
        count: 0,
        start: new Int32Array(entityCount + 1),
        kind: empty,
        day: empty,
        knownDay: empty,
        points: new Float64Array(0),
        id: [],
        fields: new Map(),
      },
      outcomes: {
        count: 0,
        start: new Int32Array(entityCount + 1),
        source: empty,
        day: empty,
        knownDay: empty,
        harmful: new Int8Array(0),
        probability: new Float64Array(0),
      },
    };
  }
}
