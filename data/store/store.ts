/** The catalogue: what this home knows of datasets, runs, reports and jobs, in one SQLite file. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Clock } from "./clock.ts";
import { type DatasetRecords, datasetRecords } from "./dataset-records.ts";
import { type JobRecords, jobRecords } from "./job-records.ts";
import { migrate } from "./migrations.ts";
import { type ReportRecords, reportRecords } from "./report-records.ts";
import { type RunRecords, runRecords } from "./run-records.ts";

/** An open catalogue. Several processes may hold the same one: writes wait for each other for up to ten seconds. */
export interface Store {
  readonly home: string;
  readonly datasets: DatasetRecords;
  readonly runs: RunRecords;
  readonly reports: ReportRecords;
  readonly jobs: JobRecords;
  close(): void;
}

/**
 * Opens `<home>/counterweight.sqlite`, making home and file when they are not there, and runs the migrations that are missing.
 * Write-ahead log, so that pages are served while a job writes; a commit is on disk before it is answered (`synchronous = FULL`).
 *
 * @throws InputRefused `catalogue-newer`.
 */
export function openStore({ home, clock }: { readonly home: string; readonly clock: Clock }): Store {
  mkdirSync(home, { recursive: true });
  const file = join(home, "counterweight.sqlite");
  const database = new Database(file, { timeout: 10_000 });
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  try {
    migrate(database, file);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    home,
    datasets: datasetRecords(database, home, clock),
    runs: runRecords(database, clock),
    reports: reportRecords(database),
    jobs: jobRecords(database, clock),
    close: () => database.close(),
  };
}
