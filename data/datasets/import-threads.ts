/** The threads that help an import: one asks, they answer in order. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { AccountFrame, MeasureColumns, MeasureFindings } from "./measure-account.ts";
import type { ParsedCodes } from "./plain/parse-rows.ts";
import type { PlainForm } from "./plain/plain-form.ts";

/** What a thread can be asked for, and what it answers. Memory is given away with blocks, and shared with columns. */
export interface ThreadAnswers {
  /** Opens a plain file; what `read` and `finishReading` are about. */
  readonly openFile: { readonly asks: { readonly form: PlainForm; readonly size: number }; readonly answers: undefined };
  readonly read: {
    readonly asks: { readonly from: number; readonly to: number };
    readonly answers: { readonly isPlain: boolean; readonly blocks: readonly GivenBlock[] };
  };
  readonly finishReading: {
    readonly asks: undefined;
    readonly answers: { readonly codes: ParsedCodes; readonly blocks: readonly GivenBlock[] };
  };
  readonly openAccount: { readonly asks: AccountFrame; readonly answers: undefined };
  readonly addToAccount: { readonly asks: MeasureColumns; readonly answers: undefined };
  readonly finishAccount: { readonly asks: undefined; readonly answers: readonly MeasureFindings[] };
}

/** A block of rows without its shape. */
export interface GivenBlock {
  readonly buffer: ArrayBuffer;
  readonly rows: number;
}

/** One question to a thread. */
export type Question = {
  [Kind in keyof ThreadAnswers]: { readonly kind: Kind; readonly asks: ThreadAnswers[Kind]["asks"] };
}[keyof ThreadAnswers];

/** A thread. What it throws rejects every question that is open, and every later one. */
export class ImportThread {
  readonly #worker = new Worker(new URL("./import-thread-program.js", import.meta.url));
  readonly #open: { readonly resolve: (answer: unknown) => void; readonly reject: (error: unknown) => void }[] = [];
  #failure: unknown;

  constructor() {
    this.#worker.on("message", (answer: unknown) => this.#open.shift()?.resolve(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`a thread of the import ended with ${code}`)));
  }

  /** Asks; answers come in the order of the questions. */
  ask<Kind extends keyof ThreadAnswers>(kind: Kind, asks: ThreadAnswers[Kind]["asks"]): Promise<ThreadAnswers[Kind]["answers"]> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#open.push({ resolve: (answer) => resolve(answer as ThreadAnswers[Kind]["answers"]), reject });
      this.#worker.postMessage({ kind, asks }, []);
    });
  }

  close(): void {
    void this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const each of this.#open.splice(0)) each.reject(error);
  }
}

/** The threads of one import, made when they are first needed. Close them. */
export class ImportThreads {
  readonly #threads: ImportThread[] = [];

  /** How many help at most: with the thread that asks, one for each processor, and at most four. */
  readonly most = Math.min(4, availableParallelism()) - 1;

  /** The first ones. */
  take(count: number): readonly ImportThread[] {
    while (this.#threads.length < Math.min(count, this.most)) this.#threads.push(new ImportThread());
    return this.#threads.slice(0, count);
  }

  close(): void {
    for (const thread of this.#threads.splice(0)) thread.close();
  }
}
