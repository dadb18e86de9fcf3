/** Writes a workload's history into a folder: DuckDB's own file, CSV, and our frozen dataset. Nothing of it is timed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { importDataset } from "../../../data/datasets/index.ts";
import { present } from "../../../data/foundation/index.ts";
import { benchPolicy, type PolicyName, type Workload } from "../manifest.ts";
import { firstDay, historyStatements, measureNames } from "./history-sql.ts";

/** Where a history stands, and what is known about it without running a policy. */
export interface History {
  /** DuckDB's own file with the tables of `historyStatements`. */
  readonly databaseFile: string;
  /** The frozen dataset: one file of columns a chunk. */
  readonly datasetFolder: string;
  /** `panel.csv` and a descriptor of it alone: what the imports read. */
  readonly csvFolder: string;
  readonly rows: number;
  /** By policy: the sum of every value that it reads. */
  readonly sums: Readonly<Record<PolicyName, number>>;
}

/** Writes the history of a workload into an empty folder, which the caller removes. */
export async function prepareHistory(workload: Workload, folder: string): Promise<History> {
  const databaseFile = join(folder, "history.duckdb");
  const csvFolder = join(folder, "csv");
  mkdirSync(csvFolder);
  const instance = await DuckDBInstance.create(databaseFile);
  const connection = await instance.connect();
  for (const statement of historyStatements(workload)) await connection.run(statement);
  await writeCsv(connection, workload, csvFolder);
  const sums = { curves: await sumOf(connection, "curves"), ledger: await sumOf(connection, "ledger") };
  connection.closeSync();
  instance.closeSync();
  writeFileSync(join(csvFolder, "panel.yaml"), descriptor(workload, false));
  writeFileSync(join(csvFolder, "whole.yaml"), descriptor(workload, true));
  const datasetFolder = await freeze(join(csvFolder, "whole.yaml"), join(folder, "home"));
  return { databaseFile, datasetFolder, csvFolder, rows: workload.sellers * workload.weeks, sums };
}

async function freeze(descriptorPath: string, home: string): Promise<string> {
  mkdirSync(home);
  let datasetFolder: string | undefined;
  const { manifest, diagnostics } = await importDataset({
    descriptorPath,
    home,
    register: (_, folder) => {
      datasetFolder = folder;
    },
  });
  if (manifest === undefined || manifest.rejected.rows > 0) throw new Error(`the history was not imported: ${JSON.stringify(diagnostics)}`);
  return present(datasetFolder, "a frozen dataset");
}

async function sumOf(connection: DuckDBConnection, policy: PolicyName): Promise<number> {
  const columns = benchPolicy(policy).measures.map((name) => `sum(${name})`);
  return Number((await connection.runAndReadAll(`SELECT ${columns.join(" + ")} FROM history`)).getRows()[0]?.[0]);
}

async function writeCsv(connection: DuckDBConnection, workload: Workload, folder: string): Promise<void> {
  const day = (expression: string) => `(DATE '1970-01-01' + ${expression})`;
  const key = (seller: string) => `format('seller-{:07d}', ${seller})`;
  const measures = measureNames(workload).map((name) => (name === "gmv" ? "(gmv / 100)::DECIMAL(18, 2) AS gmv" : name));
  const copy = (select: string, file: string) => connection.run(`COPY (${select}) TO '${join(folder, file)}' (HEADER)`);
  await copy(
    `SELECT ${key("seller")} AS seller, ${day(`${firstDay + 6} + week * 7`)} AS week_end, ${measures.join(", ")} FROM history`,
    "panel.csv",
  );
  await copy(
    `SELECT entity AS seller, ${day("opened_on")} AS opened_on, format('c{:02d}', category) AS category FROM sellers`,
    "sellers.csv",
  );
  await copy(
    `SELECT id, ${key("seller")} AS seller, kind, ${day("day")} AS day, ${day("known_on")} AS known_on, points, about FROM happenings`,
    "happenings.csv",
  );
}

/** With everything that the policies read, or with the panel alone: one file, as DuckDB reads it. */
function descriptor(workload: Workload, isWhole: boolean): string {
  const columns = measureNames(workload).map((name) => `      ${name}: { flow: ${name === "gmv" ? "money" : "count"} }\n`);
  const head =
    "dataset: bench\ntitle: Bench\nentity: seller\ngrain: week\ncurrency: EUR\nknown_at: 2030-01-01\nkey: [seller]\ngmv: gmv\norders: orders\n";
  const panel = `files:\n  - path: panel.csv\n    holds: panel\n    period: week_end\n    columns:\n${columns.join("")}`;
  const rest = `  - path: sellers.csv
    holds: entities
    columns:
      opened_on: { attribute: day }
      category: { attribute: text }
  - path: happenings.csv
    holds: events
    id: id
    day: day
    known_at: known_on
    kind: kind
    points: points
    fields: { about: about }
    kinds: { violation: Violation, appeal_granted: Appeal granted }
`;
  return isWhole ? `${head}${panel}${rest}` : `${head}${panel}`;
}
