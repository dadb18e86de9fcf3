/**
 * Entity-periods per second of the replay kernels, beside the floor: a plain loop that sums every input value once. CPU time, so that
 * other work on the machine disturbs little; rounds alternate, and the median counts.
 * Not a test. Run the compiled file: `node dist/test/bench/replay-kernel.js [entities] [periods]`.
 */
import { present, randomStream } from "../../data/foundation/index.ts";
import type { Panel, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import { readLibraryPolicy } from "../../policies/language/index.ts";
import { replay } from "../../simulations/replay/index.ts";

const [entities = 100_000, periods = 52] = process.argv.slice(2).map(Number);
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

const schema: PanelSchema = {
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

const policy = present(readLibraryPolicy("seller-performance@1.0.0").policy, "seller-performance 1.0.0");
const chunks = makeChunks();
const rows = entities * periods;
const panel: Panel = {
  digest: "bench",
  schema,
  chunkCount: chunks.length,
  entityCount: entities,
  rowCount: rows,
  readChunk: (index) => chunks[index] as PanelChunk,
};

const floor = () => {
  let sum = 0;
  for (const chunk of chunks) {
    for (const column of chunk.measures) {
      for (let row = 0; row < column.length; row++) sum += column[row] as number;
    }
  }
  return sum;
};
const kernels = () => {
  const compiled = compilePolicy(policy, schema);
  let sum = 0;
  for (const chunk of chunks) sum += compiled.run(chunk).held[0] as number;
  return sum;
};
const whole = () => replay({ policies: [policy], panel, visit: () => undefined }).entityPeriods;

const work = { floor, kernels, replay: whole };
const times: Record<keyof typeof work, number[]> = { floor: [], kernels: [], replay: [] };
for (let round = 0; round < 7; round++) {
  for (const name of ["floor", "kernels", "replay"] as const) {
    const start = process.cpuUsage();
    work[name]();
    const { user, system } = process.cpuUsage(start);
    times[name].push((user + system) / 1000);
  }
}
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
for (const name of ["floor", "kernels", "replay"] as const) {
  const middle = median(times[name]);
  const spread = `${Math.min(...times[name]).toFixed(0)} to ${Math.max(...times[name]).toFixed(0)} ms`;
  const rate = (rows / middle / 1000).toFixed(1);
  console.log(
    `${name}: ${middle.toFixed(0)} ms (${spread}), ${rate} million entity-periods a CPU second, ${(middle / median(times.floor)).toFixed(2)} x floor`,
  );
}
const summary = replay({ policies: [policy], panel, visit: () => undefined });
const [outcome] = summary.policies;
console.log(JSON.stringify({ digest: outcome?.digest, startMatters: outcome?.startMatters }));
console.log(outcome?.tiersByPeriod.cells.slice(-5).map(({ key, sums }) => `${key.join(" ")} ${sums.join(" ")}`));

function makeChunks(): PanelChunk[] {
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
      firstPeriod: new Int32Array(entityCount).fill(schema.firstPeriod),
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
        severity: [],
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
