/** How the change treats groups of entities: by text attribute, by size and by age. */
import { type Estimated, undetermined, wilson } from "../statistics/index.ts";
import type { SegmentRow } from "./comparison.ts";
import { emptyTally, type GroupTally, type PartedGroups } from "./fairness/group-tally.ts";
import type { ComparisonPlan } from "./plan.ts";

/** Below this many entities that a policy rates a segment shows counts and no rate: a rate would tell of single sellers, and be noise. */
export const cellEntitiesMin = 20;

/**
 * Of the segmentations that are asked for: one row a value of each text attribute, largest first, then the size bands and the ages, smallest first. They are the groups of
 * `Fairness`. Within one segment the rows sum to the whole frame at the end of the range. An entity without the attribute is in the row `missing`.
 */
export function describeSegments(
  { level }: Pick<ComparisonPlan, "level">,
  parted: readonly { readonly parting: Pick<PartedGroups["parting"], "segment" | "names">; readonly groups: PartedGroups["groups"] }[],
): readonly SegmentRow[] {
  return parted.flatMap(({ parting, groups }) => {
    const shown =
      parting.segment === "size"
        ? parting.names.map((name) => groups.find(({ value }) => value === name) ?? emptyTally(name))
        : groups.filter(({ entities }) => entities > 0);
    return shown.map((group) => rowOf(parting.segment, group, level));
  });
}

function rowOf(segment: string, { value, entities, rated, gmv, movers, up, down, adverse }: GroupTally, level: number): SegmentRow {
  const [newlyAdverse, released] = [adverse.candidateOnly, adverse.baselineOnly];
  const newlyAdverseRate: Estimated =
    rated < cellEntitiesMin
      ? undetermined(`${rated} entities rated: fewer than the minimum cell of ${cellEntitiesMin}`, "a larger segment")
      : wilson({ successes: newlyAdverse, trials: rated, level });
  return { segment, value, entities, rated, gmv, movers, up, down, newlyAdverse, released, newlyAdverseRate };
}
