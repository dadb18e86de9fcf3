/** Proportions: one, two, paired. */
export * from "./paired-proportions.ts";
export * from "./paired-ratio.ts";
export * from "./proportion.ts";
