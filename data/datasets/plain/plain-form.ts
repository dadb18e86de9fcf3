/** What the reader of plain panel files must know of one: its columns in the file's order, each with what a cell may be. */
import { type Grain, type PeriodIndex, periodOf } from "../../foundation/index.ts";
import type { Measure } from "../../panel/index.ts";
import type { ColumnRole, DatasetDescriptor, PanelFile } from "../descriptor.ts";
import type { ValueWidth } from "../row-block.ts";
import type { OpenedFile } from "../stage-file.ts";

/** A column of a plain file. `value`: which value column its cells go to. */
export type PlainColumn =
  | { readonly kind: "ignored" | "period" }
  | { readonly kind: "key"; readonly part: number }
  | { readonly kind: "count"; readonly value: number }
  | { readonly kind: "text" | "day" | "number"; readonly value: number }
  | {
      readonly kind: "measure";
      readonly value: number;
      readonly decimals: number;
      /** What an empty cell means. */
      readonly missing: number;
      /** The least and the most that a cell may hold, in smallest units. */
      readonly least: number;
      readonly most: number;
    };

/** Plain data: threads get it by message. */
export interface PlainForm {
  readonly path: string;
  readonly isGzipped: boolean;
  readonly delimiter: number;
  readonly grain: Grain;
  /** The last period of which anything can be known. */
  readonly periodMax: PeriodIndex;
  readonly columns: readonly PlainColumn[];
  readonly keyParts: number;
  /** Bytes a value, by value column; there is one for each described column, in the descriptor's order. */
  readonly widths: readonly ValueWidth[];
  /** Value columns of which the first may not exceed the second. */
  readonly parts: readonly (readonly [part: number, whole: number])[];
}

/** The form of a CSV panel file; undefined when it is none, has known-at days, or uses a column twice. */
export function plainFormOf(descriptor: DatasetDescriptor, { file, path, header }: OpenedFile): PlainForm | undefined {
  if (!isPlain(file) || header === undefined || header.repeated.length > 0) return undefined;
  const { grain, knownAt } = descriptor;
  const used = new Map<string, PlainColumn>();
  const named = [file.date.column, ...file.key.map(({ column }) => column), ...file.columns.map(({ column }) => column)];
  used.set(file.date.column, { kind: "period" });
  for (const [part, { column }] of file.key.entries()) used.set(column, { kind: "key", part });
  for (const [value, column] of file.columns.entries()) used.set(column.column, valueColumn(column, value));
  if (used.size !== named.length) return undefined;
  const parts: (readonly [number, number])[] = [];
  for (const [part, column] of file.columns.entries()) {
    const whole = file.columns.findIndex((each) => isWholeOf(each, column));
    if (whole < 0) continue;
    if (decimalsOf(file.columns[whole]) !== decimalsOf(column)) return undefined;
    parts.push([part, whole]);
  }
  return {
    path,
    isGzipped: file.isGzipped,
    delimiter: header.delimiter.charCodeAt(0),
    grain,
    periodMax: periodOf(grain, knownAt),
    columns: header.columns.map((name) => used.get(name) ?? { kind: "ignored" }),
    keyParts: file.key.length,
    widths: file.columns.map((column) => (column.kind === "measure" && isCount(column.measure) ? 4 : 8)),
    parts,
  };
}

/** Whether a file is a panel of which every row stands for itself: CSV, without known-at days. */
export function isPlain(file: OpenedFile["file"]): file is PanelFile {
  return file.holds === "panel" && file.known === undefined && file.format === "csv";
}

function valueColumn(column: ColumnRole, value: number): PlainColumn {
  if (column.kind === "assigned_tier") return { kind: "text", value };
  if (column.kind === "attribute") return { kind: column.type, value };
  if (isCount(column.measure)) return { kind: "count", value };
  const { unit, kind, decimals } = column.measure;
  return {
    kind: "measure",
    value,
    decimals,
    missing: kind === "flow" ? 0 : Number.NaN,
    least: unit === "count" || unit === "share" ? 0 : Number.NEGATIVE_INFINITY,
    most: unit === "share" && kind === "level" ? 10 ** decimals : Number.POSITIVE_INFINITY,
  };
}

/** Counts that are never missing. Those beyond 4 bytes are not plain. */
export function isCount({ kind, unit }: Measure): boolean {
  return kind === "flow" && unit === "count";
}

function isWholeOf(whole: ColumnRole, part: ColumnRole): boolean {
  return part.kind === "measure" && whole.kind === "measure" && whole.measure.name === part.measure.partOf;
}

function decimalsOf(column: ColumnRole | undefined): number | undefined {
  return column?.kind === "measure" ? column.measure.decimals : undefined;
}
