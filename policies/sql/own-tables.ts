/** Tables that a warehouse has of its own, as a descriptor tells of them. */
import type { DatasetDescriptor, DatedTable, EntityFile, EventFile, OutcomeFile } from "../../data/datasets/index.ts";
import { type Grain, type PeriodIndex, periodOf, present } from "../../data/foundation/index.ts";
import type { OutcomeSource, PeriodRange } from "../../data/panel/index.ts";
import { binary, cast, integer, named, nothing, type SqlSelect } from "./nodes.ts";
import { ownSource } from "./own-columns.ts";
import type { TableColumn } from "./panel-tables.ts";

/** The tables, by what they hold; each name is that of a table, with its schema and catalogue before it where it needs them. */
export interface OwnTables {
  /** Those with rows of entity and period: one at least. */
  readonly histories: readonly DatedTable[];
  /** Those with a row an entity, each by its parts. */
  readonly entities: readonly (readonly EntityFile[])[];
  readonly events: readonly EventFile[];
  readonly outcomes: readonly OutcomeFile[];
  /** Whose labels the tables of outcomes may hold. */
  readonly sources: readonly OutcomeSource[];
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
export function ownTablesOf(
  { files, outcomes, grain, knownAt }: DatasetDescriptor,
  parted: Pick<OwnTables, "histories" | "entities">,
): OwnTables {
  return {
    ...parted,
    events: files.filter((file) => file.holds === "events"),
    outcomes: files.filter((file) => file.holds === "outcomes"),
    sources: outcomes,
    grain,
    lastPeriod: periodOf(grain, knownAt),
    knownAt,
    absences: [],
  };
}

/** What stands in the place of a sharded table that the warehouse has not: its columns, and no row. */
export function noRows({ histories }: OwnTables, columns: readonly TableColumn[]): SqlSelect {
  return {
    kind: "select",
    everything: false,
    columns: [named("shard", integer(0)), ...columns.map(({ name, type }) => named(name, cast(nothing, type)))],
    source: ownSource(present(histories[0]?.files[0], "a table")),
    where: binary(integer(1), "=", integer(0)),
  };
}
