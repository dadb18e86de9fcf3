/** Counts by group: who moves, who is adverse, what is known of them. */
import { present } from "../../../data/foundation/index.ts";
import { labels } from "../../../data/panel/index.ts";
import type { Collected } from "../collect.ts";
import { moves, type TierPairs } from "../movement/tier-pairs.ts";
import { partingsAt } from "../partings.ts";
import type { ComparisonPlan } from "../plan.ts";
import { ageNames, noBand } from "./bands.ts";
import type { GroupCounts } from "./fairness.ts";

/** Values of one attribute that get a row of their own; the rest share one row, so that the rows still sum to the whole. */
const groupValuesMax = 60;

/** How one segmentation parts entities: the group's position at the end of the range and at the date of the labels, -1 nowhere. */
export interface Parting {
  readonly segment: string;
  readonly names: readonly string[];
  readonly atEnd: (entity: number) => number;
  readonly atLabels: (entity: number) => number;
}

/** A fixed set of sums; the pairs are baseline only, candidate only, both. */
export interface GroupTally {
  value: string;
  entities: number;
  /** Of them, on the ladder under either version at the end of the range. */
  rated: number;
  gmv: number;
  /** Up, down, into unrated and out of unrated. */
  movers: number;
  up: number;
  down: number;
  gmvUp: number;
  gmvDown: number;
  readonly adverse: Pairs;
  readonly demoted: Pairs;
  readonly fine: Pairs;
  readonly harmful: Pairs;
  fineAll: number;
  harmfulAll: number;
  unlabelled: number;
}

/** Entities of which something is true under one policy, or both. */
export interface Pairs {
  baselineOnly: number;
  candidateOnly: number;
  both: number;
}

/** By text attribute, size and age, as far as they are asked for. */
function partingsOf(plan: ComparisonPlan, collected: Collected): readonly Parting[] {
  const { end, fairness } = collected;
  const banded = (codes: Uint8Array) => (entity: number) => (codes[entity] === noBand ? -1 : (codes[entity] as number));
  const named = partingsAt(plan.policies, plan.schema, plan.to).map(({ segment, names, parting }, index): Parting => {
    if (parting.kind === "age") return { segment, names, atEnd: banded(fairness.age), atLabels: banded(fairness.labelled.age) };
    if (parting.kind === "flow") return { segment, names, atEnd: banded(fairness.size), atLabels: banded(fairness.labelled.size) };
    const [atEnd, atLabels] = [present(end.attributes[index], "attribute codes"), present(fairness.labelled.attributes[index], "codes")];
    const placeOf = (code: number): number => (code >= 0 ? code : names.length - 1);
    return {
      segment,
      names,
      atEnd: (entity) => placeOf(atEnd[entity] as number),
      atLabels: (entity) => placeOf(atLabels[entity] as number),
    };
  });
  return named.filter(({ segment }) => plan.segments.includes(segment));
}

/** A segmentation and its groups. */
export interface PartedGroups {
  readonly parting: Parting;
  readonly groups: readonly GroupTally[];
}

/** Every segmentation that is asked for, tallied. */
export function tallyPartings(plan: ComparisonPlan, collected: Collected, candidate: number): readonly PartedGroups[] {
  return partingsOf(plan, collected).map((parting) => ({ parting, groups: tallyGroups(plan, collected, candidate, parting) }));
}

/** The tallies of one segmentation; groups with anybody in them, attribute values by size, the small ones of many together. */
function tallyGroups(plan: ComparisonPlan, collected: Collected, candidate: number, parting: Parting): readonly GroupTally[] {
  const groups = parting.names.map(emptyTally);
  addMovement({ plan, collected, candidate, groups, placeOf: parting.atEnd });
  addLabels({ plan, collected, candidate, groups, placeOf: parting.atLabels });
  return shownGroups(parting, groups);
}

/** As a table shows the groups of a segmentation. */
export function shownGroups({ names, segment }: Pick<Parting, "names" | "segment">, groups: readonly GroupTally[]): readonly GroupTally[] {
  const filled = groups.filter((group) => group.entities > 0 || group.fineAll + group.harmfulAll + group.unlabelled > 0);
  if (names === ageNames || segment === "size") return filled;
  const sorted = filled.toSorted((a, b) => b.entities - a.entities || (a.value < b.value ? -1 : 1));
  if (sorted.length <= groupValuesMax) return sorted;
  const rest = sorted.slice(groupValuesMax - 1);
  return [...sorted.slice(0, groupValuesMax - 1), rest.reduce(addTallies, emptyTally(`${rest.length} other values`))];
}

interface Adding {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly candidate: number;
  readonly groups: readonly GroupTally[];
  readonly placeOf: (entity: number) => number;
}

function addMovement({ plan, collected, candidate, groups, placeOf }: Adding): void {
  const pairs = present(plan.pairs[candidate], "tier pairs");
  const [before, after] = [present(collected.end.held[0], "held tiers"), present(collected.end.held[candidate + 1], "held tiers")];
  const [fellBefore, fellAfter] = [
    present(collected.fairness.demoted[0], "demoted"),
    present(collected.fairness.demoted[candidate + 1], "demoted"),
  ];
  for (let entity = 0; entity < collected.entityCount; entity++) {
    if ((before[entity] as number) < 0) continue;
    const pair = (before[entity] as number) * pairs.columns + (after[entity] as number);
    const group = present(groups[placeOf(entity)], "group");
    addHeld(group, pairs, { pair, entities: 1, gmv: collected.end.gmv[entity] as number });
    addPair(group.demoted, fellBefore[entity] === 1, fellAfter[entity] === 1, 1);
  }
}

