/** Every diagnostic code of the product, as data: what it means, how bad it is, how it is cured. */
import { datasetErrors } from "./errors-dataset.ts";
import { doorErrors } from "./errors-door.ts";
import { policyErrors } from "./errors-policy.ts";

/** How bad: an `error` stops the work, a `warning` is shown beside the result, a `note` informs. */
export type Severity = "error" | "warning" | "note";

/** What the catalogue says about a code. */
export interface CatalogueEntry {
  readonly severity: Severity;
  readonly meaning: string;
  readonly cure: string;
}

/** All codes by name. A code stands in exactly one of the three tables. */
export const errorCatalogue = { ...policyErrors, ...datasetErrors, ...doorErrors } satisfies Record<string, CatalogueEntry>;

/** The name of a catalogued fault. */
export type DiagnosticCode = keyof typeof errorCatalogue;
