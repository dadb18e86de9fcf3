/** Turns what was collected into what labels leave open, and what would settle it. */
import { present } from "../../../data/foundation/index.ts";
import type { Collected } from "../collect.ts";
import type { ComparisonPlan } from "../plan.ts";
import { describeAppeals } from "./appeal-odds.ts";
import { planAudits, usualGoal } from "./audit-plan.ts";
import { stratify } from "./audit-strata.ts";
import type { Audits } from "./audits.ts";
import { planHoldout, usualHoldout } from "./holdout.ts";
import { describeArrivals } from "./label-arrivals.ts";
import { describeSeries } from "./rate-series.ts";

/** Without an outcome source: the plan and the holdout alone, with nothing supposed of anybody. */
export function describeAudits(plan: ComparisonPlan, collected: Collected, candidate: number): Audits {
  const { level } = plan;
  const { version } = present(plan.policies[candidate + 1], "candidate");
  const appeals = describeAppeals(plan, collected, candidate);
  const arrivals = describeArrivals(plan, collected);
  const audits = planAudits(stratify(plan, collected, candidate).strata, { ...usualGoal, level });
  const holdout = planHoldout(audits?.strata ?? [], { version, level, ...usualHoldout });
  return {
    ...(appeals && { appeals }),
    arrivals,
    series: describeSeries(plan, collected, candidate, arrivals),
    ...(audits && { plan: audits }),
    ...(holdout && { holdout }),
  };
}
