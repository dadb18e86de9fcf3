/** The comparison: replays of one baseline and its candidates over the same panel, paired by entity. Plain serialisable data. */
import type { Estimated } from "../statistics/index.ts";
import type { AtRisk } from "./at-risk/at-risk.ts";
import type { Audits } from "./audits/audits.ts";
import type { ChangeExplained } from "./decomposition/change-explained.ts";
import type { Drift } from "./drift/drift.ts";
import type { MeasuredElasticities } from "./elasticity/measured.ts";
import type { LabelEstimates } from "./errors/estimates.ts";
import type { Fairness } from "./fairness/fairness.ts";
import type { Influence } from "./influence/influence.ts";
import type { Course } from "./movement/course.ts";
import type { SalesImpact } from "./sales/sales-impact.ts";
import type { Assigned } from "./trust/assigned.ts";
import type { Stability } from "./verdict/stability.ts";

/** Which tier a code stands for, in the order of the ladder of the union of both policies (best first, `otherwise` last). */
export interface TierView {
  readonly name: string;
  readonly adverse: boolean;
  readonly unrated: boolean;
}

/** Who took part: one policy version. */
export interface PolicyView {
  readonly programme: string;
  readonly version: string;
  readonly title: string;
  readonly digest: string;
  readonly tiers: readonly TierView[];
  /** Entities whose tier still depends on the start state, by period: the last period at which any does, or absent when none ever. */
  readonly startMatters: { readonly periods: number; readonly lastPeriod?: string; readonly entitiesAtEnd: number };
}

/** Entities and GMV by tier in one period. GMV in minor units, as a decimal integer text when beyond safe integers is avoided by design: safe integers only. */
export interface PeriodDistribution {
  readonly period: string;
  readonly tiers: Readonly<Record<string, { readonly entities: number; readonly gmv: number }>>;
}

/** Held tier under the baseline (rows) and the candidate (columns), everyone in the frame at a date. */
export interface MovementMatrix {
  readonly at: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** matrix[row][column]: entities. */
  readonly matrix: readonly (readonly number[])[];
  readonly movers: number;
  readonly up: number;
  readonly down: number;
  readonly intoUnrated: number;
  readonly outOfUnrated: number;
  /** Entities in the frame at this date: the sum of the matrix. */
  readonly inFrame?: number;
  /** Share of the entities in the frame that move, with its interval. */
  readonly moversShare: Estimated;
}

/** The three range figures, and what happened along the way. */
export interface RangeMovement {
  readonly from: string;
  readonly to: string;
  /** All that were ever in the frame. */
  readonly entities: number;
  readonly entityPeriods: number;
  readonly everDiffered: number;
  readonly differingEntityPeriods: number;
  readonly differAtEnd: number;
  /** Entity-periods past the first period in which the two held tiers differ, over all: how much of the range is hypothetical. */
  readonly afterFirstDivergence: number;
  /** Changes of held tier (on the ladder), and those undone within `whiplashPeriods`. */
  readonly changes: { readonly baseline: number; readonly candidate: number };
  readonly whiplash: { readonly periods: number; readonly baseline: number; readonly candidate: number };
  /** The range figures as shares, with entity-cluster intervals: ever differed and differ at the end over entities, the others over entity-periods. */
  readonly shares?: {
    readonly everDiffered: Estimated;
    readonly differingEntityPeriods: Estimated;
    readonly differAtEnd: Estimated;
    readonly afterFirstDivergence: Estimated;
  };
  /** Entities held adverse in any period of the range. Not a rate of false positives. */
  readonly everAdverse?: { readonly baseline: number; readonly candidate: number };
  /** Entries into an adverse tier over evaluations that found the entity not adverse. */
  readonly entries?: { readonly baseline: EntryRate; readonly candidate: EntryRate };
}

/** How often an evaluation turns an entity adverse. */
export interface EntryRate {
  readonly entries: number;
  readonly evaluations: number;
  readonly rate: Estimated;
}

