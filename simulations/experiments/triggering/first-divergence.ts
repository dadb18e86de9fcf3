/**
 * Counterfactual triggering: both policies are scored for every entity in both arms, so that it is known for each whether, when and how the
 * candidate would treat it differently for the first time, whichever arm it is in.
 */
import { firstDayOf, invariant, type PeriodIndex, present } from "../../../data/foundation/index.ts";
import { findMeasure, type OutcomeFrame, type Panel, type PanelChunk } from "../../../data/panel/index.ts";
import {
  comparesPeers,
  type Policy,
  type Programme,
  programmeTiers,
  sameConsequences,
  type Tier,
  tierNames,
} from "../../../policies/language/checked/index.ts";
import { replay } from "../../replay/index.ts";

/** How the two policies part for the first time; `terms`: into the same tier with other consequences. The stratum is fixed then, and for good. */
export const strata = ["newly adverse", "released", "down", "up", "unrated", "terms"] as const;
export type Stratum = (typeof strata)[number];

/** What is triggered, and what is measured. */
export interface TriggerRequest {
  readonly panel: Panel;
  readonly baseline: Policy;
  readonly candidate: Policy;
  /** First and last period of the experiment: the candidate is in force in its arm from the first on. */
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  /** Flows that are summed. */
  readonly measures: readonly string[];
  /** The arm of an entity: 0 control, 1 candidate, -1 in neither so far, -2 never given the candidate (a holdout). */
  readonly armOf: (entity: string) => number;
  /** Where groups of entities are dealt together: the entity's group. */
  readonly clusterOf?: ((entity: string) => string) | undefined;
}

/** By entity that was there during the experiment, in the panel's order. */
export interface TriggerColumns {
  readonly entities: number;
  /** Of the experiment. */
  readonly days: number;
  readonly arm: Int8Array;
  /** A position in `strata`, -1 where the policies never part. */
  readonly stratum: Int8Array;
  /** The tier that the baseline holds when the experiment begins, a position in its `tierNames`. */
  readonly held: Int8Array;
  /** By measure: sums over the periods after the first divergence (0 without one), over the whole experiment, and over the weeks before it. */
  readonly after: readonly Float64Array[];
  readonly whole: readonly Float64Array[];
  /** By measure: sums over the periods in which the held tiers differ now: what "currently differs" would look at. */
  readonly differing: readonly Float64Array[];
  /** Periods in which they differ now, and periods after the first divergence. */
  readonly differingPeriods: Int32Array;
  readonly afterPeriods: Int32Array;
  /** By measure: sums over as many periods before the experiment. */
  readonly before: readonly Float64Array[];
  /**
   * By measure, known before anybody was treated: what the entity sold a period in those, times the periods from its first divergence to the experiment's end; 0
   * without one. What it would have after the first divergence if it went on as before.
   */
  readonly expected: readonly Float64Array[];
  /** Whether a policy compares entities with their peers: then what one arm does moves the cut-offs of the other. */
  readonly comparesPeers: boolean;
  /** By entity a number for its group, where groups are dealt. */
  readonly cluster?: Int32Array;
}

/**
 * Replays the baseline, and the baseline until the experiment and the candidate from then on (its state taken over by name), and finds the first evaluation at
 * which the held tiers or what follows from them differ: until then both arms were treated alike. What is held at a period's end is in force after it, so
 * outcomes count from the next period on. The candidate evaluates for the first time on the experiment's first day, with all of the period before; who parts
 * then, also by other consequences of a tier of the same name, counts from the experiment's first period on. Adverse is what each policy's own flag says. Cost: one replay of both. Invalid, and to be said so, where arms influence each other: peer benchmarks within an arm, announcements,
 * buyers who go from one seller to another.
 */
export function findTriggers({ panel, baseline, candidate, from, to, measures, armOf, clusterOf }: TriggerRequest): TriggerColumns {
  const { schema } = panel;
  invariant(
    from > schema.firstPeriod && from <= to && to <= schema.lastPeriod,
    "an experiment lies within the panel, after its first period",
  );
  const changed: Programme = {
    versions: [
      { policy: baseline, from: Number.NEGATIVE_INFINITY },
      { policy: candidate, from: firstDayOf(schema.grain, from) },
    ],
  };
  const tables = pairTables(baseline, candidate, changed);
  const read = measures.map((name) => present(findMeasure(schema, name), `measure ${name}`).index);
  const columns = emptyColumns(panel.entityCount, measures.length);
  const [clusters, codes] = [new Int32Array(panel.entityCount), new Map<string, number>()];
  let next = 0;
  replay({
    policies: [baseline, changed],
    panel,
    to,
    visit: (chunk, [without, with_]) => {
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        if (
          addEntity({
            chunk,
            entity,
            at: next,
            without: present(without, "a frame"),
            with_: present(with_, "a frame"),
            tables,
            read,
            columns,
            from,
            to,
          })
        ) {
          const name = chunk.entities[entity] as string;
          columns.arm[next] = armOf(name);
          if (clusterOf !== undefined) {
            const own = clusterOf(name);
            clusters[next] = codes.get(own) ?? codes.size;
            codes.set(own, clusters[next] as number);
          }
          next++;
        }
      }
    },
  });
  return {
    ...cut(columns, next),
    days: firstDayOf(schema.grain, to + 1) - firstDayOf(schema.grain, from),
    comparesPeers: comparesPeers(baseline) || comparesPeers(candidate),
    ...(clusterOf === undefined ? {} : { cluster: clusters.subarray(0, next) }),
  };
}

