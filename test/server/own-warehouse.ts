/** A warehouse as far as tests need one: tables in DuckDB, asked in the words that Trino is told. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DuckDb, openDuckDb, quoteText } from "../../data/engines/index.ts";
import { InputRefused } from "../../data/foundation/index.ts";
import type { DatasetManifest } from "../../data/panel/index.ts";
import { connectedManifest, type LaidDataset } from "../../server/operations/connected-dataset.ts";
import {
  type AskEngine,
  askOwnDataset,
  type OwnDataset,
  overOwnTables,
  readOwnDataset,
  requireOwnColumns,
} from "../../server/operations/own-dataset.ts";

/** Tables under names of their own, and how they are asked. */
export interface Warehouse {
  readonly database: DuckDb;
  readonly ask: AskEngine;
}

/** Tables made of the CSV files of a folder, each called as its file. */
export async function openWarehouse(folder: string, names: readonly string[]): Promise<Warehouse> {
  const database = await openDuckDb();
  for (const name of names)
    await database.run(
      `CREATE TABLE ${name} AS SELECT * FROM read_csv(${quoteText(join(folder, `${name}.csv`))}, header = true, nullstr = '')`,
    );
  // Trino's functions under Trino's names.
  await database.run("CREATE MACRO checksum(x) AS bit_xor(hash(x))");
  await database.run("CREATE MACRO sequence(a, b) AS generate_series(a, b)");
  await database.run("CREATE MACRO last_day_of_month(x) AS last_day(x)");
  const ask: AskEngine = async ({ sql, parameters }) => {
    let place = 0;
    const told = sql
      .replace('"memory".information_schema', "information_schema")
      .replaceAll(/last_value\((.*?)\) IGNORE NULLS/g, "last_value($1 IGNORE NULLS)")
      .replaceAll("?", () => `$${++place}`);
    await database.run("SET integer_division = true");
    try {
      return await database.rows(told, parameters);
    } finally {
      await database.run("RESET integer_division");
    }
  };
  return { database, ask };
}

/** A descriptor of tables, as a connection reads it. */
export async function readTables(folder: string, descriptor: string): Promise<OwnDataset> {
  const path = join(folder, "tables.yaml");
  writeFileSync(path, descriptor);
  return await readOwnDataset(path);
}

/** What `dataset connect` finds, and what it makes known. */
export async function connectTables({ ask }: Warehouse, own: OwnDataset, shards = 3): Promise<Connected> {
  await requireOwnColumns(ask, own, "memory", "main");
  const laid = await askOwnDataset(ask, own, shards);
  const settled = { ...own, tables: { ...own.tables, absences: laid.own?.absences ?? [] } };
  const views = overOwnTables(settled, ask);
  return { laid, own: settled, views, told: await connectedManifest(views, laid, "warehouse") };
}

/** Tables that are connected. */
export interface Connected {
  readonly laid: LaidDataset;
  readonly own: OwnDataset;
  readonly views: ReturnType<typeof overOwnTables>;
  readonly told: DatasetManifest;
}

/** What a person reads who is refused. */
export async function refusedBy(work: Promise<unknown>): Promise<string> {
  const refused = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(refused instanceof InputRefused)) throw refused ?? new Error("not refused");
  return refused.message;
}
