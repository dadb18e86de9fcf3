/** What stands in a frozen dataset's `dataset.json`: everything about it except its rows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Grain } from "../foundation/index.ts";
import type { PanelSchema, PeriodRange } from "./schema.ts";

/** One reason for leaving rows out, and how many rows it took. */
export interface RejectedReason {
  readonly code: string;
  readonly count: number;
}

/** Rows of one list, and why they are on it: most frequent reason first, then by code. */
export interface LeftOutRows {
  readonly rows: number;
  readonly reasons: readonly RejectedReason[];
}

/** How good the history is. Values are in value units (money in major units), never stored integers. */
export interface DatasetQuality {
  readonly measures: readonly MeasureQuality[];
  /** Entities whose first (last) row is in the period, in period order; periods with none are left out. */
  readonly entitiesByFirstPeriod: readonly PeriodCount[];
  readonly entitiesByLastPeriod: readonly PeriodCount[];
  /** Entities with a row in the period, every period in order. */
  readonly entitiesByPeriod: readonly PeriodCount[];
  readonly gaps: GapQuality;
  readonly labels: readonly LabelQuality[];
  readonly events: readonly { readonly kind: string; readonly count: number }[];
  /** Sentences for people: what to look at before trusting a figure. */
  readonly remarks: readonly string[];
}

/** A period by the last day that names it, with a count of entities. */
export interface PeriodCount {
  readonly period: string;
  readonly entities: number;
}

/** One measure over all rows (gap rows included: flows are 0 there). */
export interface MeasureQuality {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  /** Share of rows without a value, levels only; a flow is never missing. */
  readonly missingShare: number;
  readonly zeroShare: number;
  /** Negative values are only possible for units without a floor (number). */
  readonly quantiles: readonly { readonly share: number; readonly value: number }[];
  /** Flows: the share of the total that the largest 1 % of entities hold (at least one entity). Absent when the total is 0. */
  readonly topOnePercentShare?: number;
  /** Flows: the period whose total moved most against the period before, with the ratio of the two. */
  readonly largestJump?: { readonly period: string; readonly from: number; readonly to: number };
}

/** Periods inside an entity's history that no row reports. */
export interface GapQuality {
  readonly rows: number;
  readonly rowShare: number;
  readonly entities: number;
  /** Gap rows in which the entity's whole source was absent: not exits. */
  readonly sourceAbsentRows: number;
  /** Periods in which no entity has a reported row. */
  readonly emptyPeriods: readonly string[];
}

/** How much an outcome source says. */
export interface LabelQuality {
  readonly source: string;
  readonly labels: number;
  readonly harmful: number;
  readonly fine: number;
  readonly pending: number;
  /** Rows (entity-periods) that have at least one decided label about their last day, over all rows. */
  readonly coverage: number;
  readonly entities: number;
}

/** A frozen dataset, as `dataset.json` holds it. */
export interface DatasetManifest {
  readonly formatVersion: 1;
  /** `<name>-<first 12 digits of the digest>`. */
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly digest: string;
  readonly schema: PanelSchema;
  readonly entities: number;
  readonly rows: number;
  /** `from` and `to` are the last days of the first and the last period. */
  readonly periods: { readonly grain: Grain; readonly from: string; readonly to: string; readonly count: number };
  /** Sum of each flow in value units (money in major units), correctly rounded from the exact integer sum. */
  readonly totals: Readonly<Record<string, number>>;
  /** Rows that failed a check: they are in no figure. Listed in `rejected.ndjson`. */
  readonly rejected: LeftOutRows;
  /** Rows that the importer could not place, where there is one; their reasons say what became of them. Listed in `set-aside.ndjson`. */
  readonly setAside?: LeftOutRows;
  readonly quality: DatasetQuality;
  /** Where the data comes from, in the descriptor's words. */
  readonly source: string;
  readonly hasTruth: boolean;
  /** Whether some rows were corrected or known late, so that superseded versions are kept. */
  readonly hasVersions: boolean;
  /** The connection in whose tables its rows lie; absent: they lie here. */
  readonly liesIn?: string;
  /** Where those tables are not in shards: the first key of every shard but the first. */
  readonly shardStarts?: readonly string[];
  /** For each of them with rows of entity and period, those periods in which it delivered nothing; absent or none: each delivers from its first on. */
  readonly absences?: readonly (readonly PeriodRange[])[];
  /** Chunks in order: entities and rows of each. None of a dataset that lies elsewhere. */
  readonly chunks: readonly { readonly entities: number; readonly rows: number }[];
}

/** Reads a frozen dataset's manifest. Throws when the folder holds none: only folders that an import finished have one. */
export function readManifest(folder: string): DatasetManifest {
  return JSON.parse(readFileSync(join(folder, "dataset.json"), "utf8")) as DatasetManifest;
}
