/** What labels leave open, and what would settle it: appeals alone, labels that are still to come, an audit plan, a holdout. Plain data. */
import type { Estimated } from "../../statistics/index.ts";

/** Everything of this kind about one candidate. */
export interface Audits {
  /** Absent when no outcome source is an appeal, or none is mature. */
  readonly appeals?: AppealSensitivity;
}

/** The false share of the adverse tier from decided appeals alone, by how much more often the fine appeal. */
export interface AppealSensitivity {
  readonly at: string;
  /** In words: how `at` was chosen. */
  readonly dateRule: string;
  readonly source: string;
  readonly baseline: AppealCurve;
  readonly candidate: AppealCurve;
}

/** One policy's curve. */
export interface AppealCurve {
  readonly version: string;
  /** Held adverse at the date; those with an appeal that was overturned, upheld, or is not decided. */
  readonly adverse: number;
  readonly overturned: number;
  readonly upheld: number;
  readonly pending: number;
  /** Every entity without a decided appeal at its worst. */
  readonly bounds: { readonly lower: Estimated; readonly upper: Estimated };
  /** By odds, ascending. */
  readonly curve: readonly { readonly odds: number; readonly falseShare: Estimated }[];
}
