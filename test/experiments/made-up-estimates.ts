/** Estimates with an error that the tests choose. */
import { criticalValue, type Estimate, type Estimated, estimated } from "../../simulations/statistics/index.ts";

/** Of every interval. */
export const level = 0.95;

/** An estimate with that standard error. */
export function around(value: number, standardError: number): Estimate {
  const reach = criticalValue(level) * standardError;
  return estimated({ value, lower: value - reach, upper: value + reach, level, standardError, method: "made up", n: 100 });
}

/** The estimate; a reason throws. */
export function estimateIn(estimate: Estimated): Estimate {
  if (estimate.kind === "undetermined") throw new Error(estimate.reason);
  return estimate;
}
