/** A file of cases, read and checked against its policy: histories of entities, and what the policy must make of them. */
import type { Day, Grain, PeriodIndex, Place } from "../../data/foundation/index.ts";
import type { RateTable, Unit } from "../../data/panel/index.ts";
import type { ValueUnit } from "../language/index.ts";

/** All cases of one policy version. */
export interface CaseFile {
  readonly file: string;
  /** Where `units` stands; where the file begins when it has none. */
  readonly unitsPlace: Place;
  readonly programme: string;
  readonly version: string;
  readonly grain: Grain;
  /** Measures that are levels; the others are flows. */
  readonly levels: readonly string[];
  /** Units of measures that are no counts. */
  readonly units: ReadonlyMap<string, Unit>;
  readonly currency?: string;
  /** From that currency to others; none where the policy reads no others. */
  readonly rates: readonly RateTable[];
  readonly cases: readonly Case[];
}

/** One story: an entity, its peers, and what is expected of it at some of its evaluations. */
export interface Case {
  readonly name: string;
  readonly because?: string;
  readonly place: Place;
  /** The entity first, then its peers. Keys are `case`, `peer 1`, `peer 2` and so on. */
  readonly entities: readonly [CaseEntity, ...CaseEntity[]];
  readonly expectations: readonly Expectation[];
}

/** The past of one entity. */
export interface CaseEntity {
  readonly key: string;
  readonly place: Place;
  /** Texts, and days as `YYYY-MM-DD`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** In order of time; no two share a period. */
  readonly history: readonly Stretch[];
  readonly events: readonly CaseEvent[];
}

/** Periods that are all alike. */
export interface Stretch {
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  /** A level that is written as missing is absent, like a flow that is 0. */
  readonly measures: Readonly<Record<string, WrittenNumber>>;
  /** Stated from here on. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly place: Place;
}

/** A dated fact. */
export interface CaseEvent {
  readonly kind: string;
  readonly day: Day;
  readonly known: Day;
  readonly id: string;
  readonly points?: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** A number as it stands in the file. */
export interface WrittenNumber {
  /** Plain digits in the unit's base: `4.35 %` is 0.0435, `300.50 USD` is 300.50. */
  readonly digits: string;
  /** As the language reads it: money in minor units. */
  readonly value: number;
  readonly unit: ValueUnit;
  readonly currency?: string;
  /** Whether a decimal point was written: then a value is expected to round to this one, else to equal it. */
  readonly isRounded: boolean;
}

/** What is expected at one evaluation. */
export interface Expectation {
  readonly on: Day;
  readonly place: Place;
  readonly claims: readonly ExpectedValue[];
}

/** One expected value. */
export interface ExpectedValue {
  /** A metric, score, ledger or condition, or a word of `stateKeys`. */
  readonly name: string;
  readonly place: Place;
  /** As written. */
  readonly words: string;
  readonly value: Expected;
}

/** The forms of an expected value. `missing` of numbers and texts, `unknown` of conditions. */
export type Expected =
  | { readonly kind: "number"; readonly number: WrittenNumber }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "truth"; readonly isTrue: boolean }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "missing" | "unknown" };

/** What can be expected besides the policy's own names. */
export const stateKeys = ["tier", "merited", "reason", "promote_count", "demote_count", "shielded"] as const;

/** One of them. */
export type StateKey = (typeof stateKeys)[number];

/** Whether a name is one of them. */
export function isStateKey(name: string): name is StateKey {
  return (stateKeys as readonly string[]).includes(name);
}
