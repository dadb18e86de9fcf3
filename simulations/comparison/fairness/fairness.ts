/** How evenly a change falls on groups of entities. Plain serialisable data. */
import type { Estimated, Undetermined } from "../../statistics/index.ts";
import type { NoiseFlips } from "./noise.ts";

/** A share under each policy, and its change: candidate less baseline, the same entities. */
export interface PairedShare {
  readonly baseline: Estimated;
  readonly candidate: Estimated;
  readonly change: Estimated;
}

/** The figures by which every group is set against the rest; all but the net benefit are shares. */
export const comparedFigures = ["newly-adverse", "moved-down", "adverse", "false-positive", "false-share", "net-benefit"] as const;

/** The name of such a figure. `adverse`, `false-positive` and `false-share`: under the candidate. */
export type ComparedFigure = (typeof comparedFigures)[number];

/** A group's figure against that of everyone else who is in the same segmentation. */
export interface AgainstRest {
  /** Group less rest; test and interval by the same method. */
  readonly difference: Estimated;
  /** p of no difference, by itself. */
  readonly pValue: number;
  /** Adjusted over all groups of all segmentations that this figure is compared in. */
  readonly benjaminiHochberg: number;
  readonly holm: number;
  /** Of those rejected by Benjamini-Hochberg: the false-coverage interval, which may include 0. */
  readonly falseCoverage?: { readonly lower: number; readonly upper: number; readonly mayIncludeZero: boolean };
  /** The group's share over that of all in the segmentation. Shares only. */
  readonly ratioToAll?: Estimated;
}

/** What is counted in a group. */
export interface GroupCounts {
  readonly up: number;
  readonly down: number;
  readonly newlyAdverse: number;
  readonly released: number;
  readonly adverse: { readonly baseline: number; readonly candidate: number };
  readonly demoted: { readonly baseline: number; readonly candidate: number };
  /** At the date of the labels. */
  readonly fine: number;
  readonly harmful: number;
  readonly unlabelled: number;
  readonly adverseFine: { readonly baseline: number; readonly candidate: number };
  readonly adverseHarmful: { readonly baseline: number; readonly candidate: number };
}

/** Shares of a group that is large enough for them. */
export interface GroupRates {
  /** These, and up less down, out of those rated under either version. */
  readonly newlyAdverse: Estimated;
  readonly movedDown: Estimated;
  readonly adverse: PairedShare;
  /** Fell on the ladder at least once in the 12 weeks up to the date. */
  readonly demoted: PairedShare;
  readonly falsePositive: PairedShare;
  readonly falseShare: PairedShare;
  /** Up less down. */
  readonly netBenefit: Estimated;
  /** The same by GMV of the 28 days up to the date; absent without a measure of GMV. */
  readonly netBenefitGmv?: Estimated;
  /** Harmful among labelled: the base rate. */
  readonly harmful: Estimated;
}

/** One group. */
export interface FairnessGroup {
  readonly value: string;
  readonly entities: number;
  /** Of them, on the ladder under either version. Absent in comparisons that were kept before it was known. */
  readonly rated?: number;
  readonly gmv: number;
  readonly counts: GroupCounts;
  /** Absent below the minimum cell. */
  readonly rates?: GroupRates;
  readonly againstRest: Readonly<Partial<Record<ComparedFigure, AgainstRest>>>;
  /** Shares pulled towards the other groups of the segmentation, as far as these look alike. */
  readonly pooled: Readonly<Partial<Record<ComparedFigure, { readonly value: number; readonly lower: number; readonly upper: number }>>>;
}

/** Everyone, parted by one attribute or band. */
export interface Segmentation {
  /** The attribute's name, `size` or `age`. */
  readonly segment: string;
  readonly groups: readonly FairnessGroup[];
  /** Test that all groups have one base rate of harm; absent where there is nothing to test. */
  readonly baseRates?: { readonly pValue: number; readonly adjusted: number; readonly lowest: string; readonly highest: string };
}

/** The group that comes off worst in one figure. */
export interface WorstGroup {
  readonly figure: ComparedFigure;
  readonly segment: string;
  readonly value: string;
  /** Whether it is beyond chance after correction for all groups looked at. */
  readonly isBeyondChance: boolean;
  readonly isBeyondChanceHolm: boolean;
}

/** Fairness of one candidate against the baseline. */
export interface Fairness {
  readonly at: string;
  /** The date and source of the figures that rest on labels; absent without. */
  readonly labels?: { readonly at: string; readonly source: string };
  readonly cellEntitiesMin: number;
  /** How many groups each figure was compared in: the family of its correction. */
  readonly family: Readonly<Partial<Record<ComparedFigure, number>>>;
  readonly all: Pick<FairnessGroup, "entities" | "rated" | "gmv" | "counts"> & { readonly rates?: GroupRates };
  readonly segmentations: readonly Segmentation[];
  readonly worst: readonly WorstGroup[];
  /** What holds of every estimate here. */
  readonly assumptions: readonly string[];
  /** Flips from noise alone, or why they could not be studied. */
  readonly noise?: NoiseFlips | Undetermined;
}
