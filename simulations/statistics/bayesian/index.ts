/** Bayesian answers: proportions, means, segments. */
export * from "./beta-binomial.ts";
export * from "./beta-comparison.ts";
export * from "./beta-posterior.ts";
export * from "./normal-effect.ts";
export * from "./normal-posterior.ts";
export * from "./partial-pooling.ts";
export * from "./student-posterior.ts";
