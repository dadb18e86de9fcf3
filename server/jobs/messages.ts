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

/** What a module of job work exports: does the work; throws InputRefused for faults of the input. */
export type PerformJob = (order: JobOrder, onProgress: (progress: JobProgress) => void) => Promise<JobOutcome>;

/** From the job's process to its owner. */
export type JobMessage =
  | { readonly kind: "progress"; readonly progress: JobProgress }
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
