/** The form of an entry of the error catalogue. */

/** How bad: an `error` stops the work, a `warning` is shown beside the result, a `note` informs. */
export type Severity = "error" | "warning" | "note";

/** What the catalogue says about a code. */
export interface CatalogueEntry {
  readonly severity: Severity;
  readonly meaning: string;
  readonly cure: string;
}
