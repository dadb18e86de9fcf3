/** What the page of two comparisons side by side is told. */

import type { PageFrame } from "./page-frame.ts";
import type { ChangeRow, RunSummary } from "./summaries.ts";

/** One thing that the two runs were made with otherwise. */
export interface RunDifference {
  /** `Dataset`, `Range`, `Candidate`. */
  readonly name: string;
  readonly first: string;
  readonly second: string;
  /** What it means for setting the figures side by side. */
  readonly words: string;
  /** Of policies: what changed from the first to the second. */
  readonly changes: readonly ChangeRow[];
}

/** A headline figure of both, as their reports print it. */
export interface HeadlineAgainst {
  readonly name: string;
  readonly first: string;
  readonly firstNote: string;
  readonly second: string;
  readonly secondNote: string;
}

/** A figure of both, in numbers. */
export interface FigureRow {
  readonly section: string;
  readonly figure: string;
  readonly where: string;
  readonly first: string;
  readonly second: string;
  readonly difference: string;
  /** `overlap`, `apart`, or empty where there are no two intervals. */
  readonly intervals: string;
}

/** An entity that stands otherwise under the two candidates. */
export interface EntityAgainst {
  readonly entity: string;
  readonly first: string;
  readonly second: string;
}

/** `/runs/<id>/against/<other>?candidate=..&otherCandidate=..`. */
export interface AgainstContext extends PageFrame {
  readonly first: { readonly run: RunSummary; readonly candidate: string };
  readonly second: { readonly run: RunSummary; readonly candidate: string };
  /** The finding: whether and how they differ. */
  readonly title: string;
  /** What stands in the way of setting them side by side, said first; empty when nothing does. */
  readonly warnings: readonly string[];
  readonly differences: readonly RunDifference[];
  readonly headlines: readonly HeadlineAgainst[];
  readonly sections: readonly { readonly section: string; readonly figures: number; readonly differ: number; readonly apart: number }[];
  /** Those that differ, as many as a page shows. */
  readonly figures: readonly FigureRow[];
  /** In words: how many are compared, how many differ, how many only one has, and what is left out. */
  readonly figuresWords: string;
  readonly csv: string;
  /** In words: at which date, how many, or why nobody was looked at. */
  readonly entitiesWords: string;
  readonly entities: readonly EntityAgainst[];
  /** The address of the two the other way around. */
  readonly swapped: string;
}

/** `/runs/<id>/against`: with which other comparison. */
export interface AgainstChoiceContext extends PageFrame {
  readonly run: RunSummary;
  /** Those on the same dataset first, the newest first in each. */
  readonly others: readonly { readonly run: RunSummary; readonly isSameDataset: boolean }[];
}
