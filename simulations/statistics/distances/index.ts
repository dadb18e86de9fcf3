/** Distances between two distributions, with what chance alone would give. */
export * from "./distance.ts";
export * from "./distance-finding.ts";
export * from "./kolmogorov-smirnov.ts";
export * from "./label-null.ts";
export * from "./point-counts.ts";
export * from "./shuffled-counts.ts";
