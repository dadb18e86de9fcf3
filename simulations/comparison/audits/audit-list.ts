/** An audit plan with its list of entities, from the history anew: a comparison keeps counts, and no entity's stratum. */
import { checkLimit, InputRefused, present } from "../../../data/foundation/index.ts";
import { decideLabel, labels, type Panel } from "../../../data/panel/index.ts";
import { collectEnd } from "../collect-end.ts";
import { type ComparisonOptions, type ComparisonPlan, dayName, planComparison } from "../plan.ts";
import { drawAudits } from "./audit-draw.ts";
import { planAudits } from "./audit-plan.ts";
import { type StrataColumns, stratify } from "./audit-strata.ts";
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
 * Replays a candidate and the baseline of a comparison, plans, and draws; undefined when nobody is in the frame at the end of the range. Errors:
 * InputRefused with `limit-exceeded` when the plan draws more than `auditsListed`. Cost: one replay of the two.
 */
export function listAudits(options: ComparisonOptions, request: AuditRequest): AuditList | undefined {
  const plan = planComparison(options);
  const collected = collectStrata(plan, options.panel, request.candidate);
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

function collectStrata(plan: ComparisonPlan, panel: Panel, candidate: number): StrataColumns {
  const [error] = plan.errors;
  const label = new Int8Array(panel.entityCount).fill(labels.notInFrame);
  const collected = collectEnd(plan, panel, [0, candidate + 1], (chunk, frames, first) => {
    if (error === undefined) return;
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const row = (chunk.rowStart[entity] as number) + (error.period ?? plan.to) - (chunk.firstPeriod[entity] as number);
      const lastRow = (chunk.rowStart[entity + 1] as number) - 1;
      if (row < (chunk.rowStart[entity] as number) || row > lastRow || frames.some((frame) => (frame.held[row] as number) < 0)) continue;
      label[first + entity] = decideLabel(plan, error, chunk, { entity, row, lastRow }).label;
    }
  });
  return { ...collected, labels: error === undefined ? [] : [{ label }] };
}
