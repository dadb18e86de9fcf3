/** What drives it: how much each part of a score decides, and which change of a policy moves whom. Plain serialisable data. */
import type { Estimated, Undetermined } from "../../statistics/index.ts";

/** One metric's part of the headline score: what it is said to weigh, and what it weighs. */
export interface WeightedPart {
  /** Name of the score that enters the weighted sums, and its title. */
  readonly score: string;
  readonly title: string;
  /** The part of the headline score that it belongs to; its own title where it is one itself. */
  readonly dimension: string;
  /** Product of the weights down to it, each over the sum of its sum's weights. Sums to 1. */
  readonly declared: number;
  /** Of the entities whose score was taken apart, those for whom it has a value: of the others other parts decide. Absent in comparisons kept before it was known. */
  readonly known?: number;
  /** Covariance of what it contributes with the score, over the score's variance. Sums to 1; negative where it pulls against the score. */
  readonly effective: Estimated;
}

/** The headline score of one policy, taken apart. */
export interface ScoreWeights {
  readonly kind: "weights";
  readonly score: string;
  /** Entities whose score was taken apart, of so many rated ones with a score at the date. */
  readonly entities: number;
  readonly scored: number;
  readonly parts: readonly WeightedPart[];
}

/** One thing that differs between the two policies. */
export interface FlipCause {
  /** As a difference names it: `metrics.late_dispatch_rate`, `tiers.gold`, `movement.demote`. */
  readonly path: string;
  readonly title: string;
  /** Movers that hold the baseline's tier again when this alone is as in the baseline. */
  readonly undone: number;
  /** Of these, the movers for whom no other single change does so. */
  readonly onlyThis: number;
  /** Movers that hold the candidate's tier when this alone is as in the candidate. */
  readonly enough: number;
}

/** The movers by what moves them. `examined` = sum of `onlyThis` + `several` + `together`. */
export interface FlipCauses {
  readonly kind: "causes";
  readonly movers: number;
  /** How many of the movers were examined. */
  readonly examined: number;
  /** Most movers undone first; empty when nobody moves. */
  readonly causes: readonly FlipCause[];
  /** Undone by any one of two or more changes. */
  readonly several: number;
  /** Undone by no single change: it takes several together. */
  readonly together: number;
}

/** One part of the headline score, and the tiers without it. `flips` = up + down + into unrated + out of unrated. */
export interface PartRemoval {
  readonly score: string;
  readonly title: string;
  /** As a part's declared weight. */
  readonly declared: number;
  /** What the sum says of a missing part: its weight is shared out, or a number stands in. `none`: it says nothing, and the weight is shared out. */
  readonly rule: "share-out" | "neutral" | "none";
  /** Entities that would hold another tier. */
  readonly flips: number;
  readonly up: number;
  readonly down: number;
  readonly intoUnrated: number;
  readonly outOfUnrated: number;
}

/** What each part of one policy's score decides: the entities whose tier would be another without it. Most flips first. */
export interface PartRemovals {
  readonly kind: "removals";
  /** Entities in the frame, and how many of them were examined. */
  readonly entities: number;
  readonly examined: number;
  readonly parts: readonly PartRemoval[];
}

/** What drives the score and the moves, at the date of the movement matrix. */
export interface Influence {
  readonly at: string;
  readonly baseline: ScoreWeights | Undetermined;
  readonly candidate: ScoreWeights | Undetermined;
  readonly flips: FlipCauses | Undetermined;
  /** Absent in comparisons that were kept before this was counted. */
  readonly removals?: { readonly baseline: PartRemovals | Undetermined; readonly candidate: PartRemovals | Undetermined };
}
