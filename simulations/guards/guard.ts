/** Budget guards: how far a change of policy may go, and how far it went on a sample. Plain serialisable data. */
import type { Place } from "../../data/foundation/index.ts";
import type { SegmentWord } from "../comparison/index.ts";
import type { Estimated } from "../statistics/index.ts";

/** What is counted. */
export const guardFigures = ["movers", "promotions", "demotions", "newly adverse", "unrated", "gmv at stake"] as const;

/** One of them. */
export type GuardFigure = (typeof guardFigures)[number];

/** One line of the budget: `demotions of small at most 1.2 x baseline`. */
export interface Guard {
  /** As written. */
  readonly words: string;
  readonly figure: GuardFigure;
  /** A size band, or a value of a text attribute. Absent: everyone. */
  readonly segment?: SegmentWord;
  readonly operator: "at most" | "at least";
  /** A share of the entities (of the GMV, for GMV at stake), or a multiple of what the baseline does itself. */
  readonly bound: { readonly kind: "share"; readonly value: number } | { readonly kind: "times"; readonly factor: number };
  readonly place: Place;
}

/** Which entities were replayed. */
export interface GuardSample {
  readonly entities: number;
  /** Entities of the dataset. */
  readonly of: number;
  /** One in so many, chosen by a hash of the key; 1: all. */
  readonly every: number;
  readonly seed: number;
  /** Last days of the first and the last period. */
  readonly from: string;
  readonly to: string;
}

/** How one guard came out. */
export interface GuardOutcome {
  readonly guard: Guard;
  /** In words: what the number is. */
  readonly definition: string;
  /** The share or the ratio; with the interval of the sample, without one when all entities were replayed. */
  readonly found: Estimated;
  /** Entities that the number speaks of. */
  readonly entities: number;
  /** `undecided`: the interval holds the bound, or there is no number. */
  readonly verdict: "pass" | "fail" | "undecided";
}
