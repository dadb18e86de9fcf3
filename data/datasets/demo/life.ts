/** What the two kinds of demo entities have in common while they live, week by week. */
import { present, type RandomStream } from "../../foundation/index.ts";
import type { Character } from "./character.ts";
import type { Market } from "./market.ts";

/** A column of the demo panel. Money is in minor units here, and in major ones in the file. */
export interface DemoMeasure {
  readonly name: string;
  readonly unit: "count" | "money";
  readonly title: string;
  readonly partOf?: string;
  /** Whether a first report may fall short of it, and be corrected later. */
  readonly reportedLate?: true;
}

/** One kind of demo marketplace: its columns, and how an entity lives. */
export interface DemoKind {
  readonly entity: "seller" | "creator";
  readonly title: string;
  readonly key: string;
  readonly idPrefix: string;
  readonly regionName: string;
  readonly regions: readonly string[];
  readonly categoryName: string;
  readonly categories: readonly string[];
  readonly measures: readonly DemoMeasure[];
  /** Tiers of the old programme, best first, the last one for those too small to rate. */
  readonly tiers: readonly string[];
  /** What the behaviour outcome is made of: bad over base, and the true share above which an entity is harmful. */
  readonly badMeasures: readonly string[];
  readonly baseMeasure: string;
  readonly harmfulShare: number;
  /** What violations are of, and the share of each among them. */
  readonly violationTypes: Readonly<Record<string, number>>;
  /** Fills `life` for the weeks from entry to exit. Returns the true rates, before shocks and restriction. */
  readonly live: (character: Character, market: Market, stream: RandomStream, life: Life) => TrueRates;
}

/** One entity's weeks. Reused from entity to entity: only weeks from `entersAt` to `leavesAfter` are meaningful. */
export interface Life {
  /** By measure, in the kind's order; one number a week. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** The tier that was really in force in the week. */
  readonly tier: Int8Array;
}

/** The bad share that is really expected of an entity, before and after it turns bad. */
export interface TrueRates {
  readonly usualShare: number;
  readonly turnedShare: number;
}

/** Makes the buffers of a life. */
export function makeLife(kind: DemoKind, weeks: number): Life {
  return { columns: new Map(kind.measures.map(({ name }) => [name, new Float64Array(weeks)])), tier: new Int8Array(weeks) };
}

/** The weeks of one measure. */
export function columnOf(life: Life, measure: string): Float64Array {
  return present(life.columns.get(measure), measure);
}

/** The old programme: share of bad over base in the last 8 weeks with at least 30 of base, looked at when a month ends. */
export interface OldProgramme {
  /** The largest share of the first, second and third tier. */
  readonly bounds: readonly [first: number, second: number, third: number];
  readonly baseMin: number;
}

/** The tier that the old programme gives after a week; `week` is the last one that it sees. */
export function oldTier(programme: OldProgramme, weeks: { bad: Float64Array; base: Float64Array; from: number; week: number }): number {
  let bad = 0;
  let base = 0;
  for (let week = Math.max(weeks.from, weeks.week - 7); week <= weeks.week; week++) {
    bad += weeks.bad[week] as number;
    base += weeks.base[week] as number;
  }
  if (base < programme.baseMin) return programme.bounds.length + 1;
  const share = bad / base;
  const tier = programme.bounds.findIndex((bound) => share <= bound);
  return tier < 0 ? programme.bounds.length : tier;
}

/** Expected orders of a week: size, own growth, settling in after entry, demand, and what restriction takes away. */
export function expectedOrders(character: Character, market: Market, week: number): number {
  const age = week - character.entersAt;
  const settled = character.entersAt === 0 ? 1 : Math.min(1, 0.35 + age * 0.065);
  return character.size * (1 + character.growth) ** age * settled * (market.demand[week] as number);
}

/** The logistic function. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
