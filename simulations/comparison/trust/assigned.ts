/** The baseline's replay beside the tiers really assigned. Plain serialisable data. */
import type { Estimated } from "../../statistics/index.ts";

/** Why a replayed tier is another than the assigned one: the first that holds, in this order. */
export const disagreements = {
  unknown: "The assigned tier has a name that the policy does not know.",
  start: "The replay still holds the tier that it began with, and already merits the assigned one.",
  movement: "The replay merits the assigned tier, and its movement rules hold it in another.",
  data: "One of the two is unrated and the other is not, or the replay has no score: what the one knew, the other lacked.",
  timing: "The replay holds the assigned tier a little earlier or later.",
  step: "The two are one step of the ladder apart: near a boundary, or another threshold.",
  rule: "The two are further apart: another rule, or a decision by hand.",
} as const;

/** The name of a class. */
export type Disagreement = keyof typeof disagreements;

/** Assigned (rows) by replayed (columns): entity-periods over the range, or entities at a date. */
export interface AssignedTable {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly counts: readonly (readonly number[])[];
  readonly total: number;
  readonly agreeing: number;
  readonly share: Estimated;
  /** Agreement beyond what the margins give by chance. */
  readonly kappa: Estimated;
}

/** The check of the baseline against what was really lived through. */
export interface Assigned {
  readonly range: AssignedTable;
  /** Absent when no assigned tier is known at the last period of the range. */
  readonly end?: AssignedTable & { readonly at: string };
  /** Entity-periods that disagree, by class; they sum to all that do. */
  readonly classes: readonly { readonly name: Disagreement; readonly meaning: string; readonly entityPeriods: number }[];
  /** Periods that count as a little earlier or later. */
  readonly timingPeriods: number;
}
