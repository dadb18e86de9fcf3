/**
 * What a replay costs in processor time on one machine and on engines, by size, and what that says of the largest:
 * `npm run bench:engines -- --sellers 10000 --sellers 100000 [--weeks 52] [--home FOLDER] [--duckdb-rows 5000000] [--trino 10000] [--copies 100] [--over 10]`. Never
 * a test. Beyond `--duckdb-rows` DuckDB runs chunks that lie evenly in the history; with `--copies` Trino also runs shards that lie evenly in
 * tables of so many times the rows; with `--over` the kernels also run the largest history so many times over, as one.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { openDuckDb, quoteText } from "../../../data/engines/index.ts";
import { present } from "../../../data/foundation/index.ts";
import { openPanel, type Panel } from "../../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../../policies/language/index.ts";
import { policyTotalsToSql } from "../../../policies/sql/index.ts";
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
    "duckdb-rows": { type: "string", default: "5000000" },
    trino: { type: "string", multiple: true, default: [] },
    copies: { type: "string", default: "1" },
    over: { type: "string", default: "1" },
    policy: { type: "string", default: "seller-performance@2.0.0" },
  },
});
const say = (sentence: string): void => console.error(sentence);
const policy = present(readLibraryPolicy(values.policy).policy, values.policy);
const homes = values.home ?? mkdtempSync(join(tmpdir(), "counterweight-engines-"));
const unitSizes: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
/** Shards that are run of tables with copies. */
const shardsTried = 12;
const sizes: SizeCosts[] = [];
for (const sellers of values.sellers) sizes.push(...(await measureSize(Number(sellers))));
console.log(tableOf(sizes, values.policy));
if (values.home === undefined) rmSync(homes, { recursive: true, force: true });

/** A size, and the one that its copies come to. */
async function measureSize(sellers: number): Promise<readonly SizeCosts[]> {
  const home = join(homes, String(sellers));
  const folder = await datasetIn(home, sellers);
  const panel = openPanel(folder, { recycle: true });
  say(`${sellers} sellers: ${panel.rowCount} rows`);
  const kernels = await measureKernels(panel);
  const part = evenPart(panel, Number(values["duckdb-rows"]));
  const inSql = await measured(async () => void (await replayOnEngine("duckdb", whole(policy, part, home))));
  const duckdb = part.rowCount === panel.rowCount ? inSql : { ...inSql, rows: part.rowCount };
  say(`DuckDB: ${duckdb.seconds.toFixed(1)} s for ${part.rowCount} rows`);
  const trino = values.trino.includes(String(sellers)) ? await measureTrino(panel, home, Number(values.copies)) : [];
  const size = { sellers, rows: panel.rowCount, diskBytes: bytesIn(folder), kernels, duckdb };
  const [one, many] = trino;
  const times = (count: number) => ({ sellers: sellers * count, rows: panel.rowCount * count });
  const [copies, over] = [Number(values.copies), String(sellers) === values.sellers.at(-1) ? Number(values.over) : 1];
  return [
    one === undefined ? size : { ...size, trino: one },
    ...(many === undefined ? [] : [{ ...times(copies), trino: many }]),
    ...(over === 1 ? [] : [{ ...times(over), kernels: await measureKernels(timesOver(panel, over)) }]),
  ];
}

async function measureKernels(panel: Panel): Promise<EngineCost> {
  const kernels = await measured(async () => {
    const threads = threadsFor(panel, { processors: availableParallelism(), policies: 1 });
    await replayOnThreads({ policies: [policy], panel, threads });
  });
  say(
    `kernels: ${kernels.seconds.toFixed(2)} s for ${panel.rowCount} rows, with ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB so far`,
  );
  return kernels;
}

/** Its chunks again and again, as the chunks of one history: each is read from its files every time. */
function timesOver(panel: Panel, times: number): Panel {
  const [chunkCount, rowCount, entityCount] = [panel.chunkCount * times, panel.rowCount * times, panel.entityCount * times];
  return panelOf(panel, { chunkCount, rowCount, entityCount, readChunk: (index) => panel.readChunk(index % panel.chunkCount) });
}

/** Chunks that lie evenly in it, of at most so many rows: a history of its own. */
function evenPart(panel: Panel, rowsMost: number): Panel {
  const every = Math.ceil(panel.rowCount / rowsMost);
  if (every === 1) return panel;
  const chosen = Array.from({ length: Math.floor(panel.chunkCount / every) }, (_, index) => index * every);
  const counts = chosen.map((index) => panel.readChunk(index)).map(({ rowCount, entityCount }) => ({ rowCount, entityCount }));
  const sum = (name: "rowCount" | "entityCount") => counts.reduce((all, count) => all + count[name], 0);
  const readChunk = (index: number) => panel.readChunk(present(chosen[index], "a chunk"));
  return panelOf(panel, { chunkCount: chosen.length, rowCount: sum("rowCount"), entityCount: sum("entityCount"), readChunk });
}

