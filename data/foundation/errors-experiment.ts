/** Faults of experiments: designs, observations, decisions. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const experimentErrors = {
  "unknown-experiment": {
    severity: "error",
    meaning: "No experiment of this home has this name.",
    cure: "List what there is with `counterweight experiment list`, or write one down with `counterweight experiment design <file>`.",
  },
  "experiment-locked": {
    severity: "error",
    meaning: "The design is locked: it was fixed before the first unit, and a change is an amendment that says why.",
    cure: "Give the reason with --amend '<why>'; the analysis will show what was changed.",
  },
  "experiment-open": {
    severity: "error",
    meaning: "The design is not locked yet, and nothing may be observed before it is.",
    cure: "Lock it with `counterweight experiment lock <name>`.",
  },
  "no-observations": {
    severity: "error",
    meaning: "Nothing was observed yet in this experiment.",
    cure: "Read observations with `counterweight experiment observe <name> --file <file>`.",
  },
  "units-would-move": {
    severity: "error",
    meaning: "An amendment would give another arm to units that are in the experiment, or take them out.",
    cure: "Keep arms, salt, layer, holdout and what is dealt as they were locked; a ramp may only grow. For another deal begin a new experiment.",
  },
  "layer-taken": {
    severity: "error",
    meaning: "Another running experiment takes its units from an overlapping part of the same layer.",
    cure: "Choose a part of the layer that is free, or wait until the other experiment is decided.",
  },
  "holdout-differs": {
    severity: "error",
    meaning:
      "Experiments that name one holdout keep out different shares of the units, so that nobody is held back from all of them alike.",
    cure: "Write the share that the other experiment has, or give the holdout another name.",
  },
  "observed-otherwise": {
    severity: "error",
    meaning: "The design was amended in what is measured, of whom or when, and the observations were read by the design before that.",
    cure: "Read the observations again with `counterweight experiment observe <name> --file <file>`.",
  },
  "bad-observations": {
    severity: "error",
    meaning: "A file of observations cannot be read, or lacks a column that the design names.",
    cure: "Compare the file's header with the columns of the design.",
  },
  "bad-decision": {
    severity: "error",
    meaning: "A decision names an arm that is no candidate of the experiment.",
    cure: "Name one of the candidates.",
  },
  "bad-forecast": {
    severity: "error",
    meaning: "A design names a comparison that this home does not have, or whose policies are not those of its arms.",
    cure: "Name a comparison of `counterweight run list`, and give the control its baseline and every other arm one of its candidates.",
  },
} as const satisfies Record<string, CatalogueEntry>;
