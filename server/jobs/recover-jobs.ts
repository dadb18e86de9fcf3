/** Finds the jobs whose process died, and says what becomes of each. */
import type { JobRecord, Store } from "../../data/store/index.ts";
import { isAlive } from "./process-identity.ts";

const attemptsMax = 2;

/** Most work keeps nothing; a replay on an engine keeps its shards, an import what was frozen. */
const goesOn = "what it kept on the way stands, the rest is done anew";

/**
 * Marks the jobs that were running in a process that is gone, and gives one sentence for each, for the person who starts the program.
 * A server's job goes back into the queue, once; one that was interrupted twice fails, so that a job which brings the machine down
 * does not do so for ever. A command's job is marked as interrupted: its user starts it again.
 */
export function recoverJobs(store: Store): readonly string[] {
  return store.jobs
    .inState("running")
    .filter((job) => job.process === undefined || !isAlive(job.process))
    .map((job) => recover(store, job));
}

function recover(store: Store, job: JobRecord): string {
  const what = `${job.id} (${job.title})`;
  if (job.owner === "command") {
    const sentence = `${what} ${interruptionOf(job)}; run the command again: ${goesOn}.`;
    store.jobs.finish(job.id, { state: "interrupted", sentence });
    return sentence;
  }
  if (job.attempts < attemptsMax) {
    const sentence = `${what} was interrupted when the server was killed. It is queued again: ${goesOn}.`;
    store.jobs.requeue(job.id, sentence);
    return sentence;
  }
  const sentence = `${what} ${interruptionOf(job)}. It is not tried again; start it anew if you want it.`;
  store.jobs.finish(job.id, { state: "interrupted", sentence });
  return sentence;
}

/** How a job that is not tried again was interrupted. */
export function interruptionOf({ owner }: Pick<JobRecord, "owner">): string {
  return owner === "command"
    ? "was interrupted when its command was killed"
    : "was interrupted for the second time when the server was killed";
}
