/** What a job's process and its owner say to each other. */
import type { Diagnostic } from "../../data/foundation/index.ts";
import type { JobProgress } from "../../data/store/index.ts";

/** The work to do, and the module that knows how: it exports `performJob`. */
export interface JobOrder {
  readonly module: string;
  readonly home: string;
  readonly operation: string;
  readonly input: unknown;
}

/** What came out, and the path of the page that shows it. */
export interface JobOutcome {
  readonly result: unknown;
  readonly link?: string | undefined;
}

/** What work hears of and says while it runs. */
export interface JobSurroundings {
  readonly onProgress: (progress: JobProgress) => void;
  /**
   * For work that has something to call off, outside its process or on threads of a database: from this call on, a stop aborts the signal, and the process has
   * `stopMilliseconds` to call that off and settle. Work that never asks is ended at once.
   */
  readonly heedStop: () => AbortSignal;
}

/** What a thread of the pool begins with: modules to load before anybody asks, and memory in which it counts its native calls. */
export interface ThreadBeginning {
  readonly modules: readonly string[];
  readonly calls: Int32Array;
}

/** How long work that heeds a stop may take to settle. */
export const stopMilliseconds = 5000;

/** What a module of job work exports: does the work; throws InputRefused for faults of the input. */
export type PerformJob = (order: JobOrder, surroundings: JobSurroundings) => Promise<JobOutcome>;

/** From the owner to the job's process: first the order, then perhaps that it is to stop. */
export type OwnerMessage = JobOrder | { readonly kind: "stop" };

/** From the job's process to its owner. */
export type JobMessage =
  | { readonly kind: "progress"; readonly progress: JobProgress }
  | { readonly kind: "heeds-stop" }
  | { readonly kind: "done"; readonly outcome: JobOutcome }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "broke"; readonly message: string; readonly stack: string };

/** Something to be answered off the asker's thread, and the module that knows how: it exports `answerQuestion`. */
export interface Question {
  readonly module: string;
  /** Plain data. */
  readonly argument: unknown;
}

/** What a module of answers exports: plain data for plain data; throws InputRefused for faults of the input. */
export type AnswerQuestion = (argument: unknown) => Promise<unknown>;

/** What becomes of a question. */
export type Answer =
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "broke"; readonly message: string; readonly stack: string }
  | { readonly kind: "withdrawn" };
