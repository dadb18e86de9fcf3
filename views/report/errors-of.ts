/** Which labels a report leads with, and how one rate is found. */
import type { CandidateComparison, ErrorRate, Errors } from "../../simulations/comparison/index.ts";

/** All sources by precedence where the comparison has it, else the source with the most labels; undefined without outcomes. */
export function primaryErrors(candidate: CandidateComparison): Errors | undefined {
  const all = candidate.errors.find((entry) => entry.source === "all");
  return all ?? candidate.errors.toSorted((a, b) => b.labelled - a.labelled)[0];
}

/** How the date of the error rates was chosen, in words. */
export function dateRuleOf(errors: Errors): string {
  return errors.dateRule ?? "the last evaluation whose outcomes are mature";
}

/** A rate of one side by name. */
export function rateOf(errors: Errors, side: "baseline" | "candidate", name: ErrorRate["name"]): ErrorRate | undefined {
  return errors[side].rates.find((rate) => rate.name === name);
}
