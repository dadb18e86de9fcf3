/** Replays in SQL: by DuckDB in this process, chunk after chunk, or by a distributed engine where the rows lie. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { EngineFault, openDuckDb, Trino } from "../../data/engines/index.ts";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { type DialectName, eventRowsOf, panelRowsOf, policyTotalsToSql } from "../../policies/sql/index.ts";
import { type ReplaySummary, replayInShards, type ShardCell, type ShardQuestion } from "../../simulations/replay/index.ts";
import { refuseFault, requireFitConnection } from "./connection-fitness.ts";
import { type Connection, readConnection } from "./connections.ts";
import { keptShards } from "./kept-shards.ts";
import { fillTable } from "./lay-tables.ts";
import { ownedPrefix } from "./owned-folders.ts";

/** What to replay, and for which run. */
export interface EngineReplay {
  readonly policy: Policy;
  readonly panel: Panel;
  readonly from: number;
  readonly to: number;
  readonly home: string;
  /** The digest of everything that the outcome depends on: what an interrupted replay left is found again by it. */
  readonly inputs: string;
  readonly onProgress: (done: number, total: number) => void;
  /** Calls it off, and what an engine runs for it. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs it on the engine of that name. @throws InputRefused when the engine, the connection, or the policy in SQL is at fault. */
export async function replayOnEngine(engine: string, replay: EngineReplay): Promise<ReplaySummary> {
  try {
    return engine === "duckdb" ? await replayInDuckDb(replay) : await replayOverConnection(engine, replay);
  } catch (error) {
    if (replay.signal?.aborted !== true) throw error;
    throw new InputRefused([diagnose("interrupted", { message: `the replay on '${engine}' was called off` })]);
  }
}

function statementFor({ policy, schema, range, startTiers }: ShardQuestion, dialect: DialectName, shard?: number) {
  const options = { dialect, from: range.from, to: range.to, startTiers, ...(shard === undefined ? {} : { shard }) };
  const { statement, diagnostics } = policyTotalsToSql(policy, schema, options);
  if (statement === undefined) throw new InputRefused(diagnostics);
  return statement;
}

/** Each chunk is a shard: its rows become tables, and go again. What does not fit in memory is spilled into the home. */
async function replayInDuckDb({ policy, panel, home, inputs, ...rest }: EngineReplay): Promise<ReplaySummary> {
  const work = join(home, "work");
  mkdirSync(work, { recursive: true });
  const spillFolder = mkdtempSync(join(work, ownedPrefix("spill")));
  const database = await openDuckDb({ spillFolder, memory: "2GB" });
  const { kept, keep, clear } = keptShards(home, { engine: "duckdb", inputs, shards: panel.chunkCount });
  try {
    const summary = await replayInShards({
      policy,
      schema: panel.schema,
      ...rest,
      shardCount: panel.chunkCount,
      atOnce: 1,
      triesMax: 1,
      ask: async (question, shard) => {
        const chunk = panel.readChunk(shard);
        await fillTable(database, "panel", panelRowsOf(panel.schema, chunk));
        await fillTable(database, "events", eventRowsOf(panel.schema, chunk));
        const { sql, parameters } = statementFor(question, "duckdb");
        return (await database.rows(sql, parameters)).map(cellOf);
      },
      kept,
      keep,
    });
    clear();
    return summary;
  } finally {
    database.close();
    rmSync(spillFolder, { recursive: true, force: true });
  }
}

async function replayOverConnection(engine: string, { policy, panel, home, inputs, ...rest }: EngineReplay): Promise<ReplaySummary> {
  const connection = readConnection(home, engine, ["counterweight", `run-${inputs.slice(0, 12)}`]);
  const { url, catalog, schema } = connection.trino;
  await requireFitConnection(connection, panel);
  const trino = new Trino(connection.trino);
  const { kept, keep, clear } = keptShards(home, {
    engine: url,
    catalog,
    schema,
    inputs,
    shards: connection.shards,
    dataset: panel.digest,
  });
  try {
    const summary = await replayInShards({
      policy,
      schema: panel.schema,
      ...rest,
      shardCount: connection.shards,
      atOnce: connection.shardsAtOnce,
      triesMax: connection.tries,
      ask: async (question, shard, signal) => (await trino.query(statementFor(question, "trino", shard), { signal })).rows.map(cellOf),
      mayPass: (error) => error instanceof EngineFault && (error.kind === "lost" || error.kind === "unreachable"),
      pause: async (tries, signal) => {
        await wait(Math.min(30_000, 1000 * 2 ** tries), undefined, { signal });
      },
      kept,
      keep,
    });
    // Also where it is not what was asked for: what was wrong then is not to be found again.
    clear();
    requireAllRows(summary, panel, connection);
    return summary;
  } catch (error) {
    return refuseFault(connection, error);
  }
}

/** Columns: period, held, entities, gmv, first_rows, apart, asked. */
function cellOf(row: readonly (string | number | bigint | boolean | null)[]): ShardCell {
  const [period = 0, held = 0, entities = 0, gmv = 0, firstRows = 0, apart = 0, asked = 0] = row.map(Number);
  return { period, held, entities, gmv, firstRows, apart, asked };
}

/** Tables that do not hold what they say would give a smaller or a larger whole. */
function requireAllRows({ entityPeriods, from, to }: ReplaySummary, { rowCount, schema }: Panel, { name, shards }: Connection): void {
  const isWhole = from === schema.firstPeriod && to === schema.lastPeriod;
  if (!isWhole || entityPeriods === rowCount) return;
  const message = `connection '${name}' gave ${entityPeriods} rows in ${shards} shards, and the dataset has ${rowCount}`;
  throw new InputRefused([diagnose("engine-unfit", { message, cure: "Lay this dataset's tables down again." })]);
}
