/** Rates where only some units have a label: weights, models, both, and audits combined with cheap labels. */
export * from "./label-rates.ts";
export * from "./logistic.ts";
export * from "./partial-rate.ts";
export * from "./strata.ts";
export * from "./unit-rows.ts";
