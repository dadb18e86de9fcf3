/** Turns what was collected into what labels leave open, and what would settle it. */
import type { Collected } from "../collect.ts";
import type { ComparisonPlan } from "../plan.ts";
import { describeAppeals } from "./appeal-odds.ts";
import type { Audits } from "./audits.ts";

/** Undefined when the panel has no outcome source. */
export function describeAudits(plan: ComparisonPlan, collected: Collected, candidate: number): Audits | undefined {
  if (plan.errors.length === 0) return undefined;
  const appeals = describeAppeals(plan, collected, candidate);
  return { ...(appeals === undefined ? {} : { appeals }) };
}
