/** What the page of the policy editor is told. */
import type { PageFrame } from "./page-frame.ts";
import type { WhatIfAnswerContext, WhatIfParameter } from "./what-if-context.ts";

/** A fault or remark of a text. */
export interface EditorProblemContext {
  readonly severity: "error" | "warning" | "note";
  readonly code: string;
  readonly message: string;
  readonly cure: string;
  /** In the text; absent where another file is at fault, which is then named. */
  readonly line?: number;
  readonly column?: number;
  readonly file?: string;
}

/** A change in words, and whether it is stricter. */
interface EditorChange {
  readonly words: string;
  readonly direction?: "stricter" | "gentler" | "neutral";
}

/** What is said of a text. */
export interface EditorFindings {
  /** `2 errors, 1 warning`. */
  readonly said: string;
  readonly isSound: boolean;
  readonly problems: readonly EditorProblemContext[];
  /** The lines that problems link to, with those around them; for readers without script. */
  readonly lines: readonly { readonly number: number; readonly text: string; readonly isMarked: boolean }[];
  /** Only of a sound text. */
  readonly difference?: { readonly against: string; readonly summary: string; readonly changes: readonly EditorChange[] };
}

/** `/policies/<programme>/<version>/edit`: a text that becomes a new version. A plain form; works without script. */
export interface PolicyEditorContext extends PageFrame {
  readonly programme: string;
  /** The version that it was begun from. */
  readonly version: string;
  readonly title: string;
  readonly text: string;
  /** Ways to begin. */
  readonly starts: readonly { readonly name: string; readonly words: string; readonly current: boolean }[];
  /** References of the versions that it can be set against. */
  readonly baselines: readonly { readonly reference: string; readonly selected: boolean }[];
  readonly datasets: readonly { readonly id: string; readonly title: string; readonly selected: boolean }[];
  readonly findings: EditorFindings;
  /** Numbers that can be moved; empty while the text has faults. */
  readonly levers: readonly WhatIfParameter[];
  /** What was tried and refused, as the heading of the problems. */
  readonly refused: string;
  readonly answer?: WhatIfAnswerContext;
  readonly opening?: { readonly words: string; readonly percent: number };
  /** Why there are no figures. */
  readonly unanswered: string;
}
