/** What the page of a report's comments is told. */
import type { FormProblem, PageFrame } from "./page-frame.ts";

/** Something that was said. Times are `YYYY-MM-DD HH:MM`, UTC. */
export interface SaidRow {
  readonly number: number;
  readonly by: string;
  readonly at: string;
  /** Absent when it was withdrawn. */
  readonly text?: string;
  readonly withdrawn?: { readonly by: string; readonly at: string; readonly reason: string };
}

/** A comment with its replies and what became of it. */
export interface ThreadRow extends SaidRow {
  readonly state: "open" | "resolved" | "withdrawn";
  /** Resolved and reopened, in order. */
  readonly steps: readonly { readonly step: string; readonly by: string; readonly at: string; readonly reason: string }[];
  readonly replies: readonly SaidRow[];
}

/** What was said about one part of a report. */
export interface CommentedPart {
  readonly anchor: string;
  /** The section's name or the figure's finding. */
  readonly title: string;
  /** The mode in which the report's page shows it. */
  readonly mode: "full" | "method";
  readonly threads: readonly ThreadRow[];
}

/** Parts by the section in which they stand. */
export interface CommentedSection {
  readonly name: string;
  readonly parts: readonly CommentedPart[];
}

/** All comments on the report of one candidate, or those about one part of it. */
export interface CommentsContext extends PageFrame {
  readonly run: string;
  readonly digest: string;
  /** `href` has a query already. */
  readonly report: { readonly name: string; readonly href: string };
  readonly candidate: string;
  /** More than one: a switch between them. */
  readonly candidates: readonly { readonly version: string; readonly href: string; readonly isCurrent: boolean }[];
  /** The one part that is asked for; absent on the page of all. */
  readonly only?: { readonly anchor: string; readonly title: string; readonly mode: "full" | "method"; readonly allHref: string };
  readonly sections: readonly CommentedSection[];
  readonly open: number;
  readonly all: number;
  /** What a new comment may be about; empty where one part is asked for. */
  readonly choices: readonly { readonly anchor: string; readonly title: string; readonly isFigure: boolean; readonly isChosen: boolean }[];
  readonly problems: readonly FormProblem[];
  /** What was sent and cannot be used comes back. */
  readonly typed: { readonly text: string; readonly by: string };
}
