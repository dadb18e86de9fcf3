/** Faults of cases and guards, the files beside a policy. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const caseErrors = {
  "cases-mismatch": {
    severity: "error",
    meaning: "A file of cases or guards is of another programme or version than the policy that it stands beside.",
    cure: "Correct the programme or the version, or name the file after its policy.",
  },
  "duplicate-case": { severity: "error", meaning: "Two cases of a file have the same name.", cure: "Name each case after what it shows." },
  "case-unread": {
    severity: "error",
    meaning: "A case gives something that the policy does not read, so it could change nothing.",
    cure: "Use a name that the policy reads, or leave it out.",
  },
  "history-overlap": {
    severity: "error",
    meaning: "Two stretches of a history share a period.",
    cure: "Let each stretch begin after the one before it ends.",
  },
  "no-evaluation": {
    severity: "error",
    meaning: "A case expects something on a day on which its entity is not evaluated.",
    cure: "Name an evaluation date that follows a period of the history.",
  },
  "case-failed": {
    severity: "error",
    meaning: "The policy gives another result than a case expects.",
    cure: "Correct the policy if it is wrong, or what the case expects if that is.",
  },
  "not-covered": {
    severity: "note",
    meaning: "Parts of the policy that no case reaches could change without a case failing.",
    cure: "Add cases that reach them.",
  },
  "guard-failed": {
    severity: "error",
    meaning: "On a sample of a dataset the change goes beyond its budget.",
    cure: "Soften the change, or have the budget changed by whoever set it.",
  },
  "guard-undecided": {
    severity: "warning",
    meaning: "The sample is too small to say whether the change keeps its budget: the interval holds the bound.",
    cure: "Take a larger sample with --sample, or compare on the whole dataset.",
  },
  "criterion-unfit": {
    severity: "error",
    meaning: "A criterion asks for a figure that the dataset cannot give.",
    cure: "Leave the criterion out, or use a dataset that can give it.",
  },
} as const satisfies Record<string, CatalogueEntry>;
