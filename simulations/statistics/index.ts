/** Pure functions from numbers to estimates. Knows no policy and no panel. */
export * from "./bayesian/index.ts";
export * from "./confidence-set.ts";
export * from "./decisions/index.ts";
export * from "./delays/index.ts";
export * from "./dependence/index.ts";
export * from "./distances/index.ts";
export * from "./distributions/index.ts";
export * from "./effect.ts";
export * from "./estimate.ts";
export * from "./fieller.ts";
export * from "./finding.ts";
export * from "./means/anova.ts";
export * from "./means/index.ts";
export * from "./multiplicity/index.ts";
export * from "./numerics/index.ts";
export * from "./panel-designs/index.ts";
export * from "./partial-labels/index.ts";
export * from "./planning/index.ts";
export * from "./proportions/index.ts";
export * from "./ratios/index.ts";
export { type PairOfEstimates, varianceOfPair } from "./relative-set.ts";
export * from "./resampling/index.ts";
export * from "./sample-ratio/index.ts";
export * from "./sequential/index.ts";
export type { Statistic } from "./statistic.ts";
export * from "./student-width.ts";
export * from "./sums.ts";

/** The table of statistics; loaded when it is asked for, because its input shapes are not needed to compute. */
export const loadStatistics = (): Promise<typeof import("./table.ts")> => import("./table.ts");
