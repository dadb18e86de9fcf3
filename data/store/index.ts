/** The records of a home: datasets, runs, reports and jobs, in SQLite. */
export type { Clock } from "./clock.ts";
export type { DatasetRecord, DatasetRecords } from "./dataset-records.ts";
export type { JobEnd, JobProgress, JobRecord, JobRecords, JobState } from "./job-records.ts";
export { type Migration, migrate, migrations } from "./migrations.ts";
export type { ReportRecords } from "./report-records.ts";
export { inputDigestOf, type RunKind, type RunRecord, type RunRecords } from "./run-records.ts";
export { openStore, type Store } from "./store.ts";
