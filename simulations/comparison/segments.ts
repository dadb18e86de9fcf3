/** How the change treats groups of entities: by text attribute, and by size. */
import { present } from "../../data/foundation/index.ts";
import { type Estimated, undetermined, wilson } from "../statistics/index.ts";
import type { Collected } from "./collect.ts";
import type { SegmentRow } from "./comparison.ts";
import { moves } from "./movement/tier-pairs.ts";
import type { ComparisonPlan } from "./plan.ts";
import { bandName, sizeBandNames, sizeBandOf } from "./size-bands.ts";

/** Below this many entities that a policy rates a segment shows counts and no rate: a rate would tell of single sellers, and be noise. */
export const cellEntitiesMin = 20;

/** Values of one attribute that get a row of their own; the rest share one row, so that the rows still sum to the whole. */
export const segmentValuesMax = 60;

interface Group {
  readonly value: string;
  entities: number;
  rated: number;
  gmv: number;
  movers: number;
  up: number;
  down: number;
  newlyAdverse: number;
  released: number;
}

/**
 * Of the segmentations that are asked for: one row a value of each text attribute, largest first, then the size bands, smallest band first. Within one segment the rows sum
 * to the whole frame at the end of the range. An entity without the attribute is in the row `missing`.
 */
export function describeSegments(plan: ComparisonPlan, collected: Collected, candidate: number): readonly SegmentRow[] {
  const rows: SegmentRow[] = [];
  for (const [index, position] of plan.textAttributes.entries()) {
    const attribute = plan.schema.attributes[position];
    if (!plan.segments.includes(attribute?.name ?? "")) continue;
    const codes = present(collected.end.attributes[index], "attribute codes");
    const values = attribute?.values ?? [];
    const groups = [...values, "missing"].map(emptyGroup);
    addUp(plan, collected, candidate, groups, (entity) => ((codes[entity] as number) >= 0 ? (codes[entity] as number) : values.length));
    for (const group of largestFirst(groups)) rows.push(rowOf(attribute?.name ?? "", group, plan.level));
  }
  if (plan.ordersColumn < 0 || !plan.segments.includes("size")) return rows;
  const bands = sizeBandNames.map((band) => emptyGroup(bandName(band)));
  addUp(plan, collected, candidate, bands, (entity) => sizeBandOf(plan, collected.end.orders[entity] as number));
  return [...rows, ...bands.map((band) => rowOf("size", band, plan.level))];
}

function addUp(
  plan: ComparisonPlan,
  collected: Collected,
  candidate: number,
  groups: readonly Group[],
  groupOf: (entity: number) => number,
): void {
  const { move, adverse, rated, columns } = present(plan.pairs[candidate], "tier pairs");
  const [before, after] = [present(collected.end.held[0], "held tiers"), present(collected.end.held[candidate + 1], "held tiers")];
  for (let entity = 0; entity < collected.entityCount; entity++) {
    if ((before[entity] as number) < 0) continue;
    const pair = (before[entity] as number) * columns + (after[entity] as number);
    const group = present(groups[groupOf(entity)], "segment");
    group.entities++;
    group.rated += rated[pair] as number;
    group.gmv += collected.end.gmv[entity] as number;
    if (move[pair] !== moves.same) group.movers++;
    if (move[pair] === moves.up) group.up++;
    if (move[pair] === moves.down) group.down++;
    if (adverse[pair] === 1) group.newlyAdverse++;
    if (adverse[pair] === 2) group.released++;
  }
}

/** Groups with anybody in them by size, ties by name; beyond the limit one group holds the rest. */
function largestFirst(groups: readonly Group[]): readonly Group[] {
  const sorted = groups.filter(({ entities }) => entities > 0).sort((a, b) => b.entities - a.entities || (a.value < b.value ? -1 : 1));
  if (sorted.length <= segmentValuesMax) return sorted;
  const rest = sorted.slice(segmentValuesMax - 1);
  const merged = emptyGroup(`${rest.length} other values`);
  for (const group of rest) {
    for (const field of ["entities", "rated", "gmv", "movers", "up", "down", "newlyAdverse", "released"] as const)
      merged[field] += group[field];
  }
  return [...sorted.slice(0, segmentValuesMax - 1), merged];
}

function rowOf(segment: string, group: Group, level: number): SegmentRow {
  const { rated, newlyAdverse } = group;
  const newlyAdverseRate: Estimated =
    rated < cellEntitiesMin
      ? undetermined(`${rated} entities rated: fewer than the minimum cell of ${cellEntitiesMin}`, "a larger segment")
      : wilson({ successes: newlyAdverse, trials: rated, level });
  return { segment, ...group, newlyAdverseRate };
}

function emptyGroup(value: string): Group {
  return { value, entities: 0, rated: 0, gmv: 0, movers: 0, up: 0, down: 0, newlyAdverse: 0, released: 0 };
}
