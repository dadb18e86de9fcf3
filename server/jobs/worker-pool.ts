/** A few threads that answer questions which would keep the asker's own thread from answering others. */
import { Worker } from "node:worker_threads";
import { type Diagnostic, diagnose, endThread, InputRefused, type LimitName, limits, sharedCalls } from "../../data/foundation/index.ts";
import type { Answer, Question, ThreadBeginning } from "./messages.ts";

interface Task {
  readonly question: Question;
  readonly settle: (answer: Answer) => void;
  timer?: NodeJS.Timeout;
}

interface Thread {
  readonly worker: Worker;
  /** What runs of its native calls. */
  readonly calls: Int32Array;
  task: Task | undefined;
}

/** The question was withdrawn by who asked it: nobody waits for the answer. */
export class Withdrawn extends Error {
  override readonly name = "Withdrawn";
}

/** How much a pool may take on; the product's limits unless a test says otherwise. */
export interface PoolOptions {
  readonly threads?: number;
  readonly waiting?: number;
  readonly milliseconds?: number;
}

/**
 * Threads begin with the first question that finds none free, stay for the next ones, and keep no process alive. Questions wait in the
 * order in which they came. What takes too long, or was withdrawn, is stopped with its thread, as soon as no statement of a database runs in it; the next question begins a new one.
 */
export class WorkerPool {
  readonly #threadsMax: number;
  readonly #waitingMax: number;
  readonly #milliseconds: number;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Task[] = [];
  #closed = false;

  constructor(options: PoolOptions = {}) {
    this.#threadsMax = options.threads ?? limits.questionThreads.value;
    this.#waitingMax = options.waiting ?? limits.questionsWaiting.value;
    this.#milliseconds = options.milliseconds ?? limits.questionSeconds.value * 1000;
  }

  /**
   * What the question's module answers. `signal` withdraws it, whether it waits or is being answered.
   * @throws InputRefused for faults of the input, `queue-full` when as many questions wait as may, `limit-exceeded` when it takes too
   * long, `job-died` when its thread ended; Withdrawn.
   */
  async ask(question: Question, signal?: AbortSignal): Promise<unknown> {
    if (this.#closed || signal?.aborted === true) throw new Withdrawn();
    if (this.#waiting.length >= this.#waitingMax && this.#threads.size >= this.#threadsMax && !this.#hasFree()) throw this.#full();
    const answer = await new Promise<Answer>((resolve) => {
      const withdraw = () => this.#stop(task, { kind: "withdrawn" });
      const task: Task = {
        question,
        settle: (given) => {
          clearTimeout(task.timer);
          signal?.removeEventListener("abort", withdraw);
          resolve(given);
        },
      };
      signal?.addEventListener("abort", withdraw);
      this.#waiting.push(task);
      this.#next();
    });
    return resultOf(answer);
  }

  /** Begins the first thread before anybody asks, with these modules loaded; where there is one already, nothing happens. */
  makeReady(modules: readonly string[]): void {
    if (!this.#closed && this.#threads.size === 0) this.#begin(modules);
  }

  /** Withdraws every question and ends the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const task of this.#waiting.splice(0)) task.settle({ kind: "withdrawn" });
    const threads = [...this.#threads];
    for (const { task } of threads) task?.settle({ kind: "withdrawn" });
    this.#threads.clear();
    await Promise.all(threads.map(async ({ worker, calls }) => await endThread(worker, calls)));
  }

  #hasFree(): boolean {
    return [...this.#threads].some(({ task }) => task === undefined);
  }

  #next(): void {
    while (!this.#closed && this.#waiting.length > 0) {
      const free = [...this.#threads].find(({ task }) => task === undefined);
      if (free === undefined && this.#threads.size >= this.#threadsMax) return;
      const task = this.#waiting.shift();
      if (task !== undefined) this.#give(free ?? this.#begin(), task);
    }
  }

  #give(thread: Thread, task: Task): void {
    thread.task = task;
    task.timer = setTimeout(() => this.#stop(task, { kind: "refused", diagnostics: [this.#tooLong()] }), this.#milliseconds);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    thread.worker.postMessage(task.question);
  }

  #begin(modules: readonly string[] = []): Thread {
    const calls = sharedCalls();
    const workerData: ThreadBeginning = { modules, calls };
    const worker = new Worker(new URL("./worker.js", import.meta.url), { execArgv: [], workerData });
    worker.unref();
    const thread: Thread = { worker, calls, task: undefined };
    this.#threads.add(thread);
    worker.on("message", (answer: Answer) => {
      const { task } = thread;
      thread.task = undefined;
      task?.settle(answer);
      this.#next();
    });
    worker.on("error", (error) => this.#lose(thread, error.message));
    worker.on("exit", (code) => this.#lose(thread, `exit code ${code}`));
    return thread;
  }

  /** A thread that ended by itself: out of memory, for one. */
  #lose(thread: Thread, how: string): void {
    if (!this.#threads.delete(thread)) return;
    thread.task?.settle({
      kind: "refused",
      diagnostics: [diagnose("job-died", { message: `the thread of the work ended by ${how}`, found: how })],
    });
    this.#next();
  }

  #stop(task: Task, answer: Answer): void {
    task.settle(answer);
    const at = this.#waiting.indexOf(task);
    if (at >= 0) this.#waiting.splice(at, 1);
    const thread = [...this.#threads].find((candidate) => candidate.task === task);
    if (thread === undefined) return;
    this.#threads.delete(thread);
    void endThread(thread.worker, thread.calls);
    this.#next();
  }

  #full(): InputRefused {
    const message = `${this.#waiting.length} questions wait, and no more than ${this.#waitingMax} may`;
    return new InputRefused([diagnose("queue-full", { message })]);
  }

  #tooLong(): Diagnostic {
    const name: LimitName = "questionSeconds";
    return diagnose("limit-exceeded", {
      message: `no answer after ${this.#milliseconds / 1000} seconds: the limit '${name}' (${limits[name].reason})`,
      cure: "Ask for less, use the command, which has no such limit, or raise it in data/foundation/limits.ts.",
    });
  }
}

function resultOf(answer: Answer): unknown {
  switch (answer.kind) {
    case "done":
      return answer.result;
    case "refused":
      throw new InputRefused(answer.diagnostics);
    case "withdrawn":
      throw new Withdrawn();
    case "broke": {
      const fault = new Error(answer.message);
      fault.stack = answer.stack;
      throw fault;
    }
  }
}
