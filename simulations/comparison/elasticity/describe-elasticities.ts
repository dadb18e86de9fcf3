/** What past tier changes did to sales: matched moves, and jumps at cut-offs. */
import { present } from "../../../data/foundation/index.ts";
import type { Panel } from "../../../data/panel/index.ts";
import { evaluationPlan, NEVER } from "../../../policies/compile/index.ts";
import type { Collected } from "../collect.ts";
import { type ComparisonPlan, dayName, gmvSpanTo } from "../plan.ts";
import { measureCutoffs } from "./cutoffs.ts";
import { measureMoves } from "./matched-moves.ts";
import type { MeasuredElasticities } from "./measured.ts";
import { readPast } from "./past.ts";

/**
 * Undefined where the panel has no really assigned tiers or no GMV measure. Reads nothing outside the range. The baseline stands for the policy that
 * was in force: its score says who was alike, its cut-offs are looked at. Cost: two replays of the entities that fit in `pastCells`.
 */
export function describeElasticities(plan: ComparisonPlan, collected: Collected, panel: Panel): MeasuredElasticities | undefined {
  const { schema, gmvColumn, from, to, level } = plan;
  if (schema.assignedTiers.length === 0 || gmvColumn < 0) return undefined;
  const policy = present(plan.policies[0], "baseline");
  const past = readPast(plan, collected, panel);
  const window = spanLength(plan);
  const { evaluationDay } = evaluationPlan(schema, policy.movement.evaluate);
  let last = to - 2 * window;
  while (last >= from && evaluationDay[last - schema.firstPeriod] === NEVER) last--;
  const period = last - window + 1 < from ? -1 : last - from;
  return {
    version: policy.version,
    entities: past.entities,
    ever: collected.range.inFrame.reduce((sum, periods) => sum + (periods > 0 ? 1 : 0), 0),
    windowPeriods: window,
    moves: (["into-adverse", "out-of-adverse"] as const).map((direction) =>
      measureMoves(past, { direction, adverse: plan.assignedAdverse, window, level }),
    ),
    cutoffs: measureCutoffs(past, {
      policy,
      codeOf: plan.assignedCode,
      window,
      period,
      at: dayName(schema, period < 0 ? to : last),
      level,
    }),
  };
}

function spanLength({ schema, to }: ComparisonPlan): number {
  const { first, last } = gmvSpanTo(schema.grain, to);
  return last - first + 1;
}
