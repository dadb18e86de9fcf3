/** The numbered steps that bring any older catalogue up to date. A step is never changed once it has shipped: a new one is added. */
import type Database from "better-sqlite3";
import { diagnose, InputRefused } from "../foundation/index.ts";
import { commentsMigration } from "./comment-records.ts";

/** One step: its number (1, 2, ... without gaps), what it adds, and the SQL. */
export interface Migration {
  readonly number: number;
  readonly adds: string;
  readonly sql: string;
}

/** All steps, in order. The number of the last one that ran stands in the file's `user_version`. */
export const migrations: readonly Migration[] = [
  {
    number: 1,
    adds: "datasets, runs and jobs",
    sql: `
      CREATE TABLE datasets (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        digest TEXT NOT NULL UNIQUE,
        folder TEXT NOT NULL,
        manifest TEXT NOT NULL CHECK (json_valid(manifest)),
        registered_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX datasets_by_name ON datasets (name);
      CREATE TABLE dataset_origins (
        origin TEXT PRIMARY KEY,
        dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE
      ) STRICT;
      CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('replay', 'comparison')),
        title TEXT NOT NULL,
        input_digest TEXT NOT NULL UNIQUE,
        digest TEXT NOT NULL,
        dataset_id TEXT NOT NULL REFERENCES datasets (id),
        inputs TEXT NOT NULL CHECK (json_valid(inputs)),
        provenance TEXT NOT NULL CHECK (json_valid(provenance)),
        result BLOB NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX runs_by_time ON runs (created_at DESC);
      CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        operation TEXT NOT NULL,
        title TEXT NOT NULL,
        input TEXT NOT NULL CHECK (json_valid(input)),
        input_digest TEXT NOT NULL,
        owner TEXT NOT NULL CHECK (owner IN ('server', 'command')),
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
        process TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        progress TEXT CHECK (progress IS NULL OR json_valid(progress)),
        result BLOB,
        link TEXT,
        sentence TEXT,
        diagnostics TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(diagnostics)),
        created_at TEXT NOT NULL,
        started_at TEXT,
        finished_at TEXT
      ) STRICT;
      CREATE INDEX jobs_by_state ON jobs (state);
    `,
  },
  {
    number: 2,
    adds: "rendered reports",
    sql: `
      CREATE TABLE reports (
        run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        views_digest TEXT NOT NULL,
        html BLOB NOT NULL,
        PRIMARY KEY (run_id, key)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    number: 3,
    adds: "experiments",
    sql: `
      CREATE TABLE experiments (
        name TEXT PRIMARY KEY,
        created_at TEXT NOT NULL,
        locked_at TEXT,
        locked_digest TEXT
      ) STRICT;
      CREATE TABLE experiment_designs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        experiment TEXT NOT NULL REFERENCES experiments (name) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        design TEXT NOT NULL CHECK (json_valid(design)),
        source TEXT NOT NULL,
        reason TEXT NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX experiment_designs_by_experiment ON experiment_designs (experiment, number);
      CREATE TABLE experiment_observations (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        experiment TEXT NOT NULL REFERENCES experiments (name) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        design_digest TEXT NOT NULL,
        file TEXT NOT NULL,
        file_digest TEXT NOT NULL,
        observations BLOB NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX experiment_observations_by_experiment ON experiment_observations (experiment, number);
      CREATE TABLE experiment_decisions (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        experiment TEXT NOT NULL REFERENCES experiments (name) ON DELETE CASCADE,
        arm TEXT NOT NULL,
        decision TEXT NOT NULL CHECK (decision IN ('ship', 'hold', 'stop')),
        recommended TEXT NOT NULL CHECK (recommended IN ('ship', 'hold', 'stop')),
        reason TEXT NOT NULL,
        decided_by TEXT NOT NULL,
        analysis_digest TEXT NOT NULL,
        observation_digest TEXT NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX experiment_decisions_by_experiment ON experiment_decisions (experiment, number);
    `,
  },
  {
    number: 4,
    adds: "units of an observation, lists of dealt units, the log of exposures",
    sql: `
      ALTER TABLE experiment_observations ADD COLUMN units INTEGER NOT NULL DEFAULT 0;
      CREATE TABLE experiment_lists (
        experiment TEXT NOT NULL REFERENCES experiments (name) ON DELETE CASCADE,
        unit TEXT NOT NULL,
        arm TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (experiment, unit)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE experiment_exposures (
        experiment TEXT NOT NULL REFERENCES experiments (name) ON DELETE CASCADE,
        unit TEXT NOT NULL,
        day TEXT NOT NULL,
        arm TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (experiment, unit)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  { number: 5, ...commentsMigration },
  {
    number: 6,
    adds: "presets of comparisons",
    sql: `
      CREATE TABLE presets (
        name TEXT PRIMARY KEY,
        input TEXT NOT NULL CHECK (json_valid(input)),
        created_at TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
];

/**
 * Brings a catalogue up to date, each step in a transaction of its own: a crash in the middle leaves the last whole step.
 *
 * @throws InputRefused `catalogue-newer` when the file was written by a later version of the program, `catalogue-damaged` when it holds
 * the tables of another program.
 */
export function migrate(database: Database.Database, file: string, steps: readonly Migration[] = migrations): void {
  const last = steps.length;
  const version = () => Number(database.pragma("user_version", { simple: true }));
  if (version() > last) {
    throw new InputRefused([
      diagnose("catalogue-newer", { message: `${file} is at step ${version()}, this program knows ${last}`, found: String(version()) }),
    ]);
  }
  const isEmpty = () => database.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() === undefined;
  const apply = database.transaction((step: Migration) => {
    if (version() >= step.number) return;
    if (version() === 0 && !isEmpty()) {
      throw new InputRefused([
        diagnose("catalogue-damaged", { message: `${file} is a SQLite file of another program: it has tables, and no step is noted` }),
      ]);
    }
    database.exec(step.sql);
    database.pragma(`user_version = ${step.number}`);
  });
  for (const step of steps) apply.immediate(step);
}
