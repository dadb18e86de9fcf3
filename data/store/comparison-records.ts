/** Comparisons wherever they stand: those that are kept as runs, and the jobs of those that wait, run, or came to nothing. */
import type Database from "better-sqlite3";

/** Where a comparison stands. A job whose process died counts as failed. */
export type ComparisonState = "queued" | "running" | "done" | "failed" | "cancelled";

/** A comparison in a list: a run's id when it is done, else a job's. */
export interface ComparisonEntry {
  readonly id: string;
  readonly state: ComparisonState;
}

/** What a comparison that is done took. */
export interface ComparisonTiming {
  readonly runId: string;
  readonly datasetId: string;
  /** Everything that determines the result. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** What can be asked of the comparisons. */
export interface ComparisonRecords {
  /** How many there are in each state. */
  counts(): Readonly<Record<ComparisonState, number>>;
  /** A page of them, the latest first; of one state, when one is given. */
  page(options: {
    readonly state?: ComparisonState | undefined;
    readonly limit: number;
    readonly offset: number;
  }): readonly ComparisonEntry[];
  /** The latest first: those whose job went through at once, so that its time is that of the work. */
  timings(limit: number): readonly ComparisonTiming[];
}

// A run's time stands behind its result in the file, and in the index without it: the list must not read every result.
const entries = `
  SELECT id, 'done' AS state, created_at, rowid AS place FROM runs INDEXED BY runs_by_time WHERE kind = 'comparison'
  UNION ALL
  SELECT 'job-' || number, CASE state WHEN 'interrupted' THEN 'failed' ELSE state END, created_at, number
    FROM jobs WHERE operation = 'compare' AND state <> 'done'`;

export function comparisonRecords(database: Database.Database): ComparisonRecords {
  const counts = database.prepare<[], { state: ComparisonState; count: number }>(
    `SELECT state, count(*) AS count FROM (${entries}) GROUP BY state`,
  );
  const page = database.prepare<[string | null, string | null, number, number], ComparisonEntry>(
    `SELECT id, state FROM (${entries}) WHERE ? IS NULL OR state = ? ORDER BY created_at DESC, place DESC LIMIT ? OFFSET ?`,
  );
  const timings = database.prepare<[number], Omit<ComparisonTiming, "inputs"> & { inputs: string }>(
    `SELECT runs.id AS runId, runs.dataset_id AS datasetId, runs.inputs, jobs.started_at AS startedAt, jobs.finished_at AS finishedAt FROM jobs
       JOIN runs ON jobs.link = '/runs/' || runs.id || '/report'
       WHERE jobs.operation = 'compare' AND jobs.state = 'done' AND jobs.attempts = 1 AND jobs.started_at IS NOT NULL
       AND jobs.finished_at IS NOT NULL AND runs.created_at >= jobs.started_at
       ORDER BY jobs.number DESC LIMIT ?`,
  );
  return {
    counts: () => ({
      queued: 0,
      running: 0,
      done: 0,
      failed: 0,
      cancelled: 0,
      ...Object.fromEntries(counts.all().map(({ state, count }) => [state, count])),
    }),
    page: ({ state = null, limit, offset }) => page.all(state, state, limit, offset),
    timings: (limit) => timings.all(limit).map((row) => ({ ...row, inputs: JSON.parse(row.inputs) as Record<string, unknown> })),
  };
}
