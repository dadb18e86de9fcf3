/** Faults of dataset descriptors and of the files that they describe. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const datasetErrors = {
  "file-not-found": {
    severity: "error",
    meaning: "A file that is named does not exist or cannot be read.",
    cure: "Check the path; paths in a descriptor are relative to the descriptor.",
  },
} as const satisfies Record<string, CatalogueEntry>;
