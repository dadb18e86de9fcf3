/** What a panel's columns are: the part of a dataset that policies are checked against. */
import type { Day, Grain, PeriodIndex } from "../foundation/index.ts";

/** What a measure counts in. `money` is in minor units of the panel's currency; `share` is a fraction of 1. */
export type Unit = "count" | "money" | "share" | "points" | "days" | "hours" | "number";

/**
 * A raw column of the panel. A `flow` adds up over the period; a `level` is as it stood at the period's end.
 *
 * Values are stored as integers of the smallest unit: value * 10^decimals. So sums are exact, and their order is irrelevant.
 */
export interface Measure {
  readonly name: string;
  readonly kind: "flow" | "level";
  readonly unit: Unit;
  /** Stored integer = value * 10^decimals. Money: the currency's minor digits (2), so that a value of 1 is one major unit. */
  readonly decimals: number;
  readonly title: string;
  /** The measure that this one is a part of (late_dispatches: part of due_dispatches), when declared. */
  readonly partOf?: string;
  /** Levels only: carried forward at most this many empty periods, then missing. */
  readonly carryPeriods?: number;
}

/** A descriptive column. Fixed for an entity (scope `entity`) or dated with the row (scope `row`). */
export interface Attribute {
  readonly name: string;
  readonly scope: "entity" | "row";
  /** `text` columns hold codes into `values`; `day` columns day numbers; `number` columns numbers. Missing: -1 for text, NaN otherwise. */
  readonly type: "text" | "day" | "number";
  readonly values?: readonly string[];
  readonly title: string;
}

/** A kind of dated fact, with the fields that its rows carry. */
export interface EventKind {
  readonly name: string;
  readonly title: string;
  /** Names of the text fields that its events carry, `severity` among them when it is there. Absent: none. */
  readonly fields?: readonly string[];
  /** Whether its events carry points. Absent: no. */
  readonly points?: boolean;
}

/** Where labels come from, and what they mean (see the estimands in simulations/README.md). */
export interface OutcomeSource {
  readonly name: string;
  readonly title: string;
  /** `state`: true at the day it is about. `future`: behaviour in the horizon after it. */
  readonly kind: "state" | "future";
  readonly horizonDays: number;
  readonly lagDays: number;
  /** What precedence among sources rests on: a random audit outranks a decided appeal, which outranks behaviour. */
  readonly role: "audit" | "appeal" | "behaviour";
  /** Measures that the label is computed from; sharing one with the policy is said on the report. */
  readonly measures: readonly string[];
  /** In words: what makes an entity harmful. */
  readonly definition: string;
}

/** Rates from the panel's currency to another. Each stands from its day until the next one's. */
export interface RateTable {
  readonly to: string;
  /** By day, ascending, each day once. One unit of the panel's currency is `rate` of `to`: above 0, meant as its decimal digits. */
  readonly dated: readonly { readonly day: Day; readonly rate: number }[];
}

/** Everything about a panel except its rows. Plain serialisable data. */
export interface PanelSchema {
  /** `seller`, `creator`. */
  readonly entity: string;
  readonly grain: Grain;
  readonly firstPeriod: PeriodIndex;
  readonly lastPeriod: PeriodIndex;
  /** ISO 4217 code of all money measures, when there are any. */
  readonly currency?: string;
  /** Declared rates to other currencies, in code unit order of the currency. Absent: none. */
  readonly rates?: readonly RateTable[];
  /** The measure that is gross merchandise value, when there is one. */
  readonly gmvMeasure?: string;
  /** The measure that counts orders, for size bands, when there is one. */
  readonly ordersMeasure?: string;
  readonly measures: readonly Measure[];
  readonly attributes: readonly Attribute[];
  readonly events: readonly EventKind[];
  readonly outcomes: readonly OutcomeSource[];
  /** Names of the tiers really assigned, when the panel carries them; codes of `assignedTier`. */
  readonly assignedTiers: readonly string[];
  /** The last day whose knowledge the dataset holds. */
  readonly knownAt: Day;
  /** The last period whose flows are complete; later ones only hold what became of earlier facts. Absent: all are complete. */
  readonly completeTo?: PeriodIndex;
}

/** Periods of a panel, from the first to the last, both inside. */
export interface PeriodRange {
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
}

/**
 * The periods that a replay or comparison reports: what is asked for, cut to the panel. Where nothing is asked for: from the panel's first
 * period to its last complete one (to its very last when `from` lies behind the complete ones). Empty (`from` after `to`) when what is
 * asked for lies outside the panel.
 *
 * @example
 * rangeOf({ firstPeriod: 10, lastPeriod: 30, completeTo: 25 }, { from: 12 })
 * // => { from: 12, to: 25 }
 */
export function rangeOf(
  schema: Pick<PanelSchema, "firstPeriod" | "lastPeriod" | "completeTo">,
  asked: { readonly from?: PeriodIndex | undefined; readonly to?: PeriodIndex | undefined },
): PeriodRange {
  const { firstPeriod, lastPeriod, completeTo = lastPeriod } = schema;
  const from = Math.max(asked.from ?? firstPeriod, firstPeriod);
  const to = asked.to ?? (from > completeTo ? lastPeriod : completeTo);
  return { from, to: Math.min(to, lastPeriod) };
}

/** Names of all text fields that events of any kind carry, each once, in code unit order: the fields that every chunk has. */
export function eventFieldNames(schema: Pick<PanelSchema, "events">): readonly string[] {
  return [...new Set(schema.events.flatMap((kind) => kind.fields ?? []))].sort();
}

/** The attribute that gives an entity's segment for a name, or undefined. */
export function findAttribute(schema: PanelSchema, name: string): Attribute | undefined {
  return schema.attributes.find((attribute) => attribute.name === name);
}

/** The position and definition of a measure, or undefined. */
export function findMeasure(schema: PanelSchema, name: string): { readonly index: number; readonly measure: Measure } | undefined {
  const index = schema.measures.findIndex((measure) => measure.name === name);
  const measure = schema.measures[index];
  return measure === undefined ? undefined : { index, measure };
}
