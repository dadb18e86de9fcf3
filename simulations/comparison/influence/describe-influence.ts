/** What drives the score and the moves: declared and effective weights, what each part decides, and the changes that move whom. */
import type { Panel } from "../../../data/panel/index.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { describeFlipCauses } from "./flip-causes.ts";
import type { Influence } from "./influence.ts";
import { describePartRemovals } from "./part-removals.ts";
import { describeScoreWeights } from "./score-weights.ts";

/** At the end of the range. Cost: see its parts; the panel is read once more for each. */
export function describeInfluence(plan: ComparisonPlan, collected: Collected, candidate: number, panel: Panel): Influence {
  return {
    at: dayName(plan.schema, plan.to),
    baseline: describeScoreWeights(plan, collected, 0, panel),
    candidate: describeScoreWeights(plan, collected, candidate + 1, panel),
    flips: describeFlipCauses(plan, collected, candidate, panel),
    removals: {
      baseline: describePartRemovals(plan, collected, 0, panel),
      candidate: describePartRemovals(plan, collected, candidate + 1, panel),
    },
  };
}
