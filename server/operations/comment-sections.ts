/** What was said about a report, by the part that it is about, in the order of the page: for the page of comments and for files that carry them. */
import type { RunRecord, Store } from "../../data/store/index.ts";
import { type CommentedSection, modeOfPart, type Report, type ReportAnchor, reportAnchors, type SaidRow } from "../../views/index.ts";
import { type CommentThread, threadsOf } from "./comment-threads.ts";

/** Only parts with comments. What is about a part that this report no longer has stands at the end, under its name. */
export function commentedSections(store: Store, run: RunRecord, report: Report): readonly CommentedSection[] {
  const threads = threadsOf(store, run, { candidate: report.candidate });
  const known = reportAnchors(report);
  const lost = [...new Set(threads.map(({ anchor }) => anchor))].filter((anchor) => known.every((part) => part.anchor !== anchor));
  const parts = [
    ...known,
    ...lost.map((anchor): ReportAnchor => ({ anchor, title: anchor, section: "No longer in the report", isFigure: false })),
  ];
  const names = [...new Set(parts.map(({ section }) => section))];
  return names
    .map((name) => ({
      name,
      parts: parts
        .filter(({ section }) => section === name)
        .map(({ anchor, title }) => ({
          anchor,
          title,
          mode: modeOfPart(report, anchor),
          threads: threads.filter((thread) => thread.anchor === anchor).map(rowOf),
        }))
        .filter(({ threads: own }) => own.length > 0),
    }))
    .filter(({ parts: own }) => own.length > 0);
}

function rowOf(thread: CommentThread) {
  return {
    ...saidRow(thread),
    state: thread.state,
    steps: thread.steps
      .filter(({ step }) => step !== "withdrawn")
      .map(({ step, by, at, reason }) => ({ step, by, at: minuteOf(at), reason })),
    replies: thread.replies.map(saidRow),
  };
}

function saidRow({ number, by, at, text, withdrawn }: Pick<CommentThread, "number" | "by" | "at" | "text" | "withdrawn">): SaidRow {
  return {
    number,
    by,
    at: minuteOf(at),
    ...(text === undefined ? {} : { text }),
    ...(withdrawn === undefined ? {} : { withdrawn: { by: withdrawn.by, at: minuteOf(withdrawn.at), reason: withdrawn.reason } }),
  };
}

/** `2026-03-01T10:20:00.000Z` as `2026-03-01 10:20`. */
function minuteOf(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