/** GMV over (d - 28 days, d] of entities whose held consequences differ at d. Minor units. */
export interface GmvAtStake {
  readonly at: string;
  readonly currency: string;
  readonly windowFrom: string;
  readonly total: number;
  readonly atStake: Estimated;
  readonly lower: Estimated;
  readonly higher: Estimated;
  /** At stake, neither lower nor higher: into or out of unrated, or a tier of the same name whose consequences changed. */
  readonly other?: Estimated;
  /** Entities whose held consequences differ. */
  readonly entities?: number;
  /** How much of it lies with few: with the one entity that has most of it, and with the ten. Absent where nothing is at stake. */
  readonly largest?: { readonly one: number; readonly ten: number };
  /** In words: which whole periods stand for the 28 days. */
  readonly windowRule?: string;
  /** By held tier under each: who holds how much of the window's GMV. */
  readonly byTier: readonly { readonly tier: string; readonly baseline: number; readonly candidate: number }[];
}

/** One group of a 2x2 or of a label table. */
export interface ErrorRate {
  readonly name: "false-positive-rate" | "false-share" | "miss-rate" | "overturn-share";
  readonly definition: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly estimate: Estimated;
  /** Which way labels that reach the adverse and the others unequally pull the estimate; absent where they reach both alike. */
  readonly pull?: "up" | "down";
  /** Overturn share only: appeals that are not decided. */
  readonly pending?: number;
}

/** Errors of one policy against one outcome source's labels (or against all by precedence). */
export interface PolicyErrors {
  readonly version: string;
  readonly rates: readonly ErrorRate[];
  /** Worst-case bounds: every missing label at its worst. */
  readonly bounds: readonly { readonly name: ErrorRate["name"]; readonly lower: Estimated; readonly upper: Estimated }[];
  /** Labelled fine entities that count as not adverse although they are unrated, or shielded from an adverse tier. */
  readonly fineNotAdverse?: { readonly unrated: number; readonly shielded: number };
}

/** Error rates at the last mature evaluation that has labels, with their coverage. */
export interface Errors {
  readonly at: string;
  /** The last mature evaluation of the range; later than `at` when no label is about it. Absent: none is mature. */
  readonly lastMature?: string;
  /** In words: how `at` was chosen. */
  readonly dateRule?: string;
  readonly source: string;
  readonly definition: string;
  readonly horizonDays: number;
  readonly knownAt: string;
  /** Measures that the label shares with either policy: then it is headed "predictive, not truth". */
  readonly sharedMeasures: readonly string[];
  /** True when the panel holds no really assigned tier. */
  readonly assumedUntreated: boolean;
  /** Entities labelled by a future outcome whose really assigned tier is not known all the way through the horizon. */
  readonly assumedUntreatedEntities?: number;
  readonly inFrame: number;
  readonly labelled: number;
  readonly fine: number;
  readonly harmful: number;
  readonly unlabelled: readonly { readonly reason: string; readonly entities: number }[];
  /** Labelled share of those adverse under both, newly adverse, released, adverse under neither. */
  readonly coverage: readonly {
    readonly group: "both" | "newly" | "released" | "neither";
    readonly entities: number;
    readonly labelled: number;
    readonly fine: number;
  }[];
  readonly baseline: PolicyErrors;
  readonly candidate: PolicyErrors;
  /** Change of the false-positive rate, labelled only, paired by entity. */
  readonly falsePositiveChange: Estimated;
  /** Extremes over label assignments shared by both policies. */
  readonly falsePositiveChangeBounds: { readonly lower: Estimated; readonly upper: Estimated };
  /** The same figures by every estimator, side by side. Absent where appeals alone label, or nothing is mature. */
  readonly estimates?: LabelEstimates;
  /** The rates with the labels of really restricted entities left in: what was realised, restriction included. Only where the panel holds assigned tiers. */
  readonly realised?: {
    readonly labelled: number;
    readonly fine: number;
    readonly harmful: number;
    readonly baseline: readonly ErrorRate[];
    readonly candidate: readonly ErrorRate[];
  };
}

/** A group of entities and how the change treats it. */
export interface SegmentRow {
  readonly segment: string;
  readonly value: string;
  readonly entities: number;
  /** Of them, on the ladder under either version: nobody else can turn adverse. Absent in comparisons that were kept before it was known. */
  readonly rated?: number;
  readonly gmv: number;
  readonly movers: number;
  readonly up: number;
  readonly down: number;
  readonly newlyAdverse: number;
  readonly released: number;
  /** Over those rated under either version. */
  readonly newlyAdverseRate: Estimated;
}

