/** What the static analysis of a policy finds: nothing that is written wrongly, but what cannot be, or cannot be meant. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const analysisErrors = {
  "never-merited": {
    severity: "warning",
    meaning: "A tier's condition can never be true, or only when a better tier's is, so that nobody can merit it.",
    cure: "Correct the condition or the order of the ladder, or remove the tier.",
  },
  "adverse-above": {
    severity: "warning",
    meaning: "An adverse tier stands before one that is not adverse. The ladder is listed best first, and the first match is merited.",
    cure: "List the tiers from the best to the worst, and put exceptions in 'caps'.",
  },
  "ladder-gap": {
    severity: "warning",
    meaning: "With everything known, a value between two others that are on the ladder falls off it.",
    cure: "Close the gap: let the worse tier begin where the better one ends, or leave its upper bound out (the first match is merited).",
  },
  "ladder-inversion": {
    severity: "warning",
    meaning: "Along one value the ladder turns back: further in one direction is first worse and then better again.",
    cure: "Order the bounds of the tiers as the tiers stand; leave upper bounds out, since the first match is merited.",
  },
  "threshold-out-of-reach": {
    severity: "warning",
    meaning: "A threshold or anchor lies where the value that meets it never gets, so that it decides nothing.",
    cure: "Move the threshold to where the value can be, or remove it.",
  },
  "constant-condition": {
    severity: "warning",
    meaning: "A condition is always true, never true or never known, whoever is asked.",
    cure: "Correct the condition, or remove it.",
  },
  "duplicate-condition": {
    severity: "warning",
    meaning: "Two conditions say the same under two names.",
    cure: "Keep one of them, or correct the one that should say something else.",
  },
  "weights-sum": {
    severity: "warning",
    meaning: "The weights of a score look like shares of a whole but do not add up to it. They are divided by their sum.",
    cure: "Correct the weights so that they add up.",
  },
  "curve-turns": {
    severity: "warning",
    meaning: "A curve rises and falls, so that doing better can score worse.",
    cure: "Put the values of the curve in rising or falling order.",
  },
  "volume-out-of-reach": {
    severity: "warning",
    meaning: "A metric asks for more volume than its window can ever hold, so that it is always missing.",
    cure: "Ask for less, or read a longer window.",
  },
  "no-effect": {
    severity: "warning",
    meaning: "A part of the policy can never make a difference.",
    cure: "Remove it, or correct what keeps it from working.",
  },
  "never-moves": {
    severity: "warning",
    meaning: "Nobody can ever be promoted, or nobody can ever be demoted.",
    cure: "Correct the conditions of the tiers, or remove the rule of movement.",
  },
  "entry-unseen": {
    severity: "warning",
    meaning: "Entries of a ledger can expire between two evaluations, before any of them reads the ledger.",
    cure: "Let entries last longer than the time between two evaluations, or evaluate more often.",
  },
  "window-beyond-panel": {
    severity: "warning",
    meaning: "A window is longer than the whole panel, so that it is never full.",
    cure: "Use a panel with a longer history, or a shorter window.",
  },
  "longer-than-panel": {
    severity: "note",
    meaning: "The policy speaks of a time that is longer than the whole panel, so that a replay never sees its end.",
    cure: "Nothing to do for the policy; do not judge this part of it by this panel.",
  },
} as const satisfies Record<string, CatalogueEntry>;
