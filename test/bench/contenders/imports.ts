/** A CSV file read in: by our import, which checks, freezes and registers it, and by DuckDB into a table. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { importDataset } from "../../../data/datasets/index.ts";
import { present } from "../../../data/foundation/index.ts";
import type { Contender, Task } from "./contender.ts";

/** Our import of the panel's file. Warm is a second import into an empty home. */
export function importCsv({ history }: Task): Contender {
  const homes: string[] = [];
  const run = async () => {
    const home = mkdtempSync(join(history.csvFolder, "home-"));
    homes.push(home);
    const { manifest } = await importDataset({ descriptorPath: join(history.csvFolder, "panel.yaml"), home, register: () => undefined });
    const { rows, totals } = present(manifest, "an imported dataset");
    return { rows, orders: present(totals["orders"], "orders"), late: present(totals["late_deliveries"], "late deliveries") };
  };
  const close = () => {
    for (const home of homes) rmSync(home, { recursive: true });
  };
  return { cold: run, warm: run, close };
}

/** DuckDB's own reading of the same file into a table in memory. */
export async function duckDbImport({ history }: Task): Promise<Contender> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const run = async () => {
    await connection.run(`CREATE OR REPLACE TABLE panel AS FROM read_csv('${join(history.csvFolder, "panel.csv")}', header = true)`);
    const [row = []] = (await connection.runAndReadAll("SELECT count(*), sum(orders), sum(late_deliveries) FROM panel")).getRows();
    return { rows: Number(row[0]), orders: Number(row[1]), late: Number(row[2]) };
  };
  return { cold: run, warm: run, close: () => connection.closeSync() };
}
