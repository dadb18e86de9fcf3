/** An audit plan with its list of entities, from the history anew: a comparison keeps counts, and no entity's stratum. */
import { checkLimit, InputRefused, present } from "../../../data/foundation/index.ts";
import { type Collection, collectComparison } from "../collect-comparison.ts";
import { type ComparisonOptions, dayName } from "../plan.ts";
import { drawAudits } from "./audit-draw.ts";
import { planAudits } from "./audit-plan.ts";
import { stratify } from "./audit-strata.ts";
import type { AuditGoal, AuditPlan, DrawnAudit, HoldoutPlan } from "./audits.ts";
import { planHoldout } from "./holdout.ts";

/** What to plan for, and whom to draw. */
export interface AuditRequest {
  /** Position among the candidates. */
  readonly candidate: number;
  readonly goal: AuditGoal;
  readonly holdout: { readonly halfWidth: number; readonly shareMax: number };
  /** Of the drawing. */
  readonly seed: number;
}

/** A plan and the entities that it draws. */
export interface AuditList {
  /** The date whose frame is audited: the last day of the range. */
  readonly at: string;
  readonly plan: AuditPlan;
  readonly holdout?: HoldoutPlan;
  readonly seed: number;
  readonly entities: readonly DrawnAudit[];
}

/**
 * Replays the policies of a comparison, plans, and draws; undefined when nobody is in the frame at the end of the range. Errors:
 * InputRefused with `limit-exceeded` when the plan draws more than `auditsListed`. Cost: a comparison without its resampling.
 */
export function listAudits(options: ComparisonOptions, request: AuditRequest): AuditList | undefined {
  const collection = collectComparison(options);
  return listFrom(options, collection, request);
}

function listFrom(options: ComparisonOptions, { plan, collected }: Collection, request: AuditRequest): AuditList | undefined {
  const strata = stratify(plan, collected, request.candidate);
  const audits = planAudits(strata.strata, request.goal);
  if (audits === undefined) return undefined;
  const breach = checkLimit("auditsListed", audits.audits);
  if (breach !== undefined) throw new InputRefused([breach]);
  const { version } = present(plan.policies[request.candidate + 1], "candidate");
  const holdout = planHoldout(audits.strata, { version, level: request.goal.level, ...request.holdout });
  const entities = drawAudits({ plan: audits, strata, collected, panel: options.panel, seed: request.seed });
  const parts = { at: dayName(plan.schema, plan.to), plan: audits, seed: request.seed, entities };
  return holdout === undefined ? parts : { ...parts, holdout };
}