/** Adds entities that hold the same pair of tiers at the end of the range, and their GMV. */
export function addHeld(
  group: GroupTally,
  { move, rated, adverse }: TierPairs,
  { pair, entities, gmv }: { readonly pair: number; readonly entities: number; readonly gmv: number },
): void {
  group.entities += entities;
  group.rated += rated[pair] === 1 ? entities : 0;
  group.gmv += gmv;
  if (move[pair] !== moves.same) group.movers += entities;
  if (move[pair] === moves.up) {
    group.up += entities;
    group.gmvUp += gmv;
  } else if (move[pair] === moves.down) {
    group.down += entities;
    group.gmvDown += gmv;
  }
  addPair(group.adverse, ((adverse[pair] as number) & 2) !== 0, ((adverse[pair] as number) & 1) !== 0, entities);
}

function addLabels({ plan, collected, candidate, groups, placeOf }: Adding): void {
  const columns = collected.labels[0];
  if (columns === undefined || plan.errors[0]?.period === undefined) return;
  const isAdverse = (policy: number, entity: number): boolean => plan.adverse[policy]?.[columns.held[policy]?.[entity] as number] === 1;
  for (let entity = 0; entity < collected.entityCount; entity++) {
    const label = columns.label[entity] as number;
    if (label === labels.notInFrame) continue;
    const group = present(groups[placeOf(entity)], "group");
    if (label !== labels.fine && label !== labels.harmful) {
      group.unlabelled++;
      continue;
    }
    if (label === labels.fine) group.fineAll++;
    else group.harmfulAll++;
    addPair(label === labels.fine ? group.fine : group.harmful, isAdverse(0, entity), isAdverse(candidate + 1, entity), 1);
  }
}

function addPair(pairs: Pairs, baseline: boolean, candidate: boolean, entities: number): void {
  if (baseline && candidate) pairs.both += entities;
  else if (baseline) pairs.baselineOnly += entities;
  else if (candidate) pairs.candidateOnly += entities;
}

/** All of a segmentation together. */
export function sumTallies(groups: readonly GroupTally[]): GroupTally {
  return groups.reduce(addTallies, emptyTally("all"));
}

/** Everyone of the segmentation who is not in the group. */
export function restOf(all: GroupTally, group: GroupTally): GroupTally {
  return combine(all, group, -1);
}

function addTallies(a: GroupTally, b: GroupTally): GroupTally {
  return combine(a, b, 1);
}

function combine(a: GroupTally, b: GroupTally, sign: 1 | -1): GroupTally {
  const pairs = (x: Pairs, y: Pairs): Pairs => ({
    baselineOnly: x.baselineOnly + sign * y.baselineOnly,
    candidateOnly: x.candidateOnly + sign * y.candidateOnly,
    both: x.both + sign * y.both,
  });
  return {
    value: a.value,
    entities: a.entities + sign * b.entities,
    rated: a.rated + sign * b.rated,
    gmv: a.gmv + sign * b.gmv,
    movers: a.movers + sign * b.movers,
    up: a.up + sign * b.up,
    down: a.down + sign * b.down,
    gmvUp: a.gmvUp + sign * b.gmvUp,
    gmvDown: a.gmvDown + sign * b.gmvDown,
    adverse: pairs(a.adverse, b.adverse),
    demoted: pairs(a.demoted, b.demoted),
    fine: pairs(a.fine, b.fine),
    harmful: pairs(a.harmful, b.harmful),
    fineAll: a.fineAll + sign * b.fineAll,
    harmfulAll: a.harmfulAll + sign * b.harmfulAll,
    unlabelled: a.unlabelled + sign * b.unlabelled,
  };
}

/** The tally as it stands in the result. */
export function countsOf(tally: GroupTally): GroupCounts {
  const sides = ({ baselineOnly, candidateOnly, both }: Pairs) => ({ baseline: baselineOnly + both, candidate: candidateOnly + both });
  return {
    up: tally.up,
    down: tally.down,
    newlyAdverse: tally.adverse.candidateOnly,
    released: tally.adverse.baselineOnly,
    adverse: sides(tally.adverse),
    demoted: sides(tally.demoted),
    fine: tally.fineAll,
    harmful: tally.harmfulAll,
    unlabelled: tally.unlabelled,
    adverseFine: sides(tally.fine),
    adverseHarmful: sides(tally.harmful),
  };
}

/** Nobody yet. */
export function emptyTally(value: string): GroupTally {
  const pairs = (): Pairs => ({ baselineOnly: 0, candidateOnly: 0, both: 0 });
  return {
    value,
    entities: 0,
    rated: 0,
    gmv: 0,
    movers: 0,
    up: 0,
    down: 0,
    gmvUp: 0,
    gmvDown: 0,
    adverse: pairs(),
    demoted: pairs(),
    fine: pairs(),
    harmful: pairs(),
    fineAll: 0,
    harmfulAll: 0,
    unlabelled: 0,
  };
}
