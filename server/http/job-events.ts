/** Follows a job by server-sent events, until it ends or the reader goes. */
import type { Response } from "express";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { JobRecord, Store } from "../../data/store/index.ts";
import { hasEnded, type JobQueue } from "../jobs/index.ts";
import { jobJson } from "../operations/index.ts";

const aliveEveryMilliseconds = 15_000;
const lookEveryMilliseconds = 1000;

/**
 * Answers with an event at once, and one for every change. What the queue does not hear of, a command's job or one that another server on
 * the same home took, is looked up each second. A reader that comes back is told how the job stands now.
 */
export function followJob(id: string, store: Store, queue: JobQueue, response: Response): void {
  const job = store.jobs.find(id);
  if (job === undefined) throw new InputRefused([diagnose("unknown-run", { message: `no job is called '${id}'`, found: id })]);
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    connection: "keep-alive",
    "x-accel-buffering": "no",
  });
  const stop = queue.watch(id, tell);
  const alive = setInterval(() => response.write(": still here\n\n"), aliveEveryMilliseconds);
  const look = setInterval(() => tell(queue.latest(store.jobs.find(id) ?? job)), lookEveryMilliseconds);
  let told = "";
  const end = () => {
    stop();
    clearInterval(alive);
    clearInterval(look);
  };
  response.on("close", end);
  tell(queue.latest(job));

  function tell(now: JobRecord): void {
    const news = JSON.stringify({ ...jobJson(now), stage: stageOf(now), percent: percentOf(now) });
    if (news === told) return;
    told = news;
    response.write(`data: ${news}\n\n`);
    if (!hasEnded(now)) return;
    end();
    response.end();
  }
}

/** What a job does now, in words. */
export function stageOf(job: JobRecord): string {
  if (job.state === "running") return job.progress?.stage ?? "Starting";
  if (job.state === "queued") return "Waiting";
  return job.sentence ?? { done: "Done", failed: "Failed", cancelled: "Cancelled", interrupted: "Interrupted" }[job.state];
}

/** How much of its present stage is done, 0 to 100, whole. */
export function percentOf(job: JobRecord): number {
  if (job.state === "done") return 100;
  const { done = 0, total = 0 } = job.progress ?? {};
  return total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
}
