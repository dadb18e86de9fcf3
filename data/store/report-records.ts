/** Rendered reports, kept so that opening one costs reading, not drawing. */
import { gunzipSync, gzipSync } from "node:zlib";
import type Database from "better-sqlite3";

/** What can be asked of the rendered reports. */
export interface ReportRecords {
  /** The page of this key, or undefined when it was never drawn or was drawn by other views than these. */
  find(runId: string, key: string, viewsDigest: string): string | undefined;
  /** Keeps a page, in place of one of the same key. */
  keep(runId: string, key: string, viewsDigest: string, html: string): void;
}

export function reportRecords(database: Database.Database): ReportRecords {
  const select = database.prepare<[string, string, string], { html: Buffer }>(
    "SELECT html FROM reports WHERE run_id = ? AND key = ? AND views_digest = ?",
  );
  const upsert = database.prepare("INSERT OR REPLACE INTO reports (run_id, key, views_digest, html) VALUES (?, ?, ?, ?)");
  return {
    find(runId, key, viewsDigest) {
      const row = select.get(runId, key, viewsDigest);
      return row === undefined ? undefined : gunzipSync(row.html).toString("utf8");
    },
    keep: (runId, key, viewsDigest, html) => void upsert.run(runId, key, viewsDigest, gzipSync(html, { level: 6 })),
  };
}
