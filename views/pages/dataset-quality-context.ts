/** What the page of a dataset says of its values by chart: all from the record that the import made, nothing is read again. */
export interface DatasetQualityContext {
  /** Shares of all rows, 0 to 1. */
  readonly columns: readonly { readonly name: string; readonly missing: number; readonly zero: number }[];
  /** Of the measure that tells how much an entity does: which part of the rows has at most how much. Absent without such a measure. */
  readonly volume?: {
    readonly title: string;
    readonly rows: number;
    readonly maximum: number;
    readonly quantiles: readonly { readonly share: number; readonly value: number }[];
  };
  /** Labels by source: counts. */
  readonly labels: readonly {
    readonly source: string;
    readonly title: string;
    readonly labels: number;
    readonly fine: number;
    readonly harmful: number;
    readonly pending: number;
  }[];
  readonly events: readonly { readonly title: string; readonly count: number }[];
  /** The period whose total moved most against the one before, by flow. */
  readonly jumps: readonly {
    readonly title: string;
    readonly unit: string;
    readonly period: string;
    readonly from: number;
    readonly to: number;
  }[];
}
