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
  /** Beside what any request can meet: codes, and whole groups of them by their place on the page. */
  readonly errors: { readonly codes: readonly string[]; readonly families: readonly { readonly id: string; readonly title: string }[] };
}

/** A code of the catalogue. */
export interface ReferenceFault {
  readonly status: number;
  readonly code: string;
  readonly severity: string;
  readonly meaning: string;
  readonly cure: string;
}

/** `/reference`: every operation with its command and its route, and every error. */
export interface ReferenceContext extends PageFrame {
  readonly groups: readonly { readonly id: string; readonly noun: string; readonly operations: readonly ReferenceOperation[] }[];
  /** In groups, each by status, then by code. */
  readonly errors: readonly { readonly id: string; readonly title: string; readonly codes: readonly ReferenceFault[] }[];
}
