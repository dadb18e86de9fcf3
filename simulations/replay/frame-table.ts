/** Outcome frames as named columns: what writers of Arrow, Parquet and CSV, and tables on pages, put down. */
import { lastDayOf } from "../../data/foundation/index.ts";
import type { EntityRows, OutcomeFrame, PanelSchema, PeriodRange } from "../../data/panel/index.ts";
import { reportedRows } from "./reported-range.ts";

/** One column. All columns of a table have the same length. */
export type FrameColumn =
  /** Codes into `values`; -1 is absent. */
  | { readonly name: string; readonly kind: "text"; readonly codes: Int32Array; readonly values: readonly string[] }
  /** Days since 1970-01-01. */
  | { readonly name: string; readonly kind: "day"; readonly days: Int32Array }
  /** NaN is absent: writers put null. */
  | { readonly name: string; readonly kind: "number"; readonly numbers: Float64Array }
  | { readonly name: string; readonly kind: "integer"; readonly integers: Int32Array }
  | { readonly name: string; readonly kind: "flag"; readonly flags: Uint8Array };

/** Rows of one frame: by entity in key order, then by period. */
export interface FrameTable {
  readonly rowCount: number;
  readonly columns: readonly FrameColumn[];
}

/** What a table is made from. */
export interface FrameTableOptions {
  readonly schema: PanelSchema;
  readonly chunk: EntityRows;
  readonly frame: OutcomeFrame;
  /** Tier names by code, as in the replay's summary. */
  readonly tiers: readonly string[];
  /** Only these periods. Default: all. */
  readonly from?: number;
  readonly to?: number;
}

/**
 * Lays a frame out as columns: entity, period (its last day), score, tier (the held one), merited, evaluated, promote_count,
 * demote_count, shielded, and the frame's own metric, score, ledger and condition columns. Rows outside the replayed range are left out.
 * A column of the policy that has one of those names is called `policy.<name>`.
 */
export function frameTable({ schema, chunk, frame, tiers, ...range }: FrameTableOptions): FrameTable {
  const rows = pickRows(chunk, frame, { from: range.from ?? schema.firstPeriod, to: range.to ?? schema.lastPeriod });
  const rowCount = rows.row.length;
  const numbers = (source: ArrayLike<number>) => Float64Array.from(rows.row, (row) => source[row] as number);
  const integers = (source: ArrayLike<number>) => Int32Array.from(rows.row, (row) => source[row] as number);
  const flags = (source: ArrayLike<number>) => Uint8Array.from(rows.row, (row) => source[row] as number);
  const columns: FrameColumn[] = [
    { name: "entity", kind: "text", codes: rows.entity, values: chunk.entities },
    { name: "period", kind: "day", days: rows.period.map((period) => lastDayOf(schema.grain, period)) },
    { name: "score", kind: "number", numbers: numbers(frame.score) },
    { name: "tier", kind: "text", codes: integers(frame.held), values: tiers },
    { name: "merited", kind: "text", codes: integers(frame.merited), values: tiers },
    { name: "evaluated", kind: "flag", flags: flags(frame.evaluated) },
    { name: "promote_count", kind: "integer", integers: integers(frame.promoteCount) },
    { name: "demote_count", kind: "integer", integers: integers(frame.demoteCount) },
    { name: "shielded", kind: "flag", flags: flags(frame.shielded) },
  ];
  const taken = new Set(columns.map(({ name }) => name));
  for (const [name, values] of frame.columns) {
    columns.push({ name: taken.has(name) ? `policy.${name}` : name, kind: "number", numbers: numbers(values) });
  }
  return { rowCount, columns };
}

interface PickedRows {
  readonly row: Int32Array;
  readonly entity: Int32Array;
  readonly period: Int32Array;
}

function pickRows(chunk: EntityRows, frame: OutcomeFrame, range: PeriodRange): PickedRows {
  const { begin, end } = reportedRows(chunk, range);
  const row = new Int32Array(chunk.rowCount);
  const entity = new Int32Array(chunk.rowCount);
  const period = new Int32Array(chunk.rowCount);
  let count = 0;
  for (let index = 0; index < chunk.entityCount; index++) {
    const zero = (chunk.firstPeriod[index] as number) - (chunk.rowStart[index] as number);
    for (let at = begin[index] as number; at < (end[index] as number); at++) {
      if (frame.held[at] === -1) continue;
      row[count] = at;
      entity[count] = index;
      period[count] = zero + at;
      count++;
    }
  }
  return { row: row.subarray(0, count), entity: entity.subarray(0, count), period: period.subarray(0, count) };
}
