/** A column on its way into a column file. */

/**
 * One column of a column file. `float`: NaN is written as null (and NaN stays in the buffer below it). `day`: days since 1970-01-01.
 * `coded`: dictionary-encoded text; code -1 is null (and 0 stands in the buffer below it: Polars refuses a file with a negative code, null or not).
 *
 * Whether a column may hold nulls depends on its kind, not on its values, so that all files of a table have one schema.
 */
export type FileColumn =
  | {
      readonly kind: "float";
      readonly name: string;
      readonly values: Float64Array;
      readonly metadata?: Readonly<Record<string, string>>;
      /** Known to hold no NaN, so that none is looked for. */
      readonly isComplete?: boolean;
    }
  | { readonly kind: "integer"; readonly name: string; readonly values: Int32Array; readonly metadata?: Readonly<Record<string, string>> }
  | { readonly kind: "day"; readonly name: string; readonly values: Int32Array; readonly missing?: number }
  | { readonly kind: "flag"; readonly name: string; readonly values: Uint8Array }
  | { readonly kind: "sign"; readonly name: string; readonly values: Int8Array }
  | { readonly kind: "text"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "coded"; readonly name: string; readonly codes: Int32Array; readonly values: readonly string[] };
