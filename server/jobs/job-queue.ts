/** The server's queue of long work: bounded, one job after the other, each in a process of its own. */
import { type Diagnostic, diagnose, limits, present } from "../../data/foundation/index.ts";
import type { JobProgress, JobRecord, Store } from "../../data/store/index.ts";
import { processIdentity } from "./process-identity.ts";
import { type ChildEnd, type RunningChild, runInChild } from "./run-in-child.ts";

/** What a queue needs. */
export interface JobQueueOptions {
  readonly store: Store;
  /** URL of the module that does the work; it exports `performJob`. */
  readonly module: string;
  /** Called after a job's process was killed or died, to clear what it left behind. */
  readonly afterDeath: () => Promise<void>;
  /** Hears of faults that are our bug. */
  readonly onFault: (message: string, stack: string) => void;
}

/** What is asked for. */
export interface JobRequest {
  readonly operation: string;
  readonly title: string;
  readonly input: unknown;
  readonly inputDigest: string;
}

const persistEveryMilliseconds = 500;
/** A job that another server on the same home took is looked up this often. */
const lookEveryMilliseconds = 500;
/** A killed process is gone at once; this is for a machine that is very busy. */
const cancelMilliseconds = 10_000;

/** Runs jobs in the order in which they came. Everything that it knows stands in the store, so that a crash loses no job. */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #listeners = new Map<string, Set<(job: JobRecord) => void>>();
  #running: { readonly id: string; readonly child: RunningChild; cancelled: boolean } | undefined;
  #closed = false;
  #savedAt = 0;
  #latest: { readonly id: string; readonly progress: JobProgress } | undefined;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** Queues work; the same input that is queued or runs already is the same job. `queue-full` when as many wait as the queue holds. */
  submit(request: JobRequest): JobRecord | Diagnostic {
    const { jobs } = this.#options.store;
    const same = jobs.findActive(request.inputDigest);
    if (same !== undefined) return same;
    const waiting = jobs.inState("queued").length;
    if (waiting >= limits.jobsQueued.value) {
      return diagnose("queue-full", { message: `${waiting} jobs wait, and the queue holds ${limits.jobsQueued.value}` });
    }
    const job = jobs.add({ ...request, owner: "server" });
    this.startNext();
    return jobs.find(job.id) ?? job;
  }

  /** Starts the oldest waiting job, unless one runs. */
  startNext(): void {
    const { store, module } = this.#options;
    if (this.#closed || this.#running !== undefined) return;
    const waiting = store.jobs.inState("queued").filter(({ owner }) => owner === "server");
    // Another server on the same home may be quicker.
    const job = waiting.find(({ id }) => store.jobs.start(id, processIdentity()));
    if (job === undefined) return;
    const child = runInChild({ module, home: store.home, operation: job.operation, input: job.input }, (progress) =>
      this.#report(job.id, progress),
    );
    const running = { id: job.id, child, cancelled: false };
    this.#running = running;
    this.#notify(job.id);
    void child.ended.then(async (end) => {
      if (!this.#closed) await this.#settle(job.id, end, running.cancelled);
      this.#running = undefined;
      this.startNext();
    });
  }

  /** Stops a job, whether it waits or runs, and gives it as it ended. `not-cancellable` when it has ended, or is a command's. */
  async cancel(id: string): Promise<JobRecord | Diagnostic> {
    const { jobs } = this.#options.store;
    if (this.#running?.id === id) {
      this.#running.cancelled = true;
      this.#running.child.stop();
      return present(await this.settled(id, cancelMilliseconds), id);
    }
    const job = jobs.find(id);
    if (job === undefined) return diagnose("unknown-run", { message: `no job is called '${id}'`, found: id });
    if (job.state !== "queued") {
      const where = job.state === "running" ? " in another process" : "";
      return diagnose("not-cancellable", { message: `${id} is ${job.state}${where}`, found: job.state });
    }
    jobs.finish(id, { state: "cancelled", sentence: "Cancelled before it began." });
    this.#notify(id);
    return present(jobs.find(id), id);
  }

  /** Hears of every change of a job until the function that it gives is called. */
  watch(id: string, listener: (job: JobRecord) => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(id, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /** The job when it has ended, or as it stands after so many milliseconds. */
  async settled(id: string, waitMilliseconds: number): Promise<JobRecord | undefined> {
    const { jobs } = this.#options.store;
    const now = jobs.find(id);
    if (now === undefined || hasEnded(now) || waitMilliseconds <= 0) return now;
    return await new Promise((resolve) => {
      const stop = this.watch(id, (job) => {
        if (hasEnded(job)) answer(job);
      });
      const timer = setTimeout(() => answer(jobs.find(id)), waitMilliseconds);
      const look = setInterval(() => {
        const job = jobs.find(id);
        if (job === undefined || hasEnded(job)) answer(job);
      }, lookEveryMilliseconds);
      function answer(job: JobRecord | undefined): void {
        clearTimeout(timer);
        clearInterval(look);
        stop();
        resolve(job);
      }
    });
  }

  /** Stops taking work. A job that runs is stopped and goes back into the queue, for the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = this.#running;
    if (running === undefined) return;
    running.child.stop();
    await running.child.ended;
    await this.#options.afterDeath();
    this.#options.store.jobs.requeue(running.id, "The server was stopped; the job is taken up again at its next start.", true);
  }

  /** The job with its progress of this very moment, which the store learns of a little later. */
  latest(job: JobRecord): JobRecord {
    return job.state === "running" && this.#latest?.id === job.id ? { ...job, progress: this.#latest.progress } : job;
  }

  #report(id: string, progress: JobProgress): void {
    this.#latest = { id, progress };
    const now = Date.now();
    if (now - this.#savedAt >= persistEveryMilliseconds || progress.done === progress.total) {
      this.#options.store.jobs.progress(id, progress);
      this.#savedAt = now;
    }
    this.#notify(id, progress);
  }

  async #settle(id: string, end: ChildEnd, cancelled: boolean): Promise<void> {
    const { store, afterDeath, onFault } = this.#options;
    if (end.kind === "done") store.jobs.finish(id, { state: "done", result: end.outcome.result, link: end.outcome.link });
    else if (end.kind === "refused") store.jobs.finish(id, { state: "failed", diagnostics: end.diagnostics });
    else if (end.kind === "broke") {
      onFault(end.message, end.stack);
      store.jobs.finish(id, { state: "failed", diagnostics: [diagnose("internal-fault", { message: end.message })] });
    } else {
      await afterDeath();
      if (cancelled) store.jobs.finish(id, { state: "cancelled", sentence: "Cancelled while it ran; nothing of it was stored." });
      else store.jobs.finish(id, { state: "failed", diagnostics: [end.diagnostic] });
    }
    this.#notify(id);
  }

  #notify(id: string, progress?: JobProgress): void {
    const listeners = this.#listeners.get(id);
    const job = listeners === undefined ? undefined : this.#options.store.jobs.find(id);
    if (listeners === undefined || job === undefined) return;
    for (const listener of Array.from(listeners)) listener(progress === undefined ? job : { ...job, progress });
  }
}

/** Whether nothing more happens to a job. */
export function hasEnded(job: JobRecord): boolean {
  return job.state !== "queued" && job.state !== "running";
}
