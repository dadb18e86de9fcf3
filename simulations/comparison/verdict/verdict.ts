/** The verdict on a change: each criterion held against its figure, here and elsewhere. Plain serialisable data. */
import type { Estimated } from "../../statistics/index.ts";

/** How a criterion, or a whole verdict, reads. */
export type Reading = "pass" | "fail" | "undetermined";

/** The same criterion read elsewhere. */
export interface ElsewhereReading {
  readonly along: "date" | "maturity" | "horizon";
  readonly at: string;
  /** Of a figure from labels: the day by which they were known, the outcome source and its horizon. */
  readonly knownAt?: string;
  readonly source?: string;
  readonly horizonDays?: number;
  readonly found: Estimated;
  readonly reading: Reading;
}

/** One criterion and how it came out. */
export interface CriterionReading {
  readonly words: string;
  /** What the number is. */
  readonly definition: string;
  /** How the number is written: a share, points of a share, a factor. */
  readonly unit: "share" | "points" | "factor";
  readonly operator: "at most" | "at least";
  readonly bound: number;
  /** The date, or the last day of the range, that the number speaks of. */
  readonly at: string;
  readonly found: Estimated;
  readonly reading: Reading;
  /** Why it reads so when it is undetermined: there is no number, or the interval holds the bound. */
  readonly reason?: string;
  /** Of a figure from labels: the limits without any assumption on missing labels, and how they read. */
  readonly limits?: { readonly lower: number; readonly upper: number; readonly reading: Reading };
  readonly elsewhere: readonly ElsewhereReading[];
  /** Why it is read nowhere else; absent when it is. */
  readonly nowhereElse?: string;
}

/** All criteria of one candidate. Fail when any fails; else undetermined when any is; else pass. */
export interface Verdict {
  readonly reading: Reading;
  readonly criteria: readonly CriterionReading[];
  /** Readings elsewhere: all, and those equal to the reading here. */
  readonly elsewhere: { readonly readings: number; readonly same: number };
}
