/** Proportions: one, two, paired; tables of counts. */
export * from "./clustered-agreement.ts";
export * from "./contingency-table.ts";
export * from "./fisher-exact.ts";
export * from "./log-risk-ratio.ts";
export * from "./odds-ratio.ts";
export * from "./one-proportion.ts";
export * from "./paired-proportions.ts";
export * from "./paired-ratio.ts";
export * from "./paired-tests.ts";
export * from "./proportion.ts";
export * from "./score-difference.ts";
export * from "./score-ratio.ts";
export * from "./selected-share.ts";
export * from "./square-tables.ts";
export * from "./unconditional-exact.ts";
export * from "./wald-difference.ts";
