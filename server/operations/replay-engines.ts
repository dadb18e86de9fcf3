/** Replays in SQL: by DuckDB in this process, chunk after chunk, or by a distributed engine where the rows lie. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type DuckDbOptions, EngineFault, openDuckDb, Trino } from "../../data/engines/index.ts";
import { diagnose, formatPeriod, InputRefused, limits, type PeriodIndex, present } from "../../data/foundation/index.ts";
import { type DatasetManifest, type GroupsAt, type Panel, type PanelSchema, readManifest } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import {
  type DialectName,
  eventRowsOf,
  type KeyRange,
  labelCountsInSql,
  outcomeRowsOf,
  panelRowsOf,
  policyToSql,
  policyTotalsToSql,
  type SqlOptions,
  type SqlText,
} from "../../policies/sql/index.ts";
import type { CountedLabels, LabelCounts } from "../../simulations/comparison/index.ts";
import {
  digestShardFrames,
  ownColumns,
  type ReplaySummary,
  replayInShards,
  ShardAnswerRows,
  type ShardCell,
  type ShardedRequest,
  type ShardFrame,
  type ShardFrameRow,
  ShardFrameRows,
} from "../../simulations/replay/index.ts";
import { askOver, ownDatasetOf, refuseFault, requireFitConnection } from "./connection-fitness.ts";
import { type Connection, readConnection } from "./connections.ts";
import { type KeptShards, keptShards } from "./kept-shards.ts";
import { fillTable } from "./lay-tables.ts";
import type { AskEngine, OwnDataset } from "./own-dataset.ts";
import { ownedPrefix } from "./owned-folders.ts";

/** What to replay, and for which run. */
export interface EngineReplay {
  readonly policy: Policy;
  /** The baseline whose held tiers are paired with the policy's: the summary has it first, and the pairs. Frames are the policy's. */
  readonly against?: Policy | undefined;
  /** How the pairs are parted, by how many labels there are. Absent: pairs are not parted. */
  readonly groupsOf?: ((labels: LabelCounts) => GroupsAt) | undefined;
  readonly panel: Panel;
  readonly from: number;
  readonly to: number;
  readonly home: string;
  /** The digest of everything that the outcome depends on: what an interrupted replay left is found again by it. */
  readonly inputs: string;
  readonly onProgress: (done: number, total: number) => void;
  /** Calls it off, and what an engine runs for it. */
  readonly signal?: AbortSignal | undefined;
  /** Who takes the frames, in key order, and what is done when all were taken. Absent: they stay where they are. */
  readonly frames?: { readonly take: (frame: ShardFrame) => void; readonly finish: () => Promise<void> } | undefined;
  /** What a statement of the embedded engine may take; absent: as much as `limits` says. */
  readonly embedded?: EmbeddedLimits;
}

type EmbeddedLimits = Pick<DuckDbOptions, "memory" | "secondsMax" | "rowsMax">;

/** Runs it on the engine of that name. @throws InputRefused when the engine, the connection, or the policy in SQL is at fault. */
export async function replayOnEngine(engine: string, replay: EngineReplay): Promise<ReplaySummary> {
  try {
    return engine === "duckdb" ? await replayInDuckDb(replay) : await replayOverConnection(engine, replay);
  } catch (error) {
    if (replay.signal?.aborted !== true) throw error;
    throw new InputRefused([diagnose("interrupted", { message: `the replay on '${engine}' was called off` })]);
  }
}

/** Where the shards are, and how one statement is run over one of them. */
interface ShardEngine {
  readonly name: string;
  readonly dialect: DialectName;
  readonly shardCount: number;
  /** How a statement asks for one shard of tables that hold all; absent: they hold the one that is asked for. */
  readonly within?: (shard: number) => Pick<SqlOptions, "shard" | "own">;
  readonly run: (statement: SqlText, shard: number, watch: ShardWatch) => Promise<void>;
  readonly kept: KeptShards;
  /** How many shards are asked at once, and how often. */
  readonly trials: Pick<ShardedRequest, "atOnce" | "triesMax" | "mayPass" | "pause">;
}

