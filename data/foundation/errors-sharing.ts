/** Faults of what is shared: comments, and files that a browser makes. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const sharingErrors = {
  "unknown-comment": {
    severity: "error",
    meaning: "No comment of this home has this number.",
    cure: "List what there is with `counterweight comment list <run>`.",
  },
  "unknown-anchor": {
    severity: "error",
    meaning: "The report has no part of this name that a comment could be about.",
    cure: "Name a section (`movement`), a figure (`figure-movement`), `answer`, `definitions` or `provenance`, as in the addresses of the report's page.",
  },
  "comment-settled": {
    severity: "error",
    meaning: "The comment is already what it should become, or was withdrawn, and nothing follows that.",
    cure: "Reload the comments to see where they stand; write a new one to go on.",
  },
  "no-browser": {
    severity: "error",
    meaning: "A PDF or PNG is made by Chromium, and none was found on this machine.",
    cure: "Install Chromium or Chrome, or name its program with CHROMIUM=/path/to/chromium; or take the report as HTML and print it from a browser.",
  },
  "browser-failed": {
    severity: "error",
    meaning: "Chromium was found, but did not make the file.",
    cure: "See that CHROMIUM names a working Chromium (`chromium --version`) and that the folder for temporary files has room; or take the report as HTML and print it from a browser.",
  },
} as const satisfies Record<string, CatalogueEntry>;
