/** What labels leave open, and what would settle it: appeals alone, labels that are still to come, an audit plan, a holdout. Plain data. */
import type { Estimated } from "../../statistics/index.ts";

/** Everything of this kind about one candidate. */
export interface Audits {
  /** Absent when no outcome source is an appeal, or none is mature. */
  readonly appeals?: AppealSensitivity;
  /** One entry an outcome source. */
  readonly arrivals: readonly LabelArrivals[];
  /** One entry an error table that can carry a rate: `all`, and each source that is no appeal. */
  readonly series: readonly RateSeries[];
  /** What would settle it: audits of the frame at the end of the range, and a holdout. Absent when nobody is in that frame. */
  readonly plan?: AuditPlan;
  /** Absent when the candidate holds nobody adverse. */
  readonly holdout?: HoldoutPlan;
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

/** How late one source's labels come, and how many are still to come about each date. */
export interface LabelArrivals {
  readonly source: string;
  readonly title: string;
  readonly knownAt: string;
  /** Days until the first, half, nine in ten, and all of those that come within the history's length are known. By what the label says. */
  readonly delays: readonly LabelDelay[];
  /** The latest dates about which the source has labels, ascending. */
  readonly dates: readonly ArrivalDate[];
}

/** The delays of one source's fine or harmful labels. */
export interface LabelDelay {
  readonly says: "fine" | "harmful";
  readonly labels: number;
  /** True when they are too few for a distribution of their own: then it is that of both together. */
  readonly isPooled: boolean;
  readonly soonestDays?: number;
  readonly medianDays?: number;
  readonly ninetyDays?: number;
  readonly longestDays?: number;
}

/** Labels about one date. */
export interface ArrivalDate {
  readonly at: string;
  /** From the date to the known-at day. */
  readonly days: number;
  readonly fine: LabelCount;
  readonly harmful: LabelCount;
  readonly both: LabelCount;
  /** Known over expected; absent when that is not determined. */
  readonly shareComplete?: number;
}

/** Labels known by the pin, and expected in the end. */
export interface LabelCount {
  readonly known: number;
  readonly expected: Estimated;
}

/** The false-positive rate by date, never pooled over dates. */
export interface RateSeries {
  /** The error table: a source's name, or `all`. */
  readonly source: string;
  /** The source whose dates these are: the one with the most labels. */
  readonly dated: string;
  /** Days from a date until it is mature: horizon and lag. */
  readonly matureDays: number;
  /** Ascending; the latest ones when there are many. */
  readonly dates: readonly RateDate[];
}

/** Both policies' rates at one date. */
export interface RateDate {
  readonly at: string;
  readonly isMature: boolean;
  /** Share of the dating source's labels known by the pin; absent when it is not determined. */
  readonly shareComplete?: number;
  readonly inFrame: number;
  readonly fine: number;
  readonly harmful: number;
  readonly baseline: RateAtDate;
  readonly candidate: RateAtDate;
  /** Candidate less baseline, paired by entity, labelled only. */
  readonly change: Estimated;
}

/** One policy's rate at one date: the fine held adverse over all fine. */
export interface RateAtDate {
  readonly adverseFine: number;
  readonly adverse: number;
  readonly rate: Estimated;
}

/** Entities of one group and size at the end of the range, and those of them with a label. */
export interface AuditStratum {
  readonly group: "both" | "newly" | "released" | "neither";
  readonly size: string;
  readonly entities: number;
  readonly labelled: number;
  readonly fine: number;
}

/** How well the figures must be known, and what is supposed of those without a label. */
export interface AuditGoal {
  /** Half-widths of the interval: of the change, and of each policy's rate. Shares of 1. */
  readonly halfWidth: number;
  readonly rateHalfWidth: number;
  /** Audits in each stratum at least; all of a smaller one. */
  readonly minimum: number;
  /** `labels`: the share of fine is about as among the labelled; `worst-case`: one half everywhere, where it is most uncertain. */
  readonly prior: "labels" | "worst-case";
  readonly level: number;
}

/** How many audits, where, and what they would give. */
export interface AuditPlan {
  readonly goal: AuditGoal;
  readonly frame: number;
  readonly audits: number;
  /** By group, then size; strata without entities are left out. */
  readonly strata: readonly PlannedStratum[];
  readonly change: PlannedFigure;
  readonly baseline: PlannedFigure;
  readonly candidate: PlannedFigure;
}

/** One stratum's part of a plan. */
export interface PlannedStratum extends AuditStratum {
  /** Supposed share of fine. */
  readonly prior: number;
  readonly audits: number;
  /** Of each of its entities to be drawn. */
  readonly probability: number;
}

/** What the plan expects of one false-positive figure. */
export interface PlannedFigure {
  readonly expected: number;
  readonly wantedHalfWidth: number;
  readonly halfWidth: number;
}

/** Leaving some of the candidate's adverse tier alone, drawn at random, to see what they do without restriction. */
export interface HoldoutPlan {
  readonly version: string;
  readonly adverse: number;
  /** Supposed share of fine among them. */
  readonly falseShare: number;
  readonly wantedHalfWidth: number;
  /** Entities that give that half-width. */
  readonly wanted: number;
  /** At most this share is left alone at a time; that is `allowed` entities. */
  readonly shareMax: number;
  readonly allowed: number;
  /** The smaller of the two: the holdout. */
  readonly size: number;
  /** Harmful entities that the holdout would leave alone, as supposed. */
  readonly harmfulLeftAlone: number;
  /** Rounds of this size until the wanted number is reached; absent when the cap allows nobody. */
  readonly rounds?: number;
  /** Half-width of one round: of the false share, and of the difference in harm between the held out and the others. */
  readonly halfWidth?: number;
  readonly effectHalfWidth?: number;
}

/** One entity of an audit list. */
export interface DrawnAudit {
  readonly entity: string;
  readonly group: AuditStratum["group"];
  readonly size: string;
  /** Place in the order drawn, within its stratum: the first k of them are a random sample of k. */
  readonly place: number;
  readonly probability: number;
}