interface EntityAt {
  readonly chunk: PanelChunk;
  readonly entity: number;
  readonly at: number;
  readonly without: OutcomeFrame;
  readonly with_: OutcomeFrame;
  readonly tables: PairTables;
  readonly read: readonly number[];
  readonly columns: EntityColumns;
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
}

/** False for entities without a row in the experiment: they are no units of it. */
function addEntity({ chunk, entity, at, without, with_, tables, read, columns, from, to }: EntityAt): boolean {
  const begin = chunk.rowStart[entity] as number;
  const end = chunk.rowStart[entity + 1] as number;
  const first = chunk.firstPeriod[entity] as number;
  const start = begin + Math.max(from - first, 0);
  const stop = Math.min(end, begin + to - first + 1);
  if (start >= stop) return false;
  const pairAt = (row: number): number =>
    tables.stratum[(without.held[row] as number) * tables.columns + (with_.held[row] as number)] as number;
  let stratum = start > begin ? pairAt(start - 1) : -1;
  let differs = stratum >= 0;
  let divergence = differs ? from : to + 1;
  for (let row = start; row < stop; row++) {
    for (const [measure, index] of read.entries()) {
      const value = (chunk.measures[index] as Float64Array)[row] as number;
      const known = Number.isNaN(value) ? 0 : value;
      add(columns.whole[measure] as Float64Array, at, known);
      if (stratum >= 0) add(columns.after[measure] as Float64Array, at, known);
      if (differs) add(columns.differing[measure] as Float64Array, at, known);
    }
    if (stratum >= 0) columns.afterPeriods[at] = (columns.afterPeriods[at] as number) + 1;
    if (differs) columns.differingPeriods[at] = (columns.differingPeriods[at] as number) + 1;
    const pair = pairAt(row);
    differs = pair >= 0;
    if (stratum < 0 && differs) {
      stratum = pair;
      divergence = first + row - begin + 1;
    }
  }
  const known = Math.max(begin, start - (to - from + 1));
  for (const [measure, index] of read.entries()) {
    const column = columns.before[measure] as Float64Array;
    for (let row = known; row < start; row++) {
      const value = (chunk.measures[index] as Float64Array)[row] as number;
      add(column, at, Number.isNaN(value) ? 0 : value);
    }
    // Periods by the calendar: who leaves after the divergence may leave because of it.
    if (start > known)
      (columns.expected[measure] as Float64Array)[at] = ((column[at] as number) / (start - known)) * Math.max(0, to + 1 - divergence);
  }
  columns.stratum[at] = stratum;
  columns.held[at] = without.held[Math.max(begin, start - 1)] as number;
  return true;
}

/** What is filled entity by entity. */
type EntityColumns = Omit<TriggerColumns, "comparesPeers" | "days">;

interface PairTables {
  readonly columns: number;
  readonly stratum: Int8Array;
}

/** By held tier of the baseline and of the programme: the stratum, -1 where both hold the same tier with the same consequences. */
function pairTables(baseline: Policy, candidate: Policy, changed: Programme): PairTables {
  const own = tierNames(baseline);
  const { names } = programmeTiers(changed.versions);
  const before = (name: string): Tier | undefined => baseline.tiers.find((tier) => tier.name === name);
  /** A tier that only the baseline has is held, with its consequences, until the candidate is first evaluated. */
  const after = (name: string): Tier | undefined => candidate.tiers.find((tier) => tier.name === name) ?? before(name);
  const stratum = new Int8Array(own.length * names.length).fill(-1);
  for (const [row, held] of own.entries()) {
    for (const [column, name] of names.entries()) {
      const [from, to] = [before(held), after(name)];
      const kind = stratumOf(from, to, column - names.indexOf(held));
      if (kind !== undefined) stratum[row * names.length + column] = strata.indexOf(kind);
    }
  }
  return { columns: names.length, stratum };
}

/** `below`: how many places the second tier stands below the first. Without a tier: unrated. */
function stratumOf(from: Tier | undefined, to: Tier | undefined, below: number): Stratum | undefined {
  if (from === undefined && to === undefined) return undefined;
  const [wasAdverse, isAdverse] = [from?.adverse === true, to?.adverse === true];
  if (isAdverse !== wasAdverse) return isAdverse ? "newly adverse" : "released";
  if (from === undefined || to === undefined) return "unrated";
  if (from.name !== to.name) return below > 0 ? "down" : "up";
  return sameConsequences(from.consequences, to.consequences) ? undefined : "terms";
}

function emptyColumns(entities: number, measures: number): EntityColumns {
  const numbers = () => Array.from({ length: measures }, () => new Float64Array(entities));
  return {
    entities,
    arm: new Int8Array(entities),
    stratum: new Int8Array(entities),
    held: new Int8Array(entities),
    after: numbers(),
    whole: numbers(),
    differing: numbers(),
    differingPeriods: new Int32Array(entities),
    afterPeriods: new Int32Array(entities),
    before: numbers(),
    expected: numbers(),
  };
}

function cut(columns: EntityColumns, entities: number): EntityColumns {
  const numbers = (list: readonly Float64Array[]) => list.map((column) => column.subarray(0, entities));
  return {
    entities,
    arm: columns.arm.subarray(0, entities),
    stratum: columns.stratum.subarray(0, entities),
    held: columns.held.subarray(0, entities),
    after: numbers(columns.after),
    whole: numbers(columns.whole),
    differing: numbers(columns.differing),
    differingPeriods: columns.differingPeriods.subarray(0, entities),
    afterPeriods: columns.afterPeriods.subarray(0, entities),
    before: numbers(columns.before),
    expected: numbers(columns.expected),
  };
}

function add(column: Float64Array, at: number, value: number): void {
  column[at] = (column[at] as number) + value;
}
