/** Pure functions from numbers to estimates. Knows no policy and no panel. */
export * from "./bootstrap-interval.ts";
export * from "./confidence-set.ts";
export * from "./dependence/index.ts";
export * from "./distributions/index.ts";
export * from "./entity-bootstrap.ts";
export * from "./estimate.ts";
export * from "./finding.ts";
export * from "./heavy-tail-coverage.ts";
export * from "./poisson-table.ts";
export * from "./pool-rows.ts";
export * from "./proportions/index.ts";
export * from "./replicate-words.ts";
export * from "./resampling.ts";
export type { Statistic } from "./statistic.ts";
export * from "./sums.ts";

/** The table of statistics; loaded when it is asked for, because its input shapes are not needed to compute. */
export const loadStatistics = (): Promise<typeof import("./table.ts")> => import("./table.ts");