interface ShardWatch {
  readonly onRow: (row: ShardFrameRow) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks every shard for its sums, and for its frame where that is wanted. Frames wait in the home until all are there: shards are done in
 * whatever order, and one that was stopped goes on where it was.
 */
async function replayShards(
  { policy, against, panel, frames, ...rest }: EngineReplay,
  groups: GroupsAt | undefined,
  engine: ShardEngine,
): Promise<ReplaySummary> {
  const { dialect, shardCount, within, run, kept, trials } = engine;
  const { schema } = panel;
  const policies = against === undefined ? [policy] : [against, policy];
  const parted = groups === undefined ? {} : { groups };
  const names = ownColumns(policy).map(({ name }) => name);
  const optionsOf = (shard: number) => ({ dialect, from: rest.from, to: rest.to, ...within?.(shard) });
  const askFrame = async (cells: readonly ShardCell[], shard: number, signal?: AbortSignal): Promise<ShardFrame> => {
    const counts = cells.flatMap(({ period, held, entities }) =>
      period < rest.from ? [] : [{ period, held: present(held.at(-1), "a tier"), entities }],
    );
    const rows = new ShardFrameRows(counts, names);
    await run(spoken(policyToSql(policy, schema, { ...optionsOf(shard), columns: true })), shard, {
      signal,
      onRow: (row) => rows.add(row),
    });
    return rows.finish();
  };
  try {
    const { summary, rowsByPeriod } = await replayInShards({
      policies,
      schema,
      ...rest,
      ...trials,
      ...parted,
      shardCount,
      kept: kept.kept,
      keep: kept.keep,
      ask: async ({ startTiers }, shard, signal) => {
        const rows = new ShardAnswerRows({ policies: policies.length, schema, ...parted });
        const replayed = policies.map((each, index) => ({ policy: each, startTiers: present(startTiers[index], "start tiers") }));
        const statement = spoken(policyTotalsToSql(replayed, schema, { ...optionsOf(shard), ...parted }));
        await run(statement, shard, { signal, onRow: (row) => rows.add(row) });
        const answer = rows.finish();
        if (frames !== undefined) kept.keepFrame(shard, await askFrame(answer.cells, shard, signal));
        return answer;
      },
    });
    requireAllRows(rowsByPeriod, { panel, to: rest.to }, engine);
    if (frames === undefined) return summary;
    const read = async (shard: number) => kept.keptFrame(shard) ?? (await askFrame(kept.kept(shard)?.cells ?? [], shard, rest.signal));
    const digested = await digestShardFrames(summary, { shardCount, read, visit: frames.take });
    await frames.finish();
    return digested;
  } catch (error) {
    // What was wrong then is not to be found again.
    if (error instanceof InputRefused && error.diagnostics.some(({ code }) => code === "engine-unfit")) kept.clear();
    throw error;
  }
}

function spoken({ statement, diagnostics }: ReturnType<typeof policyToSql>): SqlText {
  if (statement === undefined) throw new InputRefused(diagnostics);
  return statement;
}

/** What a statement of the embedded engine may take. */
function embeddedLimits(): Required<EmbeddedLimits> {
  const { embeddedEngineGigabytes, embeddedEngineSeconds, embeddedEngineRows } = limits;
  return { memory: `${embeddedEngineGigabytes.value}GB`, secondsMax: embeddedEngineSeconds.value, rowsMax: embeddedEngineRows.value };
}

/** Each chunk is a shard: its rows become tables, and go again. What does not fit in memory is spilled into the home. */
async function replayInDuckDb(replay: EngineReplay): Promise<ReplaySummary> {
  const { panel, home } = replay;
  const work = join(home, "work");
  mkdirSync(work, { recursive: true });
  const spillFolder = mkdtempSync(join(work, ownedPrefix("spill")));
  const database = await openDuckDb({ spillFolder, ...(replay.embedded ?? embeddedLimits()) });
  const kept = keptShards(home, { engine: "duckdb", ...identityOf(replay), shards: panel.chunkCount });
  let loaded: number | undefined;
  try {
    const groups = await groupsOf(replay, ({ countLabels }) => countLabels(panel));
    const readsLabels = groups?.partings.some(({ kind }) => kind === "labels") === true;
    const summary = await replayShards(replay, groups, {
      name: "duckdb",
      dialect: "duckdb",
      shardCount: panel.chunkCount,
      trials: { atOnce: 1, triesMax: 1 },
      run: async ({ sql, parameters }, shard, { onRow, signal }) => {
        if (loaded !== shard) {
          const chunk = panel.readChunk(shard);
          await fillTable(database, "panel", panelRowsOf(panel.schema, chunk));
          await fillTable(database, "events", eventRowsOf(panel.schema, chunk));
          if (readsLabels) await fillTable(database, "outcomes", outcomeRowsOf(panel.schema, chunk));
          loaded = shard;
        }
        for (const row of await database.rows(sql, parameters, signal)) onRow(row);
      },
      kept,
    });
    kept.clear();
    return summary;
  } catch (error) {
    if (!(error instanceof EngineFault)) throw error;
    const cure = "Replay a shorter range with --from and --to, or let the kernels compute it: leave --engine out.";
    throw new InputRefused([diagnose("engine-limit", { message: `duckdb: ${error.message}`, cure })]);
  } finally {
    database.close();
    rmSync(spillFolder, { recursive: true, force: true });
  }
}

async function replayOverConnection(engine: string, replay: EngineReplay): Promise<ReplaySummary> {
  const { panel, home, inputs } = replay;
  const connection = readConnection(home, engine, ["counterweight", `run-${inputs.slice(0, 12)}`]);
  const { url, catalog, schema } = connection.trino;
  await requireFitConnection(connection, { wanted: panel, signal: replay.signal });
  const trino = new Trino(connection.trino);
  const manifest = panel.source === undefined ? undefined : readManifest(panel.source.folder);
  const own = await ownDatasetOf(connection, manifest);
  const shards = shardsOf(connection, own, manifest);
  const where = { engine: url, catalog, schema, shards: shards.shardCount, dataset: panel.digest };
  const kept = keptShards(home, { ...where, ...identityOf(replay) });
  try {
    const ask = askOver(trino, { signal: replay.signal });
    const groups = await groupsOf(replay, async ({ labelCountsOf }) =>
      labelCountsOf(panel.schema, await askLabels(ask, panel.schema, own)),
    );
    const summary = await replayShards(replay, groups, {
      name: engine,
      dialect: "trino",
      ...shards,
      trials: {
        atOnce: connection.shardsAtOnce,
        triesMax: connection.tries,
        mayPass: (error) => error instanceof EngineFault && (error.kind === "lost" || error.kind === "unreachable"),
        pause: async (tries, signal) => {
          await wait(Math.min(30_000, 1000 * 2 ** tries), undefined, { signal });
        },
      },
      run: async (statement, _shard, watch) => void (await trino.query(statement, watch)),
      kept,
    });
    kept.clear();
    return summary;
  } catch (error) {
    return refuseFault(connection, error);
  }
}

type Comparison = typeof import("../../simulations/comparison/index.ts");

/** How the pairs are parted, where they are; the labels are counted first, where they lie. */
async function groupsOf(
  { groupsOf: parted }: EngineReplay,
  countLabels: (room: Comparison) => LabelCounts | Promise<LabelCounts>,
): Promise<GroupsAt | undefined> {
  return parted?.(await countLabels(await import("../../simulations/comparison/index.ts")));
}

/** How many labels each source has about each day. */
async function askLabels(
  ask: AskEngine,
  { outcomes, knownAt }: PanelSchema,
  own: OwnDataset | undefined,
): Promise<readonly CountedLabels[]> {
  if (outcomes.length === 0 || own?.tables.outcomes.length === 0) return [];
  const sql = `SELECT "source", "day", count(*) FROM "outcomes" WHERE "harmful" >= 0 AND "known_day" <= ${knownAt} GROUP BY "source", "day"`;
  const rows = await ask(own === undefined ? { sql, parameters: [] } : labelCountsInSql(own.tables, "trino"));
  return rows.map(([source, day, count]) => [String(source), Number(day), Number(count)]);
}

/** Laid tables say which shard a row is in; of own ones each has the keys from one to the next. */
function shardsOf(
  connection: Connection,
  own: OwnDataset | undefined,
  manifest: DatasetManifest | undefined,
): Required<Pick<ShardEngine, "shardCount" | "within">> {
  if (own === undefined) return { shardCount: connection.shards, within: (shard) => ({ shard }) };
  const starts = present(manifest?.shardStarts, "the shards of own tables");
  const rangeOf = (shard: number): KeyRange => {
    const [from, before] = [shard === 0 ? undefined : starts[shard - 1], starts[shard]];
    return { ...(from === undefined ? {} : { from }), ...(before === undefined ? {} : { before }) };
  };
  return { shardCount: starts.length + 1, within: (shard) => ({ shard, own: { tables: own.tables, range: rangeOf(shard) } }) };
}

/** What a shard's answer depends on but where it is asked. Frames are kept beside sums: a replay without them has none to go on with. */
function identityOf({ inputs, frames }: EngineReplay): { readonly inputs: string; readonly frames?: string } {
  return frames === undefined ? { inputs } : { inputs, frames: "kept" };
}

/** Tables that no longer hold what they held would give another whole; a row of any period up to the last has a part in what follows it. */
function requireAllRows(
  found: ReadonlyMap<PeriodIndex, number>,
  { panel, to }: { readonly panel: Panel; readonly to: PeriodIndex },
  { name, shardCount }: ShardEngine,
): void {
  const { schema, rowCount, entitiesByPeriod } = panel;
  const refuse = (message: string) => {
    const cure = "Lay this dataset's tables down again, or connect the one that lies there now.";
    return new InputRefused([diagnose("engine-unfit", { message: `'${name}' gave ${message}`, cure })]);
  };
  if (entitiesByPeriod === undefined) {
    const rows = [...found.values()].reduce((sum, count) => sum + count, 0);
    if (to === schema.lastPeriod && rows !== rowCount)
      throw refuse(`${rows} rows in ${shardCount} shards, and the dataset has ${rowCount}`);
    return;
  }
  const expected = new Map(entitiesByPeriod.map(({ period, entities }) => [period, entities]));
  for (let period = schema.firstPeriod; period <= to; period++) {
    const [rows, named] = [found.get(period) ?? 0, formatPeriod(schema.grain, period)];
    if (rows !== (expected.get(named) ?? 0))
      throw refuse(`${rows} rows of ${named} in ${shardCount} shards, and the dataset has ${expected.get(named) ?? 0}`);
  }
}
