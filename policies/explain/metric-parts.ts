/** What the trace of a metric holds beyond its name, and the reasons for missing that several kinds share. */
import type { AtLeast } from "../language/index.ts";
import { constantAt } from "./constant.ts";
import type { HistoryRow } from "./entity-history.ts";
import type { EvaluationPoint } from "./evaluation-point.ts";
import type { Lookup } from "./expression-nodes.ts";
import { operandNumber } from "./operand-value.ts";
import { unitOf } from "./say-expression.ts";
import type { MetricTrace } from "./trace.ts";

/** A metric's value or why it is missing, with its parts. */
export type MetricParts = Omit<MetricTrace, "name" | "title" | "unit" | "kind">;

/** Reasons for missing. */
export const missingReasons = {
  window: "the number that its window is chosen by is not known",
  parameter: "a number that it depends on is not known",
  belowVolume: "below the minimum volume",
  beyond: "it is too large for a number",
} as const;

/** The minimum volume over the window's rows. `missing`: why the metric is missing for it. */
export function traceAtLeast(
  atLeast: AtLeast | undefined,
  rows: readonly HistoryRow[],
  { policy, schema }: EvaluationPoint,
  lookup: Lookup,
): Pick<MetricTrace, "atLeast" | "missing"> {
  if (atLeast === undefined) return {};
  const sum = operandNumber(atLeast.of, rows, schema, lookup);
  const count = constantAt(atLeast.count, lookup);
  if (sum === undefined || count === undefined) return { missing: missingReasons.parameter };
  const met = sum >= count;
  return {
    atLeast: { sum, count, unit: unitOf(atLeast.of, policy, schema), met },
    ...(met ? {} : { missing: missingReasons.belowVolume }),
  };
}
