/** A thread that answers questions, and its side of the conversation. */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { type Diagnostic, InputRefused, present } from "../../data/foundation/index.ts";

type Answer = { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly diagnostics: readonly Diagnostic[] };

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs a module that calls `serve`. Questions and answers are plain data; the memory of an answer's typed arrays is handed over, not copied. */
export class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #ended: Error | undefined;

  /** `setup`: what the module is told once. */
  constructor(module: URL, setup: unknown) {
    this.#worker = new Worker(module, { workerData: setup });
    this.#worker.on("error", (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", (code) => this.#end(new Error(`a thread ended with code ${code}`)));
    this.#worker.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("diagnostics" in answer) waiting?.reject(new InputRefused(answer.diagnostics));
      else waiting?.resolve(answer.answer);
    });
  }

  /** Lets the process end although the thread is there, or not. */
  rest(isResting: boolean): void {
    if (isResting) this.#worker.unref();
    else this.#worker.ref();
  }

  /** Asks; questions wait their turn. Rejects with InputRefused where the input is at fault, and when the thread ends: our bug, or closed. */
  ask<Result>(question: unknown): Promise<Result> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as Result), reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      this.#worker.postMessage({ id, question });
    });
  }

  /** Ends the thread, whatever it is doing. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

/** A module's side: makes what answers from what the thread was told, then serves one question after another. */
export function serve<Setup, Question>(makeAnswer: (setup: Setup) => (question: Question) => unknown): void {
  const port = present(parentPort, "a thread");
  const answerTo = makeAnswer(workerData as Setup);
  port.on("message", ({ id, question }: { readonly id: number; readonly question: Question }) => {
    const answer = safely(id, () => answerTo(question));
    port.postMessage(answer, [...buffersIn(answer)]);
  });
}

function safely(id: number, work: () => unknown): Answer {
  try {
    return { id, answer: work() };
  } catch (error) {
    if (error instanceof InputRefused) return { id, diagnostics: error.diagnostics };
    throw error;
  }
}

/** Plain data as another thread would get it: the memory of its typed arrays is taken away from who made it. */
export function handedOver<Value>(value: Value): Value {
  return structuredClone(value, { transfer: [...buffersIn(value)] });
}

/** The memory of every typed array inside plain data, each once. */
function buffersIn(value: unknown, found = new Set<ArrayBuffer>()): ReadonlySet<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    if (typeof value[0] === "object") for (const item of value) buffersIn(item, found);
  } else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) buffersIn(item, found);
  }
  return found;
}