/** An entity near the top of the list of those affected. */
export interface AffectedEntity {
  readonly entity: string;
  readonly gmv: number;
  readonly baselineTier: string;
  readonly candidateTier: string;
  readonly baselineScore?: number;
  readonly candidateScore?: number;
  readonly label: "fine" | "harmful" | "unlabelled";
  /** Of one who holds no adverse tier under the candidate and did under the baseline: the adverse tier that it merits under the candidate nonetheless. */
  readonly merits?: string;
  /** Of the first that hold a worse tier: the nearest single change that would merit the baseline's tier under the candidate, in few words. */
  readonly restore?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** One candidate against the baseline. */
export interface CandidateComparison {
  readonly version: string;
  readonly policy: PolicyView;
  readonly distribution: readonly PeriodDistribution[];
  /** Why no figure that hangs on tiers has an interval: one of the two policies compares entities with their peers. Absent where they have. */
  readonly noDraw?: string;
  readonly movement: MovementMatrix;
  readonly range: RangeMovement;
  /** Other dates, time in tiers, recovery, boundary, transitions. Absent in comparisons that were kept before it was known. */
  readonly course?: Course;
  /** How scores and metrics are spread. Absent in comparisons that were kept before it was known. */
  readonly drift?: Drift;
  /** Absent when the panel has no GMV measure. */
  readonly gmv?: GmvAtStake;
  /** The layers above at stake: mechanical, scenarios, harm prevented. Absent when the panel has no GMV measure. */
  readonly sales?: SalesImpact;
  /** One entry an outcome source, and `all` by precedence; empty when the panel has no outcomes. */
  readonly errors: readonly Errors[];
  /** What labels leave open, and what would settle it. */
  readonly audits?: Audits;
  /** Not adverse under the baseline and adverse under the candidate, at the date of the movement matrix; released is the reverse. */
  readonly newlyAdverse: number;
  readonly released: number;
  /**
   * Of the newly adverse, those who merit no adverse tier under the candidate by the date and are kept in one by its movement rules; of the released, those who
   * merit an adverse tier and are not in it yet, or are spared it, by these rules. Absent in comparisons that were kept before it was known.
   */
  readonly waiting?: { readonly newlyAdverse: number; readonly released: number };
  readonly segments: readonly SegmentRow[];
  readonly affected: readonly AffectedEntity[];
  /** Declared and effective weights, and which change of the policy moves whom. */
  readonly influence?: Influence;
  /** How evenly the change falls on groups, and which flips are noise. */
  readonly fairness?: Fairness;
  /** The same change at other dates, and as labels came in; a verdict is read there too. Absent in runs of earlier versions. */
  readonly stability?: Stability;
  /** Why the share of adverse entities at the end differs from that under the baseline at an earlier date. */
  readonly changeExplained?: ChangeExplained;
}

/** The whole comparison. Equal inputs give equal bytes. */
export interface Comparison {
  readonly baseline: { readonly version: string; readonly policy: PolicyView; readonly distribution: readonly PeriodDistribution[] };
  readonly candidates: readonly CandidateComparison[];
  /** What past tier changes did to sales; absent where the panel has no really assigned tiers or no GMV measure. */
  readonly elasticities?: MeasuredElasticities;
  /** Early warning under each policy, baseline first. */
  readonly atRisk?: AtRisk;
  readonly panel: {
    readonly digest: string;
    readonly entity: string;
    readonly grain: "day" | "week" | "month";
    readonly currency?: string;
    readonly from: string;
    readonly to: string;
    readonly periods: number;
    readonly entitiesEver: number;
    readonly entitiesAtEnd: number;
    /** Entity-periods whose really assigned tier is known, and those in which the baseline holds the tier of that name. */
    readonly assignedAgreement?: { readonly entityPeriods: number; readonly agreeing: number };
  };
  /** The baseline's replay beside the tiers really assigned; absent when the panel holds none, and in runs of earlier versions. */
  readonly assigned?: Assigned;
  readonly provenance: {
    readonly seed: number;
    readonly replicates: number;
    readonly level: number;
    readonly knownAt: string;
    readonly engine: string;
    /** Below this many entities a segment shows counts and no rate. */
    readonly cellEntitiesMin?: number;
    /** The segmentations that were chosen; absent where all are described. */
    readonly segments?: readonly string[];
    /** Digest of the file of assumptions about behaviour; absent without one. */
    readonly assumptions?: string;
  };
}
