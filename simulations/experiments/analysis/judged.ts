/** An effect as this look allows it to be read: what is shown beside the scorecard pays for looking just as the scorecard does. */
import { alwaysValidEffect, type Estimated, estimated, studentWidth, undetermined, varianceOfPair } from "../../statistics/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import { type Evidence, shareOfPlan, tunedForOf } from "./evidence.ts";
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
  const at = boundedAt(compared, widthAt(units) ?? Number.POSITIVE_INFINITY);
  if (at === undefined) return { absolute: undetermined("no unit differs from another in its group", "units that differ") };
  const { value, standardError, interval } = at;
  if (interval === undefined) return { absolute: tooEarly };
  const { method } = compared;
  return { absolute: estimated({ value, ...interval, level, standardError, method, n: units, assumptions: found.estimate.assumptions }) };
}

/** Of a group-sequential look that has no error to spend. */
export const tooEarly = undetermined("a look this early has next to no error to spend", "more of the planned units");

/** An effect at a look of such a width: its bound in standard errors of its own law, and the interval, both absent at an endless width. Undefined without a standard error. */
export function boundedAt({ pair, degreesOfFreedom }: MetricComparison, width: number) {
  if ("kind" in pair) return undefined;
  const [value, standardError] = [pair.treatment - pair.control, Math.sqrt(varianceOfPair(pair))];
  if (!(standardError > 0)) return undefined;
  const bound = studentWidth(width, degreesOfFreedom ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(bound)) return { value, standardError };
  return { value, standardError, bound, interval: { lower: value - bound * standardError, upper: value + bound * standardError } };
}

/** Whether a question that is asked once may be asked at this look: the plan's one, or the last of a group-sequential plan. */
export function isLastLook({ evidence }: Judge): boolean {
  return evidence.kind === "fixed" || (evidence.kind === "look" && shareOfPlan(evidence) >= 1);
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
