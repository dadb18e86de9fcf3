/** Whether a connection can run replays, asked one thing after another: what each found, or what is wrong and how it is mended. */
import { EngineFault, type EngineWatch, quoteName, Trino } from "../../data/engines/index.ts";
import { type Diagnostic, diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import type { DatasetManifest, PanelSchema } from "../../data/panel/index.ts";
import {
  eventTableColumns,
  laidTableColumns,
  outcomeTableColumns,
  panelTableColumns,
  shardedTables,
  type TableColumn,
  tableNames,
} from "../../policies/sql/index.ts";
import type { LaidDataset } from "./connected-dataset.ts";
import type { Connection } from "./connections.ts";
import { readDescription } from "./laid-description.ts";
import { type AskEngine, askOwnDataset, type OwnDataset, readOwnDataset, requireOwnColumns } from "./own-dataset.ts";

/** The dataset that the tables must be of. */
export interface WantedDataset {
  /** Content digest. */
  readonly digest: string;
  readonly schema: PanelSchema;
}

/** What is asked, in the order in which it makes sense: where one fails the later ones cannot be asked. */
export const fitnessTitles = [
  "The engine answers, and is of a version that is spoken",
  "The user is let in, and the tables are there",
  "The tables are of one dataset, in as many shards as the connection says",
  "The user can only read",
] as const;

const versionMin = 418;

/** Asks what a title says, and gives what was found, in words. @throws InputRefused. */
export type FitnessCheck = () => Promise<string>;

/** One for each title. */
export function fitnessChecks(connection: Connection, wanted?: WantedDataset): readonly FitnessCheck[] {
  return questionsTo(connection, { wanted }).checks;
}

/** What is asked of whom. */
interface Asked {
  readonly connection: Connection;
  readonly trino: Trino;
  readonly ask: AskEngine;
  readonly wanted: WantedDataset | undefined;
  /** The own tables that the connection names, where it does; its descriptor is read once. */
  readonly own: () => Promise<OwnDataset | undefined>;
  /** What lies in its tables, by their own account: of a warehouse's own all rows are read for that, once. */
  readonly laid: () => Promise<LaidDataset>;
}

/** What may be said with a question: the dataset that must lie there, and that nothing is wanted any more. */
interface Asking {
  readonly wanted?: WantedDataset | undefined;
  readonly signal?: AbortSignal | undefined;
}

function questionsTo(connection: Connection, { wanted, signal }: Asking): Asked & { readonly checks: readonly FitnessCheck[] } {
  const trino = new Trino(connection.trino);
  const ask = askOver(trino, { signal });
  const own = once(async () => await ownDatasetOf(connection));
  const laid = once(async () => await readLaid(ask, connection, await own()));
  const asked = { connection, trino, ask, wanted, own, laid };
  const questions =
    connection.dataset === undefined ? [askVersion, askTables, askLaid, askReadOnly] : [askVersion, askOwn, askOwnRows, askReadOnly];
  const checks = questions.map((question) => () => question(asked).catch((error: unknown) => refuseFault(connection, error)));
  return { ...asked, checks };
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}

/** The own tables that a connection names, where it does; with what is known of when they delivered nothing. */
export async function ownDatasetOf(
  { dataset }: Connection,
  { absences = [] }: Pick<DatasetManifest, "absences"> = {},
): Promise<OwnDataset | undefined> {
  if (dataset === undefined) return undefined;
  const own = await readOwnDataset(dataset);
  return { ...own, tables: { ...own.tables, absences } };
}

/** Statements as they stand, over the connection. */
export function askOver(trino: Trino, watch: EngineWatch = {}): AskEngine {
  return async (statement) => (await trino.query(statement, watch)).rows;
}

async function askOwn({ ask, connection, own }: Asked): Promise<string> {
  const { catalog, schema, user } = connection.trino;
  return `${await requireOwnColumns(ask, present(await own(), "own tables"), catalog, schema)}, read as '${user}'`;
}

/** Reads all rows: what changed in them is another dataset. */
async function askOwnRows({ connection, wanted, laid }: Asked): Promise<string> {
  const { digest, rows } = await laid();
  const cure = "Connect the tables again: what they hold now is a dataset of its own.";
  if (wanted !== undefined && digest !== wanted.digest)
    throw unfit(
      connection,
      `its tables hold dataset ${digest.slice(0, 12)} now, and ${wanted.digest.slice(0, 12)} is asked for`,
      cure,
      digest,
    );
  return `${rows} rows, dataset ${digest.slice(0, 12)}`;
}

/** @throws InputRefused at the first thing that is not as it must be. */
export async function requireFitConnection(connection: Connection, asking: Asking): Promise<void> {
  for (const check of questionsTo(connection, asking).checks) await check();
}

/** The dataset that lies in a fit connection's tables, which have its columns. @throws InputRefused, EngineFault. */
export async function requireLaidDataset(connection: Connection, asking: Asking): Promise<LaidDataset> {
  const { checks, ...asked } = questionsTo(connection, asking);
  for (const check of checks) await check();
  const laid = await asked.laid();
  if (connection.dataset === undefined) await askTables({ ...asked, wanted: { digest: laid.digest, schema: laid.described.schema } });
  return laid;
}

/** What went wrong with a connection, as a fault that can be mended. */
export function refuseFault(connection: Connection, error: unknown): never {
  throw error instanceof EngineFault ? new InputRefused([faultOf(connection, error)]) : error;
}

function faultOf({ name }: Connection, { kind, message }: EngineFault): Diagnostic {
  const said = `connection '${name}': ${message}`;
  if (kind === "unreachable") return diagnose("engine-unreachable", { message: said });
  if (kind === "refused" || kind === "forbidden") return diagnose("engine-refused", { message: said });
  if (kind === "limit") return diagnose("engine-limit", { message: said });
  return diagnose("engine-failed", { message: said });
}

function unfit({ name }: Connection, message: string, cure: string, found?: string): InputRefused {
  const details = { message: `connection '${name}': ${message}`, cure };
  return new InputRefused([diagnose("engine-unfit", found === undefined ? details : { ...details, found })]);
}

async function askVersion({ trino, connection }: Asked): Promise<string> {
  const version = await trino.version();
  if (!(Number.parseInt(version, 10) >= versionMin))
    throw unfit(connection, `Trino ${version} is older than ${versionMin}`, `Use Trino ${versionMin} or newer.`, version);
  return `Trino ${version} at ${connection.trino.url}`;
}

const layDown = "Lay the dataset's tables down with `counterweight dataset tables`, and tell the engine of them.";

async function askTables({ ask, connection, wanted }: Asked): Promise<string> {
  const { catalog, schema, user } = connection.trino;
  const rows = await ask({
    sql: "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ?",
    parameters: [schema.toLowerCase()],
  });
  const there = new Set(rows.map(([table, column]) => `${table} ${column}`));
  const tables = tablesOf(wanted?.schema);
  for (const [table, columns] of tables) {
    if (!rows.some(([name]) => name === table)) throw unfit(connection, `there is no table '${table}' in ${catalog}.${schema}`, layDown);
    const absent = columns.find(({ name }) => !there.has(`${table} ${name.toLowerCase()}`));
    if (absent !== undefined) throw unfit(connection, `table '${table}' has no column '${absent.name}'`, layDown, absent.name);
  }
  return `${listed(tables.map(([table]) => table))} in ${catalog}.${schema}, read as '${user}'`;
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

function tablesOf(schema: PanelSchema | undefined): readonly (readonly [string, readonly TableColumn[]])[] {
  const shard: TableColumn = { name: "shard", type: "INTEGER" };
  const anyPanel: readonly TableColumn[] = [
    { name: "entity", type: "VARCHAR" },
    { name: "period", type: "INTEGER" },
  ];
  const anyEvents: readonly TableColumn[] = [{ name: "entity", type: "VARCHAR" }];
  return [
    ["panel", [shard, ...(schema === undefined ? anyPanel : panelTableColumns(schema))]],
    ["events", [shard, ...(schema === undefined ? anyEvents : eventTableColumns(schema))]],
    ...(schema === undefined || schema.outcomes.length === 0 ? [] : ([["outcomes", [shard, ...outcomeTableColumns]]] as const)),
    ["laid", laidTableColumns],
  ];
}

async function askLaid({ connection, wanted, laid }: Asked): Promise<string> {
  const { digest, shards, rows } = await laid();
  const short = (text: string) => text.slice(0, 12);
  if (wanted !== undefined && digest !== wanted.digest)
    throw unfit(connection, `its tables are of dataset ${short(digest)}, and ${short(wanted.digest)} is asked for`, layDown, digest);
  if (shards !== connection.shards) {
    const message = `its tables lie in ${shards} shards, and the connection says ${connection.shards}`;
    throw unfit(connection, message, `Write 'shards: ${shards}' in connections.yaml.`, String(connection.shards));
  }
  return `${rows} rows of dataset ${short(digest)} in ${shards} shards`;
}

/** What lies in a connection's tables, by their own account. @throws InputRefused `engine-unfit`, EngineFault. */
async function readLaid(ask: AskEngine, connection: Connection, own: OwnDataset | undefined): Promise<LaidDataset> {
  if (own !== undefined) return await askOwnDataset(ask, own, connection.shards);
  const rows = await ask({ sql: 'SELECT "dataset", "shards", "rows", "described" FROM "laid"', parameters: [] });
  const [row = [], ...others] = rows;
  const [digest, shards, count, text] = row;
  if (others.length > 0 || row.length === 0)
    throw unfit(connection, `table 'laid' has ${rows.length} rows, where one says which dataset lies there`, layDown);
  const isWhole = typeof digest === "string" && /^[0-9a-z]{1,64}$/.test(digest) && typeof shards === "number" && typeof count === "number";
  if (!isWhole) {
    const cure = "Column 'dataset' holds 1 to 64 digits and lower-case letters, 'shards' and 'rows' numbers.";
    throw unfit(connection, `table 'laid' says of no dataset that it lies there, but ${JSON.stringify([digest, shards, count])}`, cure);
  }
  const described = readDescription(String(text));
  if ("wrong" in described) throw unfit(connection, `what table 'laid' describes is not as it must be: ${described.wrong}`, layDown);
  return { digest, shards, rows: count, described };
}

/** Asked by having statements checked that are not run. */
async function askReadOnly({ ask, connection, own, laid }: Asked): Promise<string> {
  const found = await own();
  const tables =
    found === undefined
      ? [...shardedTables((await laid()).described.schema).map((name) => [[name], "entity"] as const), [["laid"], "dataset"] as const]
      : found.descriptor.files.map(({ path, key: [key] }) => [tableNames(path), present(key, "a key").column] as const);
  const mayRun = (sql: string) =>
    ask({ sql: `EXPLAIN (TYPE VALIDATE) ${sql}`, parameters: [] }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof EngineFault && (error.kind === "forbidden" || error.kind === "rejected")) return false;
        throw error;
      },
    );
  for (const [parts, named] of tables) {
    const [table, column] = [parts.map(quoteName).join("."), quoteName(named)];
    for (const [change, sql] of [
      ["insert into", `INSERT INTO ${table} SELECT * FROM ${table} WHERE false`],
      ["delete from", `DELETE FROM ${table} WHERE false`],
      ["update", `UPDATE ${table} SET ${column} = ${column} WHERE false`],
    ] as const)
      if (await mayRun(sql))
        throw unfit(
          connection,
          `user '${connection.trino.user}' may write: ${change} table '${parts.join(".")}'`,
          "Give the connection a user who can only read.",
        );
  }
  return `'${connection.trino.user}' may not insert into, delete from or update ${tables.map(([parts]) => parts.join(".")).join(", ")}`;
}
