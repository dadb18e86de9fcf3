/** The checked descriptor of a dataset: what each file holds, and what each column means. */
import type { Day, Grain, Place } from "../foundation/index.ts";
import type { EventKind, Measure, OutcomeSource } from "../panel/index.ts";

/** A descriptor without faults. Paths are absolute; places say where things are written. */
export interface DatasetDescriptor {
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly entity: string;
  readonly grain: Grain;
  readonly currency?: string;
  readonly knownAt: Day;
  /** The last day up to which flows are complete, when that is before the end. */
  readonly completeTo?: { readonly day: Day; readonly place: Place };
  /** The measures that are gross merchandise value, and the count of orders, with where the descriptor says so. */
  readonly gmv?: NamedMeasure;
  readonly orders?: NamedMeasure;
  readonly source: string;
  readonly knownTruth?: string;
  /** A CSV of the rows that the importer could not place. */
  readonly setAside?: { readonly path: string; readonly shownPath: string; readonly place: Place };
  readonly files: readonly SourceFile[];
  readonly outcomes: readonly OutcomeSource[];
  /** The measures that outcome sources say they are computed from. */
  readonly outcomeMeasures: readonly NamedMeasure[];
}

/** A measure by name, and where it is named. */
export interface NamedMeasure {
  readonly name: string;
  readonly place: Place;
}

/** How a file is written. Gzip is by the name; a gzipped Parquet file is unpacked first. */
export type SourceFormat = "csv" | "parquet" | "ndjson";

/** One file, by what it holds. */
export type SourceFile = PanelFile | SnapshotFile | EntityFile | EventFile | OutcomeFile | RateFile;

interface FileBase {
  readonly path: string;
  /** As the descriptor names it: what messages show. */
  readonly shownPath: string;
  readonly place: Place;
  readonly format: SourceFormat;
  readonly isGzipped: boolean;
  /** The columns of the entity key, in order; none in a file that is not about entities. */
  readonly key: readonly NamedColumn[];
  readonly ignore: readonly string[];
  readonly columns: readonly ColumnRole[];
}

/** A column of a file, with the place where the descriptor names it. */
export interface NamedColumn {
  readonly column: string;
  readonly place: Place;
}

/** Rows of entity and period. With `known`, rows of the same entity and period are corrections. */
export interface PanelFile extends FileBase {
  readonly holds: "panel";
  readonly date: NamedColumn;
  readonly known?: NamedColumn;
}

/** Rows at irregular dates; a rule picks one for each period. */
export interface SnapshotFile extends FileBase {
  readonly holds: "snapshots";
  readonly date: NamedColumn;
  readonly rule: "last in period" | "first in period";
  readonly feed?: NamedColumn;
}

/** One row an entity: attributes that do not change. */
export interface EntityFile extends FileBase {
  readonly holds: "entities";
}

/** Dated facts. */
export interface EventFile extends FileBase {
  readonly holds: "events";
  readonly id: NamedColumn;
  readonly date: NamedColumn;
  readonly known?: NamedColumn;
  readonly kind: NamedColumn;
  readonly points?: NamedColumn;
  /** Text fields in the order of their names, `severity` among them when it is there. */
  readonly fields: readonly EventField[];
  /** With what their rows in this file carry. */
  readonly kinds: readonly EventKind[];
}

/** A text field of events, by the column that holds it. */
export interface EventField extends NamedColumn {
  readonly name: string;
}

/** Labels. */
export interface OutcomeFile extends FileBase {
  readonly holds: "outcomes";
  readonly date: NamedColumn;
  readonly source: NamedColumn;
  readonly outcome: NamedColumn;
  readonly known?: NamedColumn;
  readonly probability?: NamedColumn;
}

/** Dated rates of exchange: one unit of `from` is `rate` of `to`. */
export interface RateFile extends FileBase {
  readonly holds: "rates";
  readonly date: NamedColumn;
  readonly from: NamedColumn;
  readonly to: NamedColumn;
  readonly rate: NamedColumn;
}

/** What a described column is for. */
export type ColumnRole =
  | { readonly kind: "measure"; readonly column: string; readonly place: Place; readonly measure: Measure }
  | {
      readonly kind: "attribute";
      readonly column: string;
      readonly place: Place;
      readonly name: string;
      readonly type: "text" | "day" | "number";
      readonly title: string;
    }
  | { readonly kind: "assigned_tier"; readonly column: string; readonly place: Place; readonly tiers: readonly string[] };

/** What a described column is called in the panel. */
export function columnName(column: ColumnRole): string {
  return column.kind === "measure" ? column.measure.name : column.kind === "attribute" ? column.name : "assigned tier";
}

/** The same for files that describe the same columns: parts of one table. */
export function signatureOf(file: SourceFile): string {
  return file.columns.map(columnName).sort().join(" ");
}

/** Files by the table that they are parts of: those that hold the same and describe the same columns. Tables in the order of their first parts. */
export function partedTables<File extends SourceFile>(files: readonly File[]): readonly (readonly File[])[] {
  const tables = new Map<string, File[]>();
  for (const file of files) {
    const table = `${file.holds} ${signatureOf(file)}`;
    tables.set(table, [...(tables.get(table) ?? []), file]);
  }
  return [...tables.values()];
}

/** A table with a row an entity and period, by its parts. */
export interface DatedTable {
  readonly files: readonly (PanelFile | SnapshotFile)[];
  /** By the day on which they were known, the row that the panel shows among several of one entity and period; absent: there may be one only. */
  readonly choice?: "first" | "last";
}

/** The tables that make the panel's rows. */
export function datedTables(files: readonly SourceFile[]): readonly DatedTable[] {
  return partedTables(files.filter((file) => file.holds === "panel" || file.holds === "snapshots")).map((parts) => {
    const [first] = parts;
    if (first?.holds === "snapshots") return { files: parts, choice: first.rule === "first in period" ? "first" : "last" };
    return parts.some((file) => file.holds === "panel" && file.known !== undefined) ? { files: parts, choice: "last" } : { files: parts };
  });
}
