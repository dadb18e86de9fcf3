/** Resampling: the bootstrap, and its machinery for many entities. */
export * from "./bootstrap-interval.ts";
export * from "./entity-bootstrap.ts";
export * from "./heavy-tail-coverage.ts";
export * from "./poisson-table.ts";
export * from "./pool-rows.ts";
export * from "./replicate-words.ts";
export * from "./resampling.ts";
