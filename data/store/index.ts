/** The records of a home: datasets, runs, reports and jobs, in SQLite. */
export type { Clock } from "./clock.ts";
export type { CommentEvent, CommentRecord, CommentStep } from "./comment-records.ts";
export type { ComparisonEntry, ComparisonState } from "./comparison-records.ts";
export type { DatasetRecord } from "./dataset-records.ts";
export type {
  DecisionRecord,
  DesignRecord,
  ExperimentRecord,
  ExperimentRecords,
  ExposureRecord,
  ObservationRecord,
} from "./experiment-records.ts";
export type { JobProgress, JobRecord } from "./job-records.ts";
export { migrate, migrations } from "./migrations.ts";
export type { PresetRecord } from "./preset-records.ts";
export { inputDigestOf, type RunRecord, runIdOf } from "./run-records.ts";
export { catalogueFile, openStore, type Store } from "./store.ts";
export { onHomeFolder, storeFault } from "./store-fault.ts";