/** A panel of chunks of another one: nobody else can open it, and nobody has counted its entities. */
function panelOf({ digest, schema }: Panel, chunks: Pick<Panel, "chunkCount" | "rowCount" | "entityCount" | "readChunk">): Panel {
  return { digest, schema, ...chunks };
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
  readonly queryId: string;
  readonly query: string;
  readonly queryStats: Readonly<
    Record<"totalCpuTime" | "physicalInputDataSize" | "internalNetworkInputDataSize" | "peakTotalMemoryReservation", string>
  >;
}

/** A shard holds about 40,000 rows; what the coordinator says of each statement is added up. */
async function measureTrino(panel: Panel, home: string, copies: number): Promise<readonly EngineCost[]> {
  const found = findTrino();
  if ("missing" in found) throw new Error(found.missing);
  const cluster = await startCluster(found);
  try {
    const shards = Math.max(2, Math.ceil(panel.rowCount / 40_000));
    const folder = join(cluster.warehouse, "bench");
    const statements = await layTables(panel, { names: { name: "bench", title: "Bench", source: "" }, folder, shardCount: shards });
    const loading = cluster.connect("loading", "bench");
    for (const sql of ["CREATE SCHEMA bench", ...statements.map((each) => each.replace("LOCATION", "local:///bench"))])
      await loading.query({ sql, parameters: [] });
    const warehouse = { engine: "trino", url: cluster.url, user: "tester", catalog: "history", schema: "bench", shards };
    writeFileSync(join(home, "connections.yaml"), JSON.stringify({ connections: { warehouse } }));
    await replayOnEngine("warehouse", whole(policy, panel, home));
    const first = await costSince(cluster.url, new Set());
    if (copies === 1) return [first.cost];
    await copyFiles(folder, shards, copies);
    for (const sql of statements.filter((each) => each.startsWith("CALL"))) await loading.query({ sql, parameters: [] });
    const { firstPeriod: from, lastPeriod: to } = panel.schema;
    let rows = 0;
    for (let tried = 0; tried < shardsTried; tried++) {
      const shard = Math.floor(((tried + 0.5) * shards * copies) / shardsTried);
      const options = { dialect: "trino", from, to, shard } as const;
      const told = present(policyTotalsToSql([{ policy, startTiers: [0, 2] }], panel.schema, options).statement, "a statement");
      const answer = await cluster.connect("history", "bench").query(told);
      rows += answer.rows.reduce((all, [, , entities]) => all + Number(entities), 0);
    }
    return [first.cost, { ...(await costSince(cluster.url, first.queries)).cost, rows }];
  } finally {
    await cluster.stop();
  }
}

/** Of the replay's statements that were not counted yet. */
async function costSince(
  url: string,
  counted: ReadonlySet<string>,
): Promise<{ readonly cost: EngineCost; readonly queries: ReadonlySet<string> }> {
  const response = await fetch(`${url}/v1/query`, { headers: { "X-Trino-User": "tester" } });
  const all = ((await response.json()) as readonly QueryInfo[]).filter(({ query }) => query.includes("replayed"));
  const queries = all.filter(({ queryId }) => !counted.has(queryId));
  const sum = (name: keyof QueryInfo["queryStats"]) => queries.reduce((most, { queryStats }) => most + amountOf(queryStats[name]), 0);
  const peakBytes = Math.max(...queries.map(({ queryStats }) => amountOf(queryStats.peakTotalMemoryReservation)));
  const cost = { seconds: sum("totalCpuTime"), readBytes: sum("physicalInputDataSize"), peakBytes };
  say(`Trino: ${cost.seconds.toFixed(1)} s in ${queries.length} statements`);
  return { cost: { ...cost, shuffledBytes: sum("internalNetworkInputDataSize") }, queries: new Set(all.map(({ queryId }) => queryId)) };
}

/** Beside the tables' own shards: further ones with other entities. */
async function copyFiles(folder: string, shards: number, copies: number): Promise<void> {
  const database = await openDuckDb({ memory: "2GB" });
  for (const name of ["panel", "events"]) {
    const files = readdirSync(join(folder, name), { recursive: true }).map(String);
    for (let copy = 1; copy < copies; copy++)
      for (const file of files.filter((each) => each.endsWith(".parquet"))) {
        const to = file.replace(/\d+/, (shard) => String(Number(shard) + copy * shards));
        mkdirSync(join(folder, name, dirname(to)), { recursive: true });
        const from = `SELECT * REPLACE ('copy ${copy} ' || "entity" AS "entity") FROM read_parquet(${quoteText(join(folder, name, file))}, hive_partitioning = false)`;
        await database.run(`COPY (${from}) TO ${quoteText(join(folder, name, to))} (FORMAT parquet, COMPRESSION zstd)`);
      }
  }
  database.close();
  say(`${copies} times the tables: ${(bytesIn(folder) / 1e9).toFixed(1)} GB`);
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
