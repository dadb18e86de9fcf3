/** The catalogue: what this home knows of datasets, runs, reports and jobs, in one SQLite file. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { InputRefused } from "../foundation/index.ts";
import type { Clock } from "./clock.ts";
import { type CommentRecords, commentRecords } from "./comment-records.ts";
import { type ComparisonRecords, comparisonRecords } from "./comparison-records.ts";
import { type DatasetRecords, datasetRecords } from "./dataset-records.ts";
import { type ExperimentRecords, experimentRecords } from "./experiment-records.ts";
import { type JobRecords, jobRecords } from "./job-records.ts";
import { migrate } from "./migrations.ts";
import { type PresetRecords, presetRecords } from "./preset-records.ts";
import { type ReportRecords, reportRecords } from "./report-records.ts";
import { type RunRecords, runRecords } from "./run-records.ts";
import { onHomeFolder, storeFault } from "./store-fault.ts";

/** An open catalogue. Several processes may hold the same one: writes wait for each other for up to ten seconds. */
export interface Store {
  readonly home: string;
  readonly datasets: DatasetRecords;
  readonly runs: RunRecords;
  readonly reports: ReportRecords;
  readonly comparisons: ComparisonRecords;
  readonly presets: PresetRecords;
  readonly experiments: ExperimentRecords;
  readonly jobs: JobRecords;
  readonly comments: CommentRecords;
  close(): void;
}

/**
 * Opens `<home>/counterweight.sqlite`, making home and file when they are not there, and runs the migrations that are missing.
 * Write-ahead log, so that pages are served while a job writes; a commit is on disk before it is answered (`synchronous = FULL`).
 *
 * @throws InputRefused `catalogue-newer`, `catalogue-damaged`, `home-unusable`.
 */
export function openStore({ home, clock }: { readonly home: string; readonly clock: Clock }): Store {
  onHomeFolder(home, () => makeFolder(home));
  const file = catalogueFile(home);
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: 10_000 });
    return recordsOf(openCatalogue(database, file), home, clock);
  } catch (error) {
    database?.close();
    const fault = storeFault(error, file);
    throw fault === undefined ? error : new InputRefused([fault]);
  }
}

/** Where the catalogue of a home is. */
export function catalogueFile(home: string): string {
  return join(home, "counterweight.sqlite");
}

function openCatalogue(database: Database.Database, file: string): Database.Database {
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  migrate(database, file);
  return database;
}

function recordsOf(database: Database.Database, home: string, clock: Clock): Store {
  return {
    home,
    datasets: datasetRecords(database, home, clock),
    runs: runRecords(database, clock),
    reports: reportRecords(database),
    comparisons: comparisonRecords(database),
    presets: presetRecords(database, clock),
    experiments: experimentRecords(database, clock),
    jobs: jobRecords(database, clock),
    comments: commentRecords(database, clock),
    close: () => database.close(),
  };
}

/** Makes a folder and those above it, one by one: the system's recursive form never returns where a file system makes no folders (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(`${folder} is a file`), { code: "ENOTDIR" });
    return;
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another program made it at the same moment.
    if (!existsSync(folder)) throw error;
  }
}
