/** Resampling: bootstrap and permutation, and the machinery for many entities. */
export * from "./bootstrap.ts";
export * from "./bootstrap-interval.ts";
export * from "./entity-bootstrap.ts";
export * from "./heavy-tail-coverage.ts";
export * from "./permutation-test.ts";
export * from "./poisson-table.ts";
export * from "./pool-rows.ts";
export * from "./ratio-bootstrap.ts";
export { replicateQuantiles } from "./replicate-quantiles.ts";
export * from "./replicate-statement.ts";
export * from "./replicate-words.ts";
export * from "./resampled-statistic.ts";
export * from "./resampling.ts";
