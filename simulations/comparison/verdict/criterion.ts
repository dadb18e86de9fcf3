/** Criteria for a change, written before its figures are known. Plain serialisable data. */
import type { Place } from "../../../data/foundation/index.ts";
import { type NamedSegment, type SegmentWord, saySegment } from "../named-segment.ts";

/** Of what kind a bound is: a share, points of a share, or a multiple of what the baseline does or of the rate of everyone. */
export type BoundKind = "share" | "points" | "overall" | "baseline";

/** What one figure of a criterion is. */
export interface CriterionFigureRule {
  /** One sentence: what the number is. */
  readonly definition: string;
  /** The kinds of bound that it takes. */
  readonly bounds: readonly BoundKind[];
  /** Whether it can be of a segment. */
  readonly ofSegment: boolean;
  /** Where else the same reading is taken. */
  readonly elsewhere: "dates" | "labels" | "none";
}

const atEnd = "over all in the frame at the end of the range";
const asLed = "as the error rates lead with it";

/** Every figure; one that begins like another stands before it. */
export const criterionFigures = {
  movers: {
    definition: `entities whose held tier differs from the one under the baseline, ${atEnd}`,
    bounds: ["share", "overall"],
    ofSegment: true,
    elsewhere: "dates",
  },
  promotions: {
    definition: `entities that hold a better tier than under the baseline, ${atEnd}`,
    bounds: ["share", "overall"],
    ofSegment: true,
    elsewhere: "dates",
  },
  demotions: {
    definition: `entities that hold a worse tier than under the baseline, ${atEnd}`,
    bounds: ["share", "overall"],
    ofSegment: true,
    elsewhere: "dates",
  },
  "newly adverse": {
    definition: `entities that hold an adverse tier and do not under the baseline, ${atEnd}`,
    bounds: ["share", "overall"],
    ofSegment: true,
    elsewhere: "dates",
  },
  released: {
    definition: `entities that hold no adverse tier and do under the baseline, ${atEnd}`,
    bounds: ["share", "overall"],
    ofSegment: true,
    elsewhere: "dates",
  },
  "adverse change": {
    definition: `share of entities in an adverse tier, candidate less baseline, ${atEnd}`,
    bounds: ["points"],
    ofSegment: false,
    elsewhere: "dates",
  },
  unrated: {
    definition: `entities that are unrated under the candidate, ${atEnd}`,
    bounds: ["share"],
    ofSegment: false,
    elsewhere: "dates",
  },
  "gmv at stake": {
    definition: "GMV of the last 28 days of entities whose held consequences differ, over the GMV of all in the frame",
    bounds: ["share"],
    ofSegment: false,
    elsewhere: "none",
  },
  "ever differed": {
    definition: "entities whose held tiers differ in at least one period, over all that were ever in the frame",
    bounds: ["share"],
    ofSegment: false,
    elsewhere: "none",
  },
  "false-positive change": {
    definition: `false-positive rate, candidate less baseline, ${asLed}`,
    bounds: ["points"],
    ofSegment: false,
    elsewhere: "labels",
  },
  "false-positive rate": {
    definition: `fine entities held adverse by the candidate, over all fine entities in the frame, ${asLed}`,
    bounds: ["share"],
    ofSegment: false,
    elsewhere: "labels",
  },
  "miss change": {
    definition: `miss rate, candidate less baseline, ${asLed}`,
    bounds: ["points"],
    ofSegment: false,
    elsewhere: "labels",
  },
  "miss rate": {
    definition: `harmful entities not held adverse by the candidate, over all harmful entities in the frame, ${asLed}`,
    bounds: ["share"],
    ofSegment: false,
    elsewhere: "labels",
  },
  "false share": {
    definition: `fine entities over all entities that the candidate holds adverse, ${asLed}`,
    bounds: ["share"],
    ofSegment: false,
    elsewhere: "labels",
  },
  "worst segment ratio": {
    definition:
      "newly adverse rate of the segment that bears most, over the rate of everyone, both out of those rated under either version; segments of at least the minimum cell of them, intervals together at the level (Bonferroni)",
    bounds: ["overall"],
    ofSegment: false,
    elsewhere: "none",
  },
  "tier changes": {
    definition: "changes of tier from one period to the next over the range under the candidate, over those under the baseline",
    bounds: ["baseline"],
    ofSegment: false,
    elsewhere: "none",
  },
  whiplash: {
    definition: "changes of tier that are soon undone under the candidate, over those under the baseline",
    bounds: ["baseline"],
    ofSegment: false,
    elsewhere: "none",
  },
} as const satisfies Record<string, CriterionFigureRule>;

/** The name of a figure of a criterion. */
export type CriterionFigure = keyof typeof criterionFigures;

/** One criterion: `newly adverse of small sellers at most 1.2 x overall`. */
export interface Criterion {
  /** As written. */
  readonly words: string;
  readonly figure: CriterionFigure;
  /** Absent: everyone. */
  readonly segment?: SegmentWord;
  readonly operator: "at most" | "at least";
  /** A share and points as parts of 1; else a factor. */
  readonly bound: { readonly kind: BoundKind; readonly value: number };
  readonly place: Place;
}

/** A criterion whose segment is known on the panel. */
export interface ResolvedCriterion extends Criterion {
  readonly who: NamedSegment;
}

/** The rule of a figure. */
export function ruleOf(figure: CriterionFigure): CriterionFigureRule {
  return criterionFigures[figure];
}

/**
 * What the number of a criterion is, in a sentence. A share is over the frame, of a segment as of everyone; a multiple sets groups against each other, which
 * is done among those who are rated under either version.
 */
export function definitionOf({ figure, who, bound }: Pick<ResolvedCriterion, "figure" | "who" | "bound">): string {
  const { definition } = ruleOf(figure);
  if (who.kind === "everyone") return definition;
  const whom = saySegment(who);
  if (bound.kind !== "overall") return `${definition}; of those ${whom}, rated or not`;
  return `${definition.replace(`, ${atEnd}`, "")}: their share of those ${whom}, over their share of everyone, both out of those rated under either version at the end of the range`;
}
