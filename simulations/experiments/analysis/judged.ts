/** An effect as this look allows it to be read: what is shown beside the scorecard pays for looking just as the scorecard does. */
import { alwaysValidEffect, type Estimated, estimated, studentWidth, undetermined } from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { type Evidence, tunedForOf } from "./evidence.ts";
import type { MetricComparison } from "./metric-comparison.ts";

/** How effects are judged now; `widthAt`: standard errors at a look, by the units of a comparison. */
export interface Judge {
  readonly design: ExperimentDesign;
  readonly evidence: Evidence;
  readonly widthAt: (units: number) => number | undefined;
}

/**
 * The absolute effect with the interval of this look, and its p-value: the plan's own test where it looks once, what holds at every look where the look is not planned,
 * the bound of a group-sequential look (which has no p-value). Undetermined where such a look has no error to spend.
 */
export function judgedEffect(
  { design, evidence, widthAt }: Judge,
  compared: MetricComparison,
  units: number,
): { readonly absolute: Estimated; readonly pValue?: number } {
  const { level } = design;
  const found = compared.finding(level);
  if (found.kind === "undetermined") return { absolute: found };
  if (evidence.kind === "fixed") return { absolute: found.estimate, ...(found.test === undefined ? {} : { pValue: found.test.pValue }) };
  const { pair, degreesOfFreedom } = compared;
  if ("kind" in pair) return { absolute: pair };
  if (evidence.kind === "always-valid") {
    const options = { level, alternative: "two-sided" as const, nullValue: 0, tunedFor: tunedForOf(design), degreesOfFreedom };
    const sequence = alwaysValidEffect(pair, units, options);
    if (sequence.kind === "undetermined") return { absolute: sequence };
    return { absolute: sequence.estimate, ...(sequence.test === undefined ? {} : { pValue: sequence.test.pValue }) };
  }
  const width = studentWidth(widthAt(units) ?? Number.POSITIVE_INFINITY, degreesOfFreedom ?? Number.POSITIVE_INFINITY);
  const standardError = Math.sqrt(pair.treatmentVariance + pair.controlVariance - 2 * (pair.covariance ?? 0));
  if (!Number.isFinite(width))
    return { absolute: undetermined("a look this early has next to no error to spend", "more of the planned units") };
  if (!(standardError > 0)) return { absolute: undetermined("no unit differs from another in its group", "units that differ") };
  const value = pair.treatment - pair.control;
  const interval = { lower: value - width * standardError, upper: value + width * standardError, level };
  return {
    absolute: estimated({ value, ...interval, standardError, method: compared.method, n: units, assumptions: found.estimate.assumptions }),
  };
}

/** Whether a question that is asked once may be asked at this look: the plan's one, or the last of a group-sequential plan. */
export function isLastLook({ evidence }: Judge): boolean {
  return evidence.kind === "fixed" || (evidence.kind === "look" && (evidence.information.at(-1) as number) >= 1);
}

/** In a sentence: how what stands beside the scorecard is judged at this look. */
export function judgedWords({ evidence }: Pick<Judge, "evidence">): string {
  switch (evidence.kind) {
    case "fixed":
      return "Intervals and p-values are those of the plan's one look; they are not adjusted over the lines of this table.";
    case "always-valid":
      return "Intervals and p-values are those that hold at every look, as on the scorecard; they are not adjusted over the lines of this table.";
    case "look":
      return "Intervals are those of this look's bound, as on the scorecard, and have no p-value; they are not adjusted over the lines of this table.";
  }
}
