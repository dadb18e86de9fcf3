/** Every diagnostic code of the product, as data: what it means, how bad it is, how it is cured. */
import type { CatalogueEntry } from "./catalogue-entry.ts";
import { analysisErrors } from "./errors-analysis.ts";
import { caseErrors } from "./errors-cases.ts";
import { datasetErrors } from "./errors-dataset.ts";
import { doorErrors } from "./errors-door.ts";
import { experimentErrors } from "./errors-experiment.ts";
import { policyErrors } from "./errors-policy.ts";
import { sharingErrors } from "./errors-sharing.ts";

/** All codes by name. A code stands in exactly one of the seven tables. */
export const errorCatalogue = {
  ...policyErrors,
  ...analysisErrors,
  ...caseErrors,
  ...datasetErrors,
  ...doorErrors,
  ...experimentErrors,
  ...sharingErrors,
} satisfies Record<string, CatalogueEntry>;

/** The name of a catalogued fault. */
export type DiagnosticCode = keyof typeof errorCatalogue;
