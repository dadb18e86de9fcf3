/**
 * What a replay costs in processor time on one machine and on engines, by size, and what that says of the largest:
 * `npm run bench:engines -- --sellers 10000 --sellers 100000 [--weeks 52] [--home FOLDER] [--duckdb-max 100000] [--trino 10000]`. Never a test.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { present } from "../../../data/foundation/index.ts";
import { openPanel, type Panel } from "../../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../../policies/language/index.ts";
import { findOperation, openHome } from "../../../server/operations/index.ts";
import { layTables } from "../../../server/operations/lay-tables.ts";
import { replayOnEngine } from "../../../server/operations/replay-engines.ts";
import { replayOnThreads, threadsFor } from "../../../simulations/replay/index.ts";
import { findTrino, startCluster } from "../../slow/engine/trino-cluster.ts";
import { type EngineCost, type SizeCosts, tableOf } from "./cost-model.ts";

const { values } = parseArgs({
  options: {
    sellers: { type: "string", multiple: true, default: ["10000"] },
    weeks: { type: "string", default: "52" },
    home: { type: "string" },
    "duckdb-max": { type: "string", default: "100000" },
    trino: { type: "string", multiple: true, default: [] },
    policy: { type: "string", default: "seller-performance@2.0.0" },
  },
});
const say = (sentence: string): void => console.error(sentence);
const policy = present(readLibraryPolicy(values.policy).policy, values.policy);
const homes = values.home ?? mkdtempSync(join(tmpdir(), "counterweight-engines-"));
const unitSizes: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
const sizes: SizeCosts[] = [];
for (const sellers of values.sellers) sizes.push(await measureSize(Number(sellers)));
console.log(tableOf(sizes, values.policy));
if (values.home === undefined) rmSync(homes, { recursive: true, force: true });

async function measureSize(sellers: number): Promise<SizeCosts> {
  const home = join(homes, String(sellers));
  const folder = await datasetIn(home, sellers);
  const panel = openPanel(folder, { recycle: true });
  say(`${sellers} sellers: ${panel.rowCount} rows`);
  const kernels = await measured(async () => {
    const threads = threadsFor(panel, { processors: availableParallelism(), policies: 1 });
    await replayOnThreads({ policies: [policy], panel, threads });
  });
  say(`kernels: ${kernels.seconds.toFixed(2)} s`);
  const inSql = async () => void (await replayOnEngine("duckdb", whole(policy, panel, home)));
  const duckdb = sellers > Number(values["duckdb-max"]) ? undefined : await measured(inSql);
  if (duckdb !== undefined) say(`DuckDB: ${duckdb.seconds.toFixed(1)} s`);
  const trino = values.trino.includes(String(sellers)) ? await measureTrino(panel, home) : undefined;
  return {
    sellers,
    rows: panel.rowCount,
    diskBytes: bytesIn(folder),
    kernels,
    ...(duckdb === undefined ? {} : { duckdb }),
    ...(trino === undefined ? {} : { trino }),
  };
}

function whole(replayed: Policy, panel: Panel, home: string) {
  const { firstPeriod: from, lastPeriod: to } = panel.schema;
  return { policy: replayed, panel, from, to, home, inputs: "bench", onProgress: () => {} };
}

/** The demo marketplace, made at the first time. */
async function datasetIn(home: string, sellers: number): Promise<string> {
  mkdirSync(home, { recursive: true });
  const store = openHome(home);
  try {
    if (store.datasets.list().length === 0) {
      const operation = present(findOperation("dataset demo"), "dataset demo");
      const context = { store, reads: "any file", onProgress: () => undefined, doors: {} } as const;
      await operation.perform({ sellers, weeks: Number(values.weeks) }, context);
    }
    return present(store.datasets.list()[0], "a dataset").folder;
  } finally {
    store.close();
  }
}

/** Processor seconds of this process, all threads. */
async function measured(work: () => Promise<void>): Promise<EngineCost> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6 };
}

interface QueryInfo {
  readonly query: string;
  readonly queryStats: Readonly<
    Record<"totalCpuTime" | "physicalInputDataSize" | "internalNetworkInputDataSize" | "peakTotalMemoryReservation", string>
  >;
}

/** A shard holds about as many rows as a chunk; what the coordinator says of each statement is added up. */
async function measureTrino(panel: Panel, home: string): Promise<EngineCost> {
  const found = findTrino();
  if ("missing" in found) throw new Error(found.missing);
  const cluster = await startCluster(found);
  try {
    const shards = Math.max(2, Math.ceil(panel.rowCount / 40_000));
    const statements = await layTables(panel, { folder: join(cluster.warehouse, "bench"), shardCount: shards });
    const loading = cluster.connect("loading", "bench");
    for (const sql of ["CREATE SCHEMA bench", ...statements.map((each) => each.replace("LOCATION", "local:///bench"))])
      await loading.query({ sql, parameters: [] });
    const warehouse = { engine: "trino", url: cluster.url, user: "tester", catalog: "history", schema: "bench", shards };
    writeFileSync(join(home, "connections.yaml"), JSON.stringify({ connections: { warehouse } }));
    await replayOnEngine("warehouse", whole(policy, panel, home));
    const response = await fetch(`${cluster.url}/v1/query`, { headers: { "X-Trino-User": "tester" } });
    const queries = ((await response.json()) as readonly QueryInfo[]).filter(({ query }) => query.includes("replayed"));
    const sum = (name: keyof QueryInfo["queryStats"]) => queries.reduce((all, { queryStats }) => all + amountOf(queryStats[name]), 0);
    const peakBytes = Math.max(...queries.map(({ queryStats }) => amountOf(queryStats.peakTotalMemoryReservation)));
    const cost = { seconds: sum("totalCpuTime"), readBytes: sum("physicalInputDataSize"), peakBytes };
    say(`Trino: ${cost.seconds.toFixed(1)} s in ${queries.length} statements`);
    return { ...cost, shuffledBytes: sum("internalNetworkInputDataSize") };
  } finally {
    await cluster.stop();
  }
}

/** `1.50m` or `12kB`, in seconds or bytes. */
function amountOf(text = "0B"): number {
  const [, number = "0", unit = "B"] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  return Number(number) * (unitSizes[unit] ?? Number.NaN);
}

function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true })
    .map((name) => statSync(join(folder, String(name))))
    .reduce((all, file) => all + (file.isFile() ? file.size : 0), 0);
}
