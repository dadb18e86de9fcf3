/** Long work that was asked for: queued, running, and how it ended. */
import { gunzipSync, gzipSync } from "node:zlib";
import type Database from "better-sqlite3";
import { type Diagnostic, present } from "../foundation/index.ts";
import type { Clock } from "./clock.ts";

/** `interrupted`: the process that did the work died, and the work is not taken up again by itself. */
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";

/** How far a job is: what it does now, and how much of that. `total` 0: not known. */
export interface JobProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** One job. */
export interface JobRecord {
  /** `job-12`. */
  readonly id: string;
  readonly operation: string;
  readonly title: string;
  readonly input: unknown;
  readonly inputDigest: string;
  /** Whose process does the work: the server's, or a command's own. */
  readonly owner: "server" | "command";
  readonly state: JobState;
  /** The owner's process while it runs, as its owner names it. */
  readonly process?: string;
  readonly attempts: number;
  readonly progress?: JobProgress;
  /** Path of the page that shows what came out. */
  readonly link?: string;
  /** What happened, in words; for failed, cancelled and interrupted jobs. */
  readonly sentence?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** What can be asked of the jobs. */
export interface JobRecords {
  add(job: {
    readonly operation: string;
    readonly title: string;
    readonly input: unknown;
    readonly inputDigest: string;
    readonly owner: "server" | "command";
  }): JobRecord;
  find(id: string): JobRecord | undefined;
  /** The latest first. */
  list(limit: number): readonly JobRecord[];
  /** Oldest first. */
  inState(state: JobState): readonly JobRecord[];
  /** A server's job on the same input that is queued or runs. */
  findActive(inputDigest: string): JobRecord | undefined;
  /** Takes a job that waits, for a process. False when another process was quicker, or the job waits no more. */
  start(id: string, process: string): boolean;
  progress(id: string, progress: JobProgress): void;
  /** Back into the queue, with the reason. `isForgiven`: the attempt does not count, for its process was stopped in order. */
  requeue(id: string, sentence: string, isForgiven?: boolean): void;
  finish(id: string, end: JobEnd): void;
  /** What a job that is done gave; undefined otherwise. */
  result(id: string): unknown;
}

/** How a job ends. */
export interface JobEnd {
  readonly state: "done" | "failed" | "cancelled" | "interrupted";
  readonly result?: unknown;
  readonly link?: string | undefined;
  readonly sentence?: string;
  readonly diagnostics?: readonly Diagnostic[];
}

interface JobRow {
  readonly number: number;
  readonly operation: string;
  readonly title: string;
  readonly input: string;
  readonly input_digest: string;
  readonly owner: "server" | "command";
  readonly state: JobState;
  readonly process: string | null;
  readonly attempts: number;
  readonly progress: string | null;
  readonly link: string | null;
  readonly sentence: string | null;
  readonly diagnostics: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

const columns =
  "number, operation, title, input, input_digest, owner, state, process, attempts, progress, link, sentence, diagnostics, created_at, started_at, finished_at";

export function jobRecords(database: Database.Database, clock: Clock): JobRecords {
  const insert = database.prepare(
    "INSERT INTO jobs (operation, title, input, input_digest, owner, state, created_at) VALUES (?, ?, ?, ?, ?, 'queued', ?)",
  );
  const byNumber = database.prepare<[number], JobRow>(`SELECT ${columns} FROM jobs WHERE number = ?`);
  const latest = database.prepare<[number], JobRow>(`SELECT ${columns} FROM jobs ORDER BY number DESC LIMIT ?`);
  const byState = database.prepare<[string], JobRow>(`SELECT ${columns} FROM jobs WHERE state = ? ORDER BY number`);
  const active = database.prepare<[string], JobRow>(
    `SELECT ${columns} FROM jobs WHERE input_digest = ? AND owner = 'server' AND state IN ('queued', 'running') ORDER BY number LIMIT 1`,
  );
  const start = database.prepare(
    "UPDATE jobs SET state = 'running', process = ?, attempts = attempts + 1, started_at = ?, progress = NULL, sentence = NULL WHERE number = ? AND state = 'queued'",
  );
  const progress = database.prepare("UPDATE jobs SET progress = ? WHERE number = ? AND state = 'running'");
  const requeue = database.prepare(
    "UPDATE jobs SET state = 'queued', process = NULL, progress = NULL, sentence = ?, attempts = attempts - ? WHERE number = ?",
  );
  const finish = database.prepare(
    "UPDATE jobs SET state = ?, process = NULL, result = ?, link = ?, sentence = ?, diagnostics = ?, finished_at = ? WHERE number = ?",
  );
  const resultOf = database.prepare<[number], { result: Buffer | null }>("SELECT result FROM jobs WHERE number = ?");

  function find(id: string): JobRecord | undefined {
    const row = /^job-[0-9]{1,15}$/.test(id) ? byNumber.get(numberOf(id)) : undefined;
    return row === undefined ? undefined : recordOf(row);
  }

  return {
    add(job) {
      const { lastInsertRowid } = insert.run(job.operation, job.title, JSON.stringify(job.input), job.inputDigest, job.owner, clock());
      return present(find(`job-${lastInsertRowid}`), "the job that was added");
    },
    find,
    list: (limit) => latest.all(limit).map(recordOf),
    inState: (state) => byState.all(state).map(recordOf),
    findActive(inputDigest) {
      const row = active.get(inputDigest);
      return row === undefined ? undefined : recordOf(row);
    },
    start: (id, process) => start.run(process, clock(), numberOf(id)).changes === 1,
    progress: (id, step) => void progress.run(JSON.stringify(step), numberOf(id)),
    requeue: (id, sentence, isForgiven = false) => void requeue.run(sentence, isForgiven ? 1 : 0, numberOf(id)),
    finish(id, end) {
      const result = end.result === undefined ? null : gzipSync(JSON.stringify(end.result));
      finish.run(end.state, result, end.link ?? null, end.sentence ?? null, JSON.stringify(end.diagnostics ?? []), clock(), numberOf(id));
    },
    result(id) {
      const packed = resultOf.get(numberOf(id))?.result;
      return packed === undefined || packed === null ? undefined : JSON.parse(gunzipSync(packed).toString("utf8"));
    },
  };
}

function numberOf(id: string): number {
  return Number(id.slice("job-".length));
}

function recordOf(row: JobRow): JobRecord {
  return {
    id: `job-${row.number}`,
    operation: row.operation,
    title: row.title,
    input: JSON.parse(row.input),
    inputDigest: row.input_digest,
    owner: row.owner,
    state: row.state,
    attempts: row.attempts,
    diagnostics: JSON.parse(row.diagnostics) as Diagnostic[],
    createdAt: row.created_at,
    ...(row.process === null ? {} : { process: row.process }),
    ...(row.progress === null ? {} : { progress: JSON.parse(row.progress) as JobProgress }),
    ...(row.link === null ? {} : { link: row.link }),
    ...(row.sentence === null ? {} : { sentence: row.sentence }),
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
  };
}
