/** The check against the tiers really assigned, from its counts. */
import { present } from "../../../data/foundation/index.ts";
import { tierNames } from "../../../policies/language/checked/index.ts";
import { clusteredAgreement } from "../../statistics/index.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { type Assigned, type AssignedTable, type Disagreement, disagreements } from "./assigned.ts";
import { type AssignedCounts, sidesOf, timingPeriods } from "./collect-assigned.ts";

/** Undefined when the panel holds no assigned tier in the range. */
export function describeAssigned(plan: ComparisonPlan, counts: AssignedCounts): Assigned | undefined {
  const clusters = counts.clusters[0] ?? 0;
  if (clusters === 0) return undefined;
  const range = tableOf(plan, counts.range, counts.moments, clusters);
  const entities = counts.end.reduce((sum, count) => sum + count, 0);
  return {
    range,
    ...(entities === 0
      ? {}
      : { end: { at: dayName(plan.schema, plan.to), ...tableOf(plan, counts.end, unitMoments(plan, counts.end), entities) } }),
    classes: (Object.keys(disagreements) as Disagreement[]).map((name, position) => ({
      name,
      meaning: disagreements[name],
      entityPeriods: counts.classes[position] ?? 0,
    })),
    timingPeriods: timingPeriods[plan.schema.grain],
  };
}

function tableOf(plan: ComparisonPlan, cells: Float64Array, moments: Float64Array, clusters: number): AssignedTable {
  const { rows, columns } = sidesOf(plan);
  const counts = Array.from({ length: rows }, (_, row) => Array.from(cells.subarray(row * columns, (row + 1) * columns)));
  const agreement = clusteredAgreement({ table: counts, matched: plan.assignedCode, moments, clusters, level: plan.level });
  return {
    rows: plan.schema.assignedTiers,
    columns: tierNames(present(plan.policies[0], "baseline")),
    counts,
    total: cells.reduce((sum, count) => sum + count, 0),
    agreeing: counts.reduce((sum, row, index) => sum + (row[plan.assignedCode[index] as number] ?? 0), 0),
    ...agreement,
  };
}

/** The sums of products where every unit is a cluster of its own. */
function unitMoments(plan: ComparisonPlan, cells: Float64Array): Float64Array {
  const { rows, columns } = sidesOf(plan);
  const side = 1 + rows + columns;
  const moments = new Float64Array(side * side);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const count = cells[row * columns + column] as number;
      const places = [...(plan.assignedCode[row] === column ? [0] : []), 1 + row, 1 + rows + column];
      for (const left of places)
        for (const right of places) moments[left * side + right] = (moments[left * side + right] as number) + count;
    }
  }
  return moments;
}
