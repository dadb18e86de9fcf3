/** Replays in SQL: by DuckDB in this process, chunk after chunk, or by a distributed engine where the rows lie. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { EngineFault, openDuckDb, Trino } from "../../data/engines/index.ts";
import { type Diagnostic, diagnose, digestOfValue, InputRefused } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { type DialectName, eventRowsOf, panelRowsOf, panelTableColumns, policyTotalsToSql } from "../../policies/sql/index.ts";
import { type ReplaySummary, replayInShards, type ShardCell, type ShardQuestion } from "../../simulations/replay/index.ts";
import { type Connection, readConnection } from "./connections.ts";
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
}

/** Runs it on the engine of that name. @throws InputRefused when the engine, the connection, or the policy in SQL is at fault. */
export async function replayOnEngine(engine: string, replay: EngineReplay): Promise<ReplaySummary> {
  return engine === "duckdb" ? await replayInDuckDb(replay) : await replayOverConnection(engine, replay);
}

function statementFor({ policy, schema, range, startTiers }: ShardQuestion, dialect: DialectName, shard?: number) {
  const options = { dialect, from: range.from, to: range.to, startTiers, ...(shard === undefined ? {} : { shard }) };
  const { statement, diagnostics } = policyTotalsToSql(policy, schema, options);
  if (statement === undefined) throw new InputRefused(diagnostics);
  return statement;
}

/** Each chunk is a shard: its rows become tables, and go again. What does not fit in memory is spilled into the home. */
async function replayInDuckDb({ policy, panel, home, onProgress, ...range }: EngineReplay): Promise<ReplaySummary> {
  const work = join(home, "work");
  mkdirSync(work, { recursive: true });
  const spillFolder = mkdtempSync(join(work, ownedPrefix("spill")));
  const database = await openDuckDb({ spillFolder, memory: "2GB" });
  try {
    return await replayInShards({
      policy,
      schema: panel.schema,
      ...range,
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
      onProgress,
    });
  } finally {
    database.close();
    rmSync(spillFolder, { recursive: true, force: true });
  }
}

/** Shards that are done are kept in the home until the replay is, so that one that was killed goes on where it was. */
async function replayOverConnection(
  engine: string,
  { policy, panel, home, inputs, onProgress, ...range }: EngineReplay,
): Promise<ReplaySummary> {
  const connection = readConnection(home, engine, [`counterweight`, `run-${inputs.slice(0, 12)}`]);
  const trino = new Trino(connection.trino);
  const folder = join(home, "shards", digestOfValue({ inputs, engine, connection: { ...connection, trino: connection.trino.url } }));
  try {
    await requireFitConnection(trino, connection, panel);
    mkdirSync(folder, { recursive: true });
    const summary = await replayInShards({
      policy,
      schema: panel.schema,
      ...range,
      shardCount: connection.shards,
      atOnce: connection.shardsAtOnce,
      triesMax: connection.tries,
      ask: async (question, shard) => (await trino.query(statementFor(question, "trino", shard))).rows.map(cellOf),
      mayPass: (error) => error instanceof EngineFault && (error.kind === "lost" || error.kind === "unreachable"),
      pause: async (tries) => {
        await wait(Math.min(30_000, 1000 * 2 ** tries));
      },
      kept: (shard) => readKept(join(folder, `${shard}.json`)),
      keep: (shard, cells) => {
        const path = join(folder, `${shard}.json`);
        writeFileSync(`${path}.part`, JSON.stringify(cells));
        renameSync(`${path}.part`, path);
      },
      onProgress,
    });
    requireAllRows(summary, panel, connection);
    rmSync(folder, { recursive: true, force: true });
    return summary;
  } catch (error) {
    throw error instanceof EngineFault ? new InputRefused([engineFault(connection, error)]) : error;
  }
}

function readKept(path: string): readonly ShardCell[] | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as readonly ShardCell[];
  } catch {
    return undefined;
  }
}

/** Columns: period, held, entities, gmv, first_rows, apart, asked. */
function cellOf(row: readonly (string | number | bigint | boolean | null)[]): ShardCell {
  const [period = 0, held = 0, entities = 0, gmv = 0, firstRows = 0, apart = 0, asked = 0] = row.map(Number);
  return { period, held, entities, gmv, firstRows, apart, asked };
}

const versionMin = 418;

/** The engine must be of a version that is spoken, hold the tables with their columns, and not let this user write them. */
async function requireFitConnection(trino: Trino, connection: Connection, panel: Panel): Promise<void> {
  const version = await trino.version();
  const refuse = (message: string, cure: string, found?: string): InputRefused => {
    const said = `connection '${connection.name}': ${message}`;
    return new InputRefused([diagnose("engine-unfit", { message: said, cure, ...(found === undefined ? {} : { found }) })]);
  };
  if (!(Number.parseInt(version, 10) >= versionMin))
    throw refuse(`Trino ${version} is older than ${versionMin}`, `Use Trino ${versionMin} or newer.`, version);
  const names = ["shard", ...panelTableColumns(panel.schema).map(({ name }) => name)];
  const { rows } = await trino.query({
    sql: `SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = 'panel'`.replace(
      "?",
      () => `'${connection.trino.schema.replaceAll("'", "''")}'`,
    ),
    parameters: [],
  });
  const there = new Set(rows.map(([name]) => String(name)));
  const absent = names.find((name) => !there.has(name.toLowerCase()));
  if (there.size === 0) throw refuse("there is no table 'panel'", "Lay the dataset's tables down with `counterweight dataset tables`.");
  if (absent !== undefined)
    throw refuse(`table 'panel' has no column '${absent}'`, "Lay the dataset's tables down with `counterweight dataset tables`.", absent);
  const mayWrite = await trino
    .query({ sql: `EXPLAIN (TYPE VALIDATE) INSERT INTO "panel" SELECT * FROM "panel" WHERE false`, parameters: [] })
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof EngineFault && (error.kind === "forbidden" || error.kind === "rejected")) return false;
      throw error;
    });
  if (mayWrite) throw refuse(`user '${connection.trino.user}' may write to table 'panel'`, "Give the connection a user who can only read.");
}

/** Tables of another dataset, or with another number of shards, would give a smaller or a larger whole. */
function requireAllRows({ entityPeriods, from, to }: ReplaySummary, { rowCount, schema }: Panel, { name, shards }: Connection): void {
  const isWhole = from === schema.firstPeriod && to === schema.lastPeriod;
  if (!isWhole || entityPeriods === rowCount) return;
  const message = `connection '${name}' gave ${entityPeriods} rows in ${shards} shards, and the dataset has ${rowCount}`;
  throw new InputRefused([
    diagnose("engine-unfit", { message, cure: "Lay this dataset's tables down again, and state their number of shards." }),
  ]);
}

function engineFault({ name }: Connection, { kind, message }: EngineFault): Diagnostic {
  const said = `connection '${name}': ${message}`;
  if (kind === "unreachable") return diagnose("engine-unreachable", { message: said });
  if (kind === "refused" || kind === "forbidden") return diagnose("engine-refused", { message: said });
  if (kind === "limit") return diagnose("engine-limit", { message: said });
  return diagnose("engine-failed", { message: said });
}
