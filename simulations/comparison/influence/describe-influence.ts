/** What drives the score and the moves: declared and effective weights, what each part decides, and the changes that move whom. */
import type { Panel } from "../../../data/panel/index.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { describeFlipCauses } from "./flip-causes.ts";
import type { Influence } from "./influence.ts";
import { describePartRemovals } from "./part-removals.ts";
import { describeScoreWeights } from "./score-weights.ts";

/** What the score of one policy is made of, which no other policy changes. */
export interface ScoreInfluence {
  readonly weights: ReturnType<typeof describeScoreWeights>;
  readonly removals: ReturnType<typeof describePartRemovals>;
}

/** `policy`: position, the baseline being 0. At the end of the range. Cost: see its parts; the panel is read once more for each. */
export function describeScore(plan: ComparisonPlan, collected: Collected, policy: number, panel: Panel): ScoreInfluence {
  return { weights: describeScoreWeights(plan, collected, policy, panel), removals: describePartRemovals(plan, collected, policy, panel) };
}

/** One candidate's beside the baseline's, which is described once for all of them. */
export function describeInfluence(
  plan: ComparisonPlan,
  collected: Collected,
  { candidate, panel, baseline }: { readonly candidate: number; readonly panel: Panel; readonly baseline: ScoreInfluence },
): Influence {
  const own = describeScore(plan, collected, candidate + 1, panel);
  return {
    at: dayName(plan.schema, plan.to),
    baseline: baseline.weights,
    candidate: own.weights,
    flips: describeFlipCauses(plan, collected, candidate, panel),
    removals: { baseline: baseline.removals, candidate: own.removals },
  };
}
