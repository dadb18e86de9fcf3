/** Everybody who has an alarm now, from the history anew: a comparison keeps the first of them only. */
import { checkLimit, InputRefused, present } from "../../../data/foundation/index.ts";
import { collectEnd } from "../collect-end.ts";
import { type ComparisonOptions, planComparison } from "../plan.ts";
import type { EntityAtRisk, PolicyAtRisk } from "./at-risk.ts";
import { addEvaluations, collectEvaluations, evaluationColumns } from "./collect-evaluations.ts";
import { describeAtRisk } from "./describe-at-risk.ts";

/** The alarms of one policy at the end of a range, highest risk first, and how such alarms did before. */
export interface AlarmList {
  readonly horizonPeriods: number;
  readonly policy: PolicyAtRisk;
  readonly entities: readonly EntityAtRisk[];
}

/**
 * `policy`: position, the baseline being 0. The range ends at the day of the alarms, and nothing after it is read: a list of an
 * earlier day is the one that would have been made then. Errors: InputRefused with `limit-exceeded` above `alarmsListed`.
 * Cost: a comparison's replay, and the walk of one policy.
 */
export function listAlarms(options: ComparisonOptions, policy: number): AlarmList {
  const { panel } = options;
  const plan = planComparison(options);
  const atRisk = evaluationColumns(plan.atRisk, panel.entityCount);
  const collected = collectEnd(plan, panel, [...plan.policies.keys()], (chunk, frames, first) => {
    addEvaluations(atRisk, collectEvaluations(plan.atRisk, plan, chunk, frames), first);
  });
  const { horizonPeriods, policies } = describeAtRisk(plan, { ...collected, atRisk }, panel, policy);
  const described = present(policies[0], "a policy");
  const breach = checkLimit("alarmsListed", described.now.alarms);
  if (breach !== undefined) throw new InputRefused([breach]);
  return { horizonPeriods, policy: described, entities: described.now.listed };
}
