/** Which labels a report leads with, and how one rate is found. */
import type { CandidateComparison, ErrorRate, Errors, EstimatorName, FigureEstimates } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { datesInWords } from "../formats/index.ts";

/** All sources by precedence where the comparison has it, else the source with the most labels; undefined without outcomes. */
export function primaryErrors(candidate: Pick<CandidateComparison, "errors">): Errors | undefined {
  const all = candidate.errors.find((entry) => entry.source === "all");
  return all ?? candidate.errors.toSorted((a, b) => b.labelled - a.labelled)[0];
}

/** How the date of the error rates was chosen, in words. */
export function dateRuleOf({ dateRule = "the last evaluation whose outcomes are mature" }: Errors): string {
  return datesInWords(dateRule).replaceAll(/'([^']+)'/g, (_, source: string) => `“${source.replaceAll("_", " ")}”`);
}

/** A rate of one side by name. */
export function rateOf(errors: Errors, side: "baseline" | "candidate", name: ErrorRate["name"]): ErrorRate | undefined {
  return errors[side].rates.find((rate) => rate.name === name);
}

/** What a report leads with: the headline among the estimators, or the figure over labelled entities where there is but that. */
export interface Lead {
  readonly estimate: Estimated;
  /** Whether it speaks of known labels only, or estimates for everyone. */
  readonly isLabelledOnly: boolean;
  /** Whether it rests on random audits, so that labels which share a measure with the policy only sharpen it. */
  readonly isByAudits: boolean;
  /** By which estimator, where there are several. */
  readonly estimator?: EstimatorName;
}

/** The false-positive rate of one side that the report leads with. */
export function leadRate(errors: Errors, side: "baseline" | "candidate"): Lead | undefined {
  const headline = errors.estimates?.rates.find((rate) => rate.side === side && rate.name === "false-positive-rate")?.headline;
  if (headline !== undefined) return leadOf(errors, headline);
  const rate = rateOf(errors, side, "false-positive-rate");
  return rate === undefined ? undefined : { estimate: rate.estimate, isLabelledOnly: true, isByAudits: false };
}

/** The change of the false-positive rate that the report leads with. */
export function leadChange(errors: Errors): Lead {
  const headline = errors.estimates?.falsePositiveChange.headline;
  return headline === undefined
    ? { estimate: errors.falsePositiveChange, isLabelledOnly: true, isByAudits: false }
    : leadOf(errors, headline);
}

/** Whether what leads is computed from measures that the policy reads too: then it foretells, and is not the truth. */
export function leadIsPredictive(errors: Errors): boolean {
  return errors.sharedMeasures.length > 0 && !leadChange(errors).isByAudits;
}

function leadOf(errors: Errors, { estimator, estimate }: FigureEstimates["headline"]): Lead {
  const view = errors.estimates?.estimators.find(({ name }) => name === estimator);
  const by = estimator === undefined ? {} : { estimator };
  return { estimate, ...by, isLabelledOnly: estimator === "labelled-only", isByAudits: view?.isDesignBased === true };
}
