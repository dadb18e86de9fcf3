/** The verdict on a change: each criterion held against its figure, here and elsewhere. Plain serialisable data. */
import type { Estimated } from "../../statistics/index.ts";
import type { FigureEstimator } from "./stability.ts";

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
  /** Of a figure from labels: why there is no single figure for everyone. Then it is read by the limits alone, where there are any. */
  readonly refusal?: string;
  readonly limits?: { readonly lower: number; readonly upper: number };
  /** Of a figure from labels: by which estimator. */
  readonly by?: FigureEstimator;
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
  /** Of a figure from labels: why there is no single figure for everyone. Then it is read by the limits alone, where there are any. */
  readonly refusal?: string;
  /** Of a figure from labels: the limits without any assumption on missing labels, and how they read. */
  readonly limits?: { readonly lower: number; readonly upper: number; readonly reading: Reading };
  /** Of a figure from labels: the estimator that the error rates lead with. Absent where there is no single figure: then the limits alone are read. */
  readonly by?: FigureEstimator;
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

/** When criteria were written, as far as the store of runs can tell. */
export interface CriteriaRecord {
  /** Of the criteria, whatever their order and spaces. */
  readonly digest: string;
  /** The name of the file that they came from. */
  readonly file: string;
  /** As written. */
  readonly lines: readonly string[];
  /** When the first run on the same data that carries them was kept, and which it is. */
  readonly recordedAt: string;
  readonly recordedBy: string;
  /** Comparisons kept before that: of this baseline with this candidate, and of the programme at all, on the same data. */
  readonly runsBefore: { readonly ofPair: number; readonly onData: number };
}

/** How often the same data were asked. A choice among many candidates flatters the chosen one. */
export interface CandidatesTried {
  /** Different policies that were compared with a baseline on the same data, up to this run; the baseline itself does not count. */
  readonly candidates: number;
  readonly runs: number;
  /** Candidates of this run that were compared with its baseline on the same data before, over a range that ended before this one begins. */
  readonly outOfTime?: readonly OutOfTime[];
}

/** A candidate that was looked at on an earlier range, estimated again on periods that nobody had chosen it by. */
export interface OutOfTime {
  readonly version: string;
  /** The latest such run, the last day of its range, and how many candidates were compared over ranges that ended before this one begins. */
  readonly run: string;
  readonly to: string;
  readonly among: number;
  /** Movers over the frame: what that run found, and what this one finds. */
  readonly earlier: Estimated;
  readonly here: Estimated;
}
