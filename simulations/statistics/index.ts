/** Pure functions from numbers to estimates. Knows no policy and no panel. */
export * from "./bootstrap-interval.ts";
export * from "./entity-bootstrap.ts";
export * from "./estimate.ts";
export * from "./heavy-tail-coverage.ts";
export * from "./normal.ts";
export * from "./paired-proportions.ts";
export * from "./paired-ratio.ts";
export * from "./poisson-table.ts";
export * from "./pool-rows.ts";
export * from "./proportion.ts";
export * from "./replicate-words.ts";
export * from "./resampling.ts";
export * from "./sums.ts";
