/** Tables that a warehouse has of its own, as a descriptor tells of them. */
import type { DatasetDescriptor, DatedTable, EntityFile, EventFile } from "../../data/datasets/index.ts";
import { type Grain, type PeriodIndex, periodOf } from "../../data/foundation/index.ts";
import type { PeriodRange } from "../../data/panel/index.ts";

/** The tables, by what they hold; each name is that of a table, with its schema and catalogue before it where it needs them. */
export interface OwnTables {
  /** Those with rows of entity and period: one at least. */
  readonly histories: readonly DatedTable[];
  /** Those with a row an entity, each by its parts. */
  readonly entities: readonly (readonly EntityFile[])[];
  readonly events: readonly EventFile[];
  readonly grain: Grain;
  /** The last period of which something was known: what begins later is not read. */
  readonly lastPeriod: PeriodIndex;
  readonly knownAt: number;
  /** For each of the histories the periods in which it delivered nothing for anyone; none where each delivers from its first period on. */
  readonly absences: readonly (readonly PeriodRange[])[];
}

/** Keys of one shard, of the lowest (absent: from the first on) up to where the next begins (absent: to the last). */
export interface KeyRange {
  readonly from?: string;
  readonly before?: string;
}

/** The tables of a descriptor, which has a history. */
export function ownTablesOf({ files, grain, knownAt }: DatasetDescriptor, parted: Pick<OwnTables, "histories" | "entities">): OwnTables {
  return {
    ...parted,
    events: files.filter((file) => file.holds === "events"),
    grain,
    lastPeriod: periodOf(grain, knownAt),
    knownAt,
    absences: [],
  };
}
