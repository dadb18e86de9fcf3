/** Means, quantiles and ranks. */
export * from "./brunner-munzel.ts";
export * from "./mann-whitney.ts";
export * from "./mean-difference.ts";
export * from "./ordered-sums.ts";
export * from "./placements.ts";
export * from "./published-forms.ts";
export * from "./quantile.ts";
export * from "./quantile-difference.ts";
export * from "./quantile-summary.ts";
export * from "./rank-distributions.ts";
export * from "./sample.ts";
export * from "./signed-rank.ts";
export * from "./trimmed-mean.ts";
