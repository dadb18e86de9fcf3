/** Faults of requests: commands, routes and runs. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const doorErrors = {
  "bad-request": {
    severity: "error",
    meaning: "An option or field of a request is missing or has the wrong form.",
    cure: "See the reference page for the form that is expected.",
  },
  "limit-exceeded": {
    severity: "error",
    meaning: "The input is larger than a stated limit.",
    cure: "Make it smaller, or raise the limit where the message says.",
  },
} as const satisfies Record<string, CatalogueEntry>;
