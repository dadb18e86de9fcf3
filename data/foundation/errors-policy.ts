/** Faults of policy files. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const policyErrors = {
  "unknown-name": {
    severity: "error",
    meaning: "A name is used that nothing defines.",
    cure: "Use a name that the file, the panel or the parent version defines.",
  },
} as const satisfies Record<string, CatalogueEntry>;
