/** The history, in columns: what a replay reads. */
import type { Day } from "../foundation/index.ts";
import type { PeriodCount } from "./manifest.ts";
import type { PanelSchema } from "./schema.ts";

/**
 * Dated facts of one chunk, ordered by entity, then (known day, id, by code points). Column form: one value an event.
 * An event counts from the day that it was known.
 */
export interface EventColumns {
  readonly count: number;
  /** Events of entity i are those from start[i] to start[i + 1] - 1. Length entities + 1. */
  readonly start: Int32Array;
  /** Code into the schema's events. */
  readonly kind: Int32Array;
  readonly day: Int32Array;
  readonly knownDay: Int32Array;
  /** NaN where the event carries no points. */
  readonly points: Float64Array;
  readonly id: readonly string[];
  /** By name of a text field, in code unit order: one value an event, "" when it carries none. Fields that no kind of the schema has are absent. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/** Labels of one chunk, ordered by entity, then day, source, known day. */
export interface OutcomeColumns {
  readonly count: number;
  readonly start: Int32Array;
  /** Code into the schema's outcome sources. */
  readonly source: Int32Array;
  /** The day that the label is about (the last day of a period). */
  readonly day: Int32Array;
  readonly knownDay: Int32Array;
  /** 1 harmful, 0 fine, -1 pending (an appeal that is not decided). */
  readonly harmful: Int8Array;
  /** The known probability with which a random audit picked the entity; NaN otherwise. */
  readonly probability: Float64Array;
}

/** Whole entities and their rows: consecutive periods from entry to exit, without gaps. */
export interface EntityRows {
  readonly entityCount: number;
  readonly rowCount: number;
  /** Sorted by code unit order, over the whole panel. Columns of a composite key are joined by U+001F. */
  readonly entities: readonly string[];
  /** First period of each entity. */
  readonly firstPeriod: Int32Array;
  /** Rows of entity i are rowStart[i] to rowStart[i + 1] - 1. Length entities + 1. */
  readonly rowStart: Int32Array;
}

/**
 * A run of whole entities with all that is known of them. An empty period inside has flows 0, levels carried as declared, `reported` 0.
 *
 * Missing values: NaN in measure columns (levels only; a flow is never missing). A storage code, not a number: kernels
 * test for it, and nothing downstream of a metric sees it.
 */
export interface PanelChunk extends EntityRows {
  readonly index: number;
  /** By position in schema.measures; length rowCount; stored integers. */
  readonly measures: readonly Float64Array[];
  /** By position in schema.attributes; length entityCount or rowCount by scope; codes, days or numbers. */
  readonly attributes: readonly Float64Array[];
  /** 1 where a source row stood behind this row, 0 for a filled gap. */
  readonly reported: Uint8Array;
  /** Code of the tier really assigned, -1 unknown; empty when the panel carries none. */
  readonly assignedTier: Int32Array;
  readonly events: EventColumns;
  readonly outcomes: OutcomeColumns;
}

/** A frozen dataset's folder, and the day that its facts are pinned to. */
export interface PanelSource {
  readonly folder: string;
  readonly knownAt?: Day;
  /** Rows of the dataset, pinned or not. */
  readonly rows: number;
}

/** A frozen history. Chunks are read on demand, so memory is bounded by one chunk; entity order is global. */
export interface Panel {
  /** The content digest of the dataset that it was loaded from. */
  readonly digest: string;
  readonly schema: PanelSchema;
  readonly chunkCount: number;
  readonly entityCount: number;
  readonly rowCount: number;
  /** Entities with a row in each period, as the import or the tables counted them; absent where nobody did. */
  readonly entitiesByPeriod?: readonly PeriodCount[];
  /** Where another thread can open the same panel; absent for one that lives in this thread's memory. */
  readonly source?: PanelSource;
  /** Reads one chunk. Synchronous: replays run in a worker, where waiting costs nobody anything. */
  readonly readChunk: (index: number) => PanelChunk;
}
