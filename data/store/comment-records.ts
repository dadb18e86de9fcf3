/** Comments on reports: what was said, about which part of which run, and what became of it. Nothing is ever overwritten or deleted. */
import type Database from "better-sqlite3";
import { present } from "../foundation/index.ts";
import type { Clock } from "./clock.ts";

/** What can happen to a comment after it was written. */
export type CommentStep = "resolved" | "reopened" | "withdrawn";

/** Something that happened to a comment. */
export interface CommentEvent {
  readonly step: CommentStep;
  readonly author: string;
  /** Why, in words; may be empty. */
  readonly reason: string;
  readonly createdAt: string;
}

/** One comment, or a reply to one. */
export interface CommentRecord {
  /** Unique in the home, in the order in which they were written. */
  readonly number: number;
  readonly runId: string;
  /** Digest of the run's result when the comment was written. */
  readonly runDigest: string;
  /** Version of the candidate that the report was about. */
  readonly candidate: string;
  /** The id of the part of the report's page: `answer`, a section's id, `figure-<id>`. */
  readonly anchor: string;
  /** Absent in a comment that opens a thread: the number of that comment. */
  readonly replyTo?: number;
  readonly author: string;
  /** As it was written, also of one that was withdrawn: whoever shows it leaves it out then. */
  readonly text: string;
  readonly createdAt: string;
  /** In the order in which they happened. */
  readonly events: readonly CommentEvent[];
}

/** What can be asked of the comments. */
export interface CommentRecords {
  add(comment: Omit<CommentRecord, "number" | "createdAt" | "events">): CommentRecord;
  /** Notes that something happened to a comment. */
  note(number: number, event: Omit<CommentEvent, "createdAt">): CommentRecord;
  find(number: number): CommentRecord | undefined;
  /** All of a run, in the order in which they were written. */
  list(runId: string): readonly CommentRecord[];
  count(runId: string): number;
}

/** What the catalogue needs for them. Rows can be added only: the file itself refuses to change or delete one. */
export const commentsMigration = {
  adds: "comments on reports",
  sql: `
    CREATE TABLE comments (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      run_id TEXT NOT NULL REFERENCES runs (id),
      run_digest TEXT NOT NULL,
      candidate TEXT NOT NULL,
      anchor TEXT NOT NULL,
      reply_to INTEGER REFERENCES comments (number),
      author TEXT NOT NULL,
      text TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX comments_by_run ON comments (run_id, number);
    CREATE TABLE comment_events (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      comment INTEGER NOT NULL REFERENCES comments (number),
      step TEXT NOT NULL CHECK (step IN ('resolved', 'reopened', 'withdrawn')),
      author TEXT NOT NULL,
      reason TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX comment_events_by_comment ON comment_events (comment, number);
    ${["comments", "comment_events"]
      .flatMap((table) =>
        ["UPDATE", "DELETE"].map(
          (verb) =>
            `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table} BEGIN SELECT RAISE(ABORT, '${table} are only added to'); END;`,
        ),
      )
      .join("\n    ")}
  `,
};

interface CommentRow extends Omit<CommentRecord, "replyTo" | "events"> {
  readonly replyTo: number | null;
}

const columns =
  "number, run_id AS runId, run_digest AS runDigest, candidate, anchor, reply_to AS replyTo, author, text, created_at AS createdAt";

export function commentRecords(database: Database.Database, clock: Clock): CommentRecords {
  const insert = database.prepare(
    "INSERT INTO comments (run_id, run_digest, candidate, anchor, reply_to, author, text, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const insertEvent = database.prepare("INSERT INTO comment_events (comment, step, author, reason, created_at) VALUES (?, ?, ?, ?, ?)");
  const one = database.prepare<[number], CommentRow>(`SELECT ${columns} FROM comments WHERE number = ?`);
  const ofRun = database.prepare<[string], CommentRow>(`SELECT ${columns} FROM comments WHERE run_id = ? ORDER BY number`);
  const eventsOf = database.prepare<[number], CommentEvent>(
    "SELECT step, author, reason, created_at AS createdAt FROM comment_events WHERE comment = ? ORDER BY number",
  );
  const counted = database.prepare<[string], number>("SELECT count(*) FROM comments WHERE run_id = ?").pluck();
  const recordOf = ({ replyTo, ...row }: CommentRow): CommentRecord => ({
    ...row,
    ...(replyTo === null ? {} : { replyTo }),
    events: eventsOf.all(row.number),
  });
  const find = (number: number): CommentRecord | undefined => {
    const row = one.get(number);
    return row === undefined ? undefined : recordOf(row);
  };
  return {
    add({ runId, runDigest, candidate, anchor, replyTo, author, text }) {
      const { lastInsertRowid } = insert.run(runId, runDigest, candidate, anchor, replyTo ?? null, author, text, clock());
      return present(find(Number(lastInsertRowid)), "the comment that was kept");
    },
    note(number, { step, author, reason }) {
      insertEvent.run(number, step, author, reason, clock());
      return present(find(number), `comment ${number}`);
    },
    find,
    list: (runId) => ofRun.all(runId).map(recordOf),
    count: (runId) => counted.get(runId) ?? 0,
  };
}
