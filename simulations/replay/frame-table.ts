/** Outcome frames as named columns: what writers of Arrow, Parquet and CSV, and tables on pages, put down. */
import { lastDayOf, present } from "../../data/foundation/index.ts";
import type { EntityRows, OutcomeFrame, PanelSchema, PeriodRange } from "../../data/panel/index.ts";
import { type Policy, type Programme, versionsOf } from "../../policies/language/checked/index.ts";
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
  | { readonly name: string; readonly kind: "flag"; readonly flags: Uint8Array }
  /** 1 true, 0 false, NaN unknown: writers put null. */
  | { readonly name: string; readonly kind: "truth"; readonly numbers: Float64Array };

/** Rows of one frame: by entity in key order, then by period. */
export interface FrameTable {
  readonly rowCount: number;
  readonly columns: readonly FrameColumn[];
}

/** A metric, score, ledger or condition of a policy. A text is the code of a value of the attribute `by`. */
export interface OwnColumn {
  readonly name: string;
  readonly kind: "number" | "truth" | "text";
  readonly by?: string;
}

/**
 * What a policy computes, as columns: metrics, scores, ledgers, conditions, each in the order of the file; of a programme all that any of its
 * versions computes. A name that stands for a text in one version and for something else in another has no column of one kind, and is left out.
 */
export function ownColumns(item: Policy | Programme): readonly OwnColumn[] {
  const columns = new Map<string, OwnColumn>();
  const texts = new Map<string, Set<string>>();
  for (const { policy } of versionsOf(item)) {
    for (const column of columnsOf(policy)) {
      const before = columns.get(column.name);
      columns.set(column.name, before === undefined || before.kind === column.kind ? column : { name: column.name, kind: "number" });
      texts.set(column.name, (texts.get(column.name) ?? new Set()).add(column.by ?? ""));
    }
  }
  return [...columns.values()].filter(({ name }) => texts.get(name)?.size === 1);
}

function columnsOf({ metrics, scores, ledgers, conditions }: Policy): readonly OwnColumn[] {
  return [
    ...metrics.map((metric): OwnColumn => {
      const { name } = metric;
      return metric.kind === "largest" ? { name, kind: "text", by: metric.by } : { name, kind: "number" };
    }),
    ...[...scores, ...ledgers].map(({ name }): OwnColumn => ({ name, kind: "number" })),
    ...conditions.map(({ name }): OwnColumn => ({ name, kind: "truth" })),
  ];
}

/** What a table is made from. */
export interface FrameTableOptions {
  readonly schema: PanelSchema;
  readonly chunk: EntityRows;
  readonly frame: OutcomeFrame;
  /** Tier names by code, as in the replay's summary. */
  readonly tiers: readonly string[];
  /** The columns of the policy that the frame holds. */
  readonly own: readonly OwnColumn[];
  /** Only these periods. Default: all. */
  readonly from?: number;
  readonly to?: number;
}

/**
 * Lays a frame out as columns: entity, period (its last day), score, tier (the held one), merited, evaluated, promote_count,
 * demote_count, shielded, and the policy's own metrics, scores, ledgers and conditions. Rows outside the replayed range are left out.
 * A column of the policy that has one of those names is called `policy.<name>`.
 */
export function frameTable({ schema, chunk, frame, tiers, own, ...range }: FrameTableOptions): FrameTable {
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
  for (const { name: called, kind, by } of own) {
    const name = taken.has(called) ? `policy.${called}` : called;
    const values = numbers(present(frame.columns.get(called), `a column ${called}`));
    if (kind !== "text") columns.push({ name, kind, numbers: values });
    else
      columns.push({ name, kind, codes: Int32Array.from(values, (code) => (Number.isNaN(code) ? -1 : code)), values: textsOf(schema, by) });
  }
  return { rowCount, columns };
}

function textsOf({ attributes }: PanelSchema, by: string | undefined): readonly string[] {
  return attributes.find(({ name }) => name === by)?.values ?? [];
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
