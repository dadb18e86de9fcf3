/** Exact totals of recorded history with the intervals of a resampling, where one can be had. */
import { present } from "../../../data/foundation/index.ts";
import { bootstrapTotals, type Estimated, sumOfIntegers, undetermined } from "../../statistics/index.ts";
import { noDrawReason } from "../no-draw.ts";
import type { ComparisonPlan } from "../plan.ts";
import { recorded } from "../recorded.ts";

/** Whole numbers, one an entity that contributes; `entities`: all of the frame. */
export function recordedTotals(of: {
  readonly plan: ComparisonPlan;
  readonly candidate: number;
  readonly entities: number;
  readonly columns: readonly Float64Array[];
}): readonly Estimated[] {
  const { plan, candidate, entities, columns } = of;
  if (entities === 0) return columns.map(() => undetermined("nobody is in the frame", "entities in the frame"));
  const reason = noDrawReason(plan, candidate);
  if (reason !== undefined)
    return columns.map((column) => recorded(sumOfIntegers(column), entities, undetermined(reason, "policies without peer benchmarks")));
  const { seed, replicates, level } = plan;
  const intervals = bootstrapTotals({ columns, entities, seed, replicates, level });
  return columns.map((column, index) => recorded(sumOfIntegers(column), entities, present(intervals[index], "interval")));
}
