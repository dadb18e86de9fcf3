/** Ratios and variance reduction. */
export * from "./cluster-sum-difference.ts";
export * from "./cluster-sums.ts";
export * from "./cuped.ts";
export * from "./cuped-units.ts";
export * from "./post-stratification.ts";
export * from "./ratio.ts";
export * from "./winsorised.ts";
