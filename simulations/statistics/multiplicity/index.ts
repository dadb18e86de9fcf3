/** Many comparisons: adjusted p-values, decisions, and intervals that agree with these. */
export * from "./adjust-p-values.ts";
export * from "./back-solved-interval.ts";
export * from "./dunnett.ts";
export * from "./dunnett-distribution.ts";
export * from "./family.ts";
