/** What the progress page of a job is told. */
import { errorCatalogue } from "../../data/foundation/index.ts";
import type { JobRecord, Store } from "../../data/store/index.ts";
import type { PageContexts, RunFailure } from "../../views/index.ts";

import { hasEnded, interruptionOf, type JobQueue } from "../jobs/index.ts";
import { percentOf, stageOf } from "./job-events.ts";
import { jobSummary } from "./page-lists.ts";

/** The page of one job: how far it is, or how it ended and what cures it. */
export function progressContext(store: Store, queue: JobQueue, job: JobRecord): PageContexts["run-progress"] {
  const failure = failureOf(job);
  const live = queue.latest(job);
  return {
    notices: job.state === "queued" && job.sentence !== undefined ? [job.sentence] : [],
    run: jobSummary(store, job),
    stage: stageOf(live),
    percent: percentOf(live),
    eventsUrl: `/api/jobs/${job.id}/events`,
    ahead: job.state === "queued" ? store.jobs.inState("queued").filter((other) => other.createdAt < job.createdAt).length : 0,
    ...(failure === undefined ? {} : { failure }),
    canCancel: job.owner === "server" && !hasEnded(job),
    isOver: hasEnded(job),
  };
}

/** Why a job came to nothing; undefined when it did not. */
export function failureOf(job: JobRecord): RunFailure | undefined {
  const [first] = job.diagnostics;
  if (first !== undefined) return { code: first.code, message: first.message, cure: first.cure };
  if (job.state !== "interrupted") return undefined;
  return { code: "job-died", message: `It ${interruptionOf(job)}`, cure: errorCatalogue["job-died"].cure };
}
