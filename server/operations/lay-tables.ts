/**
 * Lays a dataset down as Parquet files that a distributed engine reads where they are: tables `panel`, `events` and, where it has sources of labels,
 * `outcomes`, in shards of whole entities, and `laid`, which says of which dataset they are. A shard is a partition: who asks about one opens no file of another.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type DuckDb, openDuckDb, quoteName, quoteText } from "../../data/engines/index.ts";
import { invariant, limits, present } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import {
  dialects,
  eventRowsOf,
  laidTableColumns,
  outcomeRowsOf,
  panelRowsOf,
  shardedTables,
  type TableColumn,
  type TableRows,
} from "../../policies/sql/index.ts";
import { type DatasetNames, writeDescription } from "./laid-description.ts";

/** Where to, and in how many shards. */
export interface LaidTables {
  /** What the dataset is called, for those who have it from its tables. */
  readonly names: DatasetNames;
  /** Gets folders `panel`, `events` and `outcomes`, with a folder for each shard in each, and `laid`. */
  readonly folder: string;
  /** Entities in key order, as many in each as in the next. */
  readonly shardCount: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const orders = { panel: '"entity", "period"', events: '"entity", "position"', outcomes: '"entity", "position"' } as const;
const rowsOf = { panel: panelRowsOf, events: eventRowsOf, outcomes: outcomeRowsOf } as const;

/** Writes the files, chunk by chunk, and gives the statements by which Trino is told of them. */
export async function layTables(panel: Panel, { names, folder, shardCount, onProgress }: LaidTables): Promise<readonly string[]> {
  invariant(shardCount >= 1, "tables in no shard");
  const database = await openDuckDb({ memory: `${limits.embeddedEngineGigabytes.value}GB` });
  const statements: string[] = [];
  try {
    let before = 0;
    for (let index = 0; index < panel.chunkCount; index++) {
      const chunk = panel.readChunk(index);
      const shards = new Map(chunk.entities.map((key, entity) => [key, Math.floor(((before + entity) * shardCount) / panel.entityCount)]));
      for (const name of shardedTables(panel.schema)) {
        const rows = rowsOf[name](panel.schema, chunk);
        await writeShards(database, name, withShards(rows, shards), { folder, index });
        if (index === 0) statements.push(...shardedTable(name, rows.columns));
      }
      before += chunk.entityCount;
      onProgress?.(before, panel.entityCount);
    }
    // The last: what was interrupted does not say that it is whole.
    const laid: TableRows = {
      columns: laidTableColumns,
      values: [[panel.digest], [shardCount], [BigInt(panel.rowCount)], [writeDescription({ ...names, schema: panel.schema })]],
      rowCount: 1,
    };
    mkdirSync(join(folder, "laid"), { recursive: true });
    await fillTable(database, "laid", laid);
    await writeFile(database, 'SELECT * FROM "laid"', join(folder, "laid", "laid.parquet"));
    statements.push(`CREATE TABLE laid (${listed(laidTableColumns)}) WITH (${kept("laid")})`);
  } finally {
    database.close();
  }
  return statements;
}

/** The chunk's part of each shard, a file of its own. */
async function writeShards(
  database: DuckDb,
  name: keyof typeof orders,
  rows: TableRows,
  { folder, index }: { readonly folder: string; readonly index: number },
): Promise<void> {
  mkdirSync(join(folder, name), { recursive: true });
  await fillTable(database, name, rows);
  for (const shard of new Set(rows.values.at(-1))) {
    const partition = join(folder, name, `shard=${shard}`);
    mkdirSync(partition, { recursive: true });
    const part = `SELECT * EXCLUDE ("shard") FROM ${name} WHERE "shard" = ${shard} ORDER BY ${orders[name]}`;
    await writeFile(database, part, join(partition, `chunk-${String(index).padStart(6, "0")}.parquet`));
  }
}

async function writeFile(database: DuckDb, query: string, path: string): Promise<void> {
  await database.run(`COPY (${query}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

/** Makes the table anew, with these rows. */
export async function fillTable(database: DuckDb, name: string, { columns, values }: TableRows): Promise<void> {
  await database.run(`CREATE OR REPLACE TABLE ${name} (${columns.map((each) => `${quoteName(each.name)} ${each.type}`).join(", ")})`);
  const stored = columns.map(({ type }, index) => ({
    type: type === "BIGINT" || type === "INTEGER" || type === "DOUBLE" ? type : ("VARCHAR" as const),
    values: present(values[index], "a column"),
  }));
  await database.appendColumns(name, stored);
}

function withShards({ columns, values, rowCount }: TableRows, shards: ReadonlyMap<string, number>): TableRows {
  const keys = present(values[0], "the column of entities");
  const shard = keys.map((key) => shards.get(String(key)) ?? 0);
  return { columns: [...columns, shardColumn], values: [...values, shard], rowCount };
}

/** What a table is partitioned by comes last in it. */
const shardColumn: TableColumn = { name: "shard", type: "INTEGER" };

/** The table, and the finding of its partitions. */
function shardedTable(name: string, columns: readonly TableColumn[]): readonly string[] {
  return [
    `CREATE TABLE ${name} (${listed([...columns, shardColumn])}) WITH (${kept(name)}, partitioned_by = ARRAY['shard'])`,
    `CALL system.sync_partition_metadata(current_schema, '${name}', 'ADD')`,
  ];
}

function listed(columns: readonly TableColumn[]): string {
  return columns.map((column) => `${quoteName(column.name)} ${dialects.trino.types[column.type]}`).join(", ");
}

/** `LOCATION` stands for the folder as the engine reaches it. */
function kept(name: string): string {
  return `external_location = 'LOCATION/${name}', format = 'PARQUET'`;
}
