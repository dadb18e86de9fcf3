/** Decisions against margins. */
export * from "./comparison.ts";
export * from "./decide.ts";
