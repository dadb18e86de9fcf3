/** Which group bears the change: chosen from the segments, and called clear only where its interval lies above everyone's rate. */
import type { CandidateComparison, SegmentRow } from "../../simulations/comparison/index.ts";
import { capitalise, formatShare } from "../formats/index.ts";
import type { Facts } from "./facts.ts";

/** The group that a report's last sentence names. */
export interface Bearer {
  readonly segment: string;
  readonly value: string;
  /** `Small sellers`, `Sellers with state SP`. */
  readonly name: string;
  /** Its share of all who are rated under either version: nobody else can turn adverse. */
  readonly shareOfAll: number;
  /** Of whom that is a share: `of sellers`, or `of those rated` where some are not. */
  readonly ofWhom: string;
  readonly shareOfNewly: number;
  readonly newlyAdverse: number;
  /** At least 20 newly adverse, 10 and a third of them in the group, 10 points over its share of the rated, and the interval of its rate above the rate of all. */
  readonly isClear: boolean;
  /** The interval of its rate lies above the rate of all. */
  readonly isAbove: boolean;
}

/** What of a comparison it takes: its segments, and what its entities are called. */
export interface GroupedFacts extends Pick<Facts, "many"> {
  readonly candidate: Pick<CandidateComparison, "segments" | "newlyAdverse" | "fairness">;
}

/** Fewer newly adverse than this: no group is named. */
export const newlyAdverseMin = 20;
const newlyOfGroupMin = 10;
const shareOfNewlyMin = 1 / 3;
const excessPointsMin = 0.1;

/**
 * The clear group with the largest excess of newly adverse over its share of those rated; where none is clear, one whose rate lies above that of
 * all; else that of the size bands. Undefined without segments or newly adverse.
 */
export function whoBearsIt(facts: GroupedFacts): Bearer | undefined {
  const bearers = segmentNames(facts).flatMap((segment) => bearersOf(facts, segment));
  const clear = bearers.filter((bearer) => bearer.isClear);
  const best = (list: readonly Bearer[]) => list.toSorted((a, b) => b.shareOfNewly - b.shareOfAll - (a.shareOfNewly - a.shareOfAll))[0];
  const above = facts.candidate.newlyAdverse < newlyAdverseMin ? [] : bearers.filter((bearer) => bearer.isAbove);
  return best(clear) ?? best(above) ?? best(bearers.filter((bearer) => /size/i.test(bearer.segment))) ?? best(bearers);
}

/** A clear bearer in words: who, and by what. */
export function bearerWords({ name, shareOfAll, ofWhom, shareOfNewly }: Bearer): { readonly lead: string; readonly rest: string } {
  return {
    lead: `${name} bear it`,
    rest: `: ${formatShare(shareOfAll, 0)} ${ofWhom}, ${formatShare(shareOfNewly, 0)} of the newly adverse`,
  };
}

/** Those of a group who can turn adverse: rated under either version. */
export function ratedIn({ entities, rated = entities }: { readonly entities: number; readonly rated?: number }): number {
  return rated;
}

/** How many groups could have been named: those that Fairness sets against the rest, one family; of a comparison without it, those with a rate. */
export function groupsLookedAt({ candidate: { fairness, segments } }: GroupedFacts): number {
  return fairness?.family["newly-adverse"] ?? segments.filter(({ newlyAdverseRate }) => newlyAdverseRate.kind === "estimate").length;
}

/** The names of the segmentations, in the order of the comparison. */
export function segmentNames(facts: GroupedFacts): readonly string[] {
  return [...new Set(facts.candidate.segments.map((row) => row.segment))];
}

/** The rows of one segmentation. */
export function segmentRows(facts: GroupedFacts, segment: string): readonly SegmentRow[] {
  return facts.candidate.segments.filter((row) => row.segment === segment);
}

/** A segmentation as people say it. */
export function segmentWords(segment: string): string {
  return segment.replaceAll("_", " ");
}

/** A group as people say it. */
export function groupName(facts: Pick<Facts, "many">, segment: string, value: string): string {
  const many = capitalise(facts.many);
  if (segment === "age") return /days/.test(value) ? `${many} that opened ${value} ago` : `${many} ${value}`;
  if (/size/i.test(segment)) return /\d/.test(value) ? `${many} with ${value}` : `${capitalise(value)} ${facts.many}`;
  return `${many} of ${segmentWords(segment)} ${value}`;
}

function bearersOf(facts: GroupedFacts, segment: string): readonly Bearer[] {
  const rows = segmentRows(facts, segment);
  const rated = rows.reduce((sum, row) => sum + ratedIn(row), 0);
  const newly = rows.reduce((sum, row) => sum + row.newlyAdverse, 0);
  if (rated === 0 || newly === 0) return [];
  const ofWhom = rows.some((row) => ratedIn(row) < row.entities) ? "of those rated" : `of ${facts.many}`;
  return rows.map((row) => {
    const shareOfAll = ratedIn(row) / rated;
    const shareOfNewly = row.newlyAdverse / newly;
    const rate = row.newlyAdverseRate;
    const isAbove = rate.kind === "estimate" && rate.interval !== undefined && rate.interval.lower > newly / rated;
    const isMany = newly >= newlyAdverseMin && row.newlyAdverse >= newlyOfGroupMin;
    const isClear = isMany && shareOfNewly >= shareOfNewlyMin && shareOfNewly - shareOfAll >= excessPointsMin && isAbove;
    return {
      segment,
      value: row.value,
      name: groupName(facts, segment, row.value),
      shareOfAll,
      ofWhom,
      shareOfNewly,
      newlyAdverse: row.newlyAdverse,
      isClear,
      isAbove,
    };
  });
}

/** Entities that are unrated under both versions: they cannot move. */
export function unratedUnderBoth({ candidate, tiers }: Facts): number {
  const { rows, columns, matrix } = candidate.movement;
  const isUnrated = (name: string | undefined) => tiers.some((tier) => tier.name === name && tier.unrated);
  return matrix
    .flatMap((row, i) => row.map((count, j) => (isUnrated(rows[i]) && isUnrated(columns[j]) ? count : 0)))
    .reduce((sum, count) => sum + count, 0);
}
