/**
 * Lays a dataset down as Parquet files that a distributed engine reads where they are: tables `panel` and `events`, in shards of whole
 * entities, and `laid`, which says of which dataset they are.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type DuckDb, openDuckDb, quoteName, quoteText } from "../../data/engines/index.ts";
import { invariant, limits, present } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import { dialects, eventRowsOf, laidTableColumns, panelRowsOf, type TableRows } from "../../policies/sql/index.ts";
import { type DatasetNames, writeDescription } from "./laid-description.ts";

/** Where to, and in how many shards. */
export interface LaidTables {
  /** What the dataset is called, for those who have it from its tables. */
  readonly names: DatasetNames;
  /** Gets folders `panel` and `events`, a file for each chunk in both, and `laid`. */
  readonly folder: string;
  /** Entities in key order, as many in each as in the next. */
  readonly shardCount: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** An engine reads whole groups: what of one belongs to other shards is read in vain. Smaller ones pack worse. */
export const rowGroupRows = 16_384;

const orders = { panel: '"shard", "entity", "period"', events: '"shard", "entity", "position"' } as const;

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
      const tables = { panel: panelRowsOf(panel.schema, chunk), events: eventRowsOf(panel.schema, chunk) };
      for (const name of ["panel", "events"] as const) {
        const rows = withShards(tables[name], shards);
        await writeTable(database, name, rows, { folder, file: `chunk-${String(index).padStart(6, "0")}`, order: orders[name] });
        if (index === 0) statements.push(tableStatement(name, rows));
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
    await writeTable(database, "laid", laid, { folder, file: "laid", order: '"dataset"' });
    statements.push(tableStatement("laid", laid));
  } finally {
    database.close();
  }
  return statements;
}

async function writeTable(
  database: DuckDb,
  name: string,
  rows: TableRows,
  { folder, file, order }: { readonly folder: string; readonly file: string; readonly order: string },
): Promise<void> {
  mkdirSync(join(folder, name), { recursive: true });
  await fillTable(database, name, rows);
  const path = quoteText(join(folder, name, `${file}.parquet`));
  await database.run(
    `COPY (SELECT * FROM ${name} ORDER BY ${order}) TO ${path} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupRows})`,
  );
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
  return { columns: [{ name: "shard", type: "INTEGER" }, ...columns], values: [shard, ...values], rowCount };
}

/** `LOCATION` stands for the folder as the engine reaches it. */
function tableStatement(name: string, { columns }: TableRows): string {
  const listed = columns.map((column) => `${quoteName(column.name)} ${dialects.trino.types[column.type]}`).join(", ");
  return `CREATE TABLE ${name} (${listed}) WITH (external_location = 'LOCATION/${name}', format = 'PARQUET')`;
}
