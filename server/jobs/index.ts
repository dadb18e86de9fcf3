/** Work off the server's thread: a bounded queue with a process for each job, what a crash left, and threads for shorter questions. */
export { hasEnded, JobQueue, type JobQueueOptions, type JobRequest } from "./job-queue.ts";
export type { AnswerQuestion, JobOrder, JobOutcome, PerformJob, Question } from "./messages.ts";
export { isAlive, processIdentity } from "./process-identity.ts";
export { interruptionOf, recoverJobs } from "./recover-jobs.ts";
export { type ChildEnd, type RunningChild, runInChild } from "./run-in-child.ts";
export { Withdrawn, WorkerPool } from "./worker-pool.ts";
