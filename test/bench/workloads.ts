/** What is timed: each workload prepares what it needs, then gives the timed work and a fingerprint of its result. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { importDataset } from "../../data/datasets/index.ts";
import { digestOfValue, present } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import { readLibraryPolicy, tierNames } from "../../policies/language/index.ts";
import { attributeColumn, measureColumn, panelTableColumns, policyToSql } from "../../policies/sql/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import { benchPanel } from "./history.ts";

/** Work that is ready to be timed. Workloads that must agree give the same fingerprint. */
export interface Prepared {
  readonly run: () => unknown;
  readonly fingerprint: (result: unknown) => string;
  readonly close?: () => void;
}

const policy = present(readLibraryPolicy("seller-performance@1.0.0").policy, "seller-performance 1.0.0");
type Size = { readonly entities: number; readonly periods: number };

/** Each is prepared and run in a process of its own. */
export const workloads = {
  floor,
  kernels,
  replay: wholeReplay,
  duckdb: duckDbReplay,
  import: importCsv,
  "duckdb-import": duckDbImport,
} satisfies Record<string, (size: Size) => Promise<Prepared> | Prepared>;

/** The name of a workload. */
export type WorkloadName = keyof typeof workloads;

/** The least that anyone who reads the history must do: sum every input value once. */
function floor({ entities, periods }: Size): Prepared {
  const panel = benchPanel(entities, periods);
  return {
    run: () => {
      let sum = 0;
      for (let index = 0; index < panel.chunkCount; index++) {
        for (const column of panel.readChunk(index).measures) for (let row = 0; row < column.length; row++) sum += column[row] as number;
      }
      return sum;
    },
    fingerprint: String,
  };
}

/** Scores, tiers and movement state of every row, nothing summed. */
function kernels({ entities, periods }: Size): Prepared {
  const panel = benchPanel(entities, periods);
  return {
    run: () => {
      const compiled = compilePolicy(policy, panel.schema);
      const counts = compiled.tiers.map(() => 0);
      const frames = Array.from({ length: panel.chunkCount }, (_, index) => compiled.run(panel.readChunk(index)));
      return { counts, frames };
    },
    fingerprint: (result) => {
      const { counts, frames } = result as { counts: number[]; frames: { held: Int8Array }[] };
      for (const { held } of frames) for (const code of held) counts[code] = (counts[code] as number) + 1;
      return digestOfValue(counts);
    },
  };
}

/** The whole replay: totals by period and tier, start state, digest. */
function wholeReplay({ entities, periods }: Size): Prepared {
  const panel = benchPanel(entities, periods);
  return {
    run: () => replay({ policies: [policy], panel, visit: () => undefined }),
    fingerprint: (result) => {
      const { policies } = result as ReturnType<typeof replay>;
      const names = tierNames(policy);
      const counts = names.map(() => 0);
      for (const { key, sums } of present(policies[0], "policy").tiersByPeriod.cells) {
        const code = names.indexOf(key[1] ?? "");
        counts[code] = (counts[code] as number) + Number(sums[0]);
      }
      return digestOfValue(counts);
    },
  };
}

/** The same policy as SQL on DuckDB, over a table that is in memory already. */
async function duckDbReplay({ entities, periods }: Size): Promise<Prepared> {
  const panel = benchPanel(entities, periods);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await fillTable(connection, panel);
  await connection.run("CREATE TABLE events (entity VARCHAR, kind VARCHAR, known_day INTEGER)");
  const { statement } = policyToSql(policy, panel.schema);
  const { sql, parameters } = present(statement, "statement");
  return {
    run: () => connection.runAndReadAll(`SELECT held, count(*) FROM (${sql}) GROUP BY held ORDER BY held`, [...parameters]),
    fingerprint: (result) => {
      const counts = tierNames(policy).map(() => 0);
      for (const [held, count] of (result as Awaited<ReturnType<DuckDBConnection["runAndReadAll"]>>).getRows())
        counts[Number(held)] = Number(count);
      return digestOfValue(counts);
    },
    close: () => connection.closeSync(),
  };
}

/** A CSV file, imported: checked, frozen, registered. */
async function importCsv(size: Size): Promise<Prepared> {
  const folder = await writeCsv(size);
  return {
    run: () => importDataset({ descriptorPath: join(folder, "panel.yaml"), home: join(folder, "home"), register: () => {} }),
    fingerprint: (result) => String(present((result as Awaited<ReturnType<typeof importDataset>>).manifest, "manifest").rows),
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** DuckDB's own reading of the same file into a table. */
async function duckDbImport(size: Size): Promise<Prepared> {
  const folder = await writeCsv(size);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  return {
    run: async () => {
      await connection.run(`CREATE TABLE panel AS FROM read_csv('${join(folder, "panel.csv")}', header = true)`);
      return (await connection.runAndReadAll("SELECT count(*) FROM panel")).getRows()[0]?.[0];
    },
    fingerprint: String,
    close: () => rmSync(folder, { recursive: true }),
  };
}

async function writeCsv({ entities, periods }: Size): Promise<string> {
  const panel = benchPanel(entities, periods);
  const folder = mkdtempSync(join(tmpdir(), "counterweight-bench-"));
  mkdirSync(join(folder, "home"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await fillTable(connection, panel);
  const measures = panel.schema.measures.map(({ name }) => {
    const column = `"${measureColumn(name)}"`;
    return name === "gmv" ? `(${column} / 100)::DECIMAL(18, 2) AS gmv` : `${column} AS ${name}`;
  });
  await connection.run(
    `COPY (SELECT entity, DATE '1970-01-01' + (period * 7 + 3) AS week_end, ${measures.join(", ")} FROM panel) TO '${join(folder, "panel.csv")}' (HEADER)`,
  );
  connection.closeSync();
  const columns = panel.schema.measures.map(({ name, unit }) => `      ${name}: { flow: ${unit} }`);
  writeFileSync(
    join(folder, "panel.yaml"),
    `dataset: bench\ntitle: Bench\nentity: seller\ngrain: week\ncurrency: EUR\nknown_at: 2030-01-01\nkey: [entity]\ngmv: gmv\norders: orders\nfiles:\n  - path: panel.csv\n    holds: panel\n    period: week_end\n    columns:\n${columns.join("\n")}\n`,
  );
  return folder;
}

async function fillTable(connection: DuckDBConnection, panel: Panel): Promise<void> {
  const columns = panelTableColumns(panel.schema);
  await connection.run(`CREATE TABLE panel (${columns.map(({ name, type }) => `"${name}" ${type}`).join(", ")})`);
  const appender = await connection.createAppender("panel");
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      for (let row = chunk.rowStart[entity] as number; row < (chunk.rowStart[entity + 1] as number); row++) {
        appender.appendVarchar(chunk.entities[entity] as string);
        appender.appendInteger((chunk.firstPeriod[entity] as number) + row - (chunk.rowStart[entity] as number));
        for (const measure of chunk.measures) appender.appendBigInt(BigInt(measure[row] as number));
        for (const attribute of chunk.attributes) appender.appendInteger(attribute[entity] as number);
        appender.endRow();
      }
    }
  }
  appender.closeSync();
  const named = panel.schema.attributes.every(({ name }) => columns.some((column) => column.name === attributeColumn(name)));
  if (!named) throw new Error("the table lacks an attribute");
}
