/** Looking while it runs: group-sequential designs and always-valid sequences. */
export * from "./always-valid.ts";
export * from "./always-valid-quantile.ts";
export * from "./arms.ts";
export * from "./asymptotic-sequence.ts";
export * from "./bernoulli-sequence.ts";
export * from "./boundaries.ts";
export * from "./boundary-value.ts";
export * from "./group-sequential.ts";
export * from "./mixtures.ts";
export * from "./power.ts";
export * from "./quantile-sequence.ts";
export * from "./spending.ts";
export * from "./stitching.ts";
