/** Long work off the server's thread: a bounded queue, a process for each job, and what a crash left. */
export { hasEnded, JobQueue, type JobQueueOptions, type JobRequest } from "./job-queue.ts";
export type { JobOrder, JobOutcome, PerformJob } from "./messages.ts";
export { isAlive, processIdentity } from "./process-identity.ts";
export { recoverJobs } from "./recover-jobs.ts";
export { type ChildEnd, type RunningChild, runInChild } from "./run-in-child.ts";
