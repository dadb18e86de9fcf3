/** What the page of commands and routes is told. */
import type { PageFrame } from "./page-frame.ts";

/** One operation. Names and values in its words stand in backticks. */
export interface ReferenceOperation {
  /** Where it stands on the page. */
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly command?: string;
  readonly route?: { readonly method: string; readonly path: string };
  readonly fields: readonly { readonly name: string; readonly option: string; readonly form: string; readonly meaning: string }[];
  /** Lines for a shell, one a door. */
  readonly examples: readonly string[];
  /** The fields of its JSON answer. */
  readonly answer: readonly { readonly name: string; readonly form: string; readonly meaning: string }[];
}

/** `/reference`: every operation with its command and its route, and every error. */
export interface ReferenceContext extends PageFrame {
  readonly groups: readonly { readonly id: string; readonly noun: string; readonly operations: readonly ReferenceOperation[] }[];
  /** By status, then by code. */
  readonly errors: readonly {
    readonly status: number;
    readonly code: string;
    readonly severity: string;
    readonly meaning: string;
    readonly cure: string;
  }[];
}
