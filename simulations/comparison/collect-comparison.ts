/** One pass over the panel on this thread: what a comparison is described from. */
import { type ReplayRequest, type ReplaySummary, replay } from "../replay/index.ts";
import { type Collected, Collector } from "./collect.ts";
import { type ComparisonOptions, type ComparisonPlan, planComparison } from "./plan.ts";

/** The plan, the columns, and the replay's own summary. */
export interface Collection {
  readonly plan: ComparisonPlan;
  readonly collected: Collected;
  readonly summary: ReplaySummary;
}

/** Replays every policy and collects. Errors: InputRefused from the replay when a window sum passes the safe integers. */
export function collectComparison(options: ComparisonOptions): Collection {
  const plan = planComparison(options);
  const collector = new Collector(plan, options.panel.entityCount);
  const summary = replay({ ...replayRequest(options, plan), visit: (chunk, frames) => collector.visit(chunk, frames) });
  return { plan, collected: collector.finish(), summary };
}

/** What is replayed. */
export function replayRequest({ panel, onProgress }: ComparisonOptions, { policies, from, to }: ComparisonPlan): ReplayRequest {
  return { policies, panel, from, to, ...(onProgress === undefined ? {} : { onProgress }) };
}
