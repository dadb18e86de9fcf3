/** Planning: power, sample size, detectable effect and duration. */
export * from "./equivalence.ts";
export * from "./exact-power.ts";
export * from "./findings.ts";
export type { Metric } from "./metric.ts";
export { type Clusters, designEffect, type Goal, type Looks, type Plan, type Sizes } from "./plan.ts";
export * from "./platform-power.ts";
export { type Curve, type CurvePoint, powerCurve } from "./power.ts";
export * from "./stratified-allocation.ts";
